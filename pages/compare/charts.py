"""Charts of candidates: accuracy against a cost, parallel coordinates, seeds."""

import math
from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from engine.compare.answers import best
from engine.compare.spread import Group, with_cost
from pages.compare.comparison import Comparison, accuracy, amount, axis, title
from pages.shared.charts.base import add_curve, figure, logarithmic, marker, short
from pages.shared.palette import FRONT, METHODS, RIVALS, letter, run_style, style_of

SHORT = {
    "tflite_zip": "zip, bytes",
    "tflite": "file, bytes",
    "effective_parameters": "parameters",
    "effective_macs": "MACs",
    "latency": "latency, µs",
}
"""Costs that the parallel coordinates show where most networks have them; of the TFLite file."""

SCALE = [[0.0, "#CC5FA0"], [0.6, "#8A8F98"], [1.0, "#2F6BE6"]]
"""Colours of the lines by accuracy; stands out on both themes."""

NEAR = 0.1
"""Accuracy below the best, as a share, that is shown where one looks closely."""


def tradeoff(
    comparison: Comparison, answer: Group | None = None, *, close: bool = False
) -> go.Figure:
    """Test accuracy against the cost of the comparison, with the front and a ring on the answer.

    `close` leaves out what is more than ten points below the best.
    """
    chart = figure(f"{axis(comparison.cost)} (log scale)", "test accuracy, %", height=460)
    known = with_cost(comparison.groups, comparison.cost)
    known = _near(known) if close else known
    front = best(known, comparison.cost)
    chart.add_scatter(
        name="Pareto front",
        x=[comparison.value(group) for group in front],
        y=[100 * group.accuracy for group in front],
        mode="lines",
        line={"color": FRONT, "width": 1.5, "shape": "hv"},
        hoverinfo="skip",
    )
    _add_tuning(chart, comparison, known)
    _add_marks(chart, comparison, known)
    if answer is not None:
        chart.add_scatter(
            name="the answer",
            x=[comparison.value(answer)],
            y=[100 * answer.accuracy],
            mode="markers",
            marker={"symbol": "circle-open", "size": 24, "color": "#6E67F5", "line": {"width": 3}},
            hoverinfo="skip",
        )
    return logarithmic(chart, [comparison.value(group) for group in known])


def parallel(comparison: Comparison) -> go.Figure:
    """One line for each network over all its costs and its accuracy."""
    everything = comparison.groups
    axes = [name for name in SHORT if 2 * len(with_cost(everything, name)) > len(everything)]
    groups = [group for group in everything if all(group.cost(name) for name in axes)]
    chart = go.Figure(layout={"height": 420, "margin": {"l": 48, "r": 48, "t": 80, "b": 24}})
    heights = [100 * group.accuracy for group in groups]
    chart.add_parcoords(
        dimensions=[
            *(_dimension(name, groups) for name in axes),
            {"label": "accuracy, %", "values": heights, "range": [min([*heights, 90]), 100]},
        ],
        line={"color": heights, "colorscale": SCALE, "showscale": False},
        labelangle=-25,
        labelfont={"size": 12},
        tickfont={"size": 11},
    )
    return chart


def _dimension(cost: str, groups: Sequence[Group]) -> dict[str, object]:
    """An axis of logarithms with ticks at 1, 2 and 5 of each power of ten."""
    values = [math.log10(max(group.cost(cost) or 0, 1)) for group in groups]
    low, high = min(values, default=0), max(values, default=1)
    decades = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
    kept = [tick for tick in ticks if low <= math.log10(tick) <= high]
    return {
        "label": SHORT[cost],
        "values": values,
        "tickvals": [math.log10(tick) for tick in kept],
        "ticktext": [short(tick) for tick in kept],
    }


def seeds(comparison: Comparison) -> go.Figure:
    """The accuracy of every seed of the networks that were measured at several.

    Those on the front, but not what is more than ten points below the best.
    """
    repeated = _near([group for group in comparison.groups if len(group.members) > 1])
    front = {id(group) for group in best(repeated, comparison.cost)}
    shown = [group for group in repeated if id(group) in front]
    chart = figure("network on the Pareto front", "test accuracy, %", height=400)
    names = [title(group) for group in shown]
    if comparison.several:
        letters = (letter(comparison.number(group)) for group in shown)
        names = [f"{run} · {name}" for run, name in zip(letters, names, strict=True)]
    chart.add_scatter(
        name="mean ± standard deviation",
        x=names,
        y=[100 * group.accuracy for group in shown],
        error_y={"array": [100 * (group.deviation or 0) for group in shown], "width": 8},
        mode="markers",
        marker={"symbol": "line-ew-open", "size": 16, "color": FRONT, "line": {"width": 3}},
        hovertemplate="%{x}<br>mean %{y:.2f} %<extra></extra>",
    )
    chart.add_scatter(
        name="one seed",
        x=[name for name, group in zip(names, shown, strict=True) for _ in group.members],
        y=[100 * each.accuracy for group in shown for each in group.members],
        text=[f"seed {each.seed}" for group in shown for each in group.members],
        mode="markers",
        marker={"size": 8, "color": METHODS["weight"].colour, "opacity": 0.8},
        hovertemplate="%{x}<br>%{text}: %{y:.2f} %<extra></extra>",
    )
    return chart


def _near(groups: Sequence[Group]) -> list[Group]:
    top = max((group.accuracy for group in groups), default=0)
    return [group for group in groups if group.accuracy >= top - NEAR]


def _add_tuning(chart: go.Figure, comparison: Comparison, groups: Sequence[Group]) -> None:
    """Lines from each network before fine-tuning to the same after it."""
    stages: dict[tuple[str, str], dict[str, Group]] = {}
    for group in groups:
        stages.setdefault((group.first.family, group.first.numbers), {})[group.first.stage] = group
    pairs = [
        (each["before"], each["after"])
        for each in stages.values()
        if {"before", "after"} <= each.keys()
    ]
    if not pairs:
        return
    ends = [end for pair in pairs for end in (*pair, None)]
    chart.add_scatter(
        name="fine-tuning",
        x=[None if end is None else comparison.value(end) for end in ends],
        y=[None if end is None else 100 * end.accuracy for end in ends],
        mode="lines",
        line={"color": RIVALS["schedule"].colour, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )


def _add_marks(chart: go.Figure, comparison: Comparison, groups: Sequence[Group]) -> None:
    """A mark for each network, in the style of its run or method; hollow where it has fewer bits.

    The legend names runs where there are several, methods otherwise, each once.
    """
    series: dict[tuple[int, bool, str], list[Group]] = {}
    for group in groups:
        hollow = group.first.numbers != "float32"
        key = (comparison.number(group), hollow, group.first.method)
        series.setdefault(key, []).append(group)
    named = set[str]()
    for (number, hollow, method), some in sorted(series.items(), key=lambda each: each[0][:2]):
        style = style_of(method)
        if comparison.several:
            style = replace(style, label=f"Run {letter(number)}", colour=run_style(number).colour)
        deviations = [100 * (group.deviation or 0) for group in some]
        add_curve(
            chart,
            style,
            [comparison.value(group) for group in some],
            [100 * group.accuracy for group in some],
            mode="markers",
            marker=marker(style, 10, hollow=hollow),
            legendgroup=style.label,
            showlegend=style.label not in named,
            error_y={"array": deviations, "visible": any(deviations), "thickness": 1.5, "width": 4},
            text=[_described(comparison, group) for group in some],
            hover="%{text}",
        )
        named.add(style.label)


def _described(comparison: Comparison, group: Group) -> str:
    lines = [f"<b>{title(group)}</b>", f"accuracy {accuracy(group)}"]
    lines.append(f"{axis(comparison.cost)}: {amount(comparison.value(group), comparison.cost)}")
    if len(group.members) > 1:
        lines.append(f"mean of {len(group.members)} seeds")
    if comparison.several:
        lines.append(f"run {letter(comparison.number(group))}")
    return "<br>".join(lines)
