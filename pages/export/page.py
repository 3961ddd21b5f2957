"""Export: a network as files, pruned in rows and quantized in columns; every one to take home."""

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import ExportSettings, export_of
from pages.export import detail, form, view
from pages.export import downloads as downloads_export
from pages.shared import cached, downloads, learning, live, state
from pages.shared.notices import explained, shown_run


def start() -> None:
    """The form, and the button that starts what it says."""
    st.title("Export a network")
    base, prefix = _base()
    with st.container(border=True):
        form.source(base)
        settings = None
        with explained():
            settings = form.export(base, prefix=prefix)
        started = st.button(
            "Start export",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            disabled=settings is None,
            key="start-export",
        )
    if started and settings is not None:
        with explained():
            state.open_run(cached.runs().submit(settings, owner=state.owner()))
    with explained():
        view.reference()


def result(run: Run) -> None:
    """One export: live while it goes, complete once it has ended."""
    if run.kind != ExportSettings.kind:
        state.open_run(run)
    live.watch(run, _view)
    with st.container(horizontal=True):
        if st.button("Change the settings", icon=":material/edit:", key="another"):
            st.switch_page(state.EXPORT_PAGE, query_params={state.BASED_ON: run.id})
        if st.button("See its network", icon=":material/model_training:", key="source"):
            state.open_run(cached.runs().get(run.needs or ""))


def _view(run: Run) -> None:
    look = view.look_at(run)
    if not look.matrix.rows:
        _network_first(run)
        return
    if run.state is State.DONE:
        view.figures(look)
    view.matrix(look)
    view.trouble(look)
    view.table(look)
    st.subheader("One file in detail", icon=":material/search:")
    row, variant = detail.choose(look)
    downloads_export.file(run, look.matrix, row, variant)
    detail.size_waterfall(look, row, variant)
    st.subheader("Zeroed or removed", icon=":material/content_cut:")
    detail.zeroed_and_removed(look, row, variant)
    st.subheader("Take it home", icon=":material/download:")
    downloads_export.tables(run, look.matrix)
    with st.expander("Python that reproduces this run", icon=":material/code:"):
        downloads.script(run)


def _network_first(run: Run) -> None:
    """Nothing is measured yet: show the network that trains for this export."""
    if run.needs is None or not run.state.active:
        st.caption("Nothing was measured before it ended.")
        return
    learning.show(cached.runs().get(run.needs))


def _base() -> tuple[ExportSettings, str]:
    """The settings that the form starts from, and the prefix of its fields' keys."""
    origin = st.query_params.get(state.BASED_ON)
    if origin is None:
        return ExportSettings(), "export"
    settings = cached.runs().get(origin).parsed
    if not isinstance(settings, ExportSettings):
        settings = export_of(settings)
    return settings, f"export-{origin}"


with shown_run():
    chosen = state.run_in_url()
    if chosen is None:
        start()
    else:
        result(cached.runs().get(chosen))
