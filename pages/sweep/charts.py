"""The trade-off curves: accuracy, loss and size against K or another scale."""

import math
from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.compare.pareto import front
from engine.results.points import BASELINE, Point
from engine.settings import percent
from pages.shared.charts.base import figure, logarithmic, marker
from pages.shared.charts.sizes import LABELS, File, Unit, human, size, unit_of
from pages.shared.charts.stretched import height, stretched
from pages.shared.palette import FRONT, METHODS
from pages.sweep.scales import SCALES, Scale

ACCURACY = "test accuracy, %, stretched"

Value = Callable[[Point], float | None]


def accuracy(points: Sequence[Point], *, scale: str = "k") -> go.Figure:
    """Test accuracy in percent of each method, with the baseline as a line across."""
    chart = _curves(points, SCALES[scale], ACCURACY, _height)
    stretched(chart, [100 * p.accuracy for p in points])
    return _across(chart, points, _height)


def loss(points: Sequence[Point], *, scale: str = "k") -> go.Figure:
    """Test cross-entropy in nats of each method, the baseline across; diverged is a gap."""
    chart = _curves(points, SCALES[scale], "test loss, nats", lambda p: p.loss)
    chart.update_yaxes(rangemode="tozero")
    return _across(chart, points, lambda p: p.loss)


def file_size(points: Sequence[Point], file: File, *, scale: str = "k") -> go.Figure:
    """Length of one kind of model file in MB (10⁶ bytes), or in kB where all are short."""
    unit = _unit(points, file)
    title = f"{'zipped ' if file.zipped else ''}{LABELS[file.format]} file, {unit.name}"

    def length(point: Point) -> float | None:
        return _length(point, file, unit)

    chart = _curves(points, SCALES[scale], title, length)
    chart.update_yaxes(rangemode="tozero")
    return _across(chart, points, length)


def accuracy_by_size(points: Sequence[Point], file: File) -> go.Figure:
    """Accuracy against the size of a file; what no other point beats is joined by a line."""
    unit = _unit(points, file)
    title = f"size of the {file.label}, {unit.name} (log scale)"
    chart = figure(title, ACCURACY, height=420)
    made = [point for point in points if size(point, file)]
    _add_front(chart, made, file, unit)
    for method in _methods(made, with_baseline=True):
        _add_cloud(chart, method, [p for p in made if p.method == method], file, unit)
    stretched(chart, [100 * p.accuracy for p in made])
    return logarithmic(chart, [_length(p, file, unit) or 1.0 for p in made])


def _height(point: Point) -> float | None:
    return height(100 * point.accuracy)


def _curves(points: Sequence[Point], scale: Scale, y_title: str, value: Value) -> go.Figure:
    title = f"{scale.title} (log scale)" if scale.logarithmic else scale.title
    chart = figure(title, y_title)
    baseline = [point for point in points if point.method == BASELINE]
    for method in _methods(points):
        _add_curve(chart, method, [*baseline, *_of(points, method)], scale, value)
    return logarithmic(chart, list(map(scale.value, points))) if scale.logarithmic else chart


def _add_curve(
    chart: go.Figure, method: str, points: Sequence[Point], scale: Scale, value: Value
) -> None:
    shown = [(scale.value(p), y, describe(p)) for p in points if (y := value(p)) is not None]
    look = METHODS[method]
    chart.add_scatter(
        name=look.label,
        x=[x for x, _, _ in shown],
        y=[y for _, y, _ in shown],
        text=[text for _, _, text in shown],
        mode="lines+markers",
        line={"color": look.colour, "dash": look.dash, "width": 2.5},
        marker=marker(look, 8),
        hovertemplate="%{text}<extra></extra>",
    )


def _across(chart: go.Figure, points: Sequence[Point], value: Value) -> go.Figure:
    """Draw the baseline's value as a thin line over the whole width."""
    height = next((value(p) for p in points if p.method == BASELINE), None)
    if height is not None and math.isfinite(height):
        look = METHODS[BASELINE]
        chart.add_hline(y=height, line={"color": look.colour, "dash": look.dash, "width": 1})
    return chart


def _add_front(chart: go.Figure, points: Sequence[Point], file: File, unit: Unit) -> None:
    places = [(float(size(p, file) or 0), p.accuracy) for p in points]
    best = sorted(places[i] for i in front(places))
    chart.add_scatter(
        name="Pareto front",
        x=[x / unit.bytes for x, _ in best],
        y=[height(100 * y) for _, y in best],
        mode="lines",
        line={"color": FRONT, "width": 1.5, "shape": "hv"},
        hoverinfo="skip",
    )


def _add_cloud(
    chart: go.Figure, method: str, points: Sequence[Point], file: File, unit: Unit
) -> None:
    look = METHODS[method]
    chart.add_scatter(
        name=look.label,
        x=[_length(p, file, unit) for p in points],
        y=[_height(p) for p in points],
        text=[describe(p, file) for p in points],
        mode="markers",
        marker=marker(look, 11),
        hovertemplate="%{text}<extra></extra>",
    )


def describe(point: Point, file: File | None = None) -> str:
    """What the chart says about a point when it is pointed at."""
    name = METHODS[point.method].label
    title = name if point.method == BASELINE else f"{name}, K = {percent(point.sparsity)} %"
    lines = [
        f"<b>{title}</b>",
        f"accuracy {100 * point.accuracy:.2f} %",
        "loss diverged" if math.isnan(point.loss) else f"loss {point.loss:.3f} nats",
    ]
    lines.append(f"{point.nonzero_parameters:,} nonzero parameters")
    files = (file,) if file else (File(), File(zipped=True))
    lengths = [(each.label, size(point, each)) for each in files]
    lines += [f"{label} {human(length)}" for label, length in lengths if length is not None]
    return "<br>".join(lines)


def _unit(points: Sequence[Point], file: File) -> Unit:
    return unit_of(size(point, file) for point in points)


def _length(point: Point, file: File, unit: Unit) -> float | None:
    length = size(point, file)
    return None if length is None else length / unit.bytes


def _of(points: Sequence[Point], method: str) -> list[Point]:
    return sorted((p for p in points if p.method == method), key=lambda p: p.sparsity)


def _methods(points: Sequence[Point], *, with_baseline: bool = False) -> list[str]:
    present = {point.method for point in points}
    return [m for m in METHODS if m in present and (with_baseline or m != BASELINE)]
