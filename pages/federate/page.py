"""Federate: clients with different data train together, each in a subnetwork of its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from engine.runs.model import Run
from engine.settings import (
    FederateSettings,
    Settings,
    paper_federation,
    quick_federation,
    training_of,
)
from pages.federate import beside, form, preview, studies, views
from pages.federate.view import FederationView, figures, rounds_table, take_home
from pages.federate.words import HELP, INTRODUCTION
from pages.shared import cached, learning, live, run_page, state
from pages.shared.notices import explained

PRESETS = {"Quick": quick_federation(), "Paper": paper_federation()}

VIEWS: Mapping[str, Callable[[FederationView], None]] = {
    "Accuracy": views.accuracy,
    "Communication": views.traffic,
    "Links": views.over_links,
    "Subnetworks": views.kept,
    "Gates": views.gates,
    "Clients": views.clients,
}
"""By the names that stand in the URL; only the open one is drawn."""


def start() -> None:
    """The form beside the split that it makes, and the button that starts what they say."""
    st.title("Train together, prune apart")
    st.markdown(INTRODUCTION)
    base, prefix = run_page.base(FederateSettings, _quick_on, PRESETS, help_text=HELP["preset"])
    fields, picture = st.columns(2)
    chosen: list[FederateSettings] = []
    with fields, st.container(border=True), explained():
        chosen = form.federations(base, prefix=prefix)
    with picture, explained():
        if chosen:
            with st.container(border=True):
                preview.show(chosen[0])
            st.caption(preview.expected(chosen))
            label = "Start" if len(chosen) == 1 else f"Start {len(chosen)} federations"
            if run_page.start_button(label, FederateSettings.kind):
                # the one to be shown is started first
                first, *others = cached.runs().submit_all(chosen[::-1], owner=state.owner())
                more = {state.BESIDE: ",".join(run.id for run in others)} if others else {}
                st.switch_page("federate/page.py", query_params={state.RUN: first.id, **more})
    with explained():
        studies.show()


def result(run: Run) -> None:
    """One federation: live while it goes, complete once it has ended."""
    live.watch(run, _measured, beside=lambda: beside.active(run))
    run_page.way_on("Change the settings", "edit", "federate", run, key="another")


def _measured(run: Run) -> None:
    """The figures, then the open view, then all rounds."""
    others = beside.same_ground(run)
    beside.baselines(run, others)
    view = FederationView(run, beside.all_series(run, beside.choose(run, others)))
    if not view.rounds:
        learning.placeholder(run, "No round had ended before it stopped.")
        return
    figures(view.own)
    tabs = st.tabs(list(VIEWS), key="part", on_change="rerun", bind="query-params")
    for tab, show in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                show(view)
    rounds_table(view.rounds)
    st.subheader("Take it home", icon=":material/download:")
    take_home(run, view.rounds)
    run_page.script(run)


def _quick_on(settings: Settings) -> FederateSettings:
    """The quick preset on the data of another run, read alike."""
    return replace(quick_federation(), data=training_of(settings).data)


run_page.show(FederateSettings, start, result)
