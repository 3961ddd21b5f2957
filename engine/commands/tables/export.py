"""The table of an export."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from engine.commands.tables.cells import DASH, percent
from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport, export_report
from engine.results.paired import in_words
from engine.settings import percent as k_percent


def show(result: Mapping[str, Any]) -> None:
    """Print an export: a row per file, then the smallest good one and what needs attention."""
    found = export_report(result["networks"], result["files"])
    table = Table(
        title=f"run {result['run']}", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False
    )
    for name in ("network", "file"):
        table.add_column(name, no_wrap=True)
    for name in ("acc %", "agree %", "kB", "zip kB", "µs", "IQR"):
        table.add_column(name, justify="right", no_wrap=True)
    for cell in found.cells.values():
        table.add_row(*_cells(found.rows[cell.row], cell))
    console = Console(highlight=False)
    console.print(table)
    for line in _notes(found):
        console.print(line, style="dim", markup=False)


def _cells(row: ExportedNetwork, cell: ExportedFile) -> list[str]:
    return [
        _title(row),
        cell.variant + ("*" if cell.refused else ""),
        percent(cell.accuracy) if not cell.error else "failed",
        percent(cell.agreement),
        _kilobytes(cell.bytes),
        _kilobytes(cell.zip_bytes),
        *_latency(cell),
    ]


def _title(row: ExportedNetwork) -> str:
    level = f" {k_percent(row.sparsity)}" if row.sparsity else ""
    return f"{row.method}{level}{' removed' if row.removed else ''}"


def _kilobytes(length: int | None) -> str:
    return DASH if length is None else f"{length / 1000:,.0f}"


def _latency(cell: ExportedFile) -> tuple[str, str]:
    time = cell.latency
    if time is None:
        return DASH, DASH
    return f"{time.median:.0f}", f"{time.lower:.0f}–{time.upper:.0f}"


def _notes(found: ExportReport) -> list[str]:
    lines = [
        "agree: answers equal to those of the float network; kB: 1,000 bytes",
        "µs, IQR: median and quartiles of one image's time on this machine, on one thread",
    ]
    refused, failed = _grouped(found, "refused"), _grouped(found, "error")
    if refused:
        lines.append("* LiteRT's kernels without its default delegate ran, because of the others:")
    lines += [f"  {reason}\n  in {', '.join(keys)}" for reason, keys in refused.items()]
    lines += [f"failed: {', '.join(keys)}: {reason}" for reason, keys in failed.items()]
    return [*lines, *_smallest(found)]


def _grouped(found: ExportReport, field: str) -> dict[str, list[str]]:
    """Keys of the files that share a reason."""
    groups: dict[str, list[str]] = {}
    for cell in found.cells.values():
        if getattr(cell, field):
            groups.setdefault(getattr(cell, field), []).append(cell.key)
    return groups


def _smallest(found: ExportReport) -> list[str]:
    cell, base = found.smallest(), found.baseline
    if cell is None or base is None or not cell.zip_bytes or cell.accuracy is None:
        reason = found.why_none()
        return [f"no smallest file within one point: {reason}"] if reason else []
    ratio = base.bytes["keras_zip"] / cell.zip_bytes
    change, told = 100 * (cell.accuracy - base.accuracy), cell.validation
    return [
        f"smallest zip within one point (chosen on validation images): {cell.key}",
        f"  {ratio:.1f} times smaller than the zipped Keras baseline, {change:+.2f} test points",
        *([f"  {in_words(told.images, told.loss, told.interval)}"] if told else []),
    ]
