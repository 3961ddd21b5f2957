"""What travels: against what it buys, in other forms, and as it would go over a link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from engine.federated.history import Rows, message_bytes, travelled
from engine.federated.links import ReplayedRound
from pages.federate.charts.base import OWN, STRETCHED, Series
from pages.shared.charts.base import figure
from pages.shared.charts.stretched import heights, stretched
from pages.shared.palette import FORMS_SENT, LINK_PARTS

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
        lines.append((each, sums, scores))
    return _against_bytes(lines)


def by_form(each: Series, forms: Sequence[str]) -> go.Figure:
    """The same of one federation, one line for each way to count its bytes."""
    lines = []
    for form in forms:
        counted = replace(each, name=FORMS_SENT[form].label, style=FORMS_SENT[form])
        lines.append((counted, travelled(each.rounds, form), each.accuracies))
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


def round_timeline(each: ReplayedRound, deadline: float) -> go.Figure:
    """A bar for each client of a round, from the download to the end of the upload."""
    names = []
    for slot in each.slots:
        mark = " ✕ late" if slot.late else ""
        names.append(f"client {slot.client}{mark if slot.answered else ' ?'}")
    chart = figure("seconds from the start of the round, s", "", height=120 + 26 * len(names))
    for part, style in LINK_PARTS.items():
        chart.add_bar(
            name=style.label,
            orientation="h",
            y=names,
            x=[getattr(slot, part) for slot in each.slots],
            marker={"color": style.colour, "pattern": {"shape": style.symbol}},
            hovertemplate=f"%{{y}}<br>{style.label} %{{x:.3~g}} s<extra></extra>",
        )
    if deadline:
        line = {"color": "#C7568F", "width": 2, "dash": "dash"}
        chart.add_vline(x=deadline, line=line)
        chart.add_scatter(name="deadline", x=[None], y=[None], mode="lines", line=line)
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return chart.update_yaxes(autorange="reversed", type="category", title=None)


def against_time(pairs: Sequence[tuple[Series, Sequence[ReplayedRound]]]) -> go.Figure:
    """Mean personal accuracy against the time that the rounds would have taken."""
    chart = figure("time over this link, s", OWN)
    for each, replayed in pairs:
        ends = [one.end for one in replayed]
        each.add_to(chart, ends, each.accuracies, "%{x:.1f} s<br>%{y:.2f} %")
    return chart.update_xaxes(rangemode="tozero")


def _against_bytes(
    lines: Sequence[tuple[Series, Sequence[int], Sequence[float | None]]],
    *,
    width: float = 2.5,
    size: int = 8,
) -> go.Figure:
    """Accuracies in percent, on a stretched axis, against bytes so far."""
    chart = figure("travelled so far both ways, MB", OWN + STRETCHED)
    for each, sums, scores in lines:
        each.add_to(
            chart,
            [count / MEGA for count in sums],
            heights(scores),
            "%{x:.2f} MB<br>%{customdata:.2f} %",
            width=width,
            size=size,
            customdata=scores,
        )
    stretched(chart, [percent for *_, scores in lines for percent in scores])
    return chart.update_xaxes(rangemode="tozero")
