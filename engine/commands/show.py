"""How the command line shows a run: a progress bar while it works, a table at the end."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.home import write_atomically
from engine.runs.model import Run, State

STAGE_WIDTH = 44


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


def write_json(path: Path | None, result: Mapping[str, Any]) -> None:
    """Write the result as JSON, whole or not at all."""
    if path is not None:
        write_atomically(path.absolute(), (json.dumps(result, indent=1) + "\n").encode())


def epochs_table(result: Mapping[str, Any]) -> None:
    """Print a training: a row per epoch."""
    table = Table(title=f"run {result['run']}")
    for name in ("epoch", "train acc %", "valid. acc %", "test acc %", "test loss", "seconds"):
        table.add_column(name, justify="right")
    for row in result["epochs"]:
        scores = [f"{100 * row[part]['accuracy']:.2f}" for part in ("train", "validation", "test")]
        loss, seconds = _number(row["test"]["loss"]), f"{row['seconds']:.1f}"
        table.add_row(str(row["epoch"]), *scores, loss, seconds)
    Console().print(table)


def points_table(result: Mapping[str, Any]) -> None:
    """Print a sweep: a row per point; zipped sizes in units of 1,000 bytes."""
    table = Table(
        title=f"run {result['run']}", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False
    )
    table.add_column("method", no_wrap=True)
    for name in ("K %", "acc %", "loss", "effective", "zip", "TFLite", "int8", "int8 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for point in filter(None, [result["baseline"], *result["points"]]):
        table.add_row(*_cells(point))
    Console().print(table)
    caption = (
        "effective: parameters after removal; zip, TFLite, int8: zipped kB; int8 %: its accuracy"
    )
    Console().print(caption, style="dim")


def runs_table(runs: list[Run]) -> None:
    """Print runs: a row each, the newest first."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False)
    table.add_column("run", no_wrap=True)
    for name in ("kind", "state", "data set", "name", "owner", "seconds"):
        table.add_column(name)
    for run in runs:
        settings = run.settings.get("baseline", run.settings)
        seconds = "" if run.seconds is None else f"{run.seconds:.0f}"
        cells = (run.id, run.kind, run.state.value, settings.get("dataset", "mnist"))
        table.add_row(*cells, run.name, run.owner, seconds)
    Console().print(table)


def _cells(point: Mapping[str, Any]) -> list[str]:
    return [
        point["method"],
        f"{100 * point['sparsity']:g}",
        f"{100 * point['accuracy']:.2f}",
        _number(point["loss"]),
        f"{point['effective_parameters']:,}",
        *(_kilobytes(point, name) for name in ("keras_zip", "tflite_zip", "tflite_dynamic_zip")),
        _percent(point["tflite_dynamic_accuracy"]),
    ]


def _kilobytes(point: Mapping[str, Any], name: str) -> str:
    return f"{point['bytes'][name] / 1000:,.0f}" if name in point["bytes"] else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f}"


def _number(value: float | None) -> str:
    return "diverged" if value is None else f"{value:.4f}"
