"""A sweep in a few figures that can be said aloud."""

from collections.abc import Sequence

from engine.results.paired import SLACK, TOLERANCE, too_few
from engine.results.points import Point
from engine.settings import percent
from pages.shared.headline import Headline


def of(baseline: Point, points: Sequence[Point]) -> list[Headline]:
    """The baseline, the highest nearly free K of each paper method, and the int8 file."""
    reason = _why_not(baseline, points)
    if reason:
        told = baseline.validation
        few = "no validation images" if told is None else f"{told.images:,} validation images"
        return [_baseline(baseline), Headline("Within a point", "No pick", few, reason)]
    best = [_free(method, points) for method in ("weight", "unit", "hybrid")]
    pruned = [_pruned(point, baseline) for point in best if point]
    return [_baseline(baseline), *pruned, *_int8(baseline)]


def _why_not(baseline: Point, points: Sequence[Point]) -> str:
    """Why validation images choose nothing here; empty where they can."""
    if not points:
        return ""
    told = [point.validation for point in (baseline, *points) if point.validation is not None]
    if len(told) <= len(points):
        return "Measured before points were compared on validation images: start the sweep again."
    return "" if told[0].tells(TOLERANCE) else f"{too_few(told[0].images, TOLERANCE)}."


def _baseline(point: Point) -> Headline:
    return Headline(
        "Unpruned network",
        f"{100 * point.accuracy:.2f} %",
        f"{point.parameters:,} parameters",
        "Accuracy on the test images, before anything is pruned.",
    )


def _free(method: str, points: Sequence[Point]) -> Point | None:
    good = [p for p in points if p.method == method and _nearly_free(p)]
    return max(good, key=lambda p: p.sparsity, default=None)


def _nearly_free(point: Point) -> bool:
    return point.validation is not None and point.validation.loss <= TOLERANCE + SLACK


def _pruned(point: Point, baseline: Point) -> Headline:
    change = 100 * (point.accuracy - baseline.accuracy)
    sure = point.validation.sentence if point.validation else ""
    before, after = baseline.bytes.get("tflite_zip"), _shipped(point)
    smaller = f", zip {before / after:.1f}× smaller" if before and after else ""
    return Headline(
        f"{point.method.capitalize()} pruning",
        f"K = {percent(point.sparsity)} %",
        f"{change:+.2f} points{smaller}",
        "The highest measured K that costs at most one point of accuracy on validation images; "
        f"the change is that on the test images. {sure} The zip is that of the TFLite "
        "file, without the units that were pruned.",
    )


def _shipped(point: Point) -> int | None:
    return (point.removed_bytes or point.bytes).get("tflite_zip")


def _int8(baseline: Point) -> list[Headline]:
    raw, packed = baseline.bytes.get("tflite"), baseline.bytes.get("tflite_dynamic")
    if not raw or not packed or baseline.tflite_dynamic_accuracy is None:
        return []
    change = 100 * (baseline.tflite_dynamic_accuracy - baseline.accuracy)
    text = "The TFLite file of the unpruned network with int8 weights, against float32."
    figure = f"{raw / packed:.1f}× smaller"
    return [Headline("Dynamic int8", figure, f"{change:+.2f} points", text)]
