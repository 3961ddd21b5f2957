"""The curves of a training: every step faint, every epoch marked."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.shared.charts.base import figure
from pages.shared.palette import SPLITS

MOST_STEPS = 300
"""Steps that are drawn; more would only cost time."""

Rows = Sequence[Mapping[str, Any]]


def accuracy(steps: Rows, epochs: Rows, *, before: Rows = ()) -> go.Figure:
    """Accuracy in percent against epochs, for training, validation and test images.

    `before` are the epochs of the training that this one goes on from: they are drawn left of 0.
    """
    return _curves(steps, [*_shifted(before), *epochs], "accuracy", "accuracy, %", factor=100)


def loss(steps: Rows, epochs: Rows, *, before: Rows = ()) -> go.Figure:
    """Cross-entropy in nats against epochs, as `accuracy`."""
    return _curves(steps, [*_shifted(before), *epochs], "loss", "loss, nats", factor=1)


def thinned(rows: Rows, most: int = MOST_STEPS) -> Rows:
    """At most that many rows, evenly chosen, the last one always among them."""
    if len(rows) <= most:
        return rows
    return [rows[round(i * (len(rows) - 1) / (most - 1))] for i in range(most)]


def _curves(steps: Rows, epochs: Rows, field: str, y_title: str, *, factor: float) -> go.Figure:
    chart = figure("epochs", y_title)
    _add_steps(chart, thinned(steps), field, factor)
    for split in SPLITS:
        _add_split(chart, split, epochs, field, factor)
    chart.update_xaxes(rangemode="tozero")
    if any(row["epoch"] <= 0 for row in epochs):
        chart.update_xaxes(title="epochs; pruning starts at 0", rangemode="normal")
        chart.add_vline(x=0, line={"color": SPLITS["test"].colour, "width": 1, "dash": "dot"})
    return chart


def _shifted(before: Rows) -> Rows:
    return [{**row, "epoch": row["epoch"] - len(before)} for row in before]


def _add_steps(chart: go.Figure, steps: Rows, field: str, factor: float) -> None:
    chart.add_scatter(
        name="Training, step by step",
        x=[row["epoch"] for row in steps],
        y=[_scaled(row[field], factor) for row in steps],
        mode="lines",
        opacity=0.55,
        line={"color": SPLITS["train"].colour, "width": 1.5},
        hovertemplate="epoch %{x:.2f}<br>" + field + " %{y:.3g}<extra></extra>",
    )


def _add_split(chart: go.Figure, split: str, epochs: Rows, field: str, factor: float) -> None:
    look = SPLITS[split]
    unit = " %" if factor == 100 else " nats"
    chart.add_scatter(
        name=look.label,
        x=[row["epoch"] for row in epochs],
        y=[_scaled(row[split][field], factor) for row in epochs],
        mode="lines+markers",
        line={"color": look.colour, "dash": look.dash, "width": 2.5},
        marker={"symbol": look.symbol, "size": 9, "color": look.colour},
        hovertemplate=f"<b>{look.label}</b><br>epoch %{{x}}<br>%{{y:.4~g}}{unit}<extra></extra>",
    )


def _scaled(value: float | None, factor: float) -> float | None:
    """None, the loss of a diverged training, is a gap in the curve."""
    return None if value is None else factor * value
