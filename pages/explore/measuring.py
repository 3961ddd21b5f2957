"""What sweeps of the same network have measured, and the exact sizes that a worker makes."""

import dataclasses

import streamlit as st

from engine.explore.answers import Answer
from engine.explore.question import Question
from engine.explore.service import Subject
from engine.results.points import BASELINE, point_key
from engine.runs.model import Run
from engine.settings import SweepSettings
from pages.explore.networks import run_id, training
from pages.shared import cached, state
from pages.shared.notices import explained
from pages.shared.turns import fragment

POLL_SECONDS = 1.0
RULE = ("scope", "bias", "norm", "unit_share")
"""The settings of a sweep that decide which weights go."""

LATEST_SECONDS = 3.0


def swept(subject: Subject, question: Question) -> Answer | None:
    """The answer that a sweep has measured: the same network, rule, method and K."""
    trained = run_id(subject)
    if trained is None or not question.uniform:
        return None
    level = question.sparsities[0]
    wanted = BASELINE if level == 0 else point_key(question.method, level)
    for run in _sweeps(trained, question.scope):
        point = next((each for each in cached.points(run) if each.key == wanted), None)
        if point is not None:
            return Answer(point, sum(map(sum, point.confusion)), exact=True, source="sweep")
    return None


def show(subject: Subject, question: Question, answer: Answer) -> None:
    """How to get the exact bytes, where they are only estimated."""
    if answer.point.bytes:
        return
    if run_id(subject) is None:
        st.caption("Sizes are estimated; train a network of your own to measure its files.")
        return
    if not question.uniform or not question.sparsities[0]:
        st.caption("Sizes are estimated; a worker measures files for one K of all layers.")
        return
    settings = SweepSettings(
        baseline=training(subject),
        methods=(question.method,),
        sparsities=question.sparsities,
        scope=question.scope,
    )
    if st.button(
        "Measure the files exactly", icon=":material/straighten:", key="measure", type="tertiary"
    ):
        with explained():
            st.session_state["measuring"] = cached.runs().submit(settings, owner=state.owner()).id
    running = st.session_state.get("measuring")
    if running is not None:
        _watch(running)


def _watch(run_id: str) -> None:
    """Wait beside the page until the worker is done, then ask again."""

    def draw() -> None:
        run = cached.runs().get(run_id)
        if run.state.active:
            st.caption(f"A worker makes the files: {run.stage or run.state.value}")
            return
        st.session_state.pop("measuring", None)
        _sweeps.clear()
        st.rerun()

    fragment(draw, run_every=POLL_SECONDS, key="measuring-look")()


@st.cache_data(show_spinner=False, max_entries=64, ttl=LATEST_SECONDS)
def _sweeps(trained: str, scope: str) -> list[Run]:
    """Sweeps of that training under the rule of Explore; those with files first."""
    ours = dataclasses.replace(SweepSettings(), scope=scope)
    same = [
        run
        for run in cached.runs().all()
        if run.kind == SweepSettings.kind
        and run.needs == trained
        and all(getattr(run.parsed, name) == getattr(ours, name) for name in RULE)
    ]
    return sorted(same, key=lambda run: run.state.active)
