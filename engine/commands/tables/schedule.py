"""The table of a schedule."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import kilobytes, number, percent


def show(result: Mapping[str, Any]) -> None:
    """Print a schedule: the network before and after; zipped sizes in units of 1,000 bytes."""
    table = Table(
        title=f"run {result['run']}", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False
    )
    table.add_column("network", no_wrap=True)
    for name in ("zeros %", "acc %", "loss", "nonzero", "zip", "TFLite", "int8", "int8 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for point in filter(None, (result["baseline"], result["before"], result["after"])):
        table.add_row(*_cells(point))
    console = Console()
    console.print(table)
    caption = "zeros: of the pruned kernels; zip, TFLite, int8 (dynamic int8): zipped kB"
    console.print(caption, style="dim")
    if result["planned"] and result["achieved"]:
        console.print(_agreement(result))


def _cells(point: Mapping[str, Any]) -> list[str]:
    return [
        point["method"],
        percent(point["achieved_sparsity"]),
        percent(point["accuracy"]),
        number(point["loss"]),
        f"{point['nonzero_parameters']:,}",
        *(kilobytes(point, name) for name in ("keras_zip", "tflite_zip", "tflite_dynamic_zip")),
        percent(point["tflite_dynamic_accuracy"]),
    ]


def _agreement(result: Mapping[str, Any]) -> str:
    planned, achieved = result["planned"][-1][1], result["achieved"][-1][1]
    if planned == 0:
        return "nothing was planned to be pruned"
    figures = f"planned {percent(planned)} %, achieved {percent(achieved)} %"
    return figures if result["agrees"] else f"{figures}: MORE THAN 0.5 POINTS APART"
