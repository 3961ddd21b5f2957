"""The table of a federation, and of several that are compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import percent
from engine.federated.algorithms.sub_fedavg import SUB_FEDAVG

MEGABYTE = 1_000_000


def show(result: Mapping[str, Any]) -> None:
    """Print the rounds of a federation and what the clients have at the end."""
    table = _table(f"run {result['run']}")
    for name in ("round", "own %", "global %", "density", "orphans %", "up MB", "down MB", "s"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in result["rounds"]:
        table.add_row(*_cells(row))
    console = Console()
    console.print(table)
    final = result["final"]
    if final:
        console.print(_end(final))


def compare(results: Sequence[Mapping[str, Any]]) -> None:
    """Print several federations of one split, a row each."""
    table = _table("the same split, the same seeds")
    table.add_column("algorithm", no_wrap=True)
    for name in ("own %", "worst 10 %", "global %", "MB"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("run", justify="right", overflow="fold")  # on a narrow screen in two lines
    for result in results:
        table.add_row(*_comparison(result))
    Console().print(table)


def _table(title: str) -> Table:
    return Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False)


def _cells(row: Mapping[str, Any]) -> list[str]:
    densities = [client["density"] for client in row["clients"]]
    return [
        str(row["round"]),
        percent(row["mean_accuracy"]),
        percent(row["global_accuracy"]),
        f"{sum(densities) / len(densities):.3f}",
        percent(row["orphan_fraction"]),
        f"{row['bytes_up'] / MEGABYTE:,.2f}",
        f"{row['bytes_down'] / MEGABYTE:,.2f}",
        f"{row['seconds']:.1f}",
    ]


def _end(final: Mapping[str, Any]) -> str:
    own, worst = percent(final["mean_accuracy"]), percent(final["worst_decile_accuracy"])
    return (
        f"{len(final['client_accuracy'])} clients on their own labels: {own} %, worst tenth "
        f"{worst} %; all labels: {percent(final['global_accuracy'])} %; "
        f"{final['bytes_total'] / MEGABYTE:,.1f} MB travelled"
    )


def _comparison(result: Mapping[str, Any]) -> list[str]:
    settings, final = result["settings"], result["final"]
    name = settings["algorithm"]
    if name == SUB_FEDAVG.name:
        name = f"{name} {settings['pruning']}"
    return [
        name,
        percent(final["mean_accuracy"]),
        percent(final["worst_decile_accuracy"]),
        percent(final["global_accuracy"]),
        f"{final['bytes_total'] / MEGABYTE:,.0f}",
        result["run"],
    ]
