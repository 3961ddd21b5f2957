"""Runs: everyone's finished runs and one's own; filter, sort, open, cancel, name, pin, delete."""

import streamlit as st

from engine.runs import artifacts
from pages.runs import view
from pages.shared import cached
from pages.shared.charts.sizes import human
from pages.shared.notices import empty, explained

PAGE_SIZE = 8
EMPTY = "No run here yet. Start one and it stays on this page, also for everyone else."
NO_MATCH = "No run matches these filters."


def listing() -> None:
    """Filters, then one card a run."""
    everything = view.visible(cached.runs().all(unknown=True))
    if not everything:
        empty("Nothing here yet", EMPTY, icon="science")
        st.page_link("sweep/page.py", label="Start a sweep", icon=":material/play_arrow:")
        return
    found = view.choose(everything)
    if not found:
        empty("No match", NO_MATCH, icon="filter_list_off")
        return
    cards, pages = st.container(), -(-len(found) // PAGE_SIZE)
    number = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with cards:
        for run in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]:
            view.card(run)
    stored = artifacts.stored_bytes(cached.runs().database)
    quota = human(artifacts.quota())
    st.caption(
        f"{len(found)} runs · files take {human(stored)} of {quota}; beyond it the "
        "oldest unpinned ones go, their figures stay."
    )


st.title("Runs")
with explained():
    view.watch(listing)
