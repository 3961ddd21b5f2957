"""What of a TFLite file the matrix can show: its value, its unit, and which end is good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.results.export_report import ExportedFile

KILOBYTE = 1000


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of a cell.

    Attributes:
        label: of the choice.
        title: with its unit.
        value: None where it is not known.
        digits: after the point.
        small_is_good: bytes and time, not accuracy.
    """

    label: str
    title: str
    value: Callable[[ExportedFile], float | None]
    digits: int = 0
    small_is_good: bool = True

    def text(self, cell: ExportedFile) -> str:
        """The value as it stands in the matrix; empty where it is not known."""
        value = self.value(cell)
        return "" if value is None else f"{value:,.{self.digits}f}"


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else factor * value


def median(cell: ExportedFile) -> float | None:
    """Median time of one image in microseconds; None until it is measured."""
    return None if cell.latency is None else cell.latency.median


MEASURES: Mapping[str, Measure] = {
    "zip": Measure("Zip", "zipped file, kB", lambda cell: _scaled(cell.zip_bytes, 1 / KILOBYTE)),
    "raw": Measure("File", "file, kB", lambda cell: _scaled(cell.bytes, 1 / KILOBYTE)),
    "accuracy": Measure(
        "Accuracy",
        "test accuracy, %",
        lambda cell: _scaled(cell.accuracy, 100),
        digits=2,
        small_is_good=False,
    ),
    "agreement": Measure(
        "Agreement",
        "answers equal to the float network's, %",
        lambda cell: _scaled(cell.agreement, 100),
        digits=2,
        small_is_good=False,
    ),
    "latency": Measure("Latency", "median time of one image, µs", median),
}
"""By the name that stands in the URL."""
