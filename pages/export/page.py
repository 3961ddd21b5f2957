"""Export: a network as files, pruned in rows and quantized in columns; every one to take home."""

import streamlit as st

from engine.runs.model import Run, State
from engine.settings import ExportSettings, export_of
from pages.export import form, table, view
from pages.shared import downloads, live, run_page
from pages.shared.notices import explained


def start() -> None:
    """The form, and an export as it will look."""
    st.title("Export a network")
    base, prefix = run_page.base(ExportSettings, export_of, {"": ExportSettings()})

    def fields() -> ExportSettings:
        form.source(base)
        return form.export(base, prefix=prefix)

    run_page.form(ExportSettings, "Start export", fields)
    with explained():
        view.shipped()


def result(run: Run) -> None:
    """One export: live while it goes, complete once it has ended."""
    live.watch(run, _measured)
    with st.container(horizontal=True):
        run_page.way_on("Change the settings", "edit", "export", run, key="another")
        run_page.open_needed("See its network", run, key="source")


def _measured(run: Run) -> None:
    export = view.view_of(run)
    if not export.matrix.rows:
        run_page.nothing_yet(run)
        return
    if run.state is State.DONE:
        view.figures(export)
    view.whole(export)
    st.subheader("One file in detail", icon=":material/search:")
    row, variant = view.choose(export)
    view.files(run, export.matrix, row, variant)
    view.size_waterfall(export, row, variant)
    st.subheader("Zeroed or removed", icon=":material/content_cut:")
    view.zeroed_and_removed(export, row, variant)
    st.subheader("Take it home", icon=":material/download:")
    downloads.results(run, "Table, CSV", lambda: table.csv(export.matrix))
    run_page.script(run)


run_page.show(ExportSettings, start, result)
