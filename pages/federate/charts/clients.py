"""Who owns which images, and how one client went."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.federated.history import Row
from pages.federate.charts.base import OWN, rounds_axis
from pages.shared.charts.base import add_curve, add_heatmap, figure, in_percent
from pages.shared.palette import KEPT, NEGATIVE, Style

NUMBERED = 20
"""Clients up to which each cell bears its figure."""

COURSE = (
    ("accuracy_before", Style("As received", "#8A8F98", "dot", "star")),
    ("accuracy_after", Style("After its round", KEPT, "solid", "circle")),
    ("density", Style("Kept", NEGATIVE, "dash", "square")),
)
"""What is drawn of each round of a client."""


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
