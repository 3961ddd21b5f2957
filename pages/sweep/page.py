"""Sweep: prune at many K, watch the trade-off curves fill in, take everything home."""

from dataclasses import replace

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import SweepSettings, paper_sweep, training_of
from pages.shared import cached, downloads, forms, live, run_page
from pages.shared.fields import Fields
from pages.shared.palette import METHODS
from pages.sweep import table, view, words

PRESETS = {
    "Standard": SweepSettings(),
    "Quick": SweepSettings(sparsities=(0.5, 0.8, 0.9, 0.95)),
    "Paper": paper_sweep(),
}


def start() -> None:
    """The form, and the button that starts what it says."""
    st.title("Prune a network at many K")
    base, prefix = run_page.base(
        SweepSettings, lambda other: SweepSettings(baseline=training_of(other)), PRESETS
    )
    run_page.form(SweepSettings, "Start sweep", lambda: _form(base, prefix))


def _form(base: SweepSettings, prefix: str) -> SweepSettings:
    st.subheader("What to prune", icon=":material/content_cut:")
    fields = Fields(base, prefix)
    titles = {name: style.label for name, style in METHODS.items()}
    methods = fields.one("methods", titles=titles)
    sparsities = fields.one("sparsities")
    tried = replace(base, methods=methods or base.methods)
    with st.expander("Options", icon=":material/tune:"):
        chosen = Fields(base, prefix, [tried]).those("scope", "bias", "norm", "unit_share")
    st.subheader("The network to prune", icon=":material/hub:")
    baseline = forms.training(base.baseline, prefix=prefix)
    return SweepSettings(baseline=baseline, methods=methods, sparsities=sparsities, **chosen)


def result(run: Run) -> None:
    """One sweep: live while it goes, complete once it has ended."""
    live.watch(run, _measured)
    with st.container(horizontal=True):
        run_page.way_on("Change the settings", "edit", "sweep", run, key="another")
        run_page.open_needed("See its training", run, key="training")


def _measured(run: Run) -> None:
    points = cached.points(run)
    if not points:
        run_page.nothing_yet(run)
        return
    if run.state is State.DONE:
        view.headline(points)
    view.show(run, points)
    for sentence in words.repeats(points):
        st.caption(sentence)
    with st.expander(f"All {len(points)} points", icon=":material/table_rows:", expanded=True):
        view.rows(points, stamp=view.stamp_of(run, points))
    st.subheader("One point in detail", icon=":material/search:")
    view.one_point(run, points)
    st.subheader("Take it home", icon=":material/download:")
    downloads.results(run, "Table, CSV", lambda: table.csv(points))
    downloads.models(run, points)
    run_page.script(run)


run_page.show(SweepSettings, start, result)
