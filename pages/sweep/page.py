"""Sweep: prune at many K, watch the trade-off curves fill in, take everything home."""

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import SweepSettings, paper_sweep, training_of
from pages.shared import cached, downloads, learning, live, state
from pages.shared.notices import explained, shown_run
from pages.sweep import curves, form, point, repeats

PRESETS = {
    "Standard": SweepSettings(),
    "Quick": SweepSettings(sparsities=(0.5, 0.8, 0.9, 0.95)),
    "Paper": paper_sweep(),
}


def start() -> None:
    """The form, and the button that starts what it says."""
    st.title("Prune a network at many K")
    base, prefix = _base()
    with st.container(border=True):
        settings = None
        with explained():
            settings = form.sweep(base, prefix=prefix)
        started = st.button(
            "Start sweep",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            disabled=settings is None,
            key="start-sweep",
        )
    if started and settings is not None:
        with explained():
            state.open_run(cached.runs().submit(settings, owner=state.owner()))


def result(run: Run) -> None:
    """One sweep: live while it goes, complete once it has ended."""
    if run.kind != SweepSettings.kind:
        state.open_run(run)
    live.watch(run, _view)
    with st.container(horizontal=True):
        if st.button("Change the settings", icon=":material/edit:", key="another"):
            st.switch_page(state.SWEEP_PAGE, query_params={state.BASED_ON: run.id})
        if st.button("See its training", icon=":material/model_training:", key="training"):
            state.open_run(cached.runs().get(run.needs or ""))


def _view(run: Run) -> None:
    points = cached.points(run)
    if not points:
        _network_first(run)
        return
    if run.state is State.DONE:
        curves.headline(points)
    curves.show(run, points)
    for sentence in repeats.sentences(points):
        st.caption(sentence)
    with st.expander(f"All {len(points)} points", icon=":material/table_rows:", expanded=True):
        curves.rows(run, points)
    st.subheader("One point in detail", icon=":material/search:")
    point.show(run, points)
    st.subheader("Take it home", icon=":material/download:")
    downloads.sweep(run, points)
    downloads.models(run, points)
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        downloads.script(run)


def _network_first(run: Run) -> None:
    """Nothing is measured yet: show the network that trains for this sweep."""
    if run.needs is None or not run.state.active:
        st.caption("Nothing was measured before it ended.")
        return
    learning.show(cached.runs().get(run.needs))


def _base() -> tuple[SweepSettings, str]:
    """The settings that the form starts from, and the prefix of its fields' keys."""
    origin = st.query_params.get(state.BASED_ON)
    if origin is not None:
        settings = cached.runs().get(origin).parsed
        if not isinstance(settings, SweepSettings):
            settings = SweepSettings(baseline=training_of(settings))
        return settings, f"sweep-{origin}"
    preset = st.segmented_control(
        "Preset",
        list(PRESETS),
        default="Standard",
        required=True,
        key="preset",
        bind="query-params",
    )
    return PRESETS[preset or "Standard"], f"sweep-{preset}"


with shown_run():
    chosen = state.run_in_url()
    if chosen is None:
        start()
    else:
        result(cached.runs().get(chosen))
