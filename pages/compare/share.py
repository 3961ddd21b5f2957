"""A link to what is on the page, and the page as a table, as JSON and as one HTML file."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from engine.compare import export
from engine.compare.answers import Advice
from engine.compare.candidate import Candidate
from pages.compare import report
from pages.compare.view import View
from pages.shared.downloads import as_json, button


def show(
    view: View, answer: Advice, question: str, notices: Sequence[Mapping[str, str]] = ()
) -> None:
    """The buttons and the link; `notices` are those of the runs."""
    with st.container(horizontal=True):
        button(
            "Report, HTML",
            "prunescope-report.html",
            lambda: report.html(view, answer, question).encode(),
            "text/html",
            icon="description",
            primary=True,
            key="report",
        )
        found = _candidates(view)
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
            lambda: as_json(export.document(view.settings, found, notices)),
            "application/json",
            icon="data_object",
        )
    st.caption("The link to this page, with everything that is chosen:")
    st.code(_link(), language=None)


def _candidates(view: View) -> list[Candidate]:
    return [each for group in view.groups for each in group.members]


def _link() -> str:
    """The address of the page as it is now; shown as text, never followed."""
    base = str(st.context.url or "").partition("?")[0]
    query = urlencode(st.query_params.to_dict(), safe=",")
    return f"{base}?{query}" if query else base
