"""What an export shows, in sentences and in large figures; pure."""

from collections.abc import Callable, Mapping
from operator import itemgetter

from engine.results.export_report import ExportedFile, ExportReport
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
AGAINST: Mapping[str, str] = {
    "bytes": "the zipped Keras file of the unpruned network",
    "time": "the unpruned float32 file, both timed alone on one thread of the machine that made "
    "the files",
}


def headlines(matrix: ExportReport) -> list[Metric]:
    """The baseline, then the good file with the smallest zip, the smallest file, the fastest."""
    base = matrix.baseline
    if base is None:
        return []
    packed, plain = base.bytes.get("keras_zip"), matrix.cell(base.key, "float32")
    before = None if plain is None else median(plain)
    length = (human, "smaller", AGAINST["bytes"])
    time = ("{:,.0f} µs an image".format, "faster", AGAINST["time"])
    return [
        Metric(
            "Unpruned network",
            f"{100 * base.accuracy:.2f} %",
            f"Keras file, zipped: {human(packed)}" if packed else "",
            "Accuracy on the test images; the other figures are compared with this zip.",
        ),
        *_least(matrix, "Smallest zip", lambda cell: cell.zip_bytes, packed, *length),
        *_least(matrix, "Smallest file, not zipped", lambda cell: cell.bytes, packed, *length),
        *_least(matrix, "Fastest", median, before, *time),
    ]


def _least(
    matrix: ExportReport,
    label: str,
    measured: Callable[[ExportedFile], float | None],
    unpruned: float | None,
    text: Callable[[float], str],
    better: str,
    against: str,
) -> list[Metric]:
    """The good file with the least of a quantity beside that of the `unpruned` network."""
    known = [(value, cell) for cell in matrix.good() if (value := measured(cell)) is not None]
    if matrix.baseline is None or not known:
        return []
    value, cell = min(known, key=itemgetter(0))
    ratio = f"{unpruned / value:.1f}× {better}, " if unpruned and value else ""
    change = 100 * ((cell.accuracy or 0) - matrix.baseline.accuracy)
    return [
        Metric(
            f"{label}, within a point",
            text(value),
            f"{ratio}{change:+.2f} points",
            f"{cell_title(matrix, cell)}, against {against}. {CHOSEN} {_sure(cell)}",
        )
    ]


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


def _sure(cell: ExportedFile) -> str:
    """What the choice of a file rests on, in a sentence."""
    return "" if cell.validation is None else cell.validation.sentence
