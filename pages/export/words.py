"""What an export shows, in sentences and in large figures; pure."""

from collections.abc import Callable, Mapping

from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport
from pages.export.table import median
from pages.shared.chart import ChartText
from pages.shared.charts.sizes import human
from pages.shared.metrics import Metric
from pages.shared.words import cell_title

CHARTS: Mapping[str, ChartText] = {
    "matrix": ChartText(
        "Matrix of networks by TFLite files, coloured by {measure}.",
        "Rows are networks, columns their files; the bluer, the better. * runs with LiteRT's "
        "built-in kernels only, ✕ does not run.",
    ),
    "waterfall": ChartText(
        "Sizes in megabytes of one network from the training's file to {form}.",
        "From the top, each bar is a real file of the same network in its next form; only the last "
        "one of its kind is what ships.",
    ),
    "removal_bytes": ChartText(
        "Size in megabytes of each TFLite file, with zeros and with units removed.",
        "Hatched bars have zeros in place of the dead units, full ones have the units removed: "
        "equal answers, and only they are smaller files.",
    ),
    "removal_time": ChartText(
        "Median microseconds for one image, with zeros and with units removed.",
        "Zeros are multiplied like any other number, so only removal is faster; the thin lines "
        "span half of the calls.",
    ),
}
MEASURE_HELP = "What the colours and figures show."
TABLE = "All files of the export with accuracy, agreement, sizes and latency."
CHOSEN = (
    "Among the files that run and lose at most one point of accuracy against the unpruned network. "
    "Validation images choose it; the accuracy shown is that on the test images."
)


def headlines(matrix: ExportReport) -> list[Metric]:
    """The baseline, then the good file with the smallest zip, the smallest file, the fastest."""
    base = matrix.baseline
    if base is None:
        return []

    def least(value: Callable[[ExportedFile], float | None]) -> ExportedFile | None:
        good = [cell for cell in matrix.good() if value(cell) is not None]
        return min(good, key=lambda cell: value(cell) or 0, default=None)

    packed = base.bytes.get("keras_zip")
    found = [
        Metric(
            "Unpruned network",
            f"{100 * base.accuracy:.2f} %",
            f"Keras file, zipped: {human(packed)}" if packed else "",
            "Accuracy on the test images; the other figures are compared with this zip.",
        )
    ]
    if small := least(lambda cell: cell.zip_bytes):
        found.append(_small("Smallest zip", matrix, base, small, small.zip_bytes or 0))
    if small := least(lambda cell: cell.bytes):
        label = "Smallest file, not zipped"
        found.append(_small(label, matrix, base, small, small.bytes or 0))
    fastest = least(median)
    return [*found, _fast(matrix, base, fastest)] if fastest else found


def smallest(matrix: ExportReport) -> str:
    """A sentence about the smallest file within one point of accuracy, or why there is none."""
    cell, base = matrix.smallest(), matrix.baseline
    packed = base.bytes.get("keras_zip") if base else None
    if cell is None or base is None or not cell.zip_bytes or not packed:
        reason = matrix.why_none()
        return f"No smallest file within one point: {reason}." if reason else ""
    return (
        f"Smallest within one point: **{cell_title(matrix, cell)}**, {human(cell.zip_bytes)} as a "
        f"zip. The zipped Keras file of the unpruned network is "
        f"{packed / cell.zip_bytes:.1f} times as large. {_sure(cell)}"
    )


def removal(zeroed: ExportedFile | None, removed: ExportedFile | None) -> str:
    """What zeros save of a file, and what removing the units saves; empty if not known yet."""
    if not (zeroed and removed and zeroed.bytes and removed.bytes and zeroed.zip_bytes):
        return ""
    before, after, time = median(zeroed), median(removed), ""
    if before and after:
        time = f", an image takes {after:,.0f} µs instead of {before:,.0f} µs"
    share = round(100 * (removed.bytes / zeroed.bytes - 1))
    change = f"{share:+d} %".replace("-", "−") if share else "hardly less"
    return (
        f"Zeros alone leave the file at {human(zeroed.bytes)}; only its zip shrinks, to "
        f"{human(zeroed.zip_bytes)}. Without the dead units the file has {human(removed.bytes)} "
        f"({change}){time}."
    )


def timing(matrix: ExportReport) -> str:
    """How the times were measured; empty before the first."""
    times = [cell.latency for cell in matrix.cells.values() if cell.latency is not None]
    if not times:
        return ""
    one, load = times[0], max(time.load for time in times)
    return (
        f"Median of {one.repetitions} calls of one image after {one.warm_up} that do not count, on "
        f"one thread of the machine that made the files, while nothing else of the run worked. Its "
        f"load average was at most {load:.1f}."
    )


def attention(matrix: ExportReport) -> list[str]:
    """A line for each file that failed, or that LiteRT's default kernels do not serve."""
    lines = []
    for cell in matrix.cells.values():
        if cell.error:
            lines.append(f"{cell_title(matrix, cell)}: {cell.error}")
        elif cell.refused:
            lines.append(f"{cell_title(matrix, cell)}: {cell.refused}; it runs {cell.resolver}")
    return lines


def _small(
    label: str, matrix: ExportReport, base: ExportedNetwork, cell: ExportedFile, size: float
) -> Metric:
    packed = base.bytes.get("keras_zip")
    smaller = f"{packed / size:.1f}× smaller, " if packed and size else ""
    return Metric(
        f"{label}, within a point",
        human(size),
        f"{smaller}{_change(base, cell)} points",
        f"{cell_title(matrix, cell)}, against the zipped Keras file of the unpruned network. "
        f"{CHOSEN} {_sure(cell)}",
    )


def _fast(matrix: ExportReport, base: ExportedNetwork, cell: ExportedFile) -> Metric:
    plain, time = matrix.cell(base.key, "float32"), median(cell)
    before = median(plain) if plain else None
    faster = f"{before / time:.1f}× faster, " if before and time else ""
    return Metric(
        "Fastest, within a point",
        f"{time:,.0f} µs an image",
        f"{faster}{_change(base, cell)} points",
        f"{cell_title(matrix, cell)}, against the unpruned float32 file, both timed alone on one "
        f"thread of the machine that made the files. {CHOSEN} {_sure(cell)}",
    )


def _change(base: ExportedNetwork, cell: ExportedFile) -> str:
    return f"{100 * ((cell.accuracy or 0) - base.accuracy):+.2f}"


def _sure(cell: ExportedFile) -> str:
    """What the choice of a file rests on, in a sentence."""
    return "" if cell.validation is None else cell.validation.sentence
