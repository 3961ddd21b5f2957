"""Train: settings, start, live curves, what can be taken home."""

import streamlit as st

from engine.results import reference
from engine.runs.model import Run, State
from engine.settings import TrainSettings, training_of
from pages.shared import downloads, forms, learning, live, run_page, state
from pages.shared.notices import explained
from pages.shared.run_page import way_on


def start() -> None:
    """The form, and what to expect of it."""
    st.title("Train a network")
    base, prefix = run_page.base(TrainSettings, training_of, {"": TrainSettings()})
    run_page.form(TrainSettings, "Start training", lambda: forms.training(base, prefix=prefix))
    st.subheader("What to expect", icon=":material/insights:")
    st.caption("The training that ships with Prunescope: MNIST, the default settings.")
    with explained():
        learning.curves("reference", (), reference.load("mnist")["epochs"])


def result(run: Run) -> None:
    """One training: live while it goes, complete once it has ended."""
    live.watch(run, learning.show)
    with st.container(horizontal=True):
        if run.state is State.DONE:
            way_on("Sweep this network", "show_chart", "sweep", run, key="sweep-this", primary=True)
            way_on("Prune while training", "stairs", "schedule", run, key="schedule-this")
            way_on("Export this network", "file_export", "export", run, key="export-this")
            way_on("Explore it", "science", "explore", run, key="explore-this", parameter=state.RUN)
        way_on("Train another", "add", "train", run, key="another")
    if run.state.active:
        return
    st.subheader("Take it home", icon=":material/download:")
    downloads.training(run)
    run_page.script(run)


run_page.show(TrainSettings, start, result)
