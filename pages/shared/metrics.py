"""Results in a few large figures that can be said aloud, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True, slots=True)
class Metric:
    """A large figure with its unit, what it comes with below it, and how it was found.

    What it comes with is grey, without an arrow, unless it is a change for better or worse.
    """

    label: str
    value: str
    delta: str | None = None
    help: str | None = None
    colour: Literal["off", "normal"] = "off"
    arrow: Literal["off", "auto"] = "off"

    def show(self, place: DeltaGenerator | None = None) -> DeltaGenerator:
        """Draw it there, or over what stands there; where it is then."""
        return (place or st).metric(
            self.label,
            self.value,
            self.delta,
            delta_color=self.colour,
            delta_arrow=self.arrow,
            help=self.help,
            border=True,
            height="stretch",
        )


def row(metrics: Sequence[Metric], *, columns: int, width: int) -> None:
    """The figures side by side, each at least so many pixels wide."""
    with st.grid(columns, min_column_width=width):
        for metric in metrics:
            metric.show()
