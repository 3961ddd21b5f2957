"""An axis of accuracy with room where networks differ: the nearer to 100 %, the wider.

Near 98 % curves would lie on each other on an even axis that also shows what has collapsed. Heights
are logarithms of the error, so halving it is the same step everywhere.
"""

import math
from collections.abc import Iterable

import plotly.graph_objects as go

LEAST = 1.0
"""Points added to the error, so that 100 % has a place."""

MARKS = (100, 90, 0, 98, 50, 95, 99, 80, 97, 70, 96, 99.5, 98.5, 85, 20, 93, 97.5, 99.8, 99.2, 98.2)
"""Percentages that the axis may name, the most welcome first."""

MOST_MARKS = 7
SPARE = 0.05
"""Share of the axis that is left free at both ends."""


def height(percent: float | None) -> float | None:
    """Where an accuracy in percent stands on the axis; what is none stays none."""
    if percent is None or math.isnan(percent):
        return None
    return -math.log10(100 - min(percent, 100.0) + LEAST)


def heights(percents: Iterable[float | None]) -> list[float | None]:
    """`height` of each."""
    return [height(percent) for percent in percents]


def stretched(chart: go.Figure, percents: Iterable[float | None]) -> go.Figure:
    """Make the vertical axis, whose values are heights, one for these accuracies."""
    found = [position for position in heights(percents) if position is not None]
    if not found:
        return chart
    spare = SPARE * max(max(found) - min(found), 0.05)
    low, high = min(found) - spare, max(found) + spare
    named: dict[float, float] = {}  # positions of the marks that have room between them
    for mark in MARKS:
        position = height(mark)
        if position is None or not low <= position <= high:
            continue
        if all(abs(position - other) >= (high - low) / MOST_MARKS for other in named.values()):
            named[mark] = position
    return chart.update_yaxes(
        range=[low, high], tickvals=list(named.values()), ticktext=[f"{mark:g}" for mark in named]
    )
