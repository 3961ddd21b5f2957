"""What the answer rests on: trade-off, parallel coordinates, table, seeds."""

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from engine.compare.spread import Group
from pages.compare import charts, rows
from pages.compare.view import View, axis
from pages.shared import cached, grid
from pages.shared.charts.base import toolbar
from pages.shared.texts import ALT, READ

VIEWS = ("Trade-off", "Parallel", "Table", "Seeds")


def show(view: View, answer: Group | None) -> None:
    """One view at a time; the others are not drawn."""
    chosen = st.segmented_control(
        "View",
        VIEWS,
        default=VIEWS[0],
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    draw = {"Parallel": _parallel, "Table": _table, "Seeds": _seeds}
    with st.container(border=True):
        draw.get(chosen or "", partial(_tradeoff, answer))(view)


def _tradeoff(answer: Group | None, view: View) -> None:
    close = st.toggle("Only the best ten points", value=True, key="close", bind="query-params")
    stamp = f"{close}-{None if answer is None else answer.first.name}"
    _chart("compare", view, lambda: charts.tradeoff(view, answer, close=close), extra=stamp)


def _parallel(view: View) -> None:
    _chart("parallel", view, lambda: charts.parallel(view))


def _table(view: View) -> None:
    frame = rows.shown(view)
    formats = {
        name: _format(name)
        for name in frame.columns
        if name not in {"Run", "Network", "On the front"}
    }
    grid.table(frame, formats=formats, key="compared-rows", alt=ALT["compared"])


def _seeds(view: View) -> None:
    if all(len(group.members) == 1 for group in view.groups):
        st.markdown("Every network here was measured with one seed only.")
        st.caption(READ["one_seed"])
        return
    _chart("seeds", view, lambda: charts.seeds(view))


def _format(name: str) -> str:
    if "kB" in name:
        return "%.1f"
    return "%.2f" if "%" in name or "±" in name or "points" in name else "localized"


def _chart(topic: str, view: View, draw: Callable[[], go.Figure], *, extra: str = "") -> None:
    st.plotly_chart(
        cached.drawn(f"{topic}-{view.stamp}-{extra}", draw),
        key=f"chart-{topic}",
        config=toolbar(f"prunescope-{topic}"),
        alt=ALT[topic].format(cost=axis(view.cost)),
    )
    st.caption(READ[topic])
