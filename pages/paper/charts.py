"""Both procedures of the paper side by side: trained then pruned, and pruned from scratch."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from engine.paper.published import SCRATCH, TITLES, TRAINED
from pages.shared.charts.base import HEIGHT, add_curve
from pages.shared.palette import FRONT, SPLITS

Curves = Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
"""Rows of epochs before and after pruning starts, by procedure."""

UNITS = {"accuracy": ("%", 100), "loss": ("nats", 1)}
"""The unit of what is drawn, and how many of it a recorded value of one is."""


def learning(curves: Curves, field: str) -> go.Figure:
    """Accuracy or loss by epoch; a line marks where pruning starts."""
    unit, factor = UNITS[field]
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
    chart.update_yaxes(title_text=f"{field}, {unit}", col=1)
    legend = {"orientation": "h", "x": 0, "y": 1.14, "yanchor": "bottom"}
    margin = {"l": 8, "r": 8, "t": 70, "b": 8}
    return chart.update_layout(height=HEIGHT, margin=margin, legend=legend)
