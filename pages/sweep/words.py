"""What the page Sweep says: of its charts, of the whole sweep in large figures, of equal points."""

from collections.abc import Mapping, Sequence

from engine.pruning.method import method_of
from engine.results.paired import SLACK, TOLERANCE, too_few
from engine.results.points import Point
from engine.settings import percent
from pages.shared.chart import CONFUSION, ChartText
from pages.shared.metrics import Metric
from pages.shared.palette import METHODS

CHARTS: Mapping[str, ChartText] = {
    "accuracy": ChartText(
        "Test accuracy in percent of each pruning method against {x}.",
        "The longer a curve stays at the dotted baseline, the more its method can prune for free; "
        "where it bends is the price.",
    ),
    "loss": ChartText(
        "Test loss in nats of each pruning method against {x}.",
        "Loss rises before accuracy falls: a network that still answers right is already less sure "
        "of it.",
    ),
    "zipped": ChartText(
        "Size of the zipped {model} file in megabytes of each pruning method against {x}.",
        "Zeros take room in the file but vanish in the zip, so this is where weight pruning pays; "
        "lower is smaller.",
    ),
    "raw": ChartText(
        "Size of the {model} file in megabytes of each pruning method against {x}.",
        "A zero is stored like any other number, so an unzipped file only shrinks where pruned "
        "units are removed.",
    ),
    "pareto": ChartText(
        "Test accuracy against file size of all points, with the Pareto front.",
        "Up and to the left is better; the grey line joins the points that no other point beats in "
        "both accuracy and size.",
    ),
    "classes": ChartText(
        "Accuracy of each class after pruning, with the baseline.",
        "Bars well below the baseline's marks are the classes that this network has forgotten "
        "first.",
    ),
    "confusion": CONFUSION,
}
TABLE = "All points of the sweep with accuracy, loss, parameters and sizes."
HELP: Mapping[str, str] = {
    "scale": "Equal K is not equal size: removing half of the units leaves a third of a "
    "dense network's parameters.",
    "format": "The same network as a Keras file, for LiteRT in float32, or in dynamic int8.",
    "removed": "Unit and hybrid pruning: count the files of the network without its pruned units "
    "(the outputs are equal), or with zeros in their place.",
}


def headlines(baseline: Point, points: Sequence[Point]) -> list[Metric]:
    """The baseline, the highest nearly free K of each paper method, and the dynamic int8 file."""
    found = [
        Metric(
            "Unpruned network",
            f"{100 * baseline.accuracy:.2f} %",
            f"{baseline.parameters:,} parameters",
            "Accuracy on the test images, before anything is pruned.",
        )
    ]
    reason = _why_no_pick(baseline, points)
    if reason:
        asked = baseline.validation
        few = "no validation images" if asked is None else f"{asked.images:,} validation images"
        return [*found, Metric("Within a point", "No pick", few, reason)]
    free = [p for p in points if p.validation and p.validation.loss <= TOLERANCE + SLACK]
    for method in ("weight", "unit", "hybrid"):
        own = [point for point in free if point.method == method]
        if own:
            found.append(_pruned(max(own, key=lambda point: point.sparsity), baseline))
    raw, packed = baseline.bytes.get("tflite"), baseline.bytes.get("tflite_dynamic")
    if raw and packed and baseline.tflite_dynamic_accuracy is not None:
        change = 100 * (baseline.tflite_dynamic_accuracy - baseline.accuracy)
        text = "The TFLite file of the unpruned network with int8 weights, against float32."
        smaller = f"{raw / packed:.1f}× smaller"
        found.append(Metric("Dynamic int8", smaller, f"{change:+.2f} points", text))
    return found


def _why_no_pick(baseline: Point, points: Sequence[Point]) -> str:
    """Why validation images choose nothing here; empty where they can."""
    if not points:
        return ""
    found = [point.validation for point in (baseline, *points) if point.validation is not None]
    if len(found) <= len(points):
        return "Measured before points were compared on validation images: start the sweep again."
    return "" if found[0].tells(TOLERANCE) else f"{too_few(found[0].images, TOLERANCE)}."


def _pruned(point: Point, baseline: Point) -> Metric:
    change = 100 * (point.accuracy - baseline.accuracy)
    sure = point.validation.sentence if point.validation else ""
    before = baseline.bytes.get("tflite_zip")
    after = (point.removed_bytes or point.bytes).get("tflite_zip")
    smaller = f", zip {before / after:.1f}× smaller" if before and after else ""
    return Metric(
        f"{point.method.capitalize()} pruning",
        f"K = {percent(point.sparsity)} %",
        f"{change:+.2f} points{smaller}",
        "The highest measured K that costs at most one point of accuracy on validation images; "
        f"the change is that on the test images. {sure} The zip is that of the TFLite "
        "file, without the units that were pruned.",
    )


def repeats(points: Sequence[Point]) -> list[str]:
    """A sentence for each group of points of one method that removed the same units.

    Where a layer has few units, different K can ask for the same network. Masks of one method are
    nested, so that equal shares are equal units.
    """
    networks: dict[tuple[str, float], list[Point]] = {}
    for point in sorted(points, key=lambda p: (p.method, p.achieved_sparsity, p.sparsity)):
        method = method_of(point.method)
        if method is not None and method.counts_units:
            networks.setdefault((point.method, point.achieved_sparsity), []).append(point)
    found = []
    for (name, reached), same in networks.items():
        if len(same) > 1:
            *first, last = (percent(point.sparsity) for point in same)
            found.append(
                f"{METHODS[name].label} at K = {', '.join(first)} and {last} % is one and the "
                f"same network: only whole units can go, here {100 * reached:.4g} % of them."
            )
    return found
