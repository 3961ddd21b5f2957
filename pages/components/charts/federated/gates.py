"""Who pruned in which round, who did not and why, and how far the masks moved."""

import plotly.graph_objects as go

from engine.federated.reading import Rows
from engine.settings import FederateSettings
from pages.components.charts.base import figure
from pages.components.charts.federated.axes import rounds_axis
from pages.components.palette import GATES, KEPT, NEGATIVE

FLOOR = 1e-6
"""Distances of 0 are drawn here: the axis is logarithmic."""

MOST_ROWS = 60


def reasons(rounds: Rows, settings: FederateSettings) -> go.Figure:
    """A row for each client, a column for each round: pruned, or the gate that was closed."""
    clients = sorted({each["client"] for row in rounds for each in row["clients"]})[:MOST_ROWS]
    chart = figure("round", "client", height=140 + 22 * len(clients))
    for name, look in GATES.items():
        places = [
            (row["round"], each["client"])
            for row in rounds
            for each in row["clients"]
            if each["gate"] == name and each["client"] in clients
        ]
        if not places:
            continue
        chart.add_scatter(
            name=f"{look.symbol} {look.label}",
            x=[x for x, _ in places],
            y=[str(y) for _, y in places],
            mode="markers+text",
            text=[look.symbol] * len(places),
            textfont={"color": "#FFFFFF", "size": 10},
            marker={"symbol": "square", "size": 17, "color": look.colour},
            hovertemplate=f"client %{{y}}, round %{{x}}<br>{look.label}<extra></extra>",
        )
    order = [str(client) for client in reversed(clients)]
    chart.update_yaxes(type="category", categoryorder="array", categoryarray=order)
    chart.update_layout(showlegend=True)
    return rounds_axis(chart, settings.rounds)


def distances(rounds: Rows, settings: FederateSettings) -> go.Figure:
    """How far the candidate masks of each client moved, with the thresholds as lines."""
    chart = figure("round", "distance, share of entries (log scale)")
    kinds = [kind for kind, used in _kinds(settings) if used]
    for place, kind in enumerate(kinds):
        colour, symbol = (KEPT, "circle") if kind == "weights" else (NEGATIVE, "square")
        points = [
            (row["round"], each["gates"][place]["distance"], each["client"])
            for row in rounds
            for each in row["clients"]
            if len(each["gates"]) > place
            and each["gates"][place]["name"] in {"pruned", "distance", "accuracy"}
        ]
        chart.add_scatter(
            name=kind,
            x=[x for x, _, _ in points],
            y=[max(y, FLOOR) for _, y, _ in points],
            customdata=[client for _, _, client in points],
            mode="markers",
            marker={"symbol": symbol, "size": 8, "color": colour, "opacity": 0.7},
            hovertemplate="client %{customdata}, round %{x}<br>%{y:.2~e}<extra></extra>",
        )
        _threshold(chart, kind, settings, colour)
    chart.update_yaxes(type="log", exponentformat="power", dtick=1)
    chart.update_layout(showlegend=True)
    return rounds_axis(chart, settings.rounds)


def _kinds(settings: FederateSettings) -> tuple[tuple[str, bool], ...]:
    return (("weights", settings.prunes_weights), ("units", settings.prunes_units))


def _threshold(chart: go.Figure, kind: str, settings: FederateSettings, colour: str) -> None:
    level = settings.distance_threshold if kind == "weights" else settings.unit_distance_threshold
    if level <= 0:
        return
    chart.add_scatter(
        name=f"threshold of {kind}, {level:g}",
        x=[0.5, settings.rounds + 0.5],
        y=[level, level],
        mode="lines",
        line={"color": colour, "dash": "dash", "width": 2},
        hoverinfo="skip",
    )
