"""The curves of a training: every step faint, every epoch marked."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from pages.shared.charts.base import add_curve, figure
from pages.shared.palette import SPLITS

MOST_STEPS = 300
"""Steps that are drawn; more would only cost time."""

Rows = Sequence[Mapping[str, Any]]
Quantity = Literal["accuracy", "loss"]


def curves(quantity: Quantity, steps: Rows, epochs: Rows, *, before: Rows = ()) -> go.Figure:
    """Accuracy in percent, or cross-entropy in nats, of each split against epochs.

    A loss of None, which a diverged training leaves, is a gap. `before` are the epochs of the
    training that this one goes on from: they are drawn left of 0.
    """
    unit, factor = ("%", 100) if quantity == "accuracy" else ("nats", 1)

    def scaled(value: float | None) -> float | None:
        return None if value is None else factor * value

    chart, few = figure("epochs", f"{quantity}, {unit}"), thinned(steps)
    chart.add_scatter(
        name="Training, step by step",
        x=[row["epoch"] for row in few],
        y=[scaled(row[quantity]) for row in few],
        mode="lines",
        opacity=0.55,
        line={"color": SPLITS["train"].colour, "width": 1.5},
        hovertemplate="epoch %{x:.2f}<br>" + quantity + " %{y:.3g}<extra></extra>",
    )
    rows = [{**row, "epoch": row["epoch"] - len(before)} for row in before] + list(epochs)
    for split, style in SPLITS.items():
        add_curve(
            chart,
            style,
            [row["epoch"] for row in rows],
            [scaled(row[split][quantity]) for row in rows],
            size=9,
            hover=f"<b>{style.label}</b><br>epoch %{{x}}<br>%{{y:.4~g}} {unit}",
        )
    chart.update_xaxes(rangemode="tozero")
    if before:
        chart.update_xaxes(title="epochs; pruning starts at 0", rangemode="normal")
        chart.add_vline(x=0, line={"color": SPLITS["test"].colour, "width": 1, "dash": "dot"})
    return chart


def thinned(rows: Rows) -> Rows:
    """At most `MOST_STEPS` rows, evenly chosen, the last one always among them."""
    if len(rows) <= MOST_STEPS:
        return rows
    return [rows[round(i * (len(rows) - 1) / (MOST_STEPS - 1))] for i in range(MOST_STEPS)]
