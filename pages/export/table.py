"""The measures of a TFLite file, and all files of an export as rows of a table."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.results.export_report import ExportedFile, ExportReport
from pages.shared.tables import kilobytes, percent
from pages.shared.words import VARIANT_TITLES, row_title


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of a file.

    Attributes:
        label: of the choice.
        title: with its unit.
        column: of the table.
        value: None where it is not known.
        digits: after the point.
        small_is_good: bytes and time, not accuracy.
    """

    label: str
    title: str
    column: str
    value: Callable[[ExportedFile], float | None]
    digits: int = 0
    small_is_good: bool = True

    def text(self, cell: ExportedFile) -> str:
        """The value as it stands in the matrix; empty where it is not known."""
        value = self.value(cell)
        return "" if value is None else f"{value:,.{self.digits}f}"


def median(cell: ExportedFile) -> float | None:
    """Median time of one image in microseconds; None until it is measured."""
    return None if cell.latency is None else cell.latency.median


MEASURES: Mapping[str, Measure] = {
    "zip": Measure("Zip", "zipped file, kB", "Zip (kB)", lambda cell: kilobytes(cell.zip_bytes)),
    "raw": Measure("File", "file, kB", "File (kB)", lambda cell: kilobytes(cell.bytes)),
    "accuracy": Measure(
        "Accuracy",
        "test accuracy, %",
        "Accuracy (%)",
        lambda cell: percent(cell.accuracy),
        digits=2,
        small_is_good=False,
    ),
    "agreement": Measure(
        "Agreement",
        "answers equal to the float network's, %",
        "Agreement (%)",
        lambda cell: percent(cell.agreement),
        digits=2,
        small_is_good=False,
    ),
    "latency": Measure("Latency", "median time of one image, µs", "Median (µs)", median),
}
"""By the name that stands in the URL."""

COLUMNS = tuple(MEASURES[name] for name in ("accuracy", "agreement", "raw", "zip", "latency"))
FORMATS = {measure.column: f"%.{measure.digits}f" for measure in COLUMNS}


def frame(matrix: ExportReport) -> pd.DataFrame:
    """The table of the page: the figures that people compare."""
    found = []
    for cell in matrix.cells.values():
        row: dict[str, Any] = {
            "Network": row_title(matrix.rows[cell.row]),
            "File": VARIANT_TITLES[cell.variant],
        }
        row |= {measure.column: measure.value(cell) for measure in COLUMNS}
        time = cell.latency
        row["Quartiles (µs)"] = None if time is None else f"{time.lower:.0f}–{time.upper:.0f}"
        row["Kernels"] = "fails" if cell.error else cell.resolver
        found.append(row)
    return pd.DataFrame(found)


def csv(matrix: ExportReport) -> bytes:
    """Everything that was measured, one row a file, UTF-8."""
    about = ("accuracy", "validation_accuracy", "loss", "parameters", "nonzero_parameters", "macs")
    found = []
    for cell in matrix.cells.values():
        network = dataclasses.asdict(matrix.rows[cell.row])
        row = {"key": cell.key, **dataclasses.asdict(cell)}
        row |= {f"latency_{name}": value for name, value in (row.pop("latency") or {}).items()}
        row |= {name: network[name] for name in ("method", "sparsity", "removed")}
        row |= {f"network_{name}": network[name] for name in about}
        row |= {f"network_bytes_{name}": size for name, size in network["bytes"].items()}
        found.append(row)
    return pd.DataFrame(found).to_csv(index=False).encode()
