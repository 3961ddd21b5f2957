"""An export in a few figures that can be said aloud; pure."""

from collections.abc import Callable

from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport
from pages.export.measures import median
from pages.export.words import sure
from pages.shared.charts.sizes import human
from pages.shared.headline import Headline
from pages.shared.titles import cell_title

CHOSEN = (
    "Among the files that run and lose at most one point of accuracy against the unpruned network. "
    "Validation images choose it; the accuracy shown is that on the test images."
)


def headlines(matrix: ExportReport) -> list[Headline]:
    """The baseline, then the good file with the smallest zip, the smallest file, the fastest."""
    base = matrix.baseline
    if base is None:
        return []
    found = [_baseline(base)]
    for label, size in (("Smallest zip", _zip), ("Smallest file, not zipped", _file)):
        best = _least(matrix, size)
        found += [_small(label, matrix, base, best, size(best) or 0)] if best else []
    fastest = _least(matrix, median)
    return [*found, _fast(matrix, base, fastest)] if fastest else found


def _zip(cell: ExportedFile) -> float | None:
    return cell.zip_bytes


def _file(cell: ExportedFile) -> float | None:
    return cell.bytes


def _least(
    matrix: ExportReport, size: Callable[[ExportedFile], float | None]
) -> ExportedFile | None:
    good = [cell for cell in matrix.good() if size(cell) is not None]
    return min(good, key=lambda cell: size(cell) or 0, default=None)


def _baseline(base: ExportedNetwork) -> Headline:
    packed = base.bytes.get("keras_zip")
    return Headline(
        "Unpruned network",
        f"{base.accuracy:.2%}".replace("%", " %"),
        f"Keras file, zipped: {human(packed)}" if packed else "",
        "Accuracy on the test images; the other figures are compared with this zip.",
    )


def _small(
    label: str, matrix: ExportReport, base: ExportedNetwork, cell: ExportedFile, size: float
) -> Headline:
    packed = base.bytes.get("keras_zip")
    smaller = f"{packed / size:.1f}× smaller, " if packed and size else ""
    return Headline(
        f"{label}, within a point",
        human(size),
        f"{smaller}{_change(base, cell)} points",
        f"{cell_title(matrix, cell)}, against the zipped Keras file of the unpruned network. "
        f"{CHOSEN} {sure(cell)}",
    )


def _fast(matrix: ExportReport, base: ExportedNetwork, cell: ExportedFile) -> Headline:
    plain, time = matrix.cell(base.key, "float32"), median(cell)
    before = median(plain) if plain else None
    faster = f"{before / time:.1f}× faster, " if before and time else ""
    return Headline(
        "Fastest, within a point",
        f"{time:,.0f} µs an image",
        f"{faster}{_change(base, cell)} points",
        f"{cell_title(matrix, cell)}, against the unpruned float32 file, both timed alone on one "
        f"thread of the machine that made the files. {CHOSEN} {sure(cell)}",
    )


def _change(base: ExportedNetwork, cell: ExportedFile) -> str:
    return f"{100 * ((cell.accuracy or 0) - base.accuracy):+.2f}"
