"""The table of a sweep."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import kilobytes, number, percent

COLUMNS = ("K %", "acc %", "loss", "effective", "zip", "TFLite", "int8", "int8 %")

NEAR = 0.002
"""Difference between the K asked for and the one reached that whole numbers of weights explain."""


def show(result: Mapping[str, Any]) -> None:
    """Print a sweep: a row per point; zipped sizes in units of 1,000 bytes."""
    table = Table(
        title=f"run {result['run']}", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False
    )
    table.add_column("method", no_wrap=True)
    unequal = any(notice["code"] == "unequal-classes" for notice in result.get("notices", []))
    for name in (*COLUMNS, *(("balanced %",) if unequal else ())):
        table.add_column(name, justify="right", no_wrap=True)
    for point in filter(None, [result["baseline"], *result["points"]]):
        balanced = [percent(point["balanced_accuracy"])] if unequal else []
        table.add_row(*_cells(point), *balanced)
    Console().print(table)
    caption = (
        "K %: in brackets what it reached, where that is another; effective: parameters after "
        "removal; zip, TFLite, int8 (dynamic int8): zipped kB; int8 %: its accuracy"
    )
    Console().print(caption, style="dim")


def _cells(point: Mapping[str, Any]) -> list[str]:
    return [
        point["method"],
        _level(point["sparsity"], point["achieved_sparsity"]),
        f"{100 * point['accuracy']:.2f}",
        number(point["loss"]),
        f"{point['effective_parameters']:,}",
        *(kilobytes(point, name) for name in ("keras_zip", "tflite_zip", "tflite_dynamic_zip")),
        percent(point["tflite_dynamic_accuracy"]),
    ]


def _level(asked: float, reached: float) -> str:
    """K in percent; few units can only reach it in steps."""
    level = f"{100 * asked:g}"
    return level if abs(asked - reached) < NEAR else f"{level} ({100 * reached:.0f})"
