"""What travels, against what it buys, and what it would weigh in other forms."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.federated.history import Rows, message_bytes, travelled
from pages.federate.charts.curves import OWN, STRETCHED
from pages.federate.charts.series import Series
from pages.shared.charts.base import figure
from pages.shared.charts.stretched import heights, stretched
from pages.shared.palette import FORMS_SENT

MEGA = 1e6


def by_federation(series: Sequence[Series], form: str) -> go.Figure:
    """Mean personal accuracy against bytes so far, one line for each federation.

    Where nothing travels, what is reached at the end is a level across the chart.
    """
    chart = figure("travelled so far both ways, MB", OWN + STRETCHED)
    most = max((travelled(each.rounds, form)[-1] for each in series if each.rounds), default=0)
    for each in (one for one in series if one.rounds):
        sums, scores = travelled(each.rounds, form), _accuracies(each.rounds)
        if not sums[-1]:
            sums, scores = [0, most], [scores[-1]] * 2
        look = each.look
        chart.add_scatter(
            name=each.name,
            x=[count / MEGA for count in sums],
            y=heights(scores),
            customdata=scores,
            mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": 2.5},
            marker={"symbol": look.symbol, "size": 8, "color": look.colour},
            hovertemplate=f"<b>{each.name}</b><br>%{{x:.2f}} MB<br>%{{customdata:.2f}} %"
            "<extra></extra>",
        )
    stretched(chart, [percent for trace in chart.data for percent in trace.customdata])
    return chart.update_xaxes(rangemode="tozero")


def by_form(each: Series, forms: Sequence[str]) -> go.Figure:
    """The same of one federation, one line for each way to count its bytes."""
    chart, scores = (
        figure("travelled so far both ways, MB", OWN + STRETCHED),
        _accuracies(each.rounds),
    )
    for form in forms:
        look = FORMS_SENT[form]
        chart.add_scatter(
            name=look.label,
            x=[count / MEGA for count in travelled(each.rounds, form)],
            y=heights(scores),
            customdata=scores,
            mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": 2},
            marker={"symbol": look.symbol, "size": 7, "color": look.colour},
            hovertemplate=f"<b>{look.label}</b><br>%{{x:.2f}} MB<br>%{{customdata:.2f}} %"
            "<extra></extra>",
        )
    stretched(chart, scores)
    return chart.update_xaxes(rangemode="tozero")


def forms(rounds: Rows, names: Mapping[str, str]) -> go.Figure:
    """Bytes of the whole run in each form, up and down, with the bound as a line."""
    chart = figure("whole run, MB", "", height=110 + 34 * len(names))
    sums = {name: [sum(way) for way in _ways(rounds, name)] for name in names}
    for place, (way, colour, pattern) in enumerate(
        (("up", "#D55E00", "/"), ("down", "#2F6BE6", ""))
    ):
        chart.add_bar(
            name=way,
            orientation="h",
            y=list(names.values()),
            x=[sums[name][place] / MEGA for name in names],
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate=f"%{{y}}<br>{way} %{{x:.2f}} MB<extra></extra>",
        )
    bound = travelled(rounds, "bound")[-1] / MEGA
    chart.add_vline(x=bound, line={"color": "#8A8F98", "width": 2, "dash": "dot"})
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return chart.update_yaxes(autorange="reversed", title=None)


def _ways(rounds: Rows, form: str) -> list[tuple[int, ...]]:
    return list(zip(*(message_bytes(row, form) for row in rounds), strict=True))


def _accuracies(rounds: Rows) -> list[float | None]:
    scores = [row["mean_accuracy"] for row in rounds]
    return [None if score is None else 100 * score for score in scores]
