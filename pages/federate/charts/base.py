"""A federation as charts take it, and the axis of rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from engine.federated.history import Rows
from engine.settings import FederateSettings
from pages.shared.charts.base import add_curve, in_percent
from pages.shared.palette import Style

OWN = "accuracy on own labels, %"
STRETCHED = ", stretched"

MOST_TICKS = 20


@dataclass(frozen=True, slots=True)
class Series:
    """What a federation is called, how it is drawn, and what it recorded."""

    name: str
    style: Style
    settings: FederateSettings
    rounds: Rows
    finals: Rows

    @property
    def stamp(self) -> str:
        """Changes whenever the figures do."""
        return f"{self.name}-{len(self.rounds)}-{len(self.finals)}"

    @property
    def accuracies(self) -> list[float | None]:
        """Mean personal accuracy after each round, in percent."""
        return in_percent([row["mean_accuracy"] for row in self.rounds])

    def add_to(
        self,
        chart: go.Figure,
        xs: Iterable[Any],
        ys: Iterable[float | None],
        hover: str,
        **more: Any,
    ) -> None:
        """Add a curve of the federation, under its name and in its style."""
        told = f"<b>{self.name}</b><br>{hover}"
        add_curve(chart, self.style, xs, ys, name=self.name, hover=told, **more)


def rounds_axis(chart: go.Figure, rounds: int) -> go.Figure:
    """Lay the horizontal axis out for so many rounds: whole, and as long from the first on."""
    step = 1 if rounds <= MOST_TICKS else None
    chart.update_layout(showlegend=True)
    return chart.update_xaxes(range=[0.5, rounds + 0.5], dtick=step, tickformat="d")
