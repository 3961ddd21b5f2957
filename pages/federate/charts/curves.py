"""Accuracy over rounds, of every client at the end, and against being alone."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.federated.history import Row, personal_scores, worst
from engine.federated.history import gains as gains_over
from pages.federate.charts.base import MOST_TICKS, OWN, STRETCHED, Series, rounds_axis
from pages.shared.charts.base import figure, in_percent
from pages.shared.charts.stretched import heights, stretched

HEIGHT = 360
"""Pixels: legends of several federations take more than one line."""

MOST_DOTS = 1000
"""Of each federation: more would only cost time."""

STEP = 0.1
"""How far apart the dots of two federations stand, in rounds."""


def personal(series: Sequence[Series]) -> go.Figure:
    """Mean personal accuracy of each federation; their clients as dots beside each other."""
    chart = figure("round", OWN + STRETCHED, height=HEIGHT)
    for number, each in enumerate(series):
        shift = STEP * (number - (len(series) - 1) / 2)
        dots = [
            (row["round"] + shift, 100 * score)
            for row in each.rounds
            for score in personal_scores(row, each.settings.algorithm.name)
        ][-MOST_DOTS:]
        chart.add_scatter(
            name=f"{each.name}: clients",
            legendgroup=each.name,
            showlegend=False,
            x=[x for x, _ in dots],
            y=heights(y for _, y in dots),
            customdata=[y for _, y in dots],
            mode="markers",
            opacity=0.35,
            marker={"size": 5, "color": each.style.colour},
            hovertemplate=f"{each.name}<br>a client: %{{customdata:.2f}} %<extra></extra>",
        )
    return _over_rounds(chart, series, lambda row, _: row["mean_accuracy"])


def server(series: Sequence[Series]) -> go.Figure:
    """Accuracy of each server's network on all test images; local training has no server."""
    chart = figure("round", "accuracy on all labels, %" + STRETCHED, height=HEIGHT)
    return _over_rounds(chart, series, lambda row, _: row["global_accuracy"], named=False)


def tail(series: Sequence[Series]) -> go.Figure:
    """Mean of the worst tenth of each round's clients."""
    chart = figure("round", "worst tenth, " + OWN + STRETCHED, height=HEIGHT)
    return _over_rounds(chart, series, worst)


def spread(series: Sequence[Series]) -> go.Figure:
    """Personal accuracy of every client at the end, a box for each federation."""
    measured = [each for each in series if each.finals]
    chart = figure(OWN, "", height=130 + 48 * len(measured))
    for each in measured:
        chart.add_box(
            name=each.name,
            x=[100 * row["accuracy"] for row in each.finals],
            customdata=[row["client"] for row in each.finals],
            boxpoints="all",
            pointpos=0,
            jitter=0.5,
            marker={"color": each.style.colour, "symbol": each.style.symbol, "size": 6},
            line={"width": 1.5},
            hovertemplate=f"<b>{each.name}</b><br>client %{{customdata}}: %{{x:.2f}} %"
            "<extra></extra>",
        )
    chart.update_yaxes(autorange="reversed", title=None)
    return chart.update_layout(showlegend=False, margin={"t": 8})


def gains(alone: Series, others: Sequence[Series]) -> go.Figure:
    """Personal accuracy at the end minus the one alone, in points, sorted for each federation."""
    chart = figure("clients, from the largest loss to the largest gain", "gain over alone, points")
    for each in others:
        found = sorted(gains_over(each.finals, alone.finals).items(), key=lambda pair: pair[1])
        each.add_to(
            chart,
            range(1, len(found) + 1),
            [100 * gain for _, gain in found],
            "client %{customdata}<br>%{y:+.2f} points",
            width=1.5,
            customdata=[client for client, _ in found],
        )
    chart.add_hline(y=0, line={"color": "#8A8F98", "width": 1})
    few = max((len(curve.x) for curve in chart.data), default=0) <= MOST_TICKS
    return chart.update_xaxes(tickformat="d", dtick=1 if few else None)


def _over_rounds(
    chart: go.Figure,
    series: Sequence[Series],
    value: Callable[[Row, str], float | None],
    *,
    named: bool = True,
) -> go.Figure:
    """Add a curve of each federation's values, by row and algorithm, and lay both axes out.

    `named` says whether one that never has a value is in the legend all the same.
    """
    for each in series:
        values = [value(row, each.settings.algorithm.name) for row in each.rounds]
        if not named and all(share is None for share in values):
            continue
        percents = in_percent(values)
        each.add_to(
            chart,
            [row["round"] for row in each.rounds],
            heights(percents),
            "round %{x}<br>%{customdata:.2f} %",
            legendgroup=each.name,
            customdata=percents,
        )
    stretched(chart, [percent for trace in chart.data for percent in trace.customdata or ()])
    return rounds_axis(chart, max(each.settings.rounds for each in series))
