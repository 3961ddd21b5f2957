"""The claimed compression ratios, "3x at 50 %" and "10x with quantization": what gives them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.results.export_report import ExportReport
from engine.results.points import BASELINE

WHOLE = "keras_zip"
"""What everything is compared with: the zipped Keras file of the unpruned network."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One comparison.

    Attributes:
        claimed: the ratio that was published.
        what: the file that is compared, in words.
        bytes: its length.
        ratio: bytes of the whole network's zipped Keras file by its bytes.
        lost: accuracy that it loses against the whole network, as a share.
    """

    claimed: float
    what: str
    bytes: int
    ratio: float
    lost: float

    @property
    def holds(self) -> bool:
        """Whether the claimed ratio is reached, as it was printed: "3.x", "10.x"."""
        return self.ratio >= self.claimed


def claims(matrix: ExportReport) -> tuple[Claim, ...]:
    """The comparisons, from the matrix of the export `study.claimed()`.

    Files that could not be made are left out.
    """
    made = (_claim(matrix, *line) for line in _LINES)
    return tuple(claim for claim in made if claim is not None)


def to_json(claim: Claim) -> dict[str, Any]:
    """The claim as JSON values."""
    return asdict(claim) | {"holds": claim.holds}


def from_json(values: Mapping[str, Any]) -> Claim:
    """The claim that `to_json` wrote."""
    return Claim(**{name: value for name, value in values.items() if name != "holds"})


_LINES = (
    (3.0, "half of the weights zero, Keras file, zipped", "weight-0.5", None),
    (3.0, "half of the units zero, Keras file, zipped", "unit-0.5", None),
    (3.0, "half of the units removed, Keras file, zipped", "unit-0.5-removed", None),
    (10.0, "half of the weights zero, int8 TFLite, zipped", "weight-0.5", "dynamic"),
    (10.0, "half of the units removed, int8 TFLite, zipped", "unit-0.5-removed", "dynamic"),
    (10.0, "80 % of the weights zero, int8 TFLite, zipped", "weight-0.8", "dynamic"),
)


def _claim(
    matrix: ExportReport, claimed: float, what: str, row: str, variant: str | None
) -> Claim | None:
    whole, network = matrix.rows.get(BASELINE), matrix.rows.get(row)
    if whole is None or network is None:
        return None
    size, accuracy = _measured(matrix, row, variant)
    if not size or accuracy is None:
        return None
    return Claim(claimed, what, size, whole.bytes[WHOLE] / size, whole.accuracy - accuracy)


def _measured(
    matrix: ExportReport, row: str, variant: str | None
) -> tuple[int | None, float | None]:
    if variant is None:
        return matrix.rows[row].bytes.get(WHOLE), matrix.rows[row].accuracy
    cell = matrix.cell(row, variant)
    return (None, None) if cell is None else (cell.zip_bytes, cell.accuracy)
