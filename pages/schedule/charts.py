"""The charts of a schedule: planned and achieved sparsity, and what fine-tuning recovers."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.pruning.plan.planning import Plan
from engine.results.points import BASELINE, ONE_SHOT, SCHEDULE, SMALL, Point
from engine.settings import percent
from pages.shared.charts.base import figure, marker
from pages.shared.palette import ACHIEVED, PLANNED, RIVALS, Look, look_of

Pairs = Sequence[Sequence[float]]
STEP_TITLE = "optimizer steps"
ZEROS_TITLE = "zeros in the pruned kernels, %"


def preview(plan: Plan) -> go.Figure:
    """The sparsity that TFMOT will reach at each step, against the schedule as it is set."""
    chart = figure(STEP_TITLE, ZEROS_TITLE, height=300)
    stairs = plan.staircase
    last = max(plan.steps, min(stairs.end, 4 * plan.steps))
    if stairs.schedule == "polynomial" and stairs.end > stairs.begin:
        wanted = [round(stairs.begin + i * (last - stairs.begin) / 80) for i in range(81)]
        pairs = [(step, plan.asked(step)) for step in wanted]
        _add_line(chart, pairs, PLANNED, name="Schedule as set", shape="linear")
    _add_line(chart, plan.points(), ACHIEVED, name="Will be reached", shape="hv")
    _end_of_training(chart, plan)
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
    _add_line(chart, planned, PLANNED, name=PLANNED.label, shape="hv")
    chart.add_scatter(
        name=ACHIEVED.label,
        x=[step for step, _ in achieved],
        y=[100 * share for _, share in achieved],
        mode="markers",
        marker=marker(ACHIEVED, 5),
        hovertemplate="step %{x:,}<br>%{y:.2f} % zeros<extra></extra>",
    )
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
        _across(chart, point, look_of(name))
    whole = [point for name, point in flat.items() if name == BASELINE]
    for name, points in ((SMALL, small), (ONE_SHOT, before), (SCHEDULE, after)):
        _add_curve(chart, [*(whole if name != SMALL else []), *points], RIVALS[name])
    chart.update_yaxes(rangemode="tozero")
    return chart


def _add_line(chart: go.Figure, pairs: Pairs, look: Look, *, name: str, shape: str) -> None:
    chart.add_scatter(
        name=name,
        x=[step for step, _ in pairs],
        y=[100 * share for _, share in pairs],
        mode="lines",
        line={"color": look.colour, "dash": look.dash, "width": 2.5, "shape": shape},
        hovertemplate="step %{x:,}<br>%{y:.2f} % zeros<extra></extra>",
    )


def _end_of_training(chart: go.Figure, plan: Plan) -> None:
    chart.add_vline(x=plan.steps, line={"color": PLANNED.colour, "width": 1.5})
    chart.add_annotation(
        x=plan.steps,
        y=4,
        text=f"training ends, step {plan.steps:,}",
        showarrow=False,
        xanchor="right",
        xshift=-4,
    )


def _add_curve(chart: go.Figure, points: Sequence[Point], look: Look) -> None:
    chart.add_scatter(
        name=look.label,
        x=[100 * point.sparsity for point in points],
        y=[100 * point.accuracy for point in points],
        text=[f"K = {percent(point.sparsity)} %" for point in points],
        mode="lines+markers",
        line={"color": look.colour, "dash": look.dash, "width": 2.5},
        marker=marker(look, 9),
        hovertemplate=f"<b>{look.label}</b>, %{{text}}<br>%{{y:.2f}} %<extra></extra>",
    )


def _across(chart: go.Figure, point: Point, look: Look) -> None:
    """A rival as a line over all K, named in the legend."""
    chart.add_scatter(
        name=look.label,
        x=[0, 100],
        y=[100 * point.accuracy] * 2,
        mode="lines",
        line={"color": look.colour, "dash": look.dash, "width": 1.5},
        hovertemplate=f"<b>{look.label}</b><br>%{{y:.2f}} %<extra></extra>",
    )
