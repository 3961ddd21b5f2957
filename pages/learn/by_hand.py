"""Prune a small kernel by hand: rank, cut, zero, remove."""

import streamlit as st

from engine.lessons import steps
from engine.lessons.steps import Pruned
from pages.learn import frame
from pages.learn.drawing import Cell, Row, grid
from pages.learn.words import BY_HAND
from pages.shared.choices import one_of
from pages.shared.palette import METHODS

SHARES = (25, 50, 75)


def show() -> None:
    """The kernel with its norms, after the chosen step."""
    with frame.piece("by_hand"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            way = one_of("Prune by", steps.WAYS, key="way", first="weight")
            share = one_of("K, %", SHARES, key="share", first=50)
        step = one_of("Step", steps.STEPS, key="step", first="kernel")
        found = steps.pruned(way, share / 100)
        st.markdown(f"**{BY_HAND[step, way].title}**  \n{BY_HAND[step, way].text}")
        after = found.removed if step == "remove" else found.kernel
        alt = (
            f"A kernel of {' by '.join(map(str, after.shape))}, pruned by {way}, step {step}; "
            f"{int(found.gone.sum())} of 20 chosen."
        )
        st.image(draw(found, way, step), alt=alt, width="content")
    frame.lesson("by_hand")


def draw(found: Pruned, way: str, step: str) -> str:
    """The kernel after a step as an SVG, with the norm of each column below."""
    reached, rows = steps.STEPS.index(step), list[Row]()
    if step == "remove" and way == "unit":
        left, colour = [j for j in range(4) if not found.gone[0, j]], METHODS["unit"].colour
        kernel = [[Cell(f"{row[j]:.1f}", colour) for j in left] for row in steps.KERNEL]
        rows = [(f"input {i + 1}", cells) for i, cells in enumerate(kernel)]
        return grid(rows, heads=[f"unit {j + 1}" for j in left])
    rows = [
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
