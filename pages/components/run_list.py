"""The list of runs: filters, cards, and what one may do with a run."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from engine.runs.model import Run, State
from pages.components import cached, live, state
from pages.components.forms import title_of
from pages.components.notices import explained, plain

POLL_SECONDS = 3.0
SORTS: dict[str, Callable[[Run], float]] = {
    "Newest": lambda run: -run.created,
    "Oldest": lambda run: run.created,
    "Longest": lambda run: -(run.seconds or 0),
}
KINDS = {"train": "Training", "sweep": "Sweep"}


def visible(runs: Sequence[Run]) -> list[Run]:
    """Everyone's runs that are done, and all of one's own."""
    return [run for run in runs if run.state is State.DONE or state.is_mine(run)]


def watch(listing: Callable[[], None]) -> None:
    """Draw the list, again and again while one of the visitor's runs is active."""

    def look() -> None:
        with explained():
            listing()

    active = any(run.state.active for run in visible(cached.runs().all()))
    st.fragment(look, run_every=POLL_SECONDS if active else None, key="run-list")()


def choose(runs: Sequence[Run]) -> list[Run]:
    """The row of filters, and the runs that pass it in the chosen order."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        whose = st.segmented_control(
            "Whose",
            ["Everyone's", "Mine"],
            default="Everyone's",
            required=True,
            key="whose",
            bind="query-params",
        )
        kind = _one_of("Kind", list(KINDS), "kind", KINDS)
        now = _one_of("State", [each.value for each in State], "state")
        data = _one_of("Data set", sorted({_dataset(run) for run in runs}), "data")
        written = st.text_input("Name or id", key="q", bind="query-params", width=180) or ""
        order = st.selectbox("Sort", list(SORTS), key="sort", bind="query-params", width=130)
    found = [
        run
        for run in runs
        if (whose != "Mine" or state.is_mine(run))
        and kind in {None, run.kind}
        and now in {None, run.state.value}
        and data in {None, _dataset(run)}
        and written.lower() in f"{run.name} {run.id} {live.described(run)}".lower()
    ]
    return sorted(found, key=SORTS[order or "Newest"])


def card(run: Run) -> None:
    """One run: state, what it is, its result, and its buttons."""
    with st.container(border=True, key=f"card-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            live.badge(run)
            st.badge(KINDS[run.kind], color="gray")
            if state.is_mine(run):
                st.badge("yours", color="primary")
            if run.pinned:
                st.badge("pinned", icon=":material/keep:", color="gray")
            st.caption(f"{_age(run)}{_took(run)} · `{run.id}`", width="content")
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{plain(run.name or live.described(run))}**")
                st.caption(_outcome(run))
            _actions(run)


def start_one() -> None:
    """The way on from an empty list."""
    st.page_link(state.SWEEP_PAGE, label="Start a sweep", icon=":material/play_arrow:")


def _one_of(
    label: str, options: list[str], key: str, names: dict[str, str] | None = None
) -> str | None:
    titles = names or {}
    return st.selectbox(
        label,
        options,
        index=None,
        placeholder="all",
        format_func=lambda name: titles.get(name) or (title_of(name) if key == "data" else name),
        key=key,
        bind="query-params",
        width=140,
    )


def _actions(run: Run) -> None:
    if st.button("Open", icon=":material/open_in_new:", key=f"open-{run.id}", type="primary"):
        state.open_run(run)
    if not state.is_mine(run):
        return
    if run.state.active:
        _do("Cancel", "stop_circle", run, lambda: cached.runs().cancel(run.id, owner=state.owner()))
        return
    label, icon = ("Unpin", "keep_off") if run.pinned else ("Pin", "keep")
    _do(
        label,
        icon,
        run,
        lambda: cached.runs().pin(run.id, pinned=not run.pinned, owner=state.owner()),
    )
    if st.button("Rename", icon=":material/edit:", key=f"rename-{run.id}"):
        _rename(run)
    if st.button("Delete", icon=":material/delete:", key=f"delete-{run.id}"):
        _delete(run)


def _do(label: str, icon: str, run: Run, act: Callable[[], None]) -> None:
    if st.button(label, icon=f":material/{icon}:", key=f"{label.lower()}-{run.id}"):
        with explained():
            act()
            st.rerun()


@st.dialog("Name this run")
def _rename(run: Run) -> None:
    name = st.text_input("Name", run.name, max_chars=60, key=f"name-{run.id}") or ""
    if st.button("Save", type="primary", key=f"save-{run.id}"):
        with explained():
            cached.runs().rename(run.id, name, owner=state.owner())
            st.rerun()


@st.dialog("Delete this run?")
def _delete(run: Run) -> None:
    st.markdown(
        f"**{plain(run.name or live.described(run))}**: its figures and files go for good, "
        "for everyone."
    )
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", key=f"really-{run.id}"):
            with explained():
                cached.runs().delete(run.id, owner=state.owner())
                st.rerun()
        if st.button("Keep it", key=f"keep-{run.id}"):
            st.rerun()


def _outcome(run: Run) -> str:
    if run.state is State.RUNNING:
        return f"{plain(run.stage)} · {run.progress:.0%}"
    if run.state is State.FAILED:
        return plain(run.error)
    if run.kind == "train":
        epochs = cached.epochs(run)
        return f"test accuracy {epochs[-1]['test']['accuracy']:.2%}" if epochs else "no epoch yet"
    points = cached.points(run)
    base = f"baseline {points[0].accuracy:.2%} · " if points else ""
    return f"{base}{len(points)} points measured"


def _dataset(run: Run) -> str:
    values = run.settings
    return str(values.get("dataset") or values["baseline"]["dataset"])


def _age(run: Run) -> str:
    passed = time.time() - run.created
    if passed < 60:
        return "just now"
    if passed < 86_400:
        return f"{live.seconds(passed)} ago"
    return f"{passed / 86_400:.0f} days ago"


def _took(run: Run) -> str:
    return f" · took {live.seconds(run.seconds)}" if run.seconds is not None else ""
