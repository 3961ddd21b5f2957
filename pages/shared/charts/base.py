"""What all charts share: a figure with named axes, curves in a style, coloured cells."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import plotly.graph_objects as go
import plotly.io
from plotly.basedatatypes import BaseFigure

from pages.shared.palette import HEAT, Style

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


def marker(style: Style, size: int, *, hollow: bool = False) -> dict[str, Any]:
    """A marker in a style; only open symbols are drawn by their outline."""
    symbol = style.symbol + ("-open" if hollow and not style.symbol.endswith("open") else "")
    found: dict[str, Any] = {"symbol": symbol, "size": size, "color": style.colour}
    if symbol.endswith("open"):
        found["line"] = {"color": style.colour, "width": 2}
    return found


def add_curve(
    chart: go.Figure,
    style: Style,
    xs: Iterable[Any],
    ys: Iterable[float | None],
    *,
    hover: str,
    mode: str = "lines+markers",
    width: float = 2.5,
    size: int = 8,
    **more: Any,
) -> None:
    """Add marks joined by a line, in a style; None in `ys` is a gap.

    `width` of the line and `size` of the marks are in pixels; `more` is anything else that plotly
    knows of a scatter, such as another name than the style's.
    """
    line = {"color": style.colour, "dash": style.dash, "width": width} | more.pop("line", {})
    trace = {
        "name": style.label,
        "x": list(xs),
        "y": list(ys),
        "mode": mode,
        "hovertemplate": f"{hover}<extra></extra>",
        **({"line": line} if "lines" in mode else {}),
        **({"marker": marker(style, size)} if "markers" in mode else {}),
    }
    chart.add_scatter(**(trace | more))


def add_heatmap(
    chart: go.Figure,
    values: Sequence[Sequence[Any]] | Any,
    *,
    hover: str,
    scale: Sequence[Sequence[Any]] = HEAT,
    limits: tuple[float | None, float | None] = (None, None),
    bar: str = "",
    **more: Any,
) -> None:
    """Add coloured cells by row; None is an empty one.

    `limits` are the values of the first and the last colour, `bar` is the title of a bar of
    colours, if there is one; `more` is anything else that plotly knows of a heatmap.
    """
    colours = {"title": {"text": bar}, "thickness": 12}
    trace = {
        "z": values,
        "colorscale": [list(stop) for stop in scale],
        "zmin": limits[0],
        "zmax": limits[1],
        "textfont": {"color": "#FFFFFF"},
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": f"{hover}<extra></extra>",
        **({"colorbar": colours} if bar else {"showscale": False}),
    }
    chart.add_heatmap(**(trace | more))


def by_category(chart: go.Figure) -> go.Figure:
    """Name every row and column of a chart of cells, the first row on top."""
    chart.update_xaxes(type="category", showgrid=False)
    return chart.update_yaxes(type="category", autorange="reversed", showgrid=False)


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
