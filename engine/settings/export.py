"""Settings of an export: which networks become files, in which variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from engine.settings.declare import inner, option
from engine.settings.schedule import ScheduleSettings
from engine.settings.sweep import BIAS, METHODS, NORM, SCOPE, UNIT_SHARE, PrunesOnce
from engine.settings.train import TrainSettings
from engine.settings.values import Choice, Pair, Several, Sparsity, Whole

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

CALIBRATED = {"int8", "int8-sparse"}
"""Variants whose ranges are set by training images."""

Pruning: TypeAlias = tuple[str, float]
"""A one-shot method and its sparsity as a fraction."""

Source: TypeAlias = TrainSettings | ScheduleSettings
"""Settings of a run that leaves a network behind."""


def _by_method(pruning: Pruning) -> tuple[int, float]:
    return METHODS.options.index(pruning[0]), pruning[1]


PRUNINGS = Several(
    Pair(
        METHODS,
        Sparsity(),
        names=("method", "sparsity"),
        such="a method and a K in percent, such as weight:90",
    ),
    one="pruning",
    of="prunings such as weight:90",
    most=12,
    empty=True,
    order=_by_method,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportSettings(PrunesOnce):
    """A matrix of model files: networks by pruning, files by quantization."""

    kind: ClassVar[str] = "export"
    title: ClassVar[str] = "Export"
    first_guess: ClassVar[float] = 60.0
    done_first: ClassVar[str] = "makes its files"

    source: Source = inner(
        TrainSettings,
        (TrainSettings, ScheduleSettings),
        allowed="settings of a run with a network",
    )
    prunings: tuple[Pruning, ...] = option(
        (("weight", 0.8), ("weight", 0.9), ("unit", 0.5)),
        PRUNINGS,
        label="Pruned once: method and K, %",
        help="One-shot prunings of this network, such as weight:80, unit:50; the network itself "
        "always comes along. Units that die are also removed, in a row of their own.",
    )
    variants: tuple[str, ...] = option(
        VARIANTS,
        Several(Choice(VARIANTS), one="variant", of="variants", order=VARIANTS.index),
        label="TFLite files of each network",
        help="float16 halves the weights. Dynamic int8 stores weights in a byte, full int8 "
        "computes in bytes too. Sparse leaves zeros out and stores their places.",
    )
    calibration: int = option(
        200,
        Whole(100, 500),
        label="Images that calibrate full int8",
        help="Training images, of each class alike, that show full int8 which values pass between "
        "the layers. Neither validation nor test images are used.",
        word="calibration images",
        matters=lambda settings: bool(CALIBRATED & set(settings.variants)),
    )
    repetitions: int = option(
        100,
        Whole(10, 1000),
        label="Timed calls of each file",
        help="The median of so many calls is reported, after 20 that do not count.",
    )
    scope: str = SCOPE
    bias: str = BIAS
    norm: str = NORM
    unit_share: float = UNIT_SHARE

    @property
    def pruned_by(self) -> frozenset[str]:
        """The methods that are used."""
        return frozenset(method for method, _ in self.prunings)

    @property
    def needs(self) -> Source:
        """The source has to be done first."""
        return self.source

    @property
    def baseline(self) -> Source:
        """The settings one step closer to the training."""
        return self.source


def prunings_as_text(prunings: Sequence[Pruning]) -> str:
    """As a person would write them."""
    return PRUNINGS.write(prunings).replace(",", ", ")
