"""The table of a training."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import number, percent


def show(result: Mapping[str, Any]) -> None:
    """Print a training: a row per epoch."""
    table = Table(title=f"run {result['run']}")
    unequal = any(notice["code"] == "unequal-classes" for notice in result.get("notices", []))
    balanced = ("balanced %",) if unequal else ()
    parts = ("train acc %", "valid. acc %", "test acc %", *balanced)
    for name in ("epoch", *parts, "test loss", "seconds"):
        table.add_column(name, justify="right")
    for row in result["epochs"]:
        scores = [f"{100 * row[part]['accuracy']:.2f}" for part in ("train", "validation", "test")]
        scores += [percent(row["test"].get("balanced_accuracy"))] * unequal
        loss, seconds = number(row["test"]["loss"]), f"{row['seconds']:.1f}"
        table.add_row(str(row["epoch"]), *scores, loss, seconds)
    Console().print(table)
