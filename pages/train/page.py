"""Train: settings, start, live curves, what can be taken home."""

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import TrainSettings, training_of
from pages.shared import cached, downloads, forms, learning, live, state
from pages.shared.notices import explained, shown_run


def start() -> None:
    """The form, and the button that starts what it says."""
    st.title("Train a network")
    base, prefix = _base()
    with st.container(border=True):
        settings = None
        with explained():
            settings = forms.training(base, prefix=prefix)
        started = st.button(
            "Start training",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            disabled=settings is None,
            key="start-train",
        )
    if started and settings is not None:
        with explained():
            state.open_run(cached.runs().submit(settings, owner=state.owner()))
    st.subheader("What to expect", icon=":material/insights:")
    st.caption("The training that ships with Prunescope: MNIST, the default settings.")
    with explained():
        learning.charts("reference", (), cached.reference_epochs())


def result(run: Run) -> None:
    """One training: live while it goes, complete once it has ended."""
    if run.kind != TrainSettings.kind:
        state.open_run(run)
    live.watch(run, learning.show)
    with st.container(horizontal=True):
        if run.state is State.DONE and st.button(
            "Sweep this network", type="primary", icon=":material/show_chart:", key="sweep-this"
        ):
            st.switch_page(state.SWEEP_PAGE, query_params={state.BASED_ON: run.id})
        if run.state is State.DONE and st.button(
            "Prune while training", icon=":material/stairs:", key="schedule-this"
        ):
            st.switch_page(state.SCHEDULE_PAGE, query_params={state.BASED_ON: run.id})
        if run.state is State.DONE and st.button(
            "Export this network", icon=":material/file_export:", key="export-this"
        ):
            st.switch_page(state.EXPORT_PAGE, query_params={state.BASED_ON: run.id})
        if run.state is State.DONE and st.button(
            "Explore it", icon=":material/science:", key="explore-this"
        ):
            st.switch_page(state.EXPLORE_PAGE, query_params={state.RUN: run.id})
        if st.button("Train another", icon=":material/add:", key="another"):
            st.switch_page(state.TRAIN_PAGE, query_params={state.BASED_ON: run.id})
    if run.state.active:
        return
    st.subheader("Take it home", icon=":material/download:")
    downloads.training(run)
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        downloads.script(run)


def _base() -> tuple[TrainSettings, str]:
    """The settings that the form starts from, and the prefix of its fields' keys."""
    origin = st.query_params.get(state.BASED_ON)
    if origin is None:
        return TrainSettings(), "train"
    return training_of(cached.runs().get(origin).parsed), f"train-{origin}"


with shown_run():
    chosen = state.run_in_url()
    if chosen is None:
        start()
    else:
        result(cached.runs().get(chosen))
