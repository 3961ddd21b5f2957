"""Settings of pruning while training."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import checks
from engine.settings import fields
from engine.settings.levels import percent, sparsity_from_percent
from engine.settings.train import DECAYS, OPTIMIZERS, TrainSettings

RULES = ("prune", "unpruned", "small")
STARTS = ("trained", "scratch")
SCHEDULES = ("polynomial", "constant")
PATTERNS = ("free", "2:4")
POOLINGS = ("avg", "max")
AUTOMATIC = 0
"""Of end step and frequency: found from the number of steps, so that the target is reached."""

MOST_STEPS = 10_000_000
MOST_BLOCK = 64

PLAN_FIELDS = ("schedule", "initial", "begin_step", "end_step", "power", "frequency")
"""When how much is pruned on the way to the target."""

ALLOWED_TARGET = "a fraction above 0 and at most 0.99"

SHAPE_FIELDS = ("block", "pooling", "pattern")
"""What shape the zeros have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleSettings:
    """Pruning while training, by the rules of TensorFlow Model Optimization (TFMOT).

    Fields that do not matter for the chosen rule or start take their default, so that equal work
    is one run: for ``unpruned`` everything about pruning, for ``small`` everything about the way
    to the target, for ``scratch`` how the baseline would be trained.

    Attributes:
        baseline: the training whose network is pruned; from scratch only its data, network, widths
            and seed count.
        rule: ``prune``; or an honest baseline: ``unpruned`` trains as long without pruning,
            ``small`` trains a dense network of the pruned one's size from scratch, for as many
            epochs as baseline and fine-tuning have together.
        start: prune a ``trained`` network, or a random one while it trains from ``scratch``.
        schedule: ``polynomial`` (TFMOT's PolynomialDecay; Zhu and Gupta 2017, equation 1) or
            ``constant`` (ConstantSparsity).
        target: sparsity of each pruned kernel at the end, a fraction above 0 and at most 0.99.
        targets: pairs of a pruned layer and another target for it.
        initial: sparsity at the first update, polynomial only.
        begin_step: the first optimizer step that may prune; the first step of all is 1.
        end_step: the last one; 0 is three quarters of the way (polynomial) or the end (constant).
        power: of the polynomial; 3 prunes most at first.
        frequency: steps between two updates of the masks; 0 makes about twenty updates.
        fine_tune_epochs: passes over the training images while pruning.
        batch_size: images per optimizer step.
        optimizer: adam, sgd, momentum or rmsprop.
        learning_rate: of the first step.
        decay: of the learning rate: cosine to zero over all steps, or constant.
        block: rows and columns (inputs and units) of the blocks that are zeroed together.
        pooling: a block is ranked by the ``avg`` or ``max`` of its magnitudes.
        pattern: ``free``, or ``2:4``: two of four neighbouring inputs, once, at the first step.
        layers: numbers of the layers to prune, 1 is the first; none is the network's own choice:
            all hidden layers of ``dense``, both layers of ``guide-cnn``.
        unit_sparsity: hybrid: this share of each hidden layer's units is removed before; the
            target then counts inside what is left.
        seed: of the order of the images and, from scratch, of the initial weights.
    """

    kind: ClassVar[str] = "schedule"

    baseline: TrainSettings = field(default_factory=TrainSettings)
    rule: str = "prune"
    start: str = "trained"
    schedule: str = "polynomial"
    target: float = 0.9
    targets: tuple[tuple[int, float], ...] = ()
    initial: float = 0.0
    begin_step: int = 0
    end_step: int = AUTOMATIC
    power: float = 3.0
    frequency: int = AUTOMATIC
    fine_tune_epochs: int = 2
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.001
    decay: str = "cosine"
    block: tuple[int, int] = (1, 1)
    pooling: str = "avg"
    pattern: str = "free"
    layers: tuple[int, ...] = ()
    unit_sparsity: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        if not isinstance(self.baseline, TrainSettings):
            raise checks.refuse("baseline", "training settings", self.baseline)
        checks.choice("rule", self.rule, RULES)
        checks.choice("start", self.start, STARTS)
        _check_schedule(self)
        _check_training(self)
        _check_shape(self)
        fields.seed(self.seed)
        _forget(self)

    @property
    def needs(self) -> TrainSettings | None:
        """The baseline has to be trained first, unless the network starts from scratch."""
        return self.baseline if self.start == "trained" and self.rule != "small" else None

    def target_of(self, layer: int) -> float:
        """The target of the layer with that number."""
        return dict(self.targets).get(layer, self.target)

    @property
    def epochs(self) -> int:
        """Passes over the training images that this run makes itself."""
        if self.rule == "small" and self.start == "trained":
            return self.baseline.epochs + self.fine_tune_epochs
        return self.fine_tune_epochs


def own_choice(baseline: TrainSettings) -> tuple[int, ...]:
    """Numbers of the layers that are pruned where a person does not choose."""
    last = layer_count(baseline)
    return tuple(range(1, last if baseline.network == "dense" else last + 1))


def layer_count(baseline: TrainSettings) -> int:
    """Number of layers with a kernel, the output layer among them."""
    return len(baseline.hidden) + 1 if baseline.network == "dense" else 2


def _check_schedule(settings: ScheduleSettings) -> None:
    checks.choice("schedule", settings.schedule, SCHEDULES)
    fields.freeze(settings, "target", _target(settings.target))
    fields.freeze(settings, "initial", fields.sparsity(settings.initial, name="initial sparsity"))
    checks.whole("begin step", settings.begin_step, 0, MOST_STEPS)
    checks.whole("end step", settings.end_step, 0, MOST_STEPS)
    fields.freeze(settings, "power", fields.positive("power", settings.power, 100))
    checks.whole("frequency", settings.frequency, 0, MOST_STEPS)


def _check_training(settings: ScheduleSettings) -> None:
    checks.whole("fine-tune epochs", settings.fine_tune_epochs, 1, 200)
    checks.whole("batch size", settings.batch_size, 1, 8192)
    checks.choice("optimizer", settings.optimizer, OPTIMIZERS)
    rate = fields.positive("learning rate", settings.learning_rate, 10)
    fields.freeze(settings, "learning_rate", rate)
    checks.choice("decay", settings.decay, DECAYS)


def _check_shape(settings: ScheduleSettings) -> None:
    fields.freeze(settings, "block", _block(settings.block))
    checks.choice("pooling", settings.pooling, POOLINGS)
    checks.choice("pattern", settings.pattern, PATTERNS)
    fields.freeze(settings, "layers", _layers(settings.layers, layer_count(settings.baseline)))
    _check_targets(settings)
    share = fields.sparsity(settings.unit_sparsity, name="unit sparsity")
    if share and settings.start == "scratch":
        allowed = "0 from scratch, where no unit has proved itself yet"
        raise checks.refuse("unit sparsity", allowed, settings.unit_sparsity)
    fields.freeze(settings, "unit_sparsity", share)


def _block(block: Any) -> tuple[int, int]:
    if not isinstance(block, tuple | list) or len(block) != 2:
        raise checks.refuse("block", "two whole numbers such as 16x1 (inputs, units)", block)
    rows, columns = (checks.whole("block", side, 1, MOST_BLOCK) for side in block)
    return rows, columns


def _layers(layers: Any, count: int) -> tuple[int, ...]:
    if layers == ():
        return ()
    numbers = checks.distinct("layers", layers, of="layer numbers", most=count)
    return tuple(sorted(checks.whole("layer", number, 1, count) for number in numbers))


def _target(target: Any) -> float:
    share = fields.sparsity(target, name="target")
    if share == 0:
        raise checks.refuse("target", ALLOWED_TARGET, target)
    return share


def _check_targets(settings: ScheduleSettings) -> None:
    """Targets of single layers; where every layer has one, that of the first is for all others."""
    if settings.targets == ():
        return
    pruned = settings.layers or own_choice(settings.baseline)
    pairs = checks.distinct("targets", settings.targets, of="layers with targets", most=len(pruned))
    own = dict(_pair(pair, pruned) for pair in pairs)
    if len(own) < len(pairs):
        raise checks.refuse("targets", "one for a layer", settings.targets)
    if len(own) == len(pruned):
        fields.freeze(settings, "target", own[min(pruned)])
    others = sorted((layer, share) for layer, share in own.items() if share != settings.target)
    fields.freeze(settings, "targets", tuple(others))


def _pair(pair: Any, pruned: tuple[int, ...]) -> tuple[int, float]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise checks.refuse("targets", "pairs of a layer and its target", pair)
    layer, target = pair
    if isinstance(layer, bool) or layer not in pruned:
        allowed = f"that of a pruned layer ({', '.join(map(str, pruned))})"
        raise checks.refuse("layer with a target", allowed, layer)
    return layer, _target(target)


def targets_from_text(text: str) -> tuple[tuple[int, float], ...]:
    """The targets that a person writes: ``1:90, 2:50``; an empty text is none.

    Raises:
        InvalidInput: an entry is no layer and percentage.
    """
    return tuple(_target_from_text(part.strip()) for part in text.split(",") if part.strip())


def targets_as_text(targets: Sequence[tuple[int, float]]) -> str:
    """As a person would write them."""
    return ", ".join(f"{layer}:{percent(share)}" for layer, share in targets)


def _target_from_text(text: str) -> tuple[int, float]:
    layer, colon, level = text.partition(":")
    if not colon or not layer.strip().isdecimal():
        raise checks.refuse("targets", "layers with a K in percent, such as 1:90,2:50", text)
    return int(layer), sparsity_from_percent(level)


def _forget(settings: ScheduleSettings) -> None:
    """Give the fields that do not matter here their default."""
    unused = _unused(settings)
    for each in dataclasses.fields(settings):
        if each.name in unused:
            fields.freeze(settings, each.name, each.default)
    if settings.layers == own_choice(settings.baseline):
        fields.freeze(settings, "layers", ())
    if settings.start == "scratch":
        fields.freeze(settings, "baseline", _untrained(settings.baseline))


def _unused(settings: ScheduleSettings) -> tuple[str, ...]:
    if settings.rule == "unpruned":
        return (*PLAN_FIELDS, *SHAPE_FIELDS, "target", "targets", "layers", "unit_sparsity")
    if settings.rule == "small":
        return (*PLAN_FIELDS, *SHAPE_FIELDS)
    if settings.pattern == "2:4":
        return PLAN_FIELDS
    return ("initial", "power") if settings.schedule == "constant" else ()


def _untrained(baseline: TrainSettings) -> TrainSettings:
    names = ("dataset", "network", "hidden", "seed", "scale", "channels")
    return TrainSettings(**{name: getattr(baseline, name) for name in names})
