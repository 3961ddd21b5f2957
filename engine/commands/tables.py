"""What the command line prints of a result: one function for each kind of run.

A new kind is entered in `TABLES`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table

from engine.federated.algorithms.sub_fedavg import SubFedAvg
from engine.results.export_report import ExportReport, export_report
from engine.results.paired import in_words
from engine.settings import percent as k_percent

Result: TypeAlias = Mapping[str, Any]

DASH = "–"
"""Stands for what was not measured, never ``None``."""

NEAR = 0.002
"""Difference between the K asked for and the one reached that whole numbers of weights explain."""

FILES = ("zip", "TFLite", "dyn8", "dyn8 %")
FILES_EXPLAINED = "zip, TFLite, dyn8 (dynamic int8): zipped kB; dyn8 %: its accuracy"

MEGABYTE = 1_000_000


def show(kind: str, result: Result) -> None:
    """Print the result of a run of that kind."""
    TABLES[kind](result)


def _train(result: Result) -> None:
    """A row per epoch."""
    balanced = _balanced(result)
    parts = ("train acc %", "valid. acc %", "test acc %", *balanced)
    table = empty(f"run {result['run']}", [], ("epoch", *parts, "test loss", "seconds"))
    for row in result["epochs"]:
        table.add_row(
            str(row["epoch"]),
            *(f"{100 * row[part]['accuracy']:.2f}" for part in ("train", "validation", "test")),
            *(_percent(row["test"].get("balanced_accuracy")) for _ in balanced),
            _loss(row["test"]["loss"]),
            f"{row['seconds']:.1f}",
        )
    Console().print(table)


def _sweep(result: Result) -> None:
    """A row per point; few units can only reach their K in steps."""
    balanced = _balanced(result)
    columns = ("K %", "acc %", "loss", "effective", *FILES, *balanced)
    table = empty(f"run {result['run']}", ["method"], columns)
    for point in filter(None, [result["baseline"], *result["points"]]):
        asked, reached = point["sparsity"], point["achieved_sparsity"]
        table.add_row(
            point["method"],
            f"{100 * asked:g}" + ("" if abs(asked - reached) < NEAR else f" ({100 * reached:.0f})"),
            f"{100 * point['accuracy']:.2f}",
            _loss(point["loss"]),
            f"{point['effective_parameters']:,}",
            *_files(point),
            *(_percent(point["balanced_accuracy"]) for _ in balanced),
        )
    Console().print(table)
    caption = (
        "K %: in brackets what it reached, where that is another; effective: parameters after "
        f"removal; {FILES_EXPLAINED}"
    )
    Console().print(caption, style="dim")


def _schedule(result: Result) -> None:
    """The network before and after, and whether what was planned was achieved."""
    columns = ("zeros %", "acc %", "loss", "nonzero", *FILES)
    table = empty(f"run {result['run']}", ["network"], columns)
    for point in filter(None, (result["baseline"], result["before"], result["after"])):
        table.add_row(
            point["method"],
            _percent(point["achieved_sparsity"]),
            _percent(point["accuracy"]),
            _loss(point["loss"]),
            f"{point['nonzero_parameters']:,}",
            *_files(point),
        )
    console = Console()
    console.print(table)
    console.print(f"zeros: of the pruned kernels; {FILES_EXPLAINED}", style="dim")
    if result["planned"] and result["achieved"]:
        planned, achieved = result["planned"][-1][1], result["achieved"][-1][1]
        line = f"planned {_percent(planned)} %, achieved {_percent(achieved)} %"
        if planned == 0:
            line = "nothing was planned to be pruned"
        elif not result["agrees"]:
            line += ": MORE THAN 0.5 POINTS APART"
        console.print(line)


def _export(result: Result) -> None:
    """A row per file, then the smallest good one and what needs attention."""
    found = export_report(result["networks"], result["files"])
    columns = ("acc %", "agree %", "kB", "zip kB", "µs", "IQR")
    table = empty(f"run {result['run']}", ["network", "file"], columns)
    for cell in found.cells.values():
        row, time = found.rows[cell.row], cell.latency
        level = f" {k_percent(row.sparsity)}" if row.sparsity else ""
        table.add_row(
            f"{row.method}{level}{' removed' if row.removed else ''}",
            cell.variant + ("*" if cell.refused else ""),
            _percent(cell.accuracy) if not cell.error else "failed",
            _percent(cell.agreement),
            _kilobytes(cell.bytes),
            _kilobytes(cell.zip_bytes),
            DASH if time is None else f"{time.median:.0f}",
            DASH if time is None else f"{time.lower:.0f}–{time.upper:.0f}",
        )
    console = Console(highlight=False)
    console.print(table)
    for line in _notes(found):
        console.print(line, style="dim", markup=False)


def _notes(found: ExportReport) -> Iterator[str]:
    """Lines below the table of an export."""
    yield "dynamic: dynamic int8; int8: full int8"
    yield "agree: answers equal to those of the float network; kB: 1,000 bytes"
    yield "µs, IQR: median and quartiles of one image's time on this machine, on one thread"
    refused: dict[str, list[str]] = {}  # keys of the files that share a reason
    failed: dict[str, list[str]] = {}
    for each in found.cells.values():
        if each.refused:
            refused.setdefault(each.refused, []).append(each.key)
        if each.error:
            failed.setdefault(each.error, []).append(each.key)
    if refused:
        yield "* LiteRT's kernels without its default delegate ran, because of the others:"
    yield from (f"  {reason}\n  in {', '.join(keys)}" for reason, keys in refused.items())
    yield from (f"failed: {', '.join(keys)}: {reason}" for reason, keys in failed.items())
    cell, base = found.smallest(), found.baseline
    if cell is None or base is None or not cell.zip_bytes or cell.accuracy is None:
        if found.why_none():
            yield f"no smallest file within one point: {found.why_none()}"
        return
    ratio, change = base.bytes["keras_zip"] / cell.zip_bytes, 100 * (cell.accuracy - base.accuracy)
    yield f"smallest zip within one point (chosen on validation images): {cell.key}"
    yield f"  {ratio:.1f} times smaller than the zipped Keras baseline, {change:+.2f} test points"
    if cell.validation:
        told = cell.validation
        yield f"  {in_words(told.images, told.loss, told.interval)}"


def _federate(result: Result) -> None:
    """A row per round, and what the clients have at the end."""
    columns = ("round", "own %", "global %", "density", "orphans %", "up MB", "down MB", "s")
    table = empty(f"run {result['run']}", [], columns)
    for row in result["rounds"]:
        densities = [client["density"] for client in row["clients"]]
        table.add_row(
            str(row["round"]),
            _percent(row["mean_accuracy"]),
            _percent(row["global_accuracy"]),
            f"{sum(densities) / len(densities):.3f}",
            _percent(row["orphan_fraction"]),
            f"{row['bytes_up'] / MEGABYTE:,.2f}",
            f"{row['bytes_down'] / MEGABYTE:,.2f}",
            f"{row['seconds']:.1f}",
        )
    console = Console()
    console.print(table)
    final = result["final"]
    if final:
        own, worst = _percent(final["mean_accuracy"]), _percent(final["worst_decile_accuracy"])
        console.print(
            f"{len(final['client_accuracy'])} clients on their own labels: {own} %, worst tenth "
            f"{worst} %; all labels: {_percent(final['global_accuracy'])} %; "
            f"{final['bytes_total'] / MEGABYTE:,.1f} MB travelled"
        )


def compare(results: Sequence[Result]) -> None:
    """Print several federations of one split, a row each."""
    columns = ("own %", "worst 10 %", "global %", "MB")
    table = empty("the same split, the same seeds", ["algorithm"], columns)
    table.add_column("run", justify="right", overflow="fold")  # on a narrow screen in two lines
    for result in results:
        settings, final = result["settings"], result["final"]
        pruned = settings["algorithm"] == SubFedAvg.name
        table.add_row(
            f"{settings['algorithm']} {settings['pruning'] if pruned else ''}",
            _percent(final["mean_accuracy"]),
            _percent(final["worst_decile_accuracy"]),
            _percent(final["global_accuracy"]),
            f"{final['bytes_total'] / MEGABYTE:,.0f}",
            result["run"],
        )
    Console().print(table)


def empty(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table without rows: columns of words, then columns of numbers."""
    made = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    for name in words:
        made.add_column(name, no_wrap=True)
    for name in numbers:
        made.add_column(name, justify="right", no_wrap=True)
    return made


def _files(point: Mapping[str, Any]) -> list[str]:
    """The cells of `FILES`: what the files of a point weigh, and how well the last one answers."""
    lengths = [point["bytes"].get(f"{each}_zip") for each in ("keras", "tflite", "tflite_dynamic")]
    return [*map(_kilobytes, lengths), _percent(point["tflite_dynamic_accuracy"])]


def _kilobytes(length: int | None) -> str:
    """A length in units of 1,000 bytes."""
    return DASH if length is None else f"{length / 1000:,.0f}"


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.2f}"


def _loss(value: float | None) -> str:
    """A loss; None is what a diverged network leaves."""
    return "diverged" if value is None else f"{value:.4f}"


def _balanced(result: Result) -> list[str]:
    """The column of balanced accuracy, where the result says that classes are unequal."""
    unequal = any(notice["code"] == "unequal-classes" for notice in result.get("notices", []))
    return ["balanced %"] if unequal else []


TABLES: Mapping[str, Callable[[Result], None]] = {
    "train": _train,
    "sweep": _sweep,
    "schedule": _schedule,
    "export": _export,
    "federate": _federate,
}
