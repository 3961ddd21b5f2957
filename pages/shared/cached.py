"""What is cached between reruns and visitors, whatever page they are on, and nothing else.

The rule for runs is `of_run`: what has ended never changes, so it is kept by run id and the time it
ended; of what is active, only what is new is read, once for all who watch it. Every cache is
bounded. What one page alone needs is cached beside it, by the same rule.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine import datasets
from engine.errors import DatasetError, InvalidInput
from engine.results import reference
from engine.results.export_report import ExportReport
from engine.results.points import Point, from_json
from engine.runs.model import Run
from engine.runs.service import Runs, open_runs
from engine.settings import AUTO
from pages.shared.charts.base import Finished

Rows = Sequence[Mapping[str, Any]]
Read = TypeVar("Read")

FRESH_SECONDS = 0.5
"""What is active is read at most this often, however many watch it."""


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The run store of this process; its connections are pooled and thread-safe."""
    return open_runs()


class Growing:
    """The rows of one kind of a run that still grows: every look reads only what is new."""

    def __init__(self, run: str, kind: str) -> None:
        self._run = run
        self._kind = kind
        self._version = 0
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._lock = threading.Lock()

    def rows(self, runs: Runs) -> list[Mapping[str, Any]]:
        """All rows in the order of their step or epoch; a row that was written again counts once.

        Rows of other kinds come as they were written.

        Raises:
            StorageError: the store cannot be read.
        """
        with self._lock:
            for record in runs.records(self._run, after=self._version, kinds=(self._kind,)):
                self._rows[record.key] = record.payload
                self._version = record.version
            rows = list(self._rows.values())
        return sorted(rows, key=lambda row: float(row.get(self._kind, 0)))


def of_run(run: Run, what: str, read: Callable[[], Read]) -> Read:
    """What `read` gives for a run: once for all if the run has ended, else every half a second.

    All who look at the run get the same object, so nobody may change it.
    """
    if run.state.active:
        found: Read = _active(what, run.id, run.created, read)
    else:
        found = _ended(what, run.id, run.finished, read)
    return found


def points(run: Run) -> Sequence[Point]:
    """The measured points of a sweep or a schedule."""
    return of_run(run, "points", lambda: runs().points(run.id))


def matrix(run: Run) -> ExportReport:
    """The measured matrix of an export."""
    return of_run(run, "matrix", lambda: runs().matrix(run.id))


def rows(run: Run, kind: str) -> Rows:
    """The recorded rows of that kind, such as epochs; of an active run they grow."""

    def read() -> Rows:
        grows = run.state.active
        growing = _growing(run.id, kind, run.created) if grows else Growing(run.id, kind)
        return growing.rows(runs())

    return of_run(run, f"rows-{kind}", read)


def notices(run: Run) -> Rows:
    """What was understood of the run's data, and what limits its result."""
    return [each for row in rows(run, "notices") for each in row["told"]]


@st.cache_resource(show_spinner=False, max_entries=400)
def drawn(key: str, _draw: Callable[[], go.Figure]) -> Finished:
    """A figure that is drawn once for everyone who looks at the same; nobody changes it."""
    del key  # only the cache reads it
    return Finished(_draw())


@st.cache_resource(show_spinner=False, max_entries=8)
def reference_points(name: str = "mnist") -> tuple[dict[str, Any], Point, Sequence[Point]]:
    """A sweep that ships with the project: how it was made, its baseline, its points."""
    found = reference.load(name)
    sweep, made = found["sweep"], found["made"] | {"settings": found["sweep"]["settings"]}
    return made, from_json(sweep["baseline"]), [from_json(point) for point in sweep["points"]]


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


# A run that was deleted and made anew is another one: it has another time.
@st.cache_resource(show_spinner=False, max_entries=160, ttl=FRESH_SECONDS)
def _active(what: str, run: str, created: float, _read: Callable[[], Any]) -> Any:
    del what, run, created  # only the cache reads them
    return _read()


@st.cache_resource(show_spinner=False, max_entries=600)
def _ended(what: str, run: str, ended: float | None, _read: Callable[[], Any]) -> Any:
    del what, run, ended
    return _read()


@st.cache_resource(show_spinner=False, max_entries=32)
def _growing(run: str, kind: str, created: float) -> Growing:
    del created
    return Growing(run, kind)
