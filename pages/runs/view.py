"""The list of runs: filters, cards, and what one may do with a run."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from engine import datasets
from engine.runs.model import Run, State
from engine.settings import KINDS as SETTINGS
from pages.runs import actions
from pages.shared import cached, live, state
from pages.shared.choices import from_list, one_of
from pages.shared.kinds import KINDS, described, outcome, titled
from pages.shared.notices import explained, plain
from pages.shared.turns import fragment
from pages.shared.words import ago, dataset_of

POLL_SECONDS = 3.0
SORTS: dict[str, Callable[[Run], float]] = {
    "Newest": lambda run: -run.created,
    "Oldest": lambda run: run.created,
    "Longest": lambda run: -(run.seconds or 0),
}
KIND_TITLES = {name: str(SETTINGS[name].title) for name in KINDS}


def visible(runs: Sequence[Run]) -> list[Run]:
    """Everyone's runs that are done, and all of one's own."""
    return [run for run in runs if run.state is State.DONE or state.is_mine(run)]


def watch(listing: Callable[[], None]) -> None:
    """Draw the list, again and again while one of the visitor's runs is active.

    Dialogs open outside of the part that is drawn again, or they would close with it.
    """

    def draw() -> None:
        with explained():
            listing()

    active = any(run.state.active for run in visible(cached.runs().all(unknown=True)))
    fragment(draw, run_every=POLL_SECONDS if active else None, key="run-list")()
    actions.ask()


def choose(runs: Sequence[Run]) -> list[Run]:
    """The row of filters, and the runs that pass it in the chosen order."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        whose = one_of("Whose", ("Everyone's", "Mine"), key="whose")
        kind = _one_of("Kind", list(KINDS), "kind", KIND_TITLES)
        now = _one_of("State", [each.value for each in State if each is not State.UNKNOWN], "state")
        data = _one_of("Data set", sorted({dataset_of(run) for run in runs} - {""}), "data")
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


def card(run: Run) -> None:
    """One run: state, what it is, its result, and its buttons."""
    with st.container(border=True, key=f"card-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            live.badge(cached.runs().seen(run))
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
                st.caption(_outcome(run))
            with st.container(horizontal=True, width="content"):
                actions.buttons(run)


def _one_of(
    label: str, options: list[str], key: str, names: dict[str, str] | None = None
) -> str | None:
    titles = names or {}
    return st.selectbox(
        label,
        options,
        index=None,
        placeholder="all",
        format_func=lambda name: (
            titles.get(name) or (datasets.title(name) if key == "data" else name)
        ),
        key=key,
        bind="query-params",
        width=140,
    )


def _outcome(run: Run) -> str:
    seen = cached.runs().seen(run)
    if seen.state is State.RUNNING:
        return f"{plain(seen.stage)} · {100 * seen.progress:.0f} %"
    if run.state is State.QUEUED:
        return "waits for its turn"
    if run.state is State.FAILED:
        return plain(run.error)
    return plain(outcome(run))
