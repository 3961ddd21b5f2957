"""How the command line shows a run: a progress bar while it works, notices, JSON, files."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from engine.export.archive import unzip_bytes
from engine.notices import Notice
from engine.runs.model import Run, State
from engine.runs.service import Runs
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
    """Write the result as JSON, whole or not at all; without a path nothing.

    Raises:
        StorageError: the disk does not take it.
    """
    if path is not None:
        write_atomically(path.absolute(), (json.dumps(result, indent=1) + "\n").encode())


def write_files(runs: Runs, run: str, folder: Path) -> None:
    """Write every file of a run, and what its zips hold.

    Raises:
        StorageError: a file is gone or damaged, or the disk does not take it.
    """
    for name in (file.name for file in runs.files(run)):
        data, path = runs.file(run, name), folder.absolute() / name
        write_atomically(path, data)
        if name.endswith(".zip"):
            raw = name.removesuffix(".zip").replace(".keras", ".keras.h5")
            raw = raw.replace(".tflite_dynamic", ".dynamic.tflite")
            write_atomically(path.with_name(raw), unzip_bytes(data, limit=MOST_BYTES))
