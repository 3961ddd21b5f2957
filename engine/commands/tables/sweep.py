"""The table of a sweep."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import kilobytes, number, percent

COLUMNS = ("K %", "zero %", "acc %", "loss", "effective", "zip", "TFLite", "int8", "int8 %")


def show(result: Mapping[str, Any]) -> None:
    """Print a sweep: a row per point; zipped sizes in units of 1,000 bytes."""
    table = Table(
        title=f"run {result['run']}", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False
    )
    table.add_column("method", no_wrap=True)
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for point in filter(None, [result["baseline"], *result["points"]]):
        table.add_row(*_cells(point))
    Console().print(table)
    caption = (
        "zero %: what K has reached; effective: parameters after removal; zip, TFLite, int8: "
        "zipped kB; int8 %: its accuracy"
    )
    Console().print(caption, style="dim")


def _cells(point: Mapping[str, Any]) -> list[str]:
    return [
        point["method"],
        f"{100 * point['sparsity']:g}",
        f"{100 * point['achieved_sparsity']:.4g}",
        f"{100 * point['accuracy']:.2f}",
        number(point["loss"]),
        f"{point['effective_parameters']:,}",
        *(kilobytes(point, name) for name in ("keras_zip", "tflite_zip", "tflite_dynamic_zip")),
        percent(point["tflite_dynamic_accuracy"]),
    ]
