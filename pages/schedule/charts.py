"""The charts of a schedule: planned and achieved sparsity, and what fine-tuning recovers."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.pruning.plan.planning import Plan
from engine.results.points import BASELINE, ONE_SHOT, SCHEDULE, SMALL, Point
from engine.settings import percent
from pages.shared.charts.base import add_curve, figure
from pages.shared.palette import ACHIEVED, PLANNED, RIVALS, Style, style_of

Pairs = Sequence[Sequence[float]]
STEP_TITLE = "optimizer steps"
ZEROS_TITLE = "zeros in the pruned kernels, %"
STAIRS: Mapping[str, Any] = {"mode": "lines", "line": {"shape": "hv"}}


def preview(plan: Plan) -> go.Figure:
    """The sparsity that TFMOT will reach at each step, against the schedule as it is set."""
    chart = figure(STEP_TITLE, ZEROS_TITLE, height=300)
    stairs = plan.staircase
    last = max(plan.steps, min(stairs.end, 4 * plan.steps))
    if stairs.schedule == "polynomial" and stairs.end > stairs.begin:
        wanted = [round(stairs.begin + i * (last - stairs.begin) / 80) for i in range(81)]
        pairs = [(step, plan.asked(step)) for step in wanted]
        _add_shares(chart, pairs, PLANNED, name="Schedule as set", mode="lines")
    _add_shares(chart, plan.points(), ACHIEVED, name="Will be reached", **STAIRS)
    chart.add_vline(x=plan.steps, line={"color": PLANNED.colour, "width": 1.5})
    chart.add_annotation(
        x=plan.steps,
        y=4,
        text=f"training ends, step {plan.steps:,}",
        showarrow=False,
        xanchor="right",
        xshift=-4,
    )
    chart.add_hline(
        y=100 * plan.target,
        line={"color": PLANNED.colour, "width": 1},
        annotation={"text": "target", "yanchor": "bottom"},
    )
    chart.update_yaxes(range=[0, 103])
    chart.update_xaxes(range=[0, 1.02 * last])
    return chart


def sparsity(planned: Pairs, achieved: Pairs, ends: Sequence[int]) -> go.Figure:
    """Planned and achieved zero share against steps; `ends` are the last steps of the epochs."""
    chart = figure(STEP_TITLE, ZEROS_TITLE)
    _add_shares(chart, planned, PLANNED, **STAIRS)
    _add_shares(chart, achieved, ACHIEVED, mode="markers", size=5)
    for end in ends:
        chart.add_vline(x=end, line={"color": PLANNED.colour, "width": 1, "dash": "dot"})
    chart.update_yaxes(range=[0, 103])
    chart.update_xaxes(rangemode="tozero")
    return chart


def layers(names: Sequence[str], planned: Sequence[float], achieved: Sequence[float]) -> go.Figure:
    """Zero share of each pruned kernel: bars are achieved, marks are planned."""
    chart = figure("layer: inputs x units", "zeros in the kernel, %")
    chart.add_bar(
        name=ACHIEVED.label,
        x=list(names),
        y=[100 * share for share in achieved],
        marker={"color": ACHIEVED.colour},
        hovertemplate="%{x}<br>%{y:.2f} % zeros<extra></extra>",
    )
    chart.add_scatter(
        name=PLANNED.label,
        x=list(names),
        y=[100 * share for share in planned],
        mode="markers",
        marker={"symbol": "line-ew", "size": 30, "line": {"width": 3, "color": PLANNED.colour}},
        hovertemplate="planned %{y:.2f} %<extra></extra>",
    )
    chart.update_yaxes(range=[0, 103])
    chart.update_xaxes(type="category")
    return chart


def recovery(
    before: Sequence[Point],
    after: Sequence[Point],
    small: Sequence[Point],
    flat: Mapping[str, Point],
) -> go.Figure:
    """Test accuracy over K, before and after fine-tuning, and of what it is compared with.

    Args:
        before: pruned at once.
        after: pruned while training.
        small: dense networks of the size that is left at a K.
        flat: networks without a K by their method: lines over all K.
    """
    chart = figure("sparsity K, %", "test accuracy, %", height=380)
    for name, point in flat.items():
        style = style_of(name)
        add_curve(
            chart,
            style,
            [0, 100],
            [100 * point.accuracy] * 2,
            width=1.5,
            mode="lines",
            hover=f"<b>{style.label}</b><br>%{{y:.2f}} %",
        )
    whole = [point for name, point in flat.items() if name == BASELINE]
    curves = (
        (RIVALS[SMALL], small),
        (RIVALS[ONE_SHOT], [*whole, *before]),
        (RIVALS[SCHEDULE], [*whole, *after]),
    )
    for style, points in curves:
        add_curve(
            chart,
            style,
            [100 * point.sparsity for point in points],
            [100 * point.accuracy for point in points],
            size=9,
            text=[f"K = {percent(point.sparsity)} %" for point in points],
            hover=f"<b>{style.label}</b>, %{{text}}<br>%{{y:.2f}} %",
        )
    return chart.update_yaxes(rangemode="tozero")


def _add_shares(chart: go.Figure, pairs: Pairs, style: Style, **more: Any) -> None:
    """Zero shares over steps: stairs, lines or dots."""
    steps, shares = [step for step, _ in pairs], [100 * share for _, share in pairs]
    add_curve(chart, style, steps, shares, hover="step %{x:,}<br>%{y:.2f} % zeros", **more)
