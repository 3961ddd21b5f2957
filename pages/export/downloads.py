"""What can be taken home of an export: its table, its result, and every file of every network."""

import streamlit as st

from engine.export.archive import unzip_bytes
from engine.results.export_report import ExportedNetwork, ExportReport, file_key
from engine.results.files import keras_file, variant_file
from engine.runs.model import Run
from pages.export import table
from pages.shared import cached, usage
from pages.shared.charts.sizes import human
from pages.shared.downloads import button, result, settings

ARCHIVE = ".zip"


def tables(run: Run, matrix: ExportReport) -> None:
    """Buttons for an export's table, settings and result."""
    with st.container(horizontal=True):
        name, data = f"{run.id}.csv", lambda: table.csv(matrix)
        button("Table, CSV", name, data, "text/csv", icon="table_chart")
        settings(run)
        result(run)


def file(run: Run, matrix: ExportReport, row: ExportedNetwork, variant: str) -> None:
    """The chosen TFLite file and the network's Keras file, zipped or not."""
    zipped = st.toggle("Zipped", key="zipped", bind="query-params")
    cell = matrix.cell(row.key, variant)
    length = None if cell is None else (cell.zip_bytes if zipped else cell.bytes)
    sizes = {
        variant_file(row.key, variant): length,
        keras_file(row.key): row.bytes.get("keras_zip" if zipped else "keras"),
    }
    names = (f"{file_key(row.key, variant)}.tflite", f"{row.key}.h5")
    with st.container(horizontal=True):
        for name, (artifact, size) in zip(names, sizes.items(), strict=True):
            _button(run, artifact, f"{name}{ARCHIVE if zipped else ''}", size)
    if cell is not None and cell.runs:
        usage.cell(run, cell, file=names[0])
    usage.keras_file(run, row.accuracy, file=names[1])


def _button(run: Run, artifact: str, name: str, size: int | None) -> None:
    button(
        f"{name}, {human(size)}" if size else f"{name}: not made",
        name,
        lambda: content(run, artifact, name, size or 0),
        "application/octet-stream",
        icon="download",
        primary=".tflite" in name,
        key="tflite" if ".tflite" in name else "keras",
        disabled=run.evicted or not size,
    )


def content(run: Run, artifact: str, name: str, size: int) -> bytes:
    """The bytes of the file; StorageError where they are gone, damaged or more than measured."""
    archive = cached.runs().file(run.id, artifact)
    return archive if name.endswith(ARCHIVE) else unzip_bytes(archive, limit=size)
