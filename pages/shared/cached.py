"""Everything that is cached between reruns and visitors, and nothing else.

What has ended never changes, so it is kept by run id and the time it ended; of what is active,
only what is new is read, once for all who watch it. Every cache is bounded.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine import datasets
from engine.compare import adapters
from engine.compare.candidate import Candidate
from engine.errors import DatasetError, InvalidInput
from engine.results import reference
from engine.results.export_report import ExportReport
from engine.results.export_report import export_report as matrix_of
from engine.results.points import Point, from_json
from engine.runs.model import Run
from engine.runs.service import Runs, open_runs
from engine.settings import AUTO, Settings, digest
from engine.settings import from_json as settings_from_json
from pages.shared import table
from pages.shared.audience import Audience
from pages.shared.charts.base import Finished
from pages.shared.growing import Growing
from pages.shared.turns import Turns

Rows = Sequence[Mapping[str, Any]]

FRESH_SECONDS = 0.5
"""What is active is read at most this often, however many watch it."""


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The run store of this process; its connections are pooled and thread-safe."""
    return open_runs()


@st.cache_resource(show_spinner=False)
def audience() -> Audience:
    """Who watches something live in this process."""
    return Audience()


@st.cache_resource(show_spinner=False)
def turns() -> Turns:
    """The turns that the scripts of this process take."""
    return Turns()


def points(run: Run) -> Sequence[Point]:
    """The measured points of a sweep."""
    if run.state.active:
        return _active_points(run.id, run.created)
    return _ended_points(run.id, run.finished)


def matrix(run: Run) -> ExportReport:
    """The measured matrix of an export."""
    if run.state.active:
        return _active_matrix(run.id, run.created)
    return _ended_matrix(run.id, run.finished)


def candidates(run: Run) -> Sequence[Candidate]:
    """What a run offers to be shipped; less while it is active."""
    return _candidates(run) if run.state.active else _ended_candidates(run, run.id, run.finished)


@st.cache_resource(show_spinner=False, max_entries=1)
def reference_candidates() -> tuple[Settings, Sequence[Candidate]]:
    """The sweep that ships with the project: its settings and what it offers."""
    sweep = reference.load("mnist")["sweep"]
    settings = settings_from_json("sweep", sweep["settings"])
    return settings, adapters.candidates(settings, sweep | {"run": digest(settings)})


def stamp(run: Run, measured: Sequence[Point]) -> str:
    """Changes whenever the points of a run do: they come one by one, later with their files."""
    with_files = sum(bool(point.bytes) for point in measured)
    return f"{run.id}-{len(measured)}-{with_files}-{run.finished}"


@st.cache_resource(show_spinner=False, max_entries=400)
def drawn(key: str, _draw: Callable[[], go.Figure]) -> Finished:
    """A figure that is drawn once for everyone who looks at the same; nobody changes it."""
    del key  # only the cache reads it
    return Finished(_draw())


@st.cache_resource(show_spinner=False, max_entries=100)
def frame(key: str, _measured: Sequence[Point]) -> pd.DataFrame:
    """The table of the points with that stamp."""
    del key  # only the cache reads it
    return table.shown(_measured)


def rows(run: Run, kind: str) -> Rows:
    """The recorded rows of that kind; of an active run they grow."""
    if run.state.active:
        return _active_rows(run.id, kind, run.created)
    return _ended_rows(run.id, kind, run.finished)


def epochs(run: Run) -> Rows:
    """The measured epochs of a training."""
    return rows(run, "epoch")


def steps(run: Run) -> Rows:
    """The measured steps of a training."""
    return rows(run, "step")


def history(run: Run) -> Rows:
    """The epochs of the training that a schedule goes on from."""
    return rows(run, "history")


def notices(run: Run) -> Sequence[Mapping[str, str]]:
    """What was understood of the run's data, and what limits its result."""
    return [each for row in rows(run, "notices") for each in row["told"]]


def plan(run: Run) -> Mapping[str, Any] | None:
    """What a schedule plans, once its worker has said so."""
    found = rows(run, "plan")
    return found[0] if found else None


@st.cache_data(show_spinner=False, max_entries=1)
def reference_sweep() -> tuple[str, Point, list[Point]]:
    """The sweep that ships with the project: its settings as JSON, baseline and points."""
    sweep = reference.load("mnist")["sweep"]
    measured = [from_json(point) for point in sweep["points"]]
    return json.dumps(sweep["settings"]), from_json(sweep["baseline"]), measured


@st.cache_data(show_spinner=False, max_entries=8)
def reference_points(name: str) -> tuple[dict[str, Any], Point, list[Point]]:
    """A sweep that ships with the project: how it was made, its baseline, its points."""
    found = reference.load(name)
    sweep, made = found["sweep"], found["made"] | {"settings": found["sweep"]["settings"]}
    return made, from_json(sweep["baseline"]), [from_json(point) for point in sweep["points"]]


@st.cache_resource(show_spinner=False, max_entries=1)
def reference_export() -> tuple[dict[str, Any], dict[str, Any], ExportReport]:
    """The export that ships with the project: how it was made, its settings, its matrix."""
    found = reference.load("export")
    export = found["export"]
    return found["made"], export["settings"], matrix_of(export["networks"], export["files"])


def reference_study() -> dict[str, Any]:
    """The study of the paper that ships with the project."""
    return reference.load("paper")


@st.cache_data(show_spinner=False, max_entries=4)
def own_study(key: str, _make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The study of the paper as this machine's runs measured it."""
    del key  # only the cache reads it
    return _make()


def reference_epochs() -> Rows:
    """The epochs of the training that ships with the project."""
    return list(reference.load("mnist")["epochs"])


@st.cache_data(show_spinner=False, max_entries=64)
def class_names(dataset: str, classes: int) -> list[str]:
    """Names of the classes, or their numbers where the data set gives none."""
    numbers = [str(i) for i in range(classes)]
    try:
        names = list(datasets.class_names(dataset))
    except DatasetError:
        return numbers  # an imported data set may be gone; its results are still worth reading
    return names if len(names) == classes else numbers


@st.cache_data(show_spinner=False, max_entries=64, ttl=10)
def summary(dataset: str, channels: str = AUTO) -> datasets.DatasetSummary:
    """What a page tells of a data set; whether it is here already may change."""
    return datasets.describe(dataset, channels=channels)


@st.cache_data(show_spinner=False, max_entries=64)
def content(dataset: str) -> datasets.Content:
    """What was seen in a data set."""
    return datasets.content_of(dataset)


def imported(file: UploadedFile) -> str:
    """The name of the data set that a person uploaded; it is read once, not at every rerun.

    Raises:
        InvalidInput: it cannot be used; StorageError: the home folder does not take it.
    """
    name, refusal = _imported(file, file.file_id, file.size)
    if refusal:
        raise InvalidInput(refusal)
    return name


@st.cache_data(show_spinner="Reads and checks the file", max_entries=64)
def _imported(_file: UploadedFile, upload: str, size: int) -> tuple[str, str]:
    """The name, or the line that says why there is none: both cost the reading of the file."""
    del upload, size
    try:
        return datasets.import_npz(_file.getvalue()), ""
    except InvalidInput as error:
        return "", str(error)


@st.cache_resource(show_spinner=False, max_entries=64, ttl=FRESH_SECONDS)
def _active_points(run: str, created: float) -> Sequence[Point]:
    del created
    return runs().points(run)


@st.cache_resource(show_spinner=False, max_entries=64, ttl=FRESH_SECONDS)
def _active_rows(run: str, kind: str, created: float) -> Rows:
    return _growing(run, kind, created).rows(runs())


@st.cache_resource(show_spinner=False, max_entries=32)
def _growing(run: str, kind: str, created: float) -> Growing:
    del created  # a run that was deleted and made anew counts its rows from the start
    return Growing(run, kind)


def _candidates(run: Run) -> Sequence[Candidate]:
    return adapters.candidates(run.parsed, runs().result(run.id))


@st.cache_resource(show_spinner=False, max_entries=200)
def _ended_candidates(_run: Run, run: str, ended: float | None) -> Sequence[Candidate]:
    del run, ended  # only the cache reads them
    return tuple(_candidates(_run))


@st.cache_data(show_spinner=False, max_entries=200)
def _ended_points(run: str, ended: float | None) -> list[Point]:
    del ended
    return runs().points(run)


@st.cache_resource(show_spinner=False, max_entries=32, ttl=FRESH_SECONDS)
def _active_matrix(run: str, created: float) -> ExportReport:
    del created  # a run that was deleted and made anew is another one
    return runs().matrix(run)


@st.cache_resource(show_spinner=False, max_entries=100)
def _ended_matrix(run: str, ended: float | None) -> ExportReport:
    del ended
    return runs().matrix(run)


@st.cache_data(show_spinner=False, max_entries=100)
def _ended_rows(run: str, kind: str, ended: float | None) -> Rows:
    del ended
    return Growing(run, kind).rows(runs())
