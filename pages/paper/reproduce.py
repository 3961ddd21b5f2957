"""Reproducing the study on this machine: start, watch, cancel, and show it in place of ours."""

import streamlit as st

from engine.errors import NotYours
from engine.runs.model import Run, State
from pages.paper import studies
from pages.paper.studies import Study
from pages.shared import cached, state
from pages.shared.choices import one_of
from pages.shared.kinds import KINDS, described
from pages.shared.live import BADGES, badge
from pages.shared.notices import explained, plain
from pages.shared.turns import fragment

POLL_SECONDS = 2.0
NAMES = {"shipped": "Shipped with Prunescope", "own": "Measured here"}


def choose() -> Study:
    """The study that is shown; a choice once this machine has one of its own."""
    own = studies.own()
    if own is None:
        return studies.shipped()
    chosen = one_of("Results", NAMES, key="results", first="own")
    return own if chosen == "own" else studies.shipped()


def here() -> None:
    """Every run of the study with its state; again and again while one is active."""
    active = any(run and run.state.active for _, run in studies.runs())

    def draw() -> None:
        with explained():
            current = studies.runs()
            if active and not any(run and run.state.active for _, run in current):
                st.rerun()
            _overall([run for _, run in current])
            _listed([run for _, run in current if run])

    fragment(draw, run_every=POLL_SECONDS if active else None, key="study")()
    st.code("python -m engine paper --seeds 0,1,2 --json paper.json")


def _overall(runs: list[Run | None]) -> None:
    done = sum(run is not None and run.state is State.DONE for run in runs)
    share = sum(run.progress if run else 0.0 for run in runs) / len(runs)
    st.progress(share, f"{done} of {len(runs)} runs done")
    with st.container(horizontal=True):
        if done < len(runs) and st.button(
            "Run what is missing",
            type="primary",
            icon=":material/play_arrow:",
            key="start-study",
            disabled=all(map(_begun, runs)),
        ):
            missing = [settings for settings, run in studies.runs() if not _begun(run)]
            cached.runs().submit_all(missing, owner=state.owner())
            st.rerun()
        mine = [run for run in runs if run and run.state.active and state.may_cancel(run)]
        if mine and st.button("Cancel all", icon=":material/stop_circle:", key="cancel-study"):
            _cancel(mine)


def _begun(run: Run | None) -> bool:
    return run is not None and (run.state.active or run.state is State.DONE)


def _cancel(runs: list[Run]) -> None:
    for run in reversed(runs):
        try:
            cached.runs().cancel(run.id, owner=state.owner())
        except NotYours:
            continue  # somebody else needs it: theirs goes on
    st.rerun()


def _listed(runs: list[Run]) -> None:
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
