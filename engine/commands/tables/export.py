"""The table of an export."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from engine.commands.tables import cells
from engine.commands.tables.cells import DASH, percent
from engine.results.export_report import ExportReport, export_report
from engine.results.paired import in_words
from engine.settings import percent as k_percent


def show(result: Mapping[str, Any]) -> None:
    """Print an export: a row per file, then the smallest good one and what needs attention."""
    found = export_report(result["networks"], result["files"])
    columns = ("acc %", "agree %", "kB", "zip kB", "µs", "IQR")
    table = cells.table(f"run {result['run']}", ["network", "file"], columns)
    for cell in found.cells.values():
        row, time = found.rows[cell.row], cell.latency
        level = f" {k_percent(row.sparsity)}" if row.sparsity else ""
        table.add_row(
            f"{row.method}{level}{' removed' if row.removed else ''}",
            cell.variant + ("*" if cell.refused else ""),
            percent(cell.accuracy) if not cell.error else "failed",
            percent(cell.agreement),
            _kilobytes(cell.bytes),
            _kilobytes(cell.zip_bytes),
            DASH if time is None else f"{time.median:.0f}",
            DASH if time is None else f"{time.lower:.0f}–{time.upper:.0f}",
        )
    console = Console(highlight=False)
    console.print(table)
    for line in _notes(found):
        console.print(line, style="dim", markup=False)


def _kilobytes(length: int | None) -> str:
    return DASH if length is None else f"{length / 1000:,.0f}"


def _notes(found: ExportReport) -> list[str]:
    lines = [
        "dynamic: dynamic int8; int8: full int8",
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
