"""Who owns which images."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.shared.charts.base import figure
from pages.shared.palette import HEAT

NUMBERED = 20
"""Clients up to which each cell bears its figure."""


def owners(counts: Sequence[Sequence[int]], names: Sequence[str]) -> go.Figure:
    """A column for each client, a row for each label; the bluer, the more images."""
    clients, few = len(counts), len(counts) <= NUMBERED
    chart = figure("client", "label", height=130 + 22 * len(names))
    chart.add_heatmap(
        z=[[row[label] or None for row in counts] for label in range(len(names))],
        x=list(range(clients)),
        y=list(names),
        colorscale=[list(stop) for stop in HEAT],
        zmin=0,
        showscale=not few,
        colorbar={"title": {"text": "images"}, "thickness": 12},
        texttemplate="%{z}" if few else None,
        textfont={"color": "#FFFFFF", "size": 10},
        xgap=1,
        ygap=1,
        hovertemplate="client %{x}<br>%{z:,} images of %{y}<extra></extra>",
    )
    chart.update_xaxes(showgrid=False, dtick=1 if few else None)
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)
    chart.update_layout(margin={"t": 8})
    return chart
