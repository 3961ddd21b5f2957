"""Accuracy over rounds."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.federated.history import Row, personal_scores, worst
from pages.federate.charts.axes import rounds_axis
from pages.federate.charts.series import Series
from pages.shared.charts.base import figure
from pages.shared.charts.stretched import heights, stretched

OWN = "accuracy on own labels, %"
ALL = "accuracy on all labels, %"
STRETCHED = ", stretched"

HEIGHT = 360
"""Pixels: legends of several federations take more than one line."""

MOST_DOTS = 1000
"""Of each federation: more would only cost time."""

STEP = 0.1
"""How far apart the dots of two federations stand, in rounds."""


def personal(series: Sequence[Series]) -> go.Figure:
    """Mean personal accuracy of each federation; their clients as dots beside each other."""
    chart = figure("round", OWN + STRETCHED, height=HEIGHT)
    for place, each in enumerate(series):
        _dots(chart, each, shift=STEP * (place - (len(series) - 1) / 2))
    for each in series:
        _line(chart, each, lambda row, _: row["mean_accuracy"])
    return _laid_out(chart, series)


def _laid_out(chart: go.Figure, series: Sequence[Series]) -> go.Figure:
    """Both axes, for what is on the chart."""
    stretched(chart, [percent for trace in chart.data for percent in trace.customdata or ()])
    return rounds_axis(chart, max(each.settings.rounds for each in series))


def server(series: Sequence[Series]) -> go.Figure:
    """Accuracy of each server's network on all test images; local training has no server."""
    chart = figure("round", ALL + STRETCHED, height=HEIGHT)
    for each in series:
        if any(row["global_accuracy"] is not None for row in each.rounds):
            _line(chart, each, lambda row, _: row["global_accuracy"])
    return _laid_out(chart, series)


def tail(series: Sequence[Series]) -> go.Figure:
    """Mean of the worst tenth of each round's clients."""
    chart = figure("round", "worst tenth, " + OWN + STRETCHED, height=HEIGHT)
    for each in series:
        _line(chart, each, worst)
    return _laid_out(chart, series)


def spread(series: Sequence[Series]) -> go.Figure:
    """Personal accuracy of every client at the end, a box for each federation."""
    shown = sum(bool(each.finals) for each in series)
    chart = figure(OWN, "", height=130 + 48 * shown)
    for each in (one for one in series if one.finals):
        chart.add_box(
            name=each.name,
            x=[100 * row["accuracy"] for row in each.finals],
            customdata=[row["client"] for row in each.finals],
            boxpoints="all",
            pointpos=0,
            jitter=0.5,
            marker={"color": each.look.colour, "symbol": each.look.symbol, "size": 6},
            line={"width": 1.5},
            hovertemplate=f"<b>{each.name}</b><br>client %{{customdata}}: %{{x:.2f}} %"
            "<extra></extra>",
        )
    chart.update_yaxes(autorange="reversed", title=None)
    return chart.update_layout(showlegend=False, margin={"t": 8})


def _line(chart: go.Figure, each: Series, value: Callable[[Row, str], float | None]) -> None:
    algorithm, look = each.settings.algorithm, each.look
    values = [value(row, algorithm) for row in each.rounds]
    percents = [None if v is None else 100 * v for v in values]
    chart.add_scatter(
        name=each.name,
        legendgroup=each.name,
        x=[row["round"] for row in each.rounds],
        y=heights(percents),
        customdata=percents,
        mode="lines+markers",
        line={"color": look.colour, "dash": look.dash, "width": 2.5},
        marker={"symbol": look.symbol, "size": 8, "color": look.colour},
        hovertemplate=f"<b>{each.name}</b><br>round %{{x}}<br>%{{customdata:.2f}} %<extra></extra>",
    )


def _dots(chart: go.Figure, each: Series, *, shift: float) -> None:
    places = [
        (row["round"] + shift, 100 * score)
        for row in each.rounds
        for score in personal_scores(row, each.settings.algorithm)
    ][-MOST_DOTS:]
    chart.add_scatter(
        name=f"{each.name}: clients",
        legendgroup=each.name,
        showlegend=False,
        x=[x for x, _ in places],
        y=heights(y for _, y in places),
        customdata=[y for _, y in places],
        mode="markers",
        opacity=0.35,
        marker={"size": 5, "color": each.look.colour},
        hovertemplate=f"{each.name}<br>a client: %{{customdata:.2f}} %<extra></extra>",
    )
