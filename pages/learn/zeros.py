"""What does a zero cost?"""

import streamlit as st

from engine.lessons import zeros
from pages.learn import charts, frame
from pages.learn.drawing import Cell, grid
from pages.shared import metrics
from pages.shared.metrics import Metric
from pages.shared.palette import METHODS

NUMBERS = (0.6, -1.25, 0.0, 0.0, 2.0)


def show() -> None:
    """Bytes of a few numbers, then of a kernel as zeros fill it."""
    with frame.piece("zeros"):
        st.markdown("**Five numbers as they lie in a file: four bytes each, a zero too**")
        alt = "; ".join(f"{number:g} is {zeros.as_bytes(number)}" for number in NUMBERS)
        st.image(_bytes(), alt=alt, width="content")
        share = st.slider(
            "K of a kernel of 64 by 64, %", 0, 99, 0, key="zeros", bind="query-params"
        )
        costs = zeros.costs(share / 100)
        frame.draw("zeros", lambda: charts.costs(costs))
        found = [Metric(f"{c.label}: multiplications", f"{c.products:,}") for c in costs]
        metrics.row(found, columns=3, width=160)
    frame.lesson("zeros")


def _bytes() -> str:
    colours = [METHODS["weight"].colour if number else "" for number in NUMBERS]
    parts = [zeros.as_bytes(number).split() for number in NUMBERS]
    numbers = [Cell(f"{n:g}", colour) for n, colour in zip(NUMBERS, colours, strict=True)]
    rows = [("number", numbers)]
    rows += [
        (f"byte {i + 1}", [Cell(p[i], colour) for p, colour in zip(parts, colours, strict=True)])
        for i in range(4)
    ]
    return grid(rows)
