"""Who pruned in which round, who did not and why, and how far the masks moved."""

import plotly.graph_objects as go

from engine.federated.history import Rows
from engine.settings import FederateSettings
from pages.federate.charts.axes import rounds_axis
from pages.shared.charts.base import figure, marker
from pages.shared.palette import GATES, KEPT, NEGATIVE

FLOOR = 1e-6
"""Distances of 0 are drawn here: the axis is logarithmic."""

FEW, MOST_ROWS = 25, 60
"""Clients up to which rows are high, and that are drawn at all."""


def reasons(rounds: Rows, settings: FederateSettings) -> go.Figure:
    """A row for each client, a column for each round: pruned, or the gate that was closed."""
    clients = sorted({each["client"] for row in rounds for each in row["clients"]})[:MOST_ROWS]
    few = len(clients) <= FEW
    chart = figure("round", "client", height=150 + (22 if few else 11) * len(clients))
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
            name=look.label,
            x=[x for x, _ in places],
            y=[str(y) for _, y in places],
            mode="markers",
            marker=marker(look, 13 if few else 9),
            hovertemplate=f"client %{{y}}, round %{{x}}<br>{look.label}<extra></extra>",
        )
    order = [str(client) for client in reversed(clients)]
    chart.update_yaxes(type="category", categoryorder="array", categoryarray=order)
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
            customdata=[(client, y) for _, y, client in points],
            mode="markers",
            marker={"symbol": symbol, "size": 8, "color": colour, "opacity": 0.7},
            hovertemplate="client %{customdata[0]}, round %{x}<br>%{customdata[1]:.3~e}"
            "<extra></extra>",
        )
        _threshold(chart, kind, settings, colour)
    chart.update_yaxes(type="log", exponentformat="power", dtick=1)
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
