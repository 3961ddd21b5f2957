"""The trade-off curves: accuracy, loss and size against K or another scale."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from engine.compare.answers import front
from engine.results.points import BASELINE, Point
from pages.shared.charts.base import add_curve, figure, logarithmic
from pages.shared.charts.sizes import LABELS, File, Unit, human, size, unit_of
from pages.shared.charts.stretched import height, stretched
from pages.shared.palette import FRONT, METHODS
from pages.shared.words import point_title

ACCURACY = "test accuracy, %, stretched"


@dataclass(frozen=True, slots=True)
class Scale:
    """A quantity of a point that others are drawn against: its choice, its axis, its values."""

    label: str
    title: str
    value: Callable[[Point], float]
    logarithmic: bool = False


SCALES: Mapping[str, Scale] = {
    "k": Scale("Sparsity K", "sparsity K, %", lambda point: 100 * point.sparsity),
    "parameters": Scale(
        "Effective parameters",
        "parameters left after removal",
        lambda point: point.effective_parameters,
        logarithmic=True,
    ),
    "compression": Scale(
        "Compression ratio",
        "compression ratio, parameters ÷ nonzero",
        lambda point: point.compression_ratio,
        logarithmic=True,
    ),
    "speedup": Scale(
        "Theoretical speed-up",
        "theoretical speed-up, MACs ÷ nonzero MACs",
        lambda point: point.theoretical_speedup,
        logarithmic=True,
    ),
}
"""By the name that stands in the URL."""


def accuracy(points: Sequence[Point], *, scale: str = "k") -> go.Figure:
    """Test accuracy in percent of each method, with the baseline as a line across."""
    chart = _curves(points, SCALES[scale], ACCURACY, lambda p: height(100 * p.accuracy))
    return stretched(chart, [100 * p.accuracy for p in points])


def loss(points: Sequence[Point], *, scale: str = "k") -> go.Figure:
    """Test cross-entropy in nats of each method, the baseline across; diverged is a gap."""
    chart = _curves(points, SCALES[scale], "test loss, nats", lambda p: p.loss)
    return chart.update_yaxes(rangemode="tozero")


def file_size(points: Sequence[Point], file: File, *, scale: str = "k") -> go.Figure:
    """Length of one kind of model file in MB (10⁶ bytes), or in kB where all are short."""
    unit = unit_of(size(point, file) for point in points)
    title = f"{'zipped ' if file.zipped else ''}{LABELS[file.format]} file, {unit.name}"
    chart = _curves(points, SCALES[scale], title, lambda p: _length(p, file, unit))
    return chart.update_yaxes(rangemode="tozero")


def accuracy_by_size(points: Sequence[Point], file: File) -> go.Figure:
    """Accuracy against the size of a file; what no other point beats is joined by a line."""
    unit = unit_of(size(point, file) for point in points)
    chart = figure(f"size of the {file.label}, {unit.name} (log scale)", ACCURACY, height=420)
    made = [point for point in points if size(point, file)]
    places = [(float(size(p, file) or 0), p.accuracy) for p in made]
    best = sorted(places[i] for i in front(places))
    chart.add_scatter(
        name="Pareto front",
        x=[x / unit.bytes for x, _ in best],
        y=[height(100 * y) for _, y in best],
        mode="lines",
        line={"color": FRONT, "width": 1.5, "shape": "hv"},
        hoverinfo="skip",
    )
    for method, own in _by_method(made).items():
        add_curve(
            chart,
            METHODS[method],
            [_length(p, file, unit) for p in own],
            [height(100 * p.accuracy) for p in own],
            size=11,
            text=[describe(p, file) for p in own],
            mode="markers",
            hover="%{text}",
        )
    stretched(chart, [100 * p.accuracy for p in made])
    return logarithmic(chart, [_length(p, file, unit) or 1.0 for p in made])


def describe(point: Point, file: File | None = None) -> str:
    """What the chart says about a point when it is pointed at."""
    files = (file,) if file else (File(), File(zipped=True))
    lengths = [(each.label, size(point, each)) for each in files]
    lines = [
        f"<b>{point_title(point)}</b>",
        f"accuracy {100 * point.accuracy:.2f} %",
        "loss diverged" if math.isnan(point.loss) else f"loss {point.loss:.3f} nats",
        f"{point.nonzero_parameters:,} nonzero parameters",
        *(f"{label} {human(length)}" for label, length in lengths if length is not None),
    ]
    return "<br>".join(lines)


def _curves(
    points: Sequence[Point], scale: Scale, y_title: str, value: Callable[[Point], float | None]
) -> go.Figure:
    """A curve of each method, all from the baseline on, whose value is a line across."""
    title = f"{scale.title} (log scale)" if scale.logarithmic else scale.title
    chart = figure(title, y_title)
    measured = _by_method(points)
    baseline = measured.pop(BASELINE, [])
    for method, own in measured.items():
        ordered = [*baseline, *sorted(own, key=lambda p: p.sparsity)]
        known = [(p, y) for p in ordered if (y := value(p)) is not None]
        add_curve(
            chart,
            METHODS[method],
            [scale.value(p) for p, _ in known],
            [y for _, y in known],
            text=[describe(p) for p, _ in known],
            hover="%{text}",
        )
    across = value(baseline[0]) if baseline else None
    if across is not None and math.isfinite(across):
        style = METHODS[BASELINE]
        chart.add_hline(y=across, line={"color": style.colour, "dash": style.dash, "width": 1})
    return logarithmic(chart, list(map(scale.value, points))) if scale.logarithmic else chart


def _by_method(points: Sequence[Point]) -> dict[str, list[Point]]:
    """The points of each method that has some, in the order of the palette."""
    found = {method: [p for p in points if p.method == method] for method in METHODS}
    return {method: own for method, own in found.items() if own}


def _length(point: Point, file: File, unit: Unit) -> float | None:
    length = size(point, file)
    return None if length is None else length / unit.bytes
