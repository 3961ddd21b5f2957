"""Clients: who owns which images, how one went, who pruned in which round, who not and why."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.federated.history import Row, Rows
from engine.settings import FederateSettings, flat
from pages.federate.charts.base import OWN, rounds_axis
from pages.shared.charts.base import add_curve, add_heatmap, figure, in_percent, marker
from pages.shared.palette import GATES, KEPT, NEGATIVE, Style

NUMBERED = 20
"""Clients up to which each cell bears its figure."""

COURSE = (
    ("accuracy_before", Style("As received", "#8A8F98", "dot", "star")),
    ("accuracy_after", Style("After its round", KEPT, "solid", "circle")),
    ("density", Style("Kept", NEGATIVE, "dash", "square")),
)
"""What is drawn of each round of a client."""

FLOOR = 1e-6
"""Distances of 0 are drawn here: the axis is logarithmic."""

FEW, MOST_ROWS = 25, 60
"""Clients up to which rows are high, and that are drawn at all."""


def owners(counts: Sequence[Sequence[int]], names: Sequence[str]) -> go.Figure:
    """A column for each client, a row for each label; the bluer, the more images."""
    few = len(counts) <= NUMBERED
    chart = figure("client", "label", height=130 + 22 * len(names))
    add_heatmap(
        chart,
        [[row[label] or None for row in counts] for label in range(len(names))],
        x=list(range(len(counts))),
        y=list(names),
        limits=(0, None),
        bar="" if few else "images",
        texttemplate="%{z}" if few else None,
        textfont={"color": "#FFFFFF", "size": 10},
        xgap=1,
        ygap=1,
        hover="client %{x}<br>%{z:,} images of %{y}",
    )
    chart.update_xaxes(showgrid=False, dtick=1 if few else None)
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return chart.update_layout(margin={"t": 8})


def labels(counts: Sequence[int], names: Sequence[str]) -> go.Figure:
    """Images of each label that a client owns."""
    chart = figure("label", "training and validation images")
    chart.add_bar(
        x=list(names),
        y=list(counts),
        marker={"color": KEPT},
        hovertemplate="%{y:,} images of %{x}<extra></extra>",
    )
    return chart.update_xaxes(type="category").update_layout(margin={"t": 8})


def course(visits: Sequence[tuple[int, Row]], total: int) -> go.Figure:
    """Accuracy of a client before and after its rounds, and what it keeps, all in percent."""
    chart = figure("round", OWN + "; kept, %")
    for field, style in COURSE:
        add_curve(
            chart,
            style,
            [number for number, _ in visits],
            in_percent([row[field] for _, row in visits]),
            width=2,
            size=9,
            hover=f"{style.label}<br>round %{{x}}<br>%{{y:.2f}} %",
        )
    return rounds_axis(chart, total)


def reasons(rounds: Rows, settings: FederateSettings) -> go.Figure:
    """A row for each client, a column for each round: pruned, or the gate that was closed."""
    clients = sorted({each["client"] for row in rounds for each in row["clients"]})[:MOST_ROWS]
    few = len(clients) <= FEW
    chart = figure("round", "client", height=150 + (22 if few else 11) * len(clients))
    for name, style in GATES.items():
        drawn = [
            (row["round"], each["client"])
            for row in rounds
            for each in row["clients"]
            if each["gate"] == name and each["client"] in clients
        ]
        if not drawn:
            continue
        chart.add_scatter(
            name=style.label,
            x=[x for x, _ in drawn],
            y=[str(y) for _, y in drawn],
            mode="markers",
            marker=marker(style, 13 if few else 9),
            hovertemplate=f"client %{{y}}, round %{{x}}<br>{style.label}<extra></extra>",
        )
    order = [str(client) for client in reversed(clients)]
    chart.update_yaxes(type="category", categoryorder="array", categoryarray=order)
    return rounds_axis(chart, settings.rounds)


def distances(rounds: Rows, settings: FederateSettings) -> go.Figure:
    """How far the candidate masks of each client moved, with the thresholds as lines."""
    chart = figure("round", "distance, share of entries (log scale)")
    thresholds = flat(settings)
    kinds = (
        ("weights", "distance_threshold", KEPT, "circle"),
        ("units", "unit_distance_threshold", NEGATIVE, "square"),
    )
    pruned = (each for each in kinds if each[1] in thresholds)
    for number, (kind, threshold, colour, symbol) in enumerate(pruned):
        level = thresholds[threshold]
        points = [
            (row["round"], each["gates"][number]["distance"], each["client"])
            for row in rounds
            for each in row["clients"]
            if len(each["gates"]) > number
            and each["gates"][number]["name"] in {"pruned", "distance", "accuracy"}
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
        if level > 0:
            chart.add_scatter(
                name=f"threshold of {kind}, {level:g}",
                x=[0.5, settings.rounds + 0.5],
                y=[level, level],
                mode="lines",
                line={"color": colour, "dash": "dash", "width": 2},
                hoverinfo="skip",
            )
    chart.update_yaxes(type="log", exponentformat="power", dtick=1)
    return rounds_axis(chart, settings.rounds)
