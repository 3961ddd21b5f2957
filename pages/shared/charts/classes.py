"""What pruning does to each class: accuracy by class, and the confusion matrix."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.results.points import Point
from pages.shared.charts.base import figure, in_percent
from pages.shared.palette import HEAT, METHODS


def class_accuracy(point: Point, baseline: Point | None, names: Sequence[str]) -> go.Figure:
    """Accuracy of each class in percent: bars of the point, marks of the baseline."""
    chart = figure("class", "accuracy of the class, %", height=360)
    look = METHODS[point.method]
    chart.add_bar(
        name=look.label,
        x=list(names),
        y=in_percent(point.class_accuracy),
        marker={"color": look.colour},
        hovertemplate="class %{x}<br>%{y:.2f} %<extra></extra>",
    )
    if baseline is not None and baseline is not point:
        _add_marks(chart, baseline, names)
    chart.update_yaxes(range=[0, 100])
    chart.update_xaxes(type="category")
    return chart


def confusion(point: Point, names: Sequence[str]) -> go.Figure:
    """Test images of each class (rows) by the class they were answered as (columns)."""
    chart = figure("answered as", "true class", height=360)
    counts = [list(row) for row in point.confusion]
    chart.add_heatmap(
        z=[[n or None for n in row] for row in counts],
        x=list(names),
        y=list(names),
        text=[[f"{n:,}" if n else "" for n in row] for row in counts],
        texttemplate="%{text}" if len(names) <= 12 else None,
        colorscale=[list(stop) for stop in HEAT],
        showscale=False,
        textfont={"color": "#FFFFFF"},
        xgap=2,
        ygap=2,
        hovertemplate="%{z:,} images of class %{y}<br>answered as %{x}<extra></extra>",
    )
    chart.update_xaxes(type="category", showgrid=False)
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return chart


def _add_marks(chart: go.Figure, baseline: Point, names: Sequence[str]) -> None:
    chart.add_scatter(
        name="Baseline",
        x=list(names),
        y=in_percent(baseline.class_accuracy),
        mode="markers",
        marker={
            "symbol": "line-ew",
            "size": 16,
            "color": METHODS["baseline"].colour,
            "line": {"width": 3, "color": METHODS["baseline"].colour},
        },
        hovertemplate="baseline %{y:.2f} %<extra></extra>",
    )
