"""The charts of Explore: a network's answer, and the network from the inside."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.arrays import FloatArray
from engine.explore.answers import Answer
from engine.explore.by_sparsity import Flips, Sensitivity, Strip
from engine.explore.inside import Histogram, Norms
from engine.settings import percent
from pages.shared.charts.base import add_curve, add_heatmap, by_category, figure, frame, in_percent
from pages.shared.palette import AGREES, DIFFERS, GONE, HEAT, KEPT, METHODS

CUT = {"color": GONE, "dash": "dash", "width": 1.5}
"""The line between what stays and what goes."""

STRIP_ROWS = {
    "dense": "Unpruned",
    "weight": "Weight-pruned",
    "unit": "Unit-pruned",
    "quantized": "Dynamic int8",
    "weight-quantized": "Weight-pruned, dynamic int8",
}


def class_accuracy(answer: Answer, baseline: Answer, names: Sequence[str]) -> go.Figure:
    """Accuracy of each class in percent with its interval; marks of the unpruned network."""
    style, grey = METHODS[answer.point.method], METHODS["baseline"].colour
    shares = [share or 0.0 for share in answer.point.class_accuracy]
    ends = [answer.class_interval(label) for label in range(len(shares))]
    errors = {
        "visible": not answer.exact,
        "array": [100 * (high - share) for (_, high), share in zip(ends, shares, strict=True)],
        "arrayminus": [100 * (share - low) for (low, _), share in zip(ends, shares, strict=True)],
        "color": grey,
        "thickness": 1.5,
    }
    bars = {
        "type": "bar",
        "name": style.label,
        "x": list(names),
        "y": in_percent(answer.point.class_accuracy),
        "error_y": errors,
        "marker": {"color": style.colour},
        "hovertemplate": "class %{x}<br>%{y:.1f} %<extra></extra>",
    }
    marks = {
        "type": "scatter",
        "name": "Unpruned",
        "x": list(names),
        "y": in_percent(baseline.point.class_accuracy),
        "mode": "markers",
        "marker": {"symbol": "line-ew", "size": 14, "line": {"width": 3, "color": grey}},
        "hovertemplate": "unpruned %{y:.1f} %<extra></extra>",
    }
    layout = frame("class", "accuracy of the class, %", height=300)
    layout["xaxis"]["type"], layout["yaxis"]["range"] = "category", [0, 103]
    if max(map(len, names)) <= 2:  # plotly draws a chart twice to find out that this is enough
        layout["margin"] = {"l": 52, "r": 8, "t": 36, "b": 44}
        layout["xaxis"]["automargin"] = layout["yaxis"]["automargin"] = False
    return go.Figure({"data": [bars, marks], "layout": layout})  # at once: a third of the time


def histogram(weights: Histogram, method: str) -> go.Figure:
    """Weights of a layer by value: those that stay and those that went, with the threshold."""
    chart = figure("weight", "weights", height=300)
    middles = (weights.edges[:-1] + weights.edges[1:]) / 2
    parts = (("Kept", weights.kept, METHODS[method].colour), ("Pruned", weights.pruned, GONE))
    for name, counts, colour in parts:
        chart.add_bar(
            name=name, x=middles, y=counts, marker={"color": colour, "line": {"width": 0}}
        )
    chart.update_traces(hovertemplate="about %{x:.3f}: %{y:,}")
    chart.update_layout(barmode="stack", bargap=0)
    if weights.threshold is not None and method == "weight":
        for side in (-weights.threshold, weights.threshold):
            chart.add_vline(x=side, line=CUT)
    return chart


def norms(ranked: Norms, method: str) -> go.Figure:
    """Norms of a layer's units, the weakest first; those that went are grey."""
    chart = figure("rank, the weakest unit first", "L2 norm of the unit", height=300)
    for name, chosen, colour in (
        ("Kept", ~ranked.dead, METHODS[method].colour),
        ("Pruned", ranked.dead, GONE),
    ):
        ranks = np.flatnonzero(chosen)
        chart.add_scatter(
            name=name,
            x=ranks + 1,
            y=ranked.norms[ranks],
            customdata=ranked.units[ranks],
            mode="markers",
            marker={"color": colour, "size": 6, "symbol": "circle" if name == "Kept" else "x"},
            hovertemplate="unit %{customdata}, rank %{x}<br>norm %{y:.3f}<extra></extra>",
        )
    cut = int(ranked.dead.sum())
    if 0 < cut < len(ranked.dead):
        chart.add_vline(x=cut + 0.5, line=CUT)
    chart.update_yaxes(rangemode="tozero")
    return chart


def pixels(shares: FloatArray) -> go.Figure:
    """How many of its connections each pixel of the image still has, in percent."""
    chart = figure("column", "row", height=340)
    add_heatmap(
        chart,
        100 * shares,
        scale=((0, GONE), (0.001, HEAT[0][1]), (1, KEPT)),
        limits=(0, None),
        bar="%",
        xgap=0,
        ygap=0,
        hover="row %{y}, column %{x}<br>%{z:.1f} % of its connections",
    )
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart.update_xaxes(showgrid=False, constrain="domain", scaleanchor="y")


def sensitivity(table: Sensitivity, layers: Sequence[str]) -> go.Figure:
    """Accuracy in percent where one layer alone is pruned: rows are layers, columns K."""
    chart = figure("sparsity K of that layer, %", "", height=120 + 56 * len(table.accuracy))
    cells = [[100 * share for share in row] for row in table.accuracy]
    add_heatmap(
        chart,
        cells,
        x=[percent(level) for level in table.levels],
        y=list(layers[: len(cells)]),
        text=[[f"{share:.1f}" for share in row] for row in cells],
        texttemplate="%{text}",
        scale=((0, DIFFERS), (0.5, HEAT[0][1]), (1, AGREES)),
        limits=(0, 100),
        hover="%{y}<br>K = %{x} %: %{z:.1f} %",
    )
    return by_category(chart)


def strip(answers: Strip, names: Sequence[str]) -> go.Figure:
    """What each network answers at every K; blue as the unpruned one does, orange otherwise."""
    chart = figure("sparsity K, %", "", height=120 + 46 * len(answers.rows))
    dense = answers.rows["dense"]
    rows = [answers.rows[row] for row in STRIP_ROWS]
    add_heatmap(
        chart,
        [[float(a.answer != b.answer) for a, b in zip(row, dense, strict=True)] for row in rows],
        x=[percent(level) for level in answers.levels],
        y=[title.replace(", ", ",<br>") for title in STRIP_ROWS.values()],  # fits a phone
        text=[[names[cell.answer] for cell in row] for row in rows],
        customdata=[[f"{100 * cell.share:.1f} %" for cell in row] for row in rows],
        texttemplate="%{text}",
        textfont={"color": "#FFFFFF", "size": 14},
        scale=((0, AGREES), (1, DIFFERS)),
        limits=(0, 1),
        hover="%{y}, K = %{x} %<br>answers %{text}, share %{customdata}",
    )
    return by_category(chart)


def forgetting(found: Flips, method: str, level: float | None) -> go.Figure:
    """Accuracy of the sample at every K, with the present K as a line."""
    chart = figure("sparsity K, %", "accuracy on the sample, %", height=280)
    style = METHODS[method]
    levels, shares = [100 * k for k in found.levels], [100 * share for share in found.accuracy]
    add_curve(chart, style, levels, shares, size=6, hover="K = %{x:g} %<br>%{y:.1f} %")
    if level is not None:
        chart.add_vline(x=100 * level, line=CUT)
    chart.update_yaxes(range=[0, 103])
    return chart
