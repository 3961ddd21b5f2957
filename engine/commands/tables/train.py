"""The table of a training."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from engine.commands.tables import cells
from engine.commands.tables.cells import number, percent


def show(result: Mapping[str, Any]) -> None:
    """Print a training: a row per epoch."""
    balanced = cells.balanced(result)
    parts = ("train acc %", "valid. acc %", "test acc %", *balanced)
    table = cells.table(f"run {result['run']}", [], ("epoch", *parts, "test loss", "seconds"))
    for row in result["epochs"]:
        table.add_row(
            str(row["epoch"]),
            *(f"{100 * row[part]['accuracy']:.2f}" for part in ("train", "validation", "test")),
            *(percent(row["test"].get("balanced_accuracy")) for _ in balanced),
            number(row["test"]["loss"]),
            f"{row['seconds']:.1f}",
        )
    Console().print(table)
