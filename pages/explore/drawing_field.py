"""A field to draw a digit into with finger, pen or mouse: a component of our own.

It sends the ink as a text of hex digits, one for each of 56x56 cells, when a stroke ends. Nothing
of what a person draws is put into HTML.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from engine.arrays import FloatArray
from engine.checks import refuse

SIDE = 56
INK = re.compile(rf"[0-9a-f]{{{SIDE * SIDE}}}")

HTML = """
<div class="field">
  <canvas width="280" height="280" role="img" aria-label="Field to draw a digit into"></canvas>
  <button type="button">Clear</button>
</div>
"""

CSS = """
.field { display: flex; flex-direction: column; gap: 0.5rem; width: 280px; max-width: 100%; }
canvas { width: 100%; aspect-ratio: 1; background: #000; touch-action: none; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
button { font: inherit; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  padding: 0.35rem 0.75rem; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""

JS = """
const SIDE = 56;

export default function (component) {
  const { parentElement, setStateValue } = component;
  const canvas = parentElement.querySelector("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let last = null;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };

  const line = (from, to) => {
    context.strokeStyle = "#fff";
    context.lineWidth = 20;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };

  const ink = () => {
    const small = document.createElement("canvas");
    small.width = small.height = SIDE;
    const target = small.getContext("2d");
    target.imageSmoothingQuality = "high";
    target.drawImage(canvas, 0, 0, SIDE, SIDE);
    const pixels = target.getImageData(0, 0, SIDE, SIDE).data;
    let text = "";
    for (let i = 3; i < pixels.length; i += 4) text += (pixels[i] >> 4).toString(16);
    return text;
  };

  canvas.onpointerdown = (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, [last[0] + 0.1, last[1]]);
  };
  canvas.onpointermove = (event) => {
    if (!last) return;
    const now = place(event);
    line(last, now);
    last = now;
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!last) return;
    last = null;
    setStateValue("ink", ink());
  };
  parentElement.querySelector("button").onclick = () => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    setStateValue("ink", "");
  };
}
"""

_FIELD = st.components.v2.component("prunescope_canvas", html=HTML, css=CSS, js=JS)


def draw(key: str) -> FloatArray | None:
    """The field; what was drawn as ink ``(56, 56)`` from 0 to 1, or None while it is empty.

    Raises:
        InvalidInput: the browser sends what the field never sends.
    """
    state: Mapping[str, Any] = _FIELD(key=key, default={"ink": ""}, on_ink_change=lambda: None)
    return read(state.get("ink") or "")


def read(text: object) -> FloatArray | None:
    """Ink from its text; None of a blank one; raises InvalidInput."""
    if text == "":
        return None
    if not isinstance(text, str) or not INK.fullmatch(text):
        raise refuse("drawing", f"{SIDE}x{SIDE} hex digits", text)
    cells = np.frombuffer(bytes.fromhex("0" + "0".join(text)), np.uint8)
    ink: FloatArray = (cells / np.float32(15)).astype(np.float32).reshape(SIDE, SIDE)
    return ink if ink.any() else None
