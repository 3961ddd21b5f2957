"""Schedule: see what a schedule will do, prune while training, and see what was recovered."""

import streamlit as st

from engine.pruning.plan.planning import plan_on
from engine.runs.model import Run, State
from engine.settings import ScheduleSettings, training_of
from pages.schedule import form, preview, recovery, view
from pages.schedule.words import HELP
from pages.shared import cached, downloads, learning, live, run_page
from pages.shared.notices import explained

WAYS = {
    "Fine-tune": ScheduleSettings(),
    "From scratch": ScheduleSettings(
        start="scratch", schedule="constant", target=0.5, fine_tune_epochs=3
    ),
    "Hybrid": ScheduleSettings(target=0.8, unit_sparsity=0.5),
    "2:4": ScheduleSettings(pattern="2:4", target=0.5),
}


def start() -> None:
    """The form beside its preview, and the button that starts what they say."""
    st.title("Prune while training")
    base, prefix = run_page.base(
        ScheduleSettings,
        lambda other: ScheduleSettings(baseline=training_of(other)),
        WAYS,
        key="way",
        help_text=HELP["way"],
    )
    left, right = st.columns(2)
    settings, works = None, False
    with left, st.container(border=True), explained():
        settings = form.schedule(base, prefix=prefix)
    with right, explained():
        if settings is not None:
            read = settings.baseline.data
            data = cached.summary(read.dataset, read.channels)
            with st.container(border=True):
                plan = plan_on(settings, data)
                works = preview.show(
                    plan, lambda mended: form.fields_of(mended, prefix).fill(mended)
                )
        started = run_page.start_button("Start", ScheduleSettings.kind, disabled=not works)
    if started and settings is not None:
        run_page.submit(settings)


def result(run: Run) -> None:
    """One schedule: live while it goes, complete once it has ended."""
    live.watch(run, _measured)
    settings = run_page.parsed(run, ScheduleSettings)
    if run.state is State.DONE and settings.rule == "prune":
        st.subheader("Recovery over K", icon=":material/healing:")
        recovery.show(run, settings)
    if not run.state.active:
        st.subheader("Take it home", icon=":material/download:")
        downloads.training(run)
        downloads.models(run, cached.points(run))
        run_page.script(run)
    with st.container(horizontal=True):
        if run.state is State.DONE:
            run_page.way_on(
                "Export this network", "file_export", "export", run, key="export-this", primary=True
            )
        run_page.way_on("Change the settings", "edit", "schedule", run, key="another")
        if run.needs is not None:
            run_page.open_needed("See its training", run, key="training")


def _measured(run: Run) -> None:
    """The training that it waits for, or what is measured of the schedule."""
    if run.state is State.QUEUED and run.needs is not None:
        needed = cached.runs().get(run.needs)
        if needed.state.active:
            learning.show(needed)
            return
    view.show(run)


run_page.show(ScheduleSettings, start, result)
