"""A result in a few large figures that can be said aloud."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Headline:
    """A label, a figure, what it comes with, and how it was found."""

    label: str
    value: str
    delta: str
    help: str


def show(lines: Sequence[Headline], *, columns: int, width: int) -> None:
    """The figures side by side, each at least so many pixels wide."""
    with st.grid(columns, min_column_width=width):
        for line in lines:
            st.metric(
                line.label,
                line.value,
                line.delta,
                delta_color="off",
                delta_arrow="off",
                help=line.help,
                border=True,
                height="stretch",
            )
