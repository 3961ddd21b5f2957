"""Both procedures of the paper side by side: trained then pruned, and pruned from scratch."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from engine.paper.published import SCRATCH, TITLES, TRAINED
from pages.shared.charts.base import HEIGHT, add_curve
from pages.shared.palette import FRONT, SPLITS

Rows = Sequence[Mapping[str, Any]]
Curves = Mapping[str, Mapping[str, Rows]]


def accuracy(curves: Curves) -> go.Figure:
    """Accuracy in percent by epoch; a line marks where pruning starts."""
    return _drawn(curves, "accuracy", "accuracy, %", factor=100)


def loss(curves: Curves) -> go.Figure:
    """Cross-entropy in nats by epoch; a line marks where pruning starts."""
    return _drawn(curves, "loss", "loss, nats", factor=1)


def _drawn(curves: Curves, field: str, y_title: str, *, factor: float) -> go.Figure:
    titles = (TITLES[TRAINED], TITLES[SCRATCH])
    chart = make_subplots(1, 2, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.04)
    for column, name in ((1, TRAINED), (2, SCRATCH)):
        before, after = curves[name]["before"], curves[name]["after"]
        rows = [*before, *after]
        for split, style in SPLITS.items():
            values = [row[split][field] for row in rows]
            add_curve(
                chart,
                style,
                range(1, len(rows) + 1),
                [None if value is None else factor * value for value in values],
                size=9,
                legendgroup=split,
                showlegend=column == 1,
                row=1,
                col=column,
                hover=f"<b>{style.label}</b><br>epoch %{{x}}<br>%{{y:.4~g}}",
            )
        if before:
            line = {"color": FRONT, "dash": "dot"}
            note = {"annotation_text": "pruning starts", "row": 1, "col": column}
            chart.add_vline(len(before) + 0.5, line=line, **note)
    chart.update_xaxes(title_text="epoch", dtick=1)
    chart.update_yaxes(title_text=y_title, col=1)
    legend = {"orientation": "h", "x": 0, "y": 1.14, "yanchor": "bottom"}
    margin = {"l": 8, "r": 8, "t": 70, "b": 8}
    return chart.update_layout(height=HEIGHT, margin=margin, legend=legend)
