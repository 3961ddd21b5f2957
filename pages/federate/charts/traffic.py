"""What travels, against what it buys, and what it would weigh in other forms."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.federated.history import Rows, message_bytes, travelled
from pages.federate.charts.base import Series
from pages.federate.charts.curves import OWN, STRETCHED
from pages.shared.charts.base import add_curve, figure
from pages.shared.charts.stretched import heights, stretched
from pages.shared.palette import FORMS_SENT, Style

MEGA = 1e6


def by_federation(series: Sequence[Series], form: str) -> go.Figure:
    """Mean personal accuracy against bytes so far, one line for each federation.

    Where nothing travels, what is reached at the end is a level across the chart.
    """
    begun = [each for each in series if each.rounds]
    most = max((travelled(each.rounds, form)[-1] for each in begun), default=0)
    lines = []
    for each in begun:
        sums, scores = travelled(each.rounds, form), each.accuracies
        if not sums[-1]:
            sums, scores = [0, most], [scores[-1]] * 2
        lines.append((each.name, each.style, sums, scores))
    return _against_bytes(lines, width=2.5, size=8)


def by_form(each: Series, forms: Sequence[str]) -> go.Figure:
    """The same of one federation, one line for each way to count its bytes."""
    styles = {form: FORMS_SENT[form] for form in forms}
    lines = [
        (style.label, style, travelled(each.rounds, form), each.accuracies)
        for form, style in styles.items()
    ]
    return _against_bytes(lines, width=2, size=7)


def forms(rounds: Rows, names: Mapping[str, str]) -> go.Figure:
    """Bytes of the whole run in each form, up and down, with the bound as a line."""
    chart = figure("whole run, MB", "", height=110 + 34 * len(names))
    ways = {name: zip(*(message_bytes(row, name) for row in rounds), strict=True) for name in names}
    sums = {name: [sum(way) for way in found] for name, found in ways.items()}
    for number, (way, colour, pattern) in enumerate(
        (("up", "#D55E00", "/"), ("down", "#2F6BE6", ""))
    ):
        chart.add_bar(
            name=way,
            orientation="h",
            y=list(names.values()),
            x=[sums[name][number] / MEGA for name in names],
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate=f"%{{y}}<br>{way} %{{x:.2f}} MB<extra></extra>",
        )
    bound = travelled(rounds, "bound")[-1] / MEGA
    chart.add_vline(x=bound, line={"color": "#8A8F98", "width": 2, "dash": "dot"})
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return chart.update_yaxes(autorange="reversed", title=None)


def _against_bytes(
    lines: Sequence[tuple[str, Style, Sequence[int], Sequence[float | None]]],
    *,
    width: float,
    size: int,
) -> go.Figure:
    """Accuracies in percent, on a stretched axis, against bytes: name, style, bytes, accuracies."""
    chart = figure("travelled so far both ways, MB", OWN + STRETCHED)
    for name, style, sums, scores in lines:
        add_curve(
            chart,
            style,
            [count / MEGA for count in sums],
            heights(scores),
            name=name,
            width=width,
            size=size,
            customdata=scores,
            hover=f"<b>{name}</b><br>%{{x:.2f}} MB<br>%{{customdata:.2f}} %",
        )
    stretched(chart, [percent for *_, scores in lines for percent in scores])
    return chart.update_xaxes(rangemode="tozero")
