"""A run as it would go over a link: who downloads, computes and uploads when."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.federated.links import ReplayedRound, Slot
from pages.federate.charts.curves import OWN
from pages.federate.charts.series import Series
from pages.shared.charts.base import figure
from pages.shared.palette import LINK_PARTS

PARTS = ("down", "compute", "up")
LATE = "✕ late"
DEADLINE = "#C7568F"


def round_timeline(each: ReplayedRound, deadline: float) -> go.Figure:
    """A bar for each client of a round, from the download to the end of the upload."""
    names = [_name(slot) for slot in each.slots]
    chart = figure("seconds from the start of the round, s", "", height=120 + 26 * len(names))
    for part in PARTS:
        look = LINK_PARTS[part]
        chart.add_bar(
            name=look.label,
            orientation="h",
            y=names,
            x=[getattr(slot, part) for slot in each.slots],
            marker={"color": look.colour, "pattern": {"shape": look.symbol}},
            hovertemplate=f"%{{y}}<br>{look.label} %{{x:.3~g}} s<extra></extra>",
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
        look = each.look
        scores = [row["mean_accuracy"] for row in each.rounds]
        chart.add_scatter(
            name=each.name,
            x=[one.end for one in replayed],
            y=[None if score is None else 100 * score for score in scores],
            mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": 2.5},
            marker={"symbol": look.symbol, "size": 8, "color": look.colour},
            hovertemplate=f"<b>{each.name}</b><br>%{{x:.1f}} s<br>%{{y:.2f}} %<extra></extra>",
        )
    return chart.update_xaxes(rangemode="tozero")


def _name(slot: Slot) -> str:
    if not slot.answered:
        return f"client {slot.client} ?"
    return f"client {slot.client} {LATE}" if slot.late else f"client {slot.client}"
