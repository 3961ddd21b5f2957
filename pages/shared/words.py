"""Points, exported files, durations and counts in words for people; pure."""

import math
from collections.abc import Mapping

from engine.datasets import DatasetSummary
from engine.networks.architecture import architecture_of, parameters
from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport
from engine.results.points import WHOLE, Point
from engine.runs.model import Run
from engine.settings import TrainSettings, percent, training_of
from pages.shared.charts.sizes import human
from pages.shared.palette import style_of

VARIANT_TITLES: Mapping[str, str] = {
    "float32": "float32",
    "float16": "float16",
    "dynamic": "dynamic int8",
    "int8": "full int8",
    "float32-sparse": "sparse float32",
    "dynamic-sparse": "sparse dynamic int8",
    "int8-sparse": "sparse full int8",
}
"""The TFLite files of an export as pages call them."""


def dataset_of(run: Run) -> str:
    """The data set that the run is about, as in its settings; empty where they are not known."""
    return training_of(run.known).data.dataset if run.known else ""


def point_title(point: Point) -> str:
    """Such as: Weight, K = 90 %."""
    label = style_of(point.method).label
    if point.method in WHOLE and not point.sparsity:
        return label
    return f"{label}, K = {percent(point.sparsity)} %"


def row_title(row: ExportedNetwork) -> str:
    """Such as: Unit, K = 50 %, removed."""
    level = f", K = {percent(row.sparsity)} %" if row.sparsity else ""
    return f"{style_of(row.method).label}{level}{', removed' if row.removed else ''}"


def row_label(row: ExportedNetwork) -> str:
    """The same on an axis, in short lines."""
    name = row.method.capitalize().replace("-", "<br>")
    level = f"{percent(row.sparsity)} %" if row.sparsity else ""
    return "<br>".join(part for part in (name, level, "removed" if row.removed else "") if part)


def variant_label(variant: str) -> str:
    """The file on an axis, in short lines."""
    title = VARIANT_TITLES[variant].replace("dynamic", "dyn.").replace("float", "float ")
    return title.replace(" ", "<br>")


def cell_title(matrix: ExportReport, cell: ExportedFile) -> str:
    """Such as: Weight, K = 80 %, as int8 weights."""
    return f"{row_title(matrix.rows[cell.row])}, as {VARIANT_TITLES[cell.variant]}"


def form_title(form: str) -> str:
    """The form of a network in a waterfall, such as: TFLite dynamic int8, zipped."""
    kind, _, rest = form.partition(" ")
    variant, comma, end = rest.partition(",")
    return f"{kind} {VARIANT_TITLES.get(variant, variant)}{comma}{end}"


def expected(settings: TrainSettings, data: DatasetSummary) -> str:
    """What a training will work on: images, parameters, and what is downloaded first.

    Raises:
        InvalidInput: the network cannot read such images.
    """
    shape = " × ".join(str(side) for side in data.image_shape)
    images = f"{data.train:,} training and {data.test:,} test images of {shape}"
    count = parameters(architecture_of(settings, data.image_shape, data.classes))
    parts = [f"{images}, {data.classes} classes", f"{count:,} parameters"]
    if not data.local:
        parts.append(f"downloads about {human(data.download_bytes)} on first use")
    return " · ".join(parts)


def seconds(value: float) -> str:
    """A duration: 8 s, 3 min, 2.0 h."""
    if value < 90:
        return f"{max(value, 1):.0f} s"
    return f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.1f} h"


def ago(passed: float) -> str:
    """How long ago something was, of the seconds that have passed since."""
    if passed < 60:
        return "just now"
    if passed < 86_400:
        return f"{seconds(passed)} ago"
    return f"{plural(round(passed / 86_400), 'day')} ago"


def plural(count: int, word: str) -> str:
    """Such as: 3 epochs."""
    return f"{count:,} {word}{'s' if count > 1 else ''}"


def loss(nats: float | None) -> str:
    """A loss for people; None and NaN are what a diverged training leaves."""
    return "diverged" if nats is None or math.isnan(nats) else f"{nats:.4f}"
