"""Which file of a point is meant, and how long it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.results.points import Point

LABELS: Mapping[str, str] = {
    "tflite": "TFLite float32",
    "tflite_dynamic": "TFLite dynamic int8",
    "keras": "Keras",
}
"""The model files by their name in a point, in the order of the choice."""

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of an axis of sizes, and how many bytes it is."""

    name: str
    bytes: int


def unit_of(lengths: Iterable[float | None]) -> Unit:
    """The unit for an axis: MB, or kB where nothing on it reaches 1 MB."""
    longest = max((length or 0 for length in lengths), default=0)
    return Unit("MB", MEGABYTE) if longest >= MEGABYTE else Unit("kB", 1000)


@dataclass(frozen=True, slots=True)
class File:
    """A kind of model file, or its zip; `format` is one of `engine.results.points.FORMATS`.

    If `removed`, pruned units are left out where the method removes any.
    """

    format: str = "tflite"
    zipped: bool = False
    removed: bool = False

    @property
    def label(self) -> str:
        """Such as ``TFLite float32 file, zipped``."""
        return f"{LABELS[self.format]} file" + (", zipped" if self.zipped else "")


def size(point: Point, file: File) -> int | None:
    """Bytes of that file of the point; None as long as it is not made."""
    key = f"{file.format}_zip" if file.zipped else file.format
    if file.removed and point.removed_bytes:
        return point.removed_bytes.get(key)
    return point.bytes.get(key)


def human(count: float) -> str:
    """Bytes for people: 9.56 MB, 312 kB."""
    if count >= 1000 * MEGABYTE:
        return f"{count / MEGABYTE / 1000:.2f} GB"
    if count >= MEGABYTE:
        return f"{count / MEGABYTE:.2f} MB"
    return f"{count / 1000:,.0f} kB" if count >= 1000 else f"{count:.0f} B"
