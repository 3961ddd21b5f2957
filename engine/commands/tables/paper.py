"""The published tables beside the measured ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import table as empty
from engine.paper import claims, tables
from engine.paper.published import DIFFERS


def show(result: Mapping[str, Any]) -> None:
    """Print both tables, what differs, and the claims."""
    made, console = tables.from_json(result), Console()
    console.print(_published(made))
    console.print(_summary(made), style="dim")
    console.print(DIFFERS, style="dim")
    console.print(_claims(result))


def _published(made: tables.Table) -> Table:
    columns = ("published", "measured", "lowest", "highest", "differs", "reach")
    table = empty("published, and the mean of our seeds", ["figure", "network"], columns)
    for figure, title in FIGURES.items():
        for name, row in made.cells.items():
            table.add_row(title, name, *_cells(figure, row[figure]))
            title = ""  # noqa: PLW2901  # said once
    return table


FIGURES: Mapping[str, str] = {
    "zipped": "zip, bytes",
    "accuracy": "acc., %",
    "tflite_zipped": "dynamic int8, bytes",
    "tflite_accuracy": "acc., %",
}
"""The columns of the published tables, in a few words."""


def _cells(figure: str, cell: tables.Cell) -> Iterator[str]:
    values = (cell.published, cell.mean, cell.low, cell.high)
    if "accuracy" in figure:
        yield from (f"{100 * value:.2f}" for value in values)
        yield f"{100 * cell.difference:+.2f}"
    else:
        yield from (f"{value:,.0f}" for value in values)
        yield f"{100 * cell.difference:+.1f} %"
    yield "yes" if cell.reached else "no"


def _summary(made: tables.Table) -> str:
    order = "the published order" if made.ordered else "another order than published"
    tried = ", ".join(f"{n}: {100 * share:.2f} %" for n, share in made.validation.items())
    return (
        f"Seeds {', '.join(map(str, made.seeds))}. Zipped sizes are in {order}. From scratch: "
        f"{made.epochs} epochs, by mean validation accuracy ({tried})."
    )


def _claims(result: Mapping[str, Any]) -> Table:
    title = "compared with the zipped Keras file of the unpruned dense network"
    table = empty(title, ["claim"], [])
    table.add_column("what is compared")
    for name in ("bytes", "ratio", "points lost", "holds"):
        table.add_column(name, justify="right", no_wrap=True)
    for claim in map(claims.from_json, result["claims"]):
        figures = (f"{claim.bytes:,}", f"{claim.ratio:.2f}", f"{100 * claim.lost:.2f}")
        holds = "yes" if claim.holds else "no"
        table.add_row(f"{claim.claimed:g}x", claim.what, *figures, holds)
    return table
