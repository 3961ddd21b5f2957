"""Prune a small kernel by hand: rank, cut, zero, remove."""

import streamlit as st

from engine.lessons import steps
from engine.lessons.steps import Pruned
from pages.learn import frame
from pages.learn.drawing import Cell, Row, grid
from pages.learn.words import BY_HAND
from pages.shared.palette import METHODS

SHARES = (25, 50, 75)


def show() -> None:
    """The kernel with its norms, after the chosen step."""
    frame.opening("by_hand")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            way = st.segmented_control(
                "Prune by", steps.WAYS, default="weight", required=True, key="way",
                bind="query-params",
            )  # fmt: skip
            share = st.segmented_control(
                "K, %", SHARES, default=50, required=True, key="share", bind="query-params"
            )
        step = st.segmented_control(
            "Step", steps.STEPS, default="kernel", required=True, key="step", bind="query-params"
        )
        way, step = way or "weight", step or "kernel"
        found = steps.pruned(way, (share or 50) / 100)
        st.markdown(f"**{BY_HAND[step, way].title}**  \n{BY_HAND[step, way].text}")
        st.image(draw(found, way, step), alt=_told(found, way, step), width="content")
    frame.lesson("by_hand")


def draw(found: Pruned, way: str, step: str) -> str:
    """The kernel after a step as an SVG, with the norm of each column below."""
    reached = steps.STEPS.index(step)
    if step == "remove" and way == "unit":
        return _removed(found)
    rows: list[Row] = [
        (f"input {i + 1}", [_cell(found, way, reached, i, j) for j in range(4)]) for i in range(5)
    ]
    if way == "unit":
        rows.append(("L2 norm", [_norm(found, reached, j) for j in range(4)]))
    return grid(rows, heads=[f"unit {j + 1}" for j in range(4)])


def _cell(found: Pruned, way: str, reached: int, i: int, j: int) -> Cell:
    gone = bool(found.gone[i, j])
    note = str(found.ranks[i, j]) if way == "weight" and reached >= 1 else ""
    if gone and reached >= 3:
        return Cell("0", "", note)
    return Cell(
        f"{steps.KERNEL[i, j]:.1f}", METHODS[way].colour, note, marked=gone and reached == 2
    )


def _norm(found: Pruned, reached: int, j: int) -> Cell:
    rank = f"{found.ranks[j]}" if reached >= 1 else ""
    gone = bool(found.gone[0, j])
    return Cell(
        f"{found.norms[j]:.2f}", METHODS["baseline"].colour, rank, marked=gone and reached == 2
    )


def _removed(found: Pruned) -> str:
    left = [j for j in range(4) if not found.gone[0, j]]
    rows: list[Row] = [
        (
            f"input {i + 1}",
            [Cell(f"{steps.KERNEL[i, j]:.1f}", METHODS["unit"].colour) for j in left],
        )
        for i in range(5)
    ]
    return grid(rows, heads=[f"unit {j + 1}" for j in left])


def _told(found: Pruned, way: str, step: str) -> str:
    shape = " by ".join(map(str, found.removed.shape if step == "remove" else found.kernel.shape))
    return (
        f"A kernel of {shape}, pruned by {way}, step {step}; {int(found.gone.sum())} of 20 chosen."
    )
