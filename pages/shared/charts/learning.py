"""The curves of a training: every step faint, every epoch marked."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.shared.charts.base import add_curve, figure
from pages.shared.palette import SPLITS

MOST_STEPS = 300
"""Steps that are drawn; more would only cost time."""

Rows = Sequence[Mapping[str, Any]]


def accuracy(steps: Rows, epochs: Rows, *, before: Rows = ()) -> go.Figure:
    """Accuracy in percent against epochs, for training, validation and test images.

    `before` are the epochs of the training that this one goes on from: they are drawn left of 0.
    """
    return _curves(steps, epochs, before, "accuracy", "%", factor=100)


def loss(steps: Rows, epochs: Rows, *, before: Rows = ()) -> go.Figure:
    """Cross-entropy in nats against epochs, as `accuracy`."""
    return _curves(steps, epochs, before, "loss", "nats", factor=1)


def thinned(rows: Rows, most: int = MOST_STEPS) -> Rows:
    """At most that many rows, evenly chosen, the last one always among them."""
    if len(rows) <= most:
        return rows
    return [rows[round(i * (len(rows) - 1) / (most - 1))] for i in range(most)]


def _curves(
    steps: Rows, epochs: Rows, before: Rows, field: str, unit: str, *, factor: float
) -> go.Figure:
    """A loss of None, which a diverged training leaves, is a gap in the curve."""

    def scaled(value: float | None) -> float | None:
        return None if value is None else factor * value

    chart, few = figure("epochs", f"{field}, {unit}"), thinned(steps)
    chart.add_scatter(
        name="Training, step by step",
        x=[row["epoch"] for row in few],
        y=[scaled(row[field]) for row in few],
        mode="lines",
        opacity=0.55,
        line={"color": SPLITS["train"].colour, "width": 1.5},
        hovertemplate="epoch %{x:.2f}<br>" + field + " %{y:.3g}<extra></extra>",
    )
    rows = [{**row, "epoch": row["epoch"] - len(before)} for row in before] + list(epochs)
    for split, style in SPLITS.items():
        add_curve(
            chart,
            style,
            [row["epoch"] for row in rows],
            [scaled(row[split][field]) for row in rows],
            size=9,
            hover=f"<b>{style.label}</b><br>epoch %{{x}}<br>%{{y:.4~g}} {unit}",
        )
    chart.update_xaxes(rangemode="tozero")
    if before:
        chart.update_xaxes(title="epochs; pruning starts at 0", rangemode="normal")
        chart.add_vline(x=0, line={"color": SPLITS["test"].colour, "width": 1, "dash": "dot"})
    return chart
