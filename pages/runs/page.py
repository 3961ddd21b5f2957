"""Runs: everyone's finished runs and one's own; filter, sort, open, cancel, name, pin, delete."""

import streamlit as st

from engine.runs import artifacts
from pages.runs import cards as run_list
from pages.shared import cached
from pages.shared.charts.sizes import human
from pages.shared.notices import empty, explained
from pages.shared.texts import EMPTY_RUNS, NO_MATCH

PAGE_SIZE = 8


def listing() -> None:
    """Filters, then one card a run."""
    everything = run_list.visible(cached.runs().all(unknown=True))
    if not everything:
        empty("Nothing here yet", EMPTY_RUNS, icon="science")
        run_list.start_one()
        return
    found = run_list.choose(everything)
    if not found:
        empty("No match", NO_MATCH, icon="filter_list_off")
        return
    cards, pages = st.container(), -(-len(found) // PAGE_SIZE)
    number = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with cards:
        for run in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]:
            run_list.card(run)
    stored = artifacts.stored_bytes(cached.runs().database)
    quota = human(artifacts.quota())
    st.caption(
        f"{len(found)} runs · files take {human(stored)} of {quota}; beyond it the "
        "oldest unpinned ones go, their figures stay."
    )


st.title("Runs")
with explained():
    run_list.watch(listing)
