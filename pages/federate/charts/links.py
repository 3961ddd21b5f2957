"""A run as it would go over a link: who downloads, computes and uploads when."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.federated.links import ReplayedRound, Slot
from pages.federate.charts.base import Series
from pages.federate.charts.curves import OWN
from pages.shared.charts.base import add_curve, figure
from pages.shared.palette import LINK_PARTS

LATE = "✕ late"
DEADLINE = "#C7568F"


def round_timeline(each: ReplayedRound, deadline: float) -> go.Figure:
    """A bar for each client of a round, from the download to the end of the upload."""
    names = [_name(slot) for slot in each.slots]
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
        line = {"color": DEADLINE, "width": 2, "dash": "dash"}
        chart.add_vline(x=deadline, line=line)
        chart.add_scatter(name="deadline", x=[None], y=[None], mode="lines", line=line)
    chart.update_layout(barmode="stack", legend={"traceorder": "normal"})
    return chart.update_yaxes(autorange="reversed", type="category", title=None)


def against_time(pairs: Sequence[tuple[Series, Sequence[ReplayedRound]]]) -> go.Figure:
    """Mean personal accuracy against the time that the rounds would have taken."""
    chart = figure("time over this link, s", OWN)
    for each, replayed in pairs:
        ends = [one.end for one in replayed]
        hover = f"<b>{each.name}</b><br>%{{x:.1f}} s<br>%{{y:.2f}} %"
        add_curve(chart, each.style, ends, each.accuracies, name=each.name, hover=hover)
    return chart.update_xaxes(rangemode="tozero")


def _name(slot: Slot) -> str:
    if not slot.answered:
        return f"client {slot.client} ?"
    return f"client {slot.client} {LATE}" if slot.late else f"client {slot.client}"
