"""Schedule: see what a schedule will do, prune while training, and see what was recovered."""

from functools import partial

import streamlit as st

from engine.pruning.plan.about import plan_on
from engine.runs.model import Run, State
from engine.settings import ScheduleSettings, training_of
from pages.schedule import form as forms_schedule
from pages.schedule import preview as plan_preview
from pages.schedule import recovery
from pages.schedule import result as tuned
from pages.shared import cached, downloads, learning, live, state
from pages.shared.notices import explained, shown_run
from pages.shared.texts import HELP

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
    base, prefix = _base()
    form, preview = st.columns(2)
    settings, works = None, False
    with form, st.container(border=True), explained():
        settings = forms_schedule.schedule(base, prefix=prefix)
    with preview, explained():
        works = settings is not None and _preview(settings, prefix)
        started = st.button(
            "Start",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            disabled=not works,
            key="start-schedule",
        )
    if started and settings is not None:
        with explained():
            state.open_run(cached.runs().submit(settings, owner=state.owner()))


def result(run: Run) -> None:
    """One schedule: live while it goes, complete once it has ended."""
    if run.kind != ScheduleSettings.kind:
        state.open_run(run)
    live.watch(run, _view)
    settings = run.parsed
    assert isinstance(settings, ScheduleSettings)  # noqa: S101  # narrows the type
    if run.state is State.DONE and settings.rule == "prune":
        st.subheader("Recovery over K", icon=":material/healing:")
        recovery.show(run, settings)
    if not run.state.active:
        _take_home(run)
    with st.container(horizontal=True):
        if run.state is State.DONE and st.button(
            "Export this network",
            type="primary",
            icon=":material/file_export:",
            key="export-this",
        ):
            st.switch_page(state.EXPORT_PAGE, query_params={state.BASED_ON: run.id})
        if st.button("Change the settings", icon=":material/edit:", key="another"):
            st.switch_page(state.SCHEDULE_PAGE, query_params={state.BASED_ON: run.id})
        if run.needs is not None and st.button(
            "See its training", icon=":material/model_training:", key="training"
        ):
            state.open_run(cached.runs().get(run.needs))


def _view(run: Run) -> None:
    waits = run.state is State.QUEUED and run.needs is not None
    needed = cached.runs().get(run.needs or "") if waits else None
    if needed is not None and needed.state.active:
        learning.show(needed)
        return
    tuned.show(run)


def _preview(settings: ScheduleSettings, prefix: str) -> bool:
    with st.container(border=True):
        plan = plan_on(
            settings, cached.summary(settings.baseline.dataset, settings.baseline.channels)
        )
        return plan_preview.show(plan, partial(_mend, prefix))


def _mend(prefix: str, settings: ScheduleSettings) -> None:
    forms_schedule.fields_of(settings, prefix).fill(settings)


def _take_home(run: Run) -> None:
    points = cached.points(run)
    st.subheader("Take it home", icon=":material/download:")
    downloads.training(run)
    downloads.models(run, points)
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        downloads.script(run)


def _base() -> tuple[ScheduleSettings, str]:
    """The settings that the form starts from, and the prefix of its fields' keys."""
    origin = st.query_params.get(state.BASED_ON)
    if origin is not None:
        settings = cached.runs().get(origin).parsed
        if not isinstance(settings, ScheduleSettings):
            settings = ScheduleSettings(baseline=training_of(settings))
        return settings, f"schedule-{origin}"
    way = st.segmented_control(
        "Preset",
        list(WAYS),
        default="Fine-tune",
        required=True,
        key="way",
        bind="query-params",
        help=HELP["way"],
    )
    return WAYS[way or "Fine-tune"], f"schedule-{way}"


with shown_run():
    chosen = state.run_in_url()
    if chosen is None:
        start()
    else:
        result(cached.runs().get(chosen))
