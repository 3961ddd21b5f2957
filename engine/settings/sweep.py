"""Settings of a one-shot sweep."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from engine import checks
from engine.settings import fields
from engine.settings.train import PAPER_EPOCHS, TrainSettings

METHODS = ("weight", "unit", "hybrid", "random-weight", "random-unit")
SCOPES = ("layer", "global")
BIAS_RULES = ("kept", "pruned")
NORMS = ("l2", "l1")
PAPER_SPARSITIES = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepSettings:
    """A one-shot sweep: every method at every sparsity, each from the same baseline.

    Attributes:
        baseline: the training whose network is pruned.
        methods: weight, unit, hybrid, and the baselines random-weight and random-unit.
        sparsities: fractions from 0 to 0.99, in steps of 0.00001.
        scope: rank inside each ``layer`` (paper) or over all of them at once (``global``).
        bias: ``kept``, or ``pruned`` (paper): ranked by magnitude on its own for weight pruning,
            together with its column for unit pruning.
        norm: of a unit's column: l2 (paper) or l1.
        unit_share: hybrid only: the part of the sparsity that is reached by removing units.
    """

    kind: ClassVar[str] = "sweep"

    baseline: TrainSettings = field(default_factory=TrainSettings)
    methods: tuple[str, ...] = ("weight", "unit", "hybrid")
    sparsities: tuple[float, ...] = PAPER_SPARSITIES
    scope: str = "layer"
    bias: str = "kept"
    norm: str = "l2"
    unit_share: float = 0.5

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        if not isinstance(self.baseline, TrainSettings):
            raise checks.refuse("baseline", "training settings", self.baseline)
        methods = checks.distinct("methods", self.methods, of="methods", most=len(METHODS))
        fields.freeze(self, "methods", tuple(checks.choice("method", m, METHODS) for m in methods))
        levels = checks.distinct("sparsities", self.sparsities, of="values of K", most=50)
        fields.freeze(self, "sparsities", fields.sparsities(levels))
        check_pruning_options(self)

    @property
    def needs(self) -> TrainSettings:
        """The baseline has to be trained first."""
        return self.baseline


class PruningOptions(Protocol):
    """How a method ranks and counts, in every kind of settings that prunes once."""

    @property
    def scope(self) -> str: ...  # noqa: D102
    @property
    def bias(self) -> str: ...  # noqa: D102
    @property
    def norm(self) -> str: ...  # noqa: D102
    @property
    def unit_share(self) -> float: ...  # noqa: D102


def check_pruning_options(settings: PruningOptions) -> None:
    """Check them while the frozen value is made; raise InvalidInput that names the bad one."""
    checks.choice("scope", settings.scope, SCOPES)
    checks.choice("bias", settings.bias, BIAS_RULES)
    checks.choice("norm", settings.norm, NORMS)
    share = fields.fraction("unit share", settings.unit_share)
    fields.freeze(settings, "unit_share", share)


def paper_sweep(*, dataset: str = "mnist", seed: int = 0) -> SweepSettings:
    """Everything as published: 50 epochs, layer scope, biases pruned, L2 norm, weight and unit."""
    baseline = TrainSettings(dataset=dataset, epochs=PAPER_EPOCHS, decay="constant", seed=seed)
    return SweepSettings(baseline=baseline, methods=("weight", "unit"), bias="pruned")
