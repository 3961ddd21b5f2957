"""`python -m engine paper`: reproduce the two published tables and the claims."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from engine import client
from engine.commands import options as o
from engine.commands import show
from engine.commands.tables import empty
from engine.paper import claims, study, tables
from engine.paper.published import DIFFERS
from engine.settings.values import number, words

FIGURES: Mapping[str, str] = {
    "zipped": "zip, bytes",
    "accuracy": "acc., %",
    "tflite_zipped": "dynamic int8, bytes",
    "tflite_accuracy": "acc., %",
}
"""The columns of the published tables, in a few words."""

Seeds = Annotated[o.Text, typer.Option(help="seeds to take the mean of, e.g. 0,1,2")]


def command(seeds: Seeds = None, json: o.JsonFile = None) -> None:
    """Reproduce the published tables: published and measured side by side."""
    given = study.SEEDS if seeds is None else tuple(number(word) for word in words(seeds))
    checked = study.check_seeds(given)
    wanted = tuple(study.runs(checked))
    with show.bar() as look:
        outcomes = client.run_all(wanted, on_look=look)
        result = study.report(checked, dict(zip(study.ids(checked), outcomes, strict=True)))
    show.write_json(json, result | {"notices": []})
    measured, console = tables.from_json(result), Console()
    console.print(_published(measured))
    order = "the published order" if measured.ordered else "another order than published"
    tried = ", ".join(f"{n}: {100 * share:.2f} %" for n, share in measured.validation.items())
    summary = (
        f"Seeds {', '.join(map(str, measured.seeds))}. Zipped sizes are in {order}. From scratch: "
        f"{measured.epochs} epochs, by mean validation accuracy ({tried})."
    )
    console.print(summary, style="dim")
    console.print(DIFFERS, style="dim")
    console.print(_claims(result))


def _published(measured: tables.Table) -> Table:
    """Both published tables, with what was measured beside each figure."""
    columns = ("published", "measured", "lowest", "highest", "differs", "reach")
    table = empty("published, and the mean of our seeds", ["figure", "network"], columns)
    for figure, title in FIGURES.items():
        for name, row in measured.cells.items():
            table.add_row(title, name, *_cells(figure, row[figure]))
            title = ""  # noqa: PLW2901  # said once
    return table


def _cells(figure: str, cell: tables.Cell) -> Iterator[str]:
    values = (cell.published, cell.mean, cell.low, cell.high)
    if "accuracy" in figure:
        yield from (f"{100 * value:.2f}" for value in values)
        yield f"{100 * cell.difference:+.2f}"
    else:
        yield from (f"{value:,.0f}" for value in values)
        yield f"{100 * cell.difference:+.1f} %"
    yield "yes" if cell.reached else "no"


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
