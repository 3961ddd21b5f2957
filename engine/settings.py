"""Settings: frozen values that are valid by construction, and the digest that names a run.

The digest leaves out every field that has its default, so a setting added later does not rename
the runs that were made before it (the `hashname` of Frankle's open_lth).
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from engine import checks

BUILT_IN_DATASETS = ("mnist", "fashion-mnist", "cifar-10")
CUSTOM_DATASET = re.compile(r"npz-[0-9a-f]{24}")
"""How a person's own .npz is named: by its content, so the same file is the same data set."""

NETWORKS = ("dense",)
OPTIMIZERS = ("adam", "sgd", "momentum", "rmsprop")
DECAYS = ("cosine", "constant")
METHODS = ("weight", "unit", "hybrid", "random-weight", "random-unit")
SCOPES = ("layer", "global")
BIAS_RULES = ("kept", "pruned")
NORMS = ("l2", "l1")

PAPER_SPARSITIES = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
PAPER_EPOCHS = 50
STEPS_PER_UNIT = 100_000
"""Sparsity is carried in steps of 0.00001 (a thousandth of a percent), so that counts are exact."""

RUN_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainSettings:
    """A baseline: data, network and how it is trained.

    Attributes:
        dataset: mnist, fashion-mnist, cifar-10, or ``npz-`` and the digest of an imported file.
        network: the architecture; ``dense`` is ReLU layers and a layer of logits.
        hidden: units of each hidden layer.
        epochs: passes over the training images (quick 3, paper 50).
        batch_size: images per optimizer step.
        optimizer: adam, sgd, momentum (SGD with 0.9) or rmsprop.
        learning_rate: of the first step.
        decay: how the learning rate falls: cosine to zero over all steps, or constant.
        seed: of the split, the initial weights and the order of the images.
    """

    kind: ClassVar[str] = "train"

    dataset: str = "mnist"
    network: str = "dense"
    hidden: tuple[int, ...] = (1000, 1000, 500, 200)
    epochs: int = 3
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.001
    decay: str = "cosine"
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        _check_dataset(self.dataset)
        checks.choice("network", self.network, NETWORKS)
        _freeze(self, "hidden", _hidden(self.hidden))
        checks.whole("epochs", self.epochs, 1, 200)
        checks.whole("batch size", self.batch_size, 1, 8192)
        checks.choice("optimizer", self.optimizer, OPTIMIZERS)
        _freeze(self, "learning_rate", _learning_rate(self.learning_rate))
        checks.choice("decay", self.decay, DECAYS)
        checks.whole("seed", self.seed, 0, 2**31 - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepSettings:
    """A one-shot sweep: every method at every sparsity, each from the same baseline.

    Attributes:
        baseline: the training whose network is pruned.
        methods: weight, unit, hybrid, and the baselines random-weight and random-unit.
        sparsities: fractions from 0 to 0.99, in steps of 0.00001.
        scope: rank inside each ``layer`` (paper) or over all hidden layers at once (``global``).
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
        _freeze(self, "methods", tuple(checks.choice("method", m, METHODS) for m in methods))
        levels = checks.distinct("sparsities", self.sparsities, of="values of K", most=50)
        _freeze(self, "sparsities", _sorted_unique(levels))
        checks.choice("scope", self.scope, SCOPES)
        checks.choice("bias", self.bias, BIAS_RULES)
        checks.choice("norm", self.norm, NORMS)
        share = checks.real("unit share", self.unit_share, 0, 1, allowed="a number from 0 to 1")
        _freeze(self, "unit_share", share)


Settings: TypeAlias = TrainSettings | SweepSettings
KINDS: Mapping[str, type[TrainSettings] | type[SweepSettings]] = {
    "train": TrainSettings,
    "sweep": SweepSettings,
}


def sparsity_from_percent(percent: object) -> float:
    """The sparsity as a fraction, of a K in percent from 0 to 99 as people write it."""
    allowed = "a percentage K from 0 to 99"
    try:
        text = str(percent).strip().removesuffix("%")
        value = float(text.replace("_", "?"))  # float() reads "1_0" as 10
    except ValueError:
        raise checks.refuse("sparsity", allowed, percent) from None
    checks.real("sparsity", value, 0, 99, allowed=allowed)
    return _on_grid(value / 100)


def count_of(size: int, sparsity: float) -> int:
    """How many of `size` entries a sparsity takes: the floor, in whole numbers, never a float."""
    return size * round(sparsity * STEPS_PER_UNIT) // STEPS_PER_UNIT


def percent(sparsity: float) -> str:
    """The sparsity as K in percent, without needless digits: 0.5 -> '50', 0.9375 -> '93.75'."""
    return f"{round(sparsity * 100, 3):g}"


def paper_sweep(*, dataset: str = "mnist", seed: int = 0) -> SweepSettings:
    """Everything as published: 50 epochs, layer scope, biases pruned, L2 norm, weight and unit."""
    baseline = TrainSettings(dataset=dataset, epochs=PAPER_EPOCHS, decay="constant", seed=seed)
    return SweepSettings(baseline=baseline, methods=("weight", "unit"), bias="pruned")


def digest(settings: Settings) -> str:
    """The id of the run with these settings: 24 hex digits of their canonical text's SHA-256."""
    body = {"kind": settings.kind, **without_defaults(settings)}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def without_defaults(settings: Settings) -> dict[str, Any]:
    """The fields that differ from their defaults, as JSON values."""
    values, default = to_json(settings), to_json(type(settings)())
    changed = {name: value for name, value in values.items() if value != default[name]}
    if isinstance(settings, SweepSettings) and "baseline" in changed:
        changed["baseline"] = without_defaults(settings.baseline)
    return changed


def to_json(settings: Settings) -> dict[str, Any]:
    """All fields as JSON values (tuples become lists, nested settings become objects)."""
    plain = dataclasses.asdict(settings)
    return {n: list(v) if isinstance(v, tuple) else v for n, v in _listed(plain).items()}


def from_json(kind: str, values: object) -> Settings:
    """Settings from JSON values; a missing field has its default, an unknown one is an error.

    Raises:
        InvalidInput: the kind or a field is unknown, or a value is not allowed.
    """
    cls = KINDS[checks.choice("kind", kind, tuple(KINDS))]
    if not isinstance(values, Mapping):
        raise checks.refuse("settings", "a JSON object", values)
    names = {f.name for f in dataclasses.fields(cls)}
    for name in values:
        checks.choice("setting", name, sorted(names))
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    if "baseline" in fields:
        fields["baseline"] = from_json("train", fields["baseline"])
    return cls(**fields)


def check_run_id(run: object) -> str:
    """A string that has the form of a run id; anything else is refused before any look-up."""
    if not isinstance(run, str) or not RUN_ID.fullmatch(run):
        raise checks.refuse("run", "an id of 24 characters 0-9 and a-f", run)
    return run


def _freeze(settings: object, name: str, value: object) -> None:
    object.__setattr__(settings, name, value)  # the one door into a frozen dataclass


def _check_dataset(name: object) -> None:
    if isinstance(name, str) and CUSTOM_DATASET.fullmatch(name):
        return
    if not isinstance(name, str) or name not in BUILT_IN_DATASETS:
        raise checks.refuse("dataset", "mnist, fashion-mnist, cifar-10 or an .npz file", name)


def _hidden(units: object) -> tuple[int, ...]:
    allowed = "1 to 8 layers of 1 to 4,096 units, such as 1000,1000,500,200"
    if isinstance(units, str) or not isinstance(units, Sequence) or not 1 <= len(units) <= 8:
        raise checks.refuse("hidden", allowed, units)
    return tuple(checks.whole("hidden layer", u, 1, 4096) for u in units)


def _learning_rate(value: object) -> float:
    allowed = "a number above 0 and at most 10"
    rate = checks.real("learning rate", value, 0, 10, allowed=allowed)
    if rate == 0:
        raise checks.refuse("learning rate", allowed, value)
    return rate


def _sorted_unique(levels: Sequence[object]) -> tuple[float, ...]:
    values = sorted({_sparsity(level) for level in levels})
    if len(values) != len(levels):
        raise checks.refuse("sparsities", "a list without repetition", tuple(levels))
    return tuple(values)


def _sparsity(level: object) -> float:
    return _on_grid(checks.real("sparsity", level, 0, 0.99, allowed="a fraction from 0 to 0.99"))


def _on_grid(fraction: float) -> float:
    return round(fraction * STEPS_PER_UNIT) / STEPS_PER_UNIT


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(inner) for name, inner in value.items()}
    return list(value) if isinstance(value, tuple) else value
