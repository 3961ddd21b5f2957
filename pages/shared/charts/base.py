"""What all charts share: a figure with named axes, and the settings of the toolbar."""

import math
from collections.abc import Sequence
from typing import Any

import orjson
import plotly.graph_objects as go
import plotly.io
from plotly.basedatatypes import BaseFigure

from pages.shared.palette import Look

HEIGHT = 320
"""Pixels; two charts fit above each other on a projector."""


def figure(x_title: str, y_title: str, *, height: int = HEIGHT) -> go.Figure:
    """An empty figure; both titles name the unit. Fonts and grid come from the page's theme."""
    return go.Figure(layout=frame(x_title, y_title, height=height))


def frame(x_title: str, y_title: str, *, height: int = HEIGHT) -> dict[str, Any]:
    """The layout of `figure`."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "xaxis": {"title": {"text": x_title}, "automargin": True},
        "yaxis": {"title": {"text": y_title}, "automargin": True},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "hoverlabel": {"align": "left"},
    }


class Finished(BaseFigure):  # type: ignore[misc]  # plotly has no types
    """A figure that nobody changes any more, kept as the text that a browser gets.

    Showing a figure copies it deeply each time, which is most of the work of a rerun, and each
    consists of hundreds of objects that the garbage collector would visit after every rerun.
    """

    def __init__(self, chart: go.Figure) -> None:
        self._text = plotly.io.to_json(chart, validate=False)  # the base class would make a figure

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain values."""
        converted: dict[str, Any] = orjson.loads(self._text)
        return converted


def marker(look: Look, size: int) -> dict[str, Any]:
    """A marker in the look of a method; only open symbols are drawn by their outline."""
    outline = {"color": look.colour, "width": 2 if look.symbol.endswith("open") else 0}
    return {"symbol": look.symbol, "size": size, "color": look.colour, "line": outline}


def logarithmic(chart: go.Figure, values: Sequence[float]) -> go.Figure:
    """Lay the horizontal axis out by powers of ten, with ticks at 1, 2 and 5 of each."""
    if not values:
        return chart
    decades = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
    steps = (1, 2, 5) if len(decades) < 5 else (1,)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    chart.update_xaxes(type="log", tickvals=ticks, ticktext=[short(tick) for tick in ticks])
    return chart


def in_percent(shares: Sequence[float | None]) -> list[float | None]:
    """Shares in percent; a gap where there is none."""
    return [None if share is None else 100 * share for share in shares]


def short(value: float) -> str:
    """A number for an axis: 2M, 500k, 0.05."""
    for factor, letter in ((1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:g}{letter}"
    return f"{value:g}"


def toolbar(file_name: str) -> dict[str, Any]:
    """Settings of plotly's toolbar: a PNG at twice the size, under a telling name."""
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file_name},
    }
