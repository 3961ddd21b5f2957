"""The study that is shown: the one that ships along, or this machine's own, and how to make it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from engine.errors import NotYours
from engine.paper import study
from engine.results import reference
from engine.runs.model import Run, State
from engine.settings import Settings, digest
from pages.shared import cached, state
from pages.shared.choices import one_of
from pages.shared.kinds import KINDS, described
from pages.shared.live import BADGES, badge
from pages.shared.notices import explained, plain
from pages.shared.turns import fragment

POLL_SECONDS = 2.0
NAMES = {"shipped": "Shipped with Prunescope", "own": "Measured here"}

Wanted = Sequence[tuple[Settings, Run | None]]
"""The settings of the study, each with its run if there is one."""


@dataclass(frozen=True, slots=True)
class Study:
    """What was found, and where it comes from, in a sentence."""

    name: str
    found: Mapping[str, Any]
    origin: str


def choose() -> Study:
    """The study that is shown; a choice once all runs of this machine's own are done."""
    mine = [run for _, run in _wanted()]
    own = all(run and run.state is State.DONE for run in mine)
    if own and one_of("Results", NAMES, key="results", first="own") == "own":
        ended = {run.id: run.finished for run in mine if run}
        origin = "Measured here, by the runs listed at the end of this page."
        return Study("own", _found(str(ended)), origin)
    found = reference.load("paper")
    made = found["made"]
    origin = f"Measured on {made['date']} by `{made['command']}`, which you can run too."
    return Study("shipped", found, origin)


def here() -> None:
    """Every run of the study with its state; again and again while one is active."""

    def draw() -> None:
        with explained():
            wanted = _wanted()
            if active and not _active(wanted):
                st.rerun()
            _overall(wanted)
            _listed([run for _, run in wanted if run])

    active = _active(_wanted())
    fragment(draw, run_every=POLL_SECONDS if active else None, key="study")()
    st.code("python -m engine paper --seeds 0,1,2 --json paper.json")


def _wanted() -> Wanted:
    by_id = _settings()
    found = cached.runs().some(by_id)
    return [(settings, found.get(run)) for run, settings in by_id.items()]


@cache
def _settings() -> Mapping[str, Settings]:
    return {digest(settings): settings for settings in study.runs(study.SEEDS)}


@st.cache_data(show_spinner=False, max_entries=4)
def _found(ended: str) -> dict[str, Any]:
    """The study as this machine's runs measured it, which ended then."""
    del ended  # only the cache reads it
    return study.report(study.SEEDS, {run: cached.runs().result(run) for run in _settings()})


def _active(wanted: Wanted) -> bool:
    return any(run and run.state.active for _, run in wanted)


def _overall(wanted: Wanted) -> None:
    """How far the study is, and the buttons that start what is missing of it, or cancel it."""
    runs = [run for _, run in wanted if run]
    done = sum(run.state is State.DONE for run in runs)
    share = sum(run.progress for run in runs) / len(wanted)
    st.progress(share, f"{done} of {len(wanted)} runs done")
    going = {run.id for run in runs if run.state.active or run.state is State.DONE}
    missing = [settings for settings, run in wanted if run is None or run.id not in going]
    with st.container(horizontal=True):
        if done < len(wanted) and st.button(
            "Run what is missing",
            type="primary",
            icon=":material/play_arrow:",
            key="start-study",
            disabled=not missing,
        ):
            cached.runs().submit_all(missing, owner=state.owner())
            st.rerun()
        mine = [run for run in runs if run.state.active and state.may_cancel(run)]
        if mine and st.button("Cancel all", icon=":material/stop_circle:", key="cancel-study"):
            for run in reversed(mine):
                with suppress(NotYours):  # somebody else needs it: theirs goes on
                    cached.runs().cancel(run.id, owner=state.owner())
            st.rerun()


def _listed(runs: Sequence[Run]) -> None:
    if not runs:
        st.caption(
            "Sixteen runs and a training that one of them needs: some ten minutes of work on two "
            "cores. Each stays in Runs."
        )
        return
    with st.expander(f"{len(runs)} runs", icon=":material/list:"):
        for run in runs:
            with st.container(horizontal=True, vertical_alignment="center"):
                badge(run)
                st.caption(f"{plain(described(run))} · {BADGES[run.state][0]}", width="stretch")
                st.page_link(KINDS[run.kind].page, label="Open", query_params={state.RUN: run.id})
