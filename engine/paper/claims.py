"""The claimed compression ratios, "3x at 50 %" and "10x with quantization": what gives them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.results.export_report import ExportReport
from engine.results.points import BASELINE

WHOLE = "keras_zip"
"""What everything is compared with: the zipped Keras file of the unpruned network."""


LINES = (
    (3.0, "half of the weights zero, Keras file, zipped", "weight-0.5", None),
    (3.0, "half of the units zero, Keras file, zipped", "unit-0.5", None),
    (3.0, "half of the units removed, Keras file, zipped", "unit-0.5-removed", None),
    (10.0, "half of the weights zero, int8 TFLite, zipped", "weight-0.5", "dynamic"),
    (10.0, "half of the units removed, int8 TFLite, zipped", "unit-0.5-removed", "dynamic"),
    (10.0, "80 % of the weights zero, int8 TFLite, zipped", "weight-0.8", "dynamic"),
)
"""Claimed ratio, what is compared, its row in the matrix, its TFLite variant if it has one."""


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
    whole, found = matrix.rows.get(BASELINE), []
    for claimed, what, row, variant in LINES:
        network = matrix.rows.get(row)
        if whole is None or network is None:
            continue
        size = network.bytes.get(WHOLE)
        accuracy: float | None = network.accuracy
        if variant:
            cell = matrix.cell(row, variant)
            size, accuracy = (cell.zip_bytes, cell.accuracy) if cell else (None, None)
        if size and accuracy is not None:
            ratio, lost = whole.bytes[WHOLE] / size, whole.accuracy - accuracy
            found.append(Claim(claimed, what, size, ratio, lost))
    return tuple(found)


def to_json(claim: Claim) -> dict[str, Any]:
    """The claim as JSON values."""
    return asdict(claim) | {"holds": claim.holds}


def from_json(values: Mapping[str, Any]) -> Claim:
    """The claim that `to_json` wrote."""
    return Claim(**{name: value for name, value in values.items() if name != "holds"})
