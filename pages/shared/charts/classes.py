"""What pruning does to each class: accuracy by class, and the confusion matrix."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.results.points import Point
from pages.shared.charts.base import add_heatmap, by_category, figure, in_percent
from pages.shared.palette import METHODS


def class_accuracy(point: Point, baseline: Point | None, names: Sequence[str]) -> go.Figure:
    """Accuracy of each class in percent: bars of the point, marks of the baseline."""
    chart = figure("class", "accuracy of the class, %", height=360)
    style = METHODS[point.method]
    chart.add_bar(
        name=style.label,
        x=list(names),
        y=in_percent(point.class_accuracy),
        marker={"color": style.colour},
        hovertemplate="class %{x}<br>%{y:.2f} %<extra></extra>",
    )
    if baseline is not None and baseline is not point:
        colour = METHODS["baseline"].colour
        line = {"width": 3, "color": colour}
        chart.add_scatter(
            name="Baseline",
            x=list(names),
            y=in_percent(baseline.class_accuracy),
            mode="markers",
            marker={"symbol": "line-ew", "size": 16, "color": colour, "line": line},
            hovertemplate="baseline %{y:.2f} %<extra></extra>",
        )
    chart.update_yaxes(range=[0, 100])
    chart.update_xaxes(type="category")
    return chart


def confusion(
    counts: Sequence[Sequence[int]], names: Sequence[str], *, true: Sequence[str] = ()
) -> go.Figure:
    """Test images of each class (rows) by the class they were answered as (columns).

    `true` names the rows where not every class has one.
    """
    chart = figure("answered as", "true class", height=360)
    add_heatmap(
        chart,
        [[n or None for n in row] for row in counts],
        x=list(names),
        y=list(true or names),
        text=[[f"{n:,}" if n else "" for n in row] for row in counts],
        texttemplate="%{text}" if len(names) <= 12 else None,
        hover="%{z:,} images of class %{y}<br>answered as %{x}",
    )
    return by_category(chart)
