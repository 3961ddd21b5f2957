"""Settings of a one-shot sweep."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from engine.settings.declare import Matters, RunSettings, inner, option
from engine.settings.train import PAPER_EPOCHS, TrainSettings
from engine.settings.values import Choice, Real, Several, Sparsity
from engine.system import registry

METHODS = Choice(partial(registry.names, "methods"))
SCOPES = ("layer", "global")
BIAS_RULES = ("kept", "pruned")
NORMS = ("l2", "l1")
PAPER_SPARSITIES = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


class PrunesOnce(RunSettings, ABC):
    """Settings that prune a trained network once, by several methods.

    Subclasses declare the fields of `SCOPE`, `BIAS`, `NORM` and `UNIT_SHARE`.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def pruned_by(self) -> frozenset[str]:
        """The methods that are used."""


def _prunes(settings: PrunesOnce) -> bool:
    return bool(settings.pruned_by)


def _to_method(name: str) -> Matters:
    """Whether one of the methods that are used says that the setting matters."""
    return lambda settings: any(
        name in registry.found("methods")[method].fields for method in settings.pruned_by
    )


SCOPE = option(
    "layer",
    Choice(SCOPES),
    label="Scope",
    help="Rank inside each layer (as the paper does), or over all hidden layers at once.",
    matters=_prunes,
)
BIAS = option(
    "kept",
    Choice(BIAS_RULES),
    label="Bias",
    help="Keep biases, or prune them too (as the paper does): by magnitude, or with their unit.",
    matters=_prunes,
)
NORM = option(
    "l2",
    Choice(NORMS),
    label="Norm",
    help="What makes a unit weak: the L2 norm of its weights (as the paper does), or L1.",
    matters=_to_method("norm"),
)
UNIT_SHARE = option(
    0.5,
    Real(0, 1, percent=True),
    label="Unit share of the hybrid, %",
    help="Hybrid only: the part of K that is reached by removing units.",
    matters=_to_method("unit_share"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepSettings(PrunesOnce):
    """A one-shot sweep: every method at every sparsity, each from the same baseline."""

    kind: ClassVar[str] = "sweep"
    title: ClassVar[str] = "Sweep"
    first_guess: ClassVar[float] = 60.0
    done_first: ClassVar[str] = "sweeps"

    baseline: TrainSettings = inner(TrainSettings, (TrainSettings,), allowed="training settings")
    methods: tuple[str, ...] = option(
        ("weight", "unit", "hybrid"),
        Several(METHODS, one="method", of="methods"),
        label="Methods",
        help="Weight: single weights. Unit: whole neurons or filters. Hybrid: units, then "
        "weights. The random ones show what ranking is worth.",
    )
    sparsities: tuple[float, ...] = option(
        PAPER_SPARSITIES,
        Several(Sparsity(), one="sparsity", of="values of K", most=50, order=float),
        label="Sparsities K, %",
        help="Shares of weights or units to zero, in percent from 0 to 99, with commas.",
    )
    scope: str = SCOPE
    bias: str = BIAS
    norm: str = NORM
    unit_share: float = UNIT_SHARE

    @property
    def pruned_by(self) -> frozenset[str]:
        """The methods that are used."""
        return frozenset(self.methods)

    @property
    def needs(self) -> TrainSettings:
        """The baseline has to be trained first."""
        return self.baseline


def paper_sweep(*, dataset: str = "mnist", seed: int = 0) -> SweepSettings:
    """Everything as published: 50 epochs, layer scope, biases pruned, L2 norm, weight and unit."""
    baseline = TrainSettings.of(dataset=dataset, epochs=PAPER_EPOCHS, decay="constant", seed=seed)
    return SweepSettings(baseline=baseline, methods=("weight", "unit"), bias="pruned")
