"""Which trained network is explored: the one in the URL, one of the list, or the shipped one."""

import streamlit as st

from engine.errors import InvalidInput
from engine.explore.service import Subject
from engine.runs.model import Run, State
from engine.settings import TrainSettings, digest, training_of
from pages.explore.laboratory import SHIPPED_SUBJECT, subject_of
from pages.shared import cached, state
from pages.shared.texts import HELP
from pages.shared.words import titled

SHIPPED_LABEL = "Ships with Prunescope: MNIST, 200-100-50, 3 epochs"
MOST = 200


def wanted() -> Run | None:
    """The training that the URL names, or that the run which it names is based on.

    Raises:
        PrunescopeError: there is no such run, or its training is not finished.
    """
    name = state.run_in_url()
    if name is None:
        return None
    run = cached.runs().get(name)
    if run.kind != TrainSettings.kind:
        run = cached.runs().get(digest(training_of(run.parsed)))
    if run.state is not State.DONE:
        raise InvalidInput(f"this network is not trained yet: its training is {run.state.value}")
    return run


def choose(wanted: Run | None) -> Subject:
    """The network that is chosen from the list; at first the wanted one."""
    trainings = {run.id: run for run in _finished()}
    if wanted is not None:
        trainings.setdefault(wanted.id, wanted)
    options = ["", *trainings]
    chosen = st.selectbox(
        "Network",
        options,
        index=options.index(wanted.id) if wanted else 0,
        format_func=lambda run: titled(trainings[run]) if run else SHIPPED_LABEL,
        help=HELP["subject"],
        key=f"subject-{wanted.id if wanted else ''}",
    )
    if chosen != (wanted.id if wanted else ""):
        _go_to(chosen)
    return subject_of(trainings[chosen]) if chosen else SHIPPED_SUBJECT


def _finished() -> list[Run]:
    runs = cached.runs().all(limit=MOST)
    kept = [r for r in runs if r.kind == TrainSettings.kind and r.state is State.DONE]
    return [run for run in kept if not run.evicted]


def _go_to(run: str) -> None:
    """The same question of another network: the rest of the URL stays."""
    if run:
        st.query_params[state.RUN] = run
    else:
        st.query_params.pop(state.RUN, None)
    st.rerun()
