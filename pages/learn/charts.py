"""The charts of the page Learn."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.lessons.one_weight import Effect
from engine.lessons.polynomial import value
from engine.lessons.zeros import Cost
from engine.results.points import BASELINE, Point
from pages.shared.charts.base import add_curve, figure, logarithmic
from pages.shared.palette import METHODS

HEIGHT = 300
GUESS = "#B07C00"
HOVER = "%{x:.3g}: %{y:.4g}"


def polynomial(xs: Sequence[float], dropped: Sequence[str]) -> go.Figure:
    """The whole function, and what is left of it."""
    chart = figure("x, no unit", "f(x), no unit", height=HEIGHT)
    lines = [("x + 5x²", METHODS[BASELINE], [value(x) for x in xs])]
    if dropped:
        lines.append(("what is left", METHODS["weight"], [value(x, dropped) for x in xs]))
    for name, style, ys in lines:
        add_curve(chart, style, xs, ys, name=name, mode="lines", width=3, hover=HOVER)
    return chart


def weights(effects: Sequence[Effect], chosen: Effect) -> go.Figure:
    """How far the logits move without each weight, by its magnitude."""
    chart = figure(
        "magnitude of the weight, no unit (log scale)", "mean shift of a logit", height=HEIGHT
    )
    shown = [effect for effect in effects if effect.weight]
    dot = {"size": 7, "color": METHODS["weight"].colour, "opacity": 0.7}
    ring = {"symbol": "circle-open", "size": 20, "color": GUESS, "line": {"width": 3}}
    for name, those, marker in (("one weight", shown, dot), ("yours", [chosen], ring)):
        chart.add_scatter(
            name=name,
            x=[abs(effect.weight) for effect in those],
            y=[effect.shift for effect in those],
            mode="markers",
            marker=marker,
            hovertemplate="magnitude %{x:.4f}<br>a logit moves by %{y:.4f}<extra></extra>",
        )
    return logarithmic(chart, [abs(effect.weight) for effect in shown])


def costs(found: Sequence[Cost]) -> go.Figure:
    """Bytes of the numbers and of their zip, beside each other."""
    chart = figure("what was done", "length, bytes", height=HEIGHT)
    names = [cost.label for cost in found]
    for name, values, style in (
        ("file", [cost.raw for cost in found], METHODS[BASELINE]),
        ("zip", [cost.zipped for cost in found], METHODS["weight"]),
    ):
        chart.add_bar(
            name=name,
            x=names,
            y=values,
            text=[f"{length:,}" for length in values],
            textposition="outside",
            cliponaxis=False,
            marker={"color": style.colour},
            hovertemplate="%{x}<br>%{y:,} bytes<extra></extra>",
        )
    return chart


def guess(
    baseline: Point, points: Sequence[Point], method: str, guessed: float, *, revealed: bool
) -> go.Figure:
    """The guessed K, and the measured curve once it is revealed."""
    chart = figure("sparsity K, %", "test accuracy, %", height=360)
    chart.add_hline(
        y=100 * baseline.accuracy,
        line={"color": METHODS[BASELINE].colour, "dash": "dot", "width": 1.5},
        annotation={"text": "unpruned", "yanchor": "top", "yref": "y"},
    )
    chart.add_vline(
        x=100 * guessed,
        line={"color": GUESS, "width": 3},
        annotation={"text": "your guess", "xanchor": "right"},
    )
    if revealed:
        measured = [baseline, *(p for p in points if p.method == method)]
        levels, ys = [100 * p.sparsity for p in measured], [100 * p.accuracy for p in measured]
        add_curve(chart, METHODS[method], levels, ys, width=3, hover=HOVER)
    chart.update_xaxes(range=[0, 101])
    chart.update_yaxes(range=[0, 104])
    return chart
