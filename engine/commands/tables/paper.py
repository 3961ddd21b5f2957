"""The published tables beside the measured ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.paper import claims, tables
from engine.paper.published import DIFFERS, TITLES


def show(result: Mapping[str, Any]) -> None:
    """Print both tables, what differs, and the claims."""
    made, console = tables.from_json(result), Console()
    console.print(_published(made))
    console.print(_summary(made), style="dim")
    console.print(DIFFERS, style="dim")
    console.print(_claims(result))


def _published(made: tables.Table) -> Table:
    table = _table("published and measured, mean of the seeds", "network", "figure")
    for name in ("published", "measured", "spread", "difference", "within reach"):
        table.add_column(name, justify="right")
    for name, row in made.cells.items():
        for figure, cell in row.items():
            table.add_row(TITLES[name], FIGURES[figure], *_cells(figure, cell))
    return table


FIGURES: Mapping[str, str] = {
    "zipped": "zipped, bytes",
    "accuracy": "accuracy, %",
    "tflite_zipped": "TFLite int8, zipped, bytes",
    "tflite_accuracy": "its accuracy, %",
}
"""The columns of the published tables, in words."""


def _cells(figure: str, cell: tables.Cell) -> Iterator[str]:
    if "accuracy" in figure:
        yield from (f"{100 * value:.2f}" for value in (cell.published, cell.mean))
        yield f"{100 * cell.low:.2f}-{100 * cell.high:.2f}"
        yield f"{100 * cell.difference:+.2f} points"
    else:
        yield from (f"{value:,.0f}" for value in (cell.published, cell.mean))
        yield f"{cell.low:,.0f}-{cell.high:,.0f}"
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
    table = _table("compared with the zipped Keras file of the unpruned dense network", "claim")
    table.add_column("what is compared", no_wrap=True)
    for name in ("bytes", "ratio", "accuracy lost", "holds"):
        table.add_column(name, justify="right")
    for claim in map(claims.from_json, result["claims"]):
        figures = (f"{claim.bytes:,}", f"{claim.ratio:.2f}", f"{100 * claim.lost:+.2f} points")
        holds = "yes" if claim.holds else "no"
        table.add_row(f"{claim.claimed:g}x", claim.what, *figures, holds)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 2), pad_edge=False)
    for name in columns:
        table.add_column(name)
    return table
