"""The table of a federation, and of several that are compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from engine.commands.tables import cells
from engine.commands.tables.cells import percent
from engine.federated.algorithms.sub_fedavg import SubFedAvg

MEGABYTE = 1_000_000
ROUND = ("round", "own %", "global %", "density", "orphans %", "up MB", "down MB", "s")


def show(result: Mapping[str, Any]) -> None:
    """Print the rounds of a federation and what the clients have at the end."""
    table = cells.table(f"run {result['run']}", [], ROUND)
    for row in result["rounds"]:
        densities = [client["density"] for client in row["clients"]]
        table.add_row(
            str(row["round"]),
            percent(row["mean_accuracy"]),
            percent(row["global_accuracy"]),
            f"{sum(densities) / len(densities):.3f}",
            percent(row["orphan_fraction"]),
            f"{row['bytes_up'] / MEGABYTE:,.2f}",
            f"{row['bytes_down'] / MEGABYTE:,.2f}",
            f"{row['seconds']:.1f}",
        )
    console = Console()
    console.print(table)
    final = result["final"]
    if final:
        own, worst = percent(final["mean_accuracy"]), percent(final["worst_decile_accuracy"])
        console.print(
            f"{len(final['client_accuracy'])} clients on their own labels: {own} %, worst tenth "
            f"{worst} %; all labels: {percent(final['global_accuracy'])} %; "
            f"{final['bytes_total'] / MEGABYTE:,.1f} MB travelled"
        )


def compare(results: Sequence[Mapping[str, Any]]) -> None:
    """Print several federations of one split, a row each."""
    columns = ("own %", "worst 10 %", "global %", "MB")
    table = cells.table("the same split, the same seeds", ["algorithm"], columns)
    table.add_column("run", justify="right", overflow="fold")  # on a narrow screen in two lines
    for result in results:
        settings, final = result["settings"], result["final"]
        pruned = settings["algorithm"] == SubFedAvg.name
        table.add_row(
            f"{settings['algorithm']} {settings['pruning'] if pruned else ''}",
            percent(final["mean_accuracy"]),
            percent(final["worst_decile_accuracy"]),
            percent(final["global_accuracy"]),
            f"{final['bytes_total'] / MEGABYTE:,.0f}",
            result["run"],
        )
    Console().print(table)
