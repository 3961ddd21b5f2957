"""The table of a sweep."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from engine.commands.tables import cells
from engine.commands.tables.cells import number, percent

NEAR = 0.002
"""Difference between the K asked for and the one reached that whole numbers of weights explain."""


def show(result: Mapping[str, Any]) -> None:
    """Print a sweep: a row per point; zipped sizes in units of 1,000 bytes."""
    balanced = cells.balanced(result)
    columns = ("K %", "acc %", "loss", "effective", *cells.FILES, *balanced)
    table = cells.table(f"run {result['run']}", ["method"], columns)
    for point in filter(None, [result["baseline"], *result["points"]]):
        table.add_row(
            point["method"],
            _level(point["sparsity"], point["achieved_sparsity"]),
            f"{100 * point['accuracy']:.2f}",
            number(point["loss"]),
            f"{point['effective_parameters']:,}",
            *cells.files(point),
            *(percent(point["balanced_accuracy"]) for _ in balanced),
        )
    Console().print(table)
    caption = (
        "K %: in brackets what it reached, where that is another; effective: parameters after "
        f"removal; {cells.FILES_EXPLAINED}"
    )
    Console().print(caption, style="dim")


def _level(asked: float, reached: float) -> str:
    """K in percent; few units can only reach it in steps."""
    level = f"{100 * asked:g}"
    return level if abs(asked - reached) < NEAR else f"{level} ({100 * reached:.0f})"
