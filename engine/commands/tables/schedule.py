"""The table of a schedule."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from engine.commands.tables import cells
from engine.commands.tables.cells import number, percent


def show(result: Mapping[str, Any]) -> None:
    """Print a schedule: the network before and after; zipped sizes in units of 1,000 bytes."""
    columns = ("zeros %", "acc %", "loss", "nonzero", *cells.FILES)
    table = cells.table(f"run {result['run']}", ["network"], columns)
    for point in filter(None, (result["baseline"], result["before"], result["after"])):
        table.add_row(
            point["method"],
            percent(point["achieved_sparsity"]),
            percent(point["accuracy"]),
            number(point["loss"]),
            f"{point['nonzero_parameters']:,}",
            *cells.files(point),
        )
    console = Console()
    console.print(table)
    console.print(f"zeros: of the pruned kernels; {cells.FILES_EXPLAINED}", style="dim")
    if result["planned"] and result["achieved"]:
        console.print(_agreement(result))


def _agreement(result: Mapping[str, Any]) -> str:
    planned, achieved = result["planned"][-1][1], result["achieved"][-1][1]
    if planned == 0:
        return "nothing was planned to be pruned"
    figures = f"planned {percent(planned)} %, achieved {percent(achieved)} %"
    return figures if result["agrees"] else f"{figures}: MORE THAN 0.5 POINTS APART"
