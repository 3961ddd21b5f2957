"""Runs: everyone's finished runs and one's own; filter, sort, open, cancel, name, pin, delete."""

import time
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from engine import datasets
from engine.runs import artifacts
from engine.runs.model import Run, State
from engine.settings import KINDS as SETTINGS
from pages.runs import actions
from pages.shared import cached, live, state
from pages.shared.charts.sizes import human
from pages.shared.choices import from_list, one_of
from pages.shared.kinds import KINDS, described, outcome, titled
from pages.shared.notices import explained, plain
from pages.shared.turns import fragment
from pages.shared.words import ago, dataset_of

PAGE_SIZE = 8
POLL_SECONDS = 3.0
SORTS: dict[str, Callable[[Run], float]] = {
    "Newest": lambda run: -run.created,
    "Oldest": lambda run: run.created,
    "Longest": lambda run: -(run.seconds or 0),
}
KIND_TITLES = {name: str(SETTINGS[name].title) for name in KINDS}


def show() -> None:
    """The list, drawn again and again while one of the visitor's runs is active.

    Dialogs open outside of the part that is drawn again, or they would close with it.
    """

    def draw() -> None:
        with explained():
            listing()

    active = any(run.state.active for run in visible())
    fragment(draw, run_every=POLL_SECONDS if active else None, key="run-list")()
    actions.ask()


def visible() -> list[Run]:
    """Everyone's runs that are done, and all of one's own."""
    everything = cached.runs().all(unknown=True)
    return [run for run in everything if run.state is State.DONE or state.is_mine(run)]


def listing() -> None:
    """Filters, then one card a run."""
    everything = visible()
    if not everything:
        line = "No run here yet. Start one and it stays on this page, also for everyone else."
        empty("Nothing here yet", line, icon="science")
        st.page_link("sweep/page.py", label="Start a sweep", icon=":material/play_arrow:")
        return
    found = choose(everything)
    if not found:
        empty("No match", "No run matches these filters.", icon="filter_list_off")
        return
    cards, pages = st.container(), -(-len(found) // PAGE_SIZE)
    number = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with cards:
        for run in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]:
            card(run)
    stored = artifacts.stored_bytes(cached.runs().database)
    quota = human(artifacts.quota())
    st.caption(
        f"{len(found)} runs · files take {human(stored)} of {quota}; beyond it the "
        "oldest unpinned ones go, their figures stay."
    )


def empty(title: str, line: str, *, icon: str) -> None:
    """In the place of the list."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"### :material/{icon}: {title}", text_alignment="center", width="stretch")
        st.markdown(line, text_alignment="center", width="stretch")


def choose(runs: Sequence[Run]) -> list[Run]:
    """The row of filters, and the runs that pass it in the chosen order."""
    known = [each.value for each in State if each is not State.UNKNOWN]
    data_sets = sorted({dataset_of(run) for run in runs} - {""})
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        whose = one_of("Whose", ("Everyone's", "Mine"), key="whose")
        kind = filtered("Kind", KIND_TITLES, "kind")
        now = filtered("State", {name: name for name in known}, "state")
        data = filtered("Data set", {name: datasets.title(name) for name in data_sets}, "data")
        written = st.text_input("Name or id", key="q", bind="query-params", width=180) or ""
        order = from_list("Sort", list(SORTS), key="sort", width=130)
    found = [
        run
        for run in runs
        if (whose != "Mine" or state.is_mine(run))
        and kind in {None, run.kind}
        and now in {None, run.state.value}
        and data in {None, dataset_of(run)}
        and written.lower() in f"{run.name} {run.id} {described(run)}".lower()
    ]
    return sorted(found, key=SORTS[order])


def filtered(label: str, titles: Mapping[str, str], key: str) -> str | None:
    """A choice of one or all; its value is None for all."""
    return st.selectbox(
        label,
        list(titles),
        index=None,
        placeholder="all",
        format_func=lambda name: titles.get(name, name),
        key=key,
        bind="query-params",
        width=140,
    )


def card(run: Run) -> None:
    """One run: state, what it is, its result, and its buttons."""
    seen = cached.runs().seen(run)
    if seen.state is State.RUNNING:
        line = f"{seen.stage} · {100 * seen.progress:.0f} %"
    elif run.state is State.QUEUED:
        line = "waits for its turn"
    else:
        line = run.error if run.state is State.FAILED else outcome(run)
    with st.container(border=True, key=f"card-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            live.badge(seen)
            st.badge(KIND_TITLES.get(run.kind) or plain(run.kind), color="gray")
            if state.is_mine(run):
                st.badge("yours", icon=":material/person:", color="gray")
            if run.pinned:
                st.badge("pinned", icon=":material/keep:", color="gray")
            st.caption(f"{ago(time.time() - run.created)} · `{run.id}`", width="content")
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            with st.container(width=620, gap=None):
                st.markdown(f"**{plain(titled(run))}**")
                st.caption(plain(line))
            with st.container(horizontal=True, width="content"):
                actions.buttons(run)


st.title("Runs")
with explained():
    show()
