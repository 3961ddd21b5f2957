"""`python -m engine runs`: list, show, export and delete runs."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands import options as o
from engine.commands import show, tables
from engine.errors import InvalidInput
from engine.runs.service import open_runs
from engine.settings import training_of

RunId = Annotated[str, typer.Argument(metavar="RUN", help="the id of a run")]
Folder = Annotated[Path | None, typer.Option(help="write every file of the run into this folder")]

app = typer.Typer(help="List, show, export and delete runs.", no_args_is_help=False)


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Without a command: list."""
    if context.invoked_subcommand is None:
        list_runs()


@app.command("list")
def list_runs() -> None:
    """All runs, the newest first."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False)
    table.add_column("run", no_wrap=True)
    for name in ("kind", "state", "data set", "name", "owner", "seconds"):
        table.add_column(name)
    runs = open_runs()
    for run in runs.all(unknown=True):
        now = runs.seen(run)  # while it waits for its baseline, what is done there
        state = run.state.value if now.state is run.state else now.stage
        dataset = training_of(run.known).data.dataset if run.known else "unknown to this version"
        seconds = tables.DASH if run.seconds is None else f"{run.seconds:.0f}"
        name = run.name or tables.DASH
        table.add_row(run.id, run.kind, state, dataset, name, run.owner, seconds)
    Console().print(table)


@app.command("show")
def show_run(run: RunId) -> None:
    """What a run measured."""
    runs = open_runs()
    current = runs.get(run)
    if current.error:
        Console(stderr=True, markup=False).print(current.error)
    tables.show(current.kind, runs.result(run))


@app.command("export")
def export_run(run: RunId, json: o.JsonFile = None, folder: Folder = None) -> None:
    """Write a run's result as JSON, its model files into a folder, or both."""
    if json is None and folder is None:
        raise InvalidInput("say what to write: --json FILE, --folder FOLDER, or both")
    runs = open_runs()
    show.write_json(json, runs.result(run))
    if folder is not None:
        show.write_files(runs, run, folder)


@app.command("delete")
def delete_run(run: RunId) -> None:
    """Remove an ended run with its files."""
    open_runs().delete(run, owner=None)  # who can run this owns the machine
