"""What the answer rests on: trade-off, parallel coordinates, table, seeds; and all to take home."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

import plotly.graph_objects as go
import streamlit as st

from engine.compare import export
from engine.compare.answers import Advice
from engine.compare.spread import Group
from pages.compare import charts, report, words
from pages.compare.comparison import Comparison, axis, rows
from pages.compare.words import CHARTS
from pages.shared import chart, tables
from pages.shared.choices import one_of
from pages.shared.downloads import as_json, button

VIEWS = ("Trade-off", "Parallel", "Table", "Seeds")
TEXTS = frozenset({"Run", "Network", "On the front"})
"""Columns of the table that are no numbers."""


def show(comparison: Comparison, answer: Group | None) -> None:
    """One view at a time; the others are not drawn."""
    chosen = one_of("View", VIEWS, key="view", visibility="collapsed")

    def drawn(topic: str, draw: Callable[[], go.Figure], mark: str = "") -> None:
        chart.show(
            draw,
            CHARTS[topic],
            key=f"chart-{topic}",
            stamp=f"{comparison.stamp}-{mark}",
            file=topic,
            words={"cost": axis(comparison.cost)},
        )

    with st.container(border=True):
        if chosen == "Parallel":
            drawn("parallel", partial(charts.parallel, comparison))
        elif chosen == "Table":
            frame = rows(comparison)
            formats = {name: _format(name) for name in frame.columns if name not in TEXTS}
            tables.show(frame, formats=formats, key="compared-rows", alt=words.TABLE)
        elif chosen != "Seeds":
            label = "Only the best ten points"
            close = st.toggle(label, value=True, key="close", bind="query-params")
            mark = f"{close}-{answer and (answer.first.run, answer.first.name)}"
            drawn("compare", partial(charts.tradeoff, comparison, answer, close=close), mark)
        elif all(len(group.members) == 1 for group in comparison.groups):
            st.markdown("Every network here was measured with one seed only.")
            st.caption(words.ONE_SEED)
        else:
            drawn("seeds", partial(charts.seeds, comparison))


def take_home(
    comparison: Comparison, answer: Advice, question: str, notices: Sequence[Mapping[str, str]]
) -> None:
    """The page as HTML, as a table and as JSON, and a link to it; `notices` are those of the runs.

    The link is shown as text, never followed.
    """
    found = [each for group in comparison.groups for each in group.members]
    with st.container(horizontal=True):
        button(
            "Report, HTML",
            "prunescope-report.html",
            lambda: report.html(comparison, answer, question).encode(),
            "text/html",
            icon="description",
            primary=True,
            key="report",
        )
        button(
            "Table, CSV",
            "prunescope-compare.csv",
            lambda: export.csv_text(found).encode(),
            "text/csv",
            icon="table_chart",
        )
        button(
            "Everything, JSON",
            "prunescope-compare.json",
            lambda: as_json(export.document(comparison.settings, found, notices)),
            "application/json",
            icon="data_object",
        )
    st.caption("The link to this page, with everything that is chosen:")
    address = str(st.context.url or "").partition("?")[0]
    query = urlencode(st.query_params.to_dict(), safe=",")
    st.code(f"{address}?{query}" if query else address, language=None)


def _format(column: str) -> str:
    if "kB" in column:
        return "%.1f"
    return "%.2f" if any(mark in column for mark in ("%", "±", "points")) else "localized"
