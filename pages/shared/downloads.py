"""What can be taken home: settings, results, trainings, and every model file.

Nothing is read before it is asked for: buttons carry functions, which run at the click.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from engine.export.archive import unzip_bytes
from engine.results.files import WEIGHTS, point_file
from engine.results.points import Point
from engine.runs.model import Run
from engine.runs.service import Runs
from pages.shared import cached, usage
from pages.shared.charts.sizes import LABELS, File, human, size
from pages.shared.words import point_title

BINARY = "application/octet-stream"
ENDINGS = {"tflite": ".tflite", "tflite_dynamic": "-dynamic.tflite", "keras": ".h5"}
"""What the names of downloaded models end in, by the kind of file."""


def results(run: Run, label: str, csv: Callable[[], bytes]) -> None:
    """Buttons for a table, the settings and the result."""
    with st.container(horizontal=True):
        button(label, f"{run.id}.csv", csv, "text/csv", icon="table_chart")
        record(run)


def training(run: Run) -> None:
    """Buttons for a training's epochs, settings, result and weights."""
    runs, name = cached.runs(), f"{run.id}.npz"

    def epochs() -> bytes:
        table = pd.json_normalize([dict(row) for row in cached.rows(run, "epoch")])
        return table.to_csv(index=False).encode()

    with st.container(horizontal=True):
        button("Epochs, CSV", f"{run.id}.csv", epochs, "text/csv", icon="table_chart")
        record(run)
        stored = any(file.name == WEIGHTS for file in runs.files(run.id))
        if stored:
            data = partial(runs.file, run.id, WEIGHTS)
            button("Weights, NPZ", name, data, BINARY, icon="scatter_plot")
    if stored:
        usage.show(run, name, title="Use these weights")


def models(run: Run, points: Sequence[Point]) -> None:
    """A model file of any point: choose point, kind, zip or not, units removed or not."""
    made = {point.key: point for point in points if point.bytes}
    if not made:
        st.caption("Model files appear here as they are made, after the curves.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {key: point_title(point) for key, point in made.items()}
        point = made[st.selectbox("Model of", titles, format_func=titles.__getitem__, width=220)]
        model = st.selectbox("As", LABELS, format_func=LABELS.__getitem__, width=180)
        zipped = st.toggle("Zipped", value=True, key="model-zipped")
        removed = st.toggle("Units removed", key="model-removed", disabled=not point.removed_bytes)
        file = File(model, zipped=zipped, removed=removed and bool(point.removed_bytes))
        length = size(point, file)
        button(
            f"Model, {human(length or 0)}",
            download_name(point, file),
            lambda: content(cached.runs(), run.id, point, file),
            BINARY,
            icon="download",
            primary=True,
            key="model",
            disabled=run.evicted or length is None,
        )
    measured = {
        "keras": point.accuracy,
        "tflite": point.tflite_accuracy,
        "tflite_dynamic": point.tflite_dynamic_accuracy,
    }
    usage.show(run, download_name(point, replace(file, zipped=False)), accuracy=measured[model])


def content(runs: Runs, run: str, point: Point, file: File) -> bytes:
    """The bytes of the file; StorageError where they are gone, damaged or more than measured."""
    archive = runs.file(run, point_file(point.key, file.format, removed=file.removed))
    return archive if file.zipped else unzip_bytes(archive, limit=size(point, file) or 0)


def download_name(point: Point, file: File) -> str:
    """What the file is called at home, such as ``weight-0.5-dynamic.tflite``."""
    removed = "-removed" if file.removed else ""
    return f"{point.key}{removed}{ENDINGS[file.format]}{'.zip' if file.zipped else ''}"


def record(run: Run) -> None:
    """Buttons for a run's settings, and for what it measured."""
    runs, mime = cached.runs(), "application/json"
    settings = as_json({"kind": run.kind, "settings": dict(run.settings)})
    button("Settings, JSON", f"{run.id}-settings.json", settings, mime, icon="settings")
    name = f"{run.id}.json"
    button("Result, JSON", name, lambda: as_json(runs.result(run.id)), mime, icon="data_object")


def button(
    label: str,
    file_name: str,
    data: object,
    mime: str,
    *,
    icon: str,
    primary: bool = False,
    key: str = "",
    disabled: bool = False,
) -> None:
    """A button that gives `data`, or what it returns at the click."""
    st.download_button(
        label,
        data,  # type: ignore[arg-type]  # bytes, or a function that gives them at the click
        file_name,
        mime,
        key=f"download-{key or label}",
        icon=f":material/{icon}:",
        on_click="ignore",
        type="primary" if primary else "secondary",
        disabled=disabled,
    )


def as_json(value: object) -> bytes:
    """The value as JSON for people to read."""
    return json.dumps(value, indent=2).encode()
