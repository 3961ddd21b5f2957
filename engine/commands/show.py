"""How the command line shows runs: a progress bar while one works, JSON, a table of all."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.commands.tables.cells import DASH
from engine.export.archive import unzip_bytes
from engine.notices import Notice
from engine.runs.model import Run, State
from engine.runs.service import Runs
from engine.settings import training_of
from engine.system.home import write_atomically

STAGE_WIDTH = 44
MOST_BYTES = 2 * 1000**3
"""Largest file that is unpacked."""


@contextmanager
def bar() -> Iterator[Callable[[Run], None]]:
    """A progress bar on standard error; the function to call with the run's present state."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("starts", total=1.0)

        def look(run: Run) -> None:
            stage = "waits for a worker" if run.state is State.QUEUED else run.stage
            text = f"{run.kind}: {stage}"[:STAGE_WIDTH].ljust(STAGE_WIDTH)
            progress.update(task, completed=run.progress, description=text)

        yield look


def notices(told: Iterable[Notice]) -> None:
    """Say on standard error what a person should know before anything runs."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for notice in told:
        console.print(f"{notice.code}: {notice.text}", style="dim")


def write_json(path: Path | None, result: Mapping[str, Any]) -> None:
    """Write the result as JSON, whole or not at all."""
    if path is not None:
        write_atomically(path.absolute(), (json.dumps(result, indent=1) + "\n").encode())


def write_files(runs: Runs, run: str, folder: Path) -> None:
    """Write every file of a run, and what its zips hold."""
    for file in runs.files(run):
        _write(folder.absolute(), file.name, runs.file(run, file.name))


def runs_table(runs: Sequence[Run], seen: Callable[[Run], Run]) -> None:
    """Print runs: a row each, the newest first; `seen` says what happens for one that waits."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False)
    table.add_column("run", no_wrap=True)
    for name in ("kind", "state", "data set", "name", "owner", "seconds"):
        table.add_column(name)
    for run in runs:
        dataset = training_of(run.known).data.dataset if run.known else "unknown to this version"
        seconds = DASH if run.seconds is None else f"{run.seconds:.0f}"
        cells = (run.id, run.kind, _state(run, seen(run)), dataset)
        table.add_row(*cells, run.name or DASH, run.owner, seconds)
    Console().print(table)


def _state(run: Run, now: Run) -> str:
    """The state; of a run that waits for its baseline, what is done there."""
    return run.state.value if now.state is run.state else now.stage


def _write(folder: Path, name: str, data: bytes) -> None:
    write_atomically(folder / name, data)
    if name.endswith(".zip"):
        raw = name.removesuffix(".zip").replace(".keras", ".keras.h5")
        raw = raw.replace(".tflite_dynamic", ".dynamic.tflite")
        write_atomically(folder / raw, unzip_bytes(data, limit=MOST_BYTES))
