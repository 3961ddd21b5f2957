"""What is measured at a point, in the shape that the command line writes as JSON."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.results.paired import Paired

FORMATS = ("keras", "tflite", "tflite_dynamic")
"""The model files of a point; each also as a zip of its own (`keras_zip`, …)."""

BASELINE = "baseline"
START = "start"
ONE_SHOT = "one-shot"
SCHEDULE = "schedule"
UNPRUNED = "unpruned"
SMALL = "small"
WHOLE = (BASELINE, START, UNPRUNED, SMALL)
"""Networks that nothing is pruned of: points without a K."""


UNEQUAL = 2.0
"""So many times as many images make classes unequal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One network, measured.

    Attributes:
        method: baseline, weight, unit, hybrid, random-weight or random-unit; of a schedule:
            one-shot or start before it, schedule, unpruned or small after it.
        sparsity: K that was asked for, as a fraction.
        achieved_sparsity: zeroed share of what K counts: entries of the prunable kernels for weight
            and hybrid pruning, hidden units for unit pruning; few units reach K only in steps.
        model_sparsity: zero share of all parameters.
        accuracy: share of test images answered right.
        balanced_accuracy: mean of the classes' accuracies; None in results of earlier versions.
        loss: mean cross-entropy over the test images, in nats; NaN (null in JSON) if it diverged.
        class_accuracy: accuracy of each class; None for one without test images.
        confusion: images of class row answered as class column.
        parameters: kernel and bias entries, zeros included.
        nonzero_parameters: those that are not zero.
        effective_parameters: what is left after pruned units are physically removed.
        macs: multiply-accumulates for one image, zeros multiplied too.
        nonzero_macs: those by a kernel entry that is not zero.
        effective_macs: multiply-accumulates of the network after removal.
        bytes: length of each model file, zeros stored: keras, keras_zip, tflite, tflite_zip,
            tflite_dynamic, tflite_dynamic_zip. Empty until the files are made.
        removed_bytes: the same for the network with its pruned units removed (unit and hybrid).
        tflite_accuracy: of the float32 .tflite file, run by LiteRT over the whole test set.
        tflite_dynamic_accuracy: of the dynamic-range int8 file, likewise.
        validation: how it answers the validation images, by which networks are chosen; None in
            results of earlier versions.
        tflite_dynamic_validation: the same of the dynamic-range int8 file.
    """

    method: str
    sparsity: float
    achieved_sparsity: float
    model_sparsity: float
    accuracy: float
    loss: float
    class_accuracy: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]
    parameters: int
    nonzero_parameters: int
    effective_parameters: int
    macs: int
    nonzero_macs: int
    effective_macs: int
    bytes: Mapping[str, int] = field(default_factory=dict)
    removed_bytes: Mapping[str, int] = field(default_factory=dict)
    tflite_accuracy: float | None = None
    tflite_dynamic_accuracy: float | None = None
    balanced_accuracy: float | None = None
    validation: Paired | None = None
    tflite_dynamic_validation: Paired | None = None

    @property
    def compression_ratio(self) -> float:
        """Parameters by nonzero parameters (ShrinkBench, Blalock et al. 2020, section 6)."""
        return self.parameters / max(self.nonzero_parameters, 1)

    @property
    def theoretical_speedup(self) -> float:
        """Multiply-accumulates by those that are not with zero (ShrinkBench, section 6)."""
        return self.macs / max(self.nonzero_macs, 1)

    @property
    def key(self) -> str:
        """Name of the point inside its sweep, such as ``weight-0.5``."""
        return point_key(self.method, self.sparsity)


def unequal(images: Sequence[int]) -> bool:
    """Whether classes have so unequal numbers of images that accuracy mostly tells of the large."""
    known = [count for count in images if count]
    return bool(known) and max(known) >= UNEQUAL * min(known)


def point_key(method: str, sparsity: float) -> str:
    """Name of a point inside its sweep, such as ``weight-0.5``."""
    return method if method == BASELINE else f"{method}-{sparsity:g}"


def to_json(point: Point) -> dict[str, Any]:
    """The point as the command line writes it, ratios included."""
    values = dataclasses.asdict(point)
    values["loss"] = point.loss if math.isfinite(point.loss) else None  # JSON has no NaN
    values["compression_ratio"] = point.compression_ratio
    values["theoretical_speedup"] = point.theoretical_speedup
    return values


def from_json(values: Mapping[str, Any]) -> Point:
    """The point that `to_json` wrote."""
    names = {f.name for f in dataclasses.fields(Point)}
    fields = {name: value for name, value in values.items() if name in names}
    fields["loss"] = math.nan if fields["loss"] is None else fields["loss"]
    fields["class_accuracy"] = tuple(fields["class_accuracy"])
    fields["confusion"] = tuple(tuple(row) for row in fields["confusion"])
    for name in ("validation", "tflite_dynamic_validation"):
        if fields.get(name) is not None:
            fields[name] = Paired(**fields[name])
    return Point(**fields)
