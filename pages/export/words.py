"""What an export shows, in sentences for people; pure."""

from engine.results.export_report import ExportedFile, ExportReport
from pages.export.measures import median
from pages.shared.charts.sizes import human
from pages.shared.titles import cell_title


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
        f"{packed / cell.zip_bytes:.1f} times as large. {sure(cell)}"
    )


def sure(cell: ExportedFile) -> str:
    """What the choice of a file rests on, in a sentence."""
    return "" if cell.validation is None else cell.validation.sentence


def removal(zeroed: ExportedFile | None, removed: ExportedFile | None) -> str:
    """What zeros save of a file, and what removing the units saves; empty if not known yet."""
    if not (zeroed and removed and zeroed.bytes and removed.bytes and zeroed.zip_bytes):
        return ""
    before, after = median(zeroed), median(removed)
    time = ""
    if before and after:
        time = f", an image takes {after:,.0f} µs instead of {before:,.0f} µs"
    return (
        f"Zeros alone leave the file at {human(zeroed.bytes)}; only its zip shrinks, to "
        f"{human(zeroed.zip_bytes)}. Without the dead units the file has {human(removed.bytes)} "
        f"({_change(zeroed.bytes, removed.bytes)}){time}."
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


def _change(before: float, after: float) -> str:
    share = round(100 * (after / before - 1))
    return f"{share:+d} %".replace("-", "−") if share else "hardly less"
