"""Federate: clients with different data train together, each in a subnetwork of its own."""

from dataclasses import replace

import streamlit as st

from engine.runs.model import Run
from engine.settings import (
    FederateSettings,
    TrainSettings,
    paper_federation,
    quick_federation,
    training_of,
)
from pages.federate import beside, form, preview, reference, shown, take_home
from pages.federate.look import Look
from pages.federate.texts import HELP, INTRODUCTION
from pages.shared import cached, downloads, live, state
from pages.shared.notices import explained, shown_run

PRESETS = {"Quick": quick_federation(), "Paper": paper_federation()}


def start() -> None:
    """The form beside the split that it makes, and the button that starts what they say."""
    st.title("Train together, prune apart")
    st.markdown(INTRODUCTION)
    base, prefix = _base()
    fields, picture = st.columns(2)
    chosen: list[FederateSettings] = []
    with fields, st.container(border=True), explained():
        chosen = form.federations(base, prefix=prefix)
    with picture, explained():
        if chosen:
            _preview(chosen)
            _button(chosen)
    with explained():
        reference.show()


def result(run: Run) -> None:
    """One federation: live while it goes, complete once it has ended."""
    if run.kind != FederateSettings.kind:
        state.open_run(run)
    live.watch(run, _view, beside=lambda: beside.active(run))
    if st.button("Change the settings", icon=":material/edit:", key="another"):
        st.switch_page(state.FEDERATE_PAGE, query_params={state.BASED_ON: run.id})


def _view(run: Run) -> None:
    others = beside.same_ground(run)
    beside.baselines(run, others)
    look = Look(run, beside.all_series(run, beside.choose(run, others)))
    if not look.rounds:
        shown.placeholder(run)
        return
    shown.views(look)
    st.subheader("Take it home", icon=":material/download:")
    take_home.tables(run, look.rounds)
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        downloads.script(run)


def _preview(chosen: list[FederateSettings]) -> None:
    with st.container(border=True):
        preview.show(chosen[0])
    st.caption(preview.expected(chosen))


def _button(chosen: list[FederateSettings]) -> None:
    label = "Start" if len(chosen) == 1 else f"Start {len(chosen)} federations"
    pressed = st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Mod+Enter",
        key="start-federate",
    )
    if pressed:
        with explained():
            first, *others = cached.runs().submit_all(chosen[::-1], owner=state.owner())
            more = {state.BESIDE: ",".join(run.id for run in others)} if others else {}
            st.switch_page(state.FEDERATE_PAGE, query_params={state.RUN: first.id, **more})


def _base() -> tuple[FederateSettings, str]:
    """The settings that the form starts from, and the prefix of its fields' keys."""
    origin = st.query_params.get(state.BASED_ON)
    if origin is not None:
        settings = cached.runs().get(origin).parsed
        if not isinstance(settings, FederateSettings):
            settings = _quick(training_of(settings))
        return settings, f"federate-{origin}"
    chosen = st.segmented_control(
        "Preset",
        list(PRESETS),
        default="Quick",
        required=True,
        key="preset",
        bind="query-params",
        help=HELP["preset"],
    )
    return PRESETS[chosen or "Quick"], f"federate-{chosen}"


def _quick(training: TrainSettings) -> FederateSettings:
    """The quick preset on the data of a training, read alike."""
    quick = quick_federation(dataset=training.dataset)
    return replace(quick, scale=training.scale, channels=training.channels)


with shown_run():
    chosen_run = state.run_in_url()
    if chosen_run is None:
        start()
    else:
        result(cached.runs().get(chosen_run))
