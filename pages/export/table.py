"""The files of an export as rows of a table, with units in the names of the columns."""

import dataclasses
from typing import Any

import pandas as pd

from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport
from pages.export.measures import MEASURES
from pages.shared.titles import VARIANT_TITLES, row_title

COLUMNS = {
    "accuracy": "Accuracy (%)",
    "agreement": "Agreement (%)",
    "raw": "File (kB)",
    "zip": "Zip (kB)",
    "latency": "Median (µs)",
}

FORMATS = {title: "%.2f" if "%" in title else "%.0f" for title in COLUMNS.values()}


def shown(matrix: ExportReport) -> pd.DataFrame:
    """The table of the page: the figures that people compare."""
    return pd.DataFrame([_shown_row(matrix.rows[cell.row], cell) for cell in matrix.cells.values()])


def csv(matrix: ExportReport) -> bytes:
    """Everything that was measured, one row a file, UTF-8."""
    rows = [_complete_row(matrix.rows[cell.row], cell) for cell in matrix.cells.values()]
    return pd.DataFrame(rows).to_csv(index=False).encode()


def _shown_row(row: ExportedNetwork, cell: ExportedFile) -> dict[str, Any]:
    figures = {title: MEASURES[name].value(cell) for name, title in COLUMNS.items()}
    quartiles = (
        None if cell.latency is None else f"{cell.latency.lower:.0f}–{cell.latency.upper:.0f}"
    )
    names = {"Network": row_title(row), "File": VARIANT_TITLES[cell.variant]}
    return {**names, **figures, "Quartiles (µs)": quartiles, "Kernels": _kernels(cell)}


def _kernels(cell: ExportedFile) -> str:
    return "fails" if cell.error else cell.resolver


def _complete_row(row: ExportedNetwork, cell: ExportedFile) -> dict[str, Any]:
    network = {name: getattr(row, name) for name in ("method", "sparsity", "removed")}
    about = ("accuracy", "validation_accuracy", "loss", "parameters", "nonzero_parameters", "macs")
    network |= {f"network_{name}": getattr(row, name) for name in about}
    network |= {f"network_bytes_{name}": size for name, size in row.bytes.items()}
    values = dataclasses.asdict(cell)
    latency = values.pop("latency") or {}
    values = {"key": cell.key, **values}
    return {**values, **{f"latency_{k}": v for k, v in latency.items()}, **network}
