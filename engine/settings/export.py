"""Settings of an export: which networks become files, in which variants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from engine import checks
from engine.settings import fields
from engine.settings.levels import percent, sparsity_from_percent
from engine.settings.schedule import ScheduleSettings
from engine.settings.sweep import METHODS, check_pruning_options
from engine.settings.train import TrainSettings

VARIANTS = (
    "float32",
    "float16",
    "dynamic",
    "int8",
    "float32-sparse",
    "dynamic-sparse",
    "int8-sparse",
)
"""TFLite files of a network, in the order of the matrix's columns."""

Pruning: TypeAlias = tuple[str, float]
"""A one-shot method and its sparsity as a fraction."""

Source: TypeAlias = TrainSettings | ScheduleSettings
"""Settings of a run that leaves a network behind."""

MOST_PRUNINGS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportSettings:
    """A matrix of model files: networks by pruning, files by quantization.

    Attributes:
        source: the run whose network is exported: a training, or another that leaves a network.
        prunings: one-shot prunings of that network, each a method and a sparsity; the network
            itself is always exported too.
        variants: which TFLite files of each network; see `VARIANTS`.
        calibration: training images, balanced over the classes, that set the ranges of int8.
        repetitions: calls that the median latency is taken of.
        scope: of the prunings, as in a sweep: ``layer`` or ``global``.
        bias: ``kept`` or ``pruned``.
        norm: of a unit's column: l2 or l1.
        unit_share: hybrid only: the part of the sparsity that is reached by removing units.
    """

    kind: ClassVar[str] = "export"

    source: Source = field(default_factory=TrainSettings)
    prunings: tuple[Pruning, ...] = (("weight", 0.8), ("weight", 0.9), ("unit", 0.5))
    variants: tuple[str, ...] = VARIANTS
    calibration: int = 200
    repetitions: int = 100
    scope: str = "layer"
    bias: str = "kept"
    norm: str = "l2"
    unit_share: float = 0.5

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        if not isinstance(self.source, Source):
            raise checks.refuse("source", "settings of a run with a network", self.source)
        fields.freeze(self, "prunings", _prunings(self.prunings))
        fields.freeze(self, "variants", _variants(self.variants))
        checks.whole("calibration images", self.calibration, 100, 500)
        checks.whole("repetitions", self.repetitions, 10, 1000)
        check_pruning_options(self)

    @property
    def needs(self) -> Source:
        """The source has to be done first."""
        return self.source

    @property
    def baseline(self) -> Source:
        """The settings one step closer to the training."""
        return self.source


def prunings_from_text(text: str) -> tuple[Pruning, ...]:
    """The prunings that a person writes: ``weight:90, unit:50``; an empty text is none.

    Raises:
        InvalidInput: an entry is no method and percentage.
    """
    return tuple(_pruning_from_text(part.strip()) for part in text.split(",") if part.strip())


def prunings_as_text(prunings: Sequence[Pruning]) -> str:
    """As a person would write them."""
    return ", ".join(f"{method}:{percent(sparsity)}" for method, sparsity in prunings)


def _pruning_from_text(text: str) -> Pruning:
    method, colon, level = text.partition(":")
    if not colon:
        raise checks.refuse("pruning", "a method and a K in percent, such as weight:90", text)
    return checks.choice("method", method.strip(), METHODS), sparsity_from_percent(level)


def _prunings(values: Any) -> tuple[Pruning, ...]:
    if values == ():
        return ()
    of = "prunings such as weight:90"
    given = checks.distinct("prunings", values, of=of, most=MOST_PRUNINGS)
    checked = checks.distinct("prunings", [_pruning(v) for v in given], of=of, most=MOST_PRUNINGS)
    return tuple(sorted(checked, key=lambda pruning: (METHODS.index(pruning[0]), pruning[1])))


def _pruning(value: Any) -> Pruning:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise checks.refuse("pruning", "a method and a sparsity", value)
    return checks.choice("method", value[0], METHODS), fields.sparsity(value[1])


def _variants(values: Any) -> tuple[str, ...]:
    given = checks.distinct("variants", values, of="variants", most=len(VARIANTS))
    chosen = {checks.choice("variant", name, VARIANTS) for name in given}
    return tuple(name for name in VARIANTS if name in chosen)
