"""Settings of pruning while training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine import checks
from engine.settings.declare import RunSettings, inner, option
from engine.settings.train import (
    BATCH_SIZE,
    DECAY,
    LEARNING_RATE,
    OPTIMIZER,
    SEED,
    TrainSettings,
)
from engine.settings.values import Choice, Pair, Real, Several, Sparsity, Whole

RULES = ("prune", "unpruned", "small")
SCHEDULES = ("polynomial", "constant")
AUTOMATIC = 0
"""Of end step and frequency: found from the number of steps, so that the target is reached."""

STEPS = Whole(0, 10_000_000)
MOST_LAYERS = 9
SINGLE = (1, 1)
"""The block that is one weight."""

TARGET = Sparsity(above=True)
TARGETS = Several(
    Pair(
        Whole(1, MOST_LAYERS),
        TARGET,
        names=("layer with a target", "target"),
        such="layers with a K in percent, such as 1:90,2:50",
    ),
    one="targets",
    of="layers with targets",
    most=MOST_LAYERS,
    empty=True,
)


def _prunes(settings: "ScheduleSettings") -> bool:
    return settings.rule == "prune"


def _reaches(settings: "ScheduleSettings") -> bool:
    """Whether there is a target at all."""
    return settings.rule != "unpruned"


def _planned(settings: "ScheduleSettings") -> bool:
    """Whether there is a way to the target: 2:4 is pruned at once."""
    return _prunes(settings) and settings.pattern == "free"


def _curved(settings: "ScheduleSettings") -> bool:
    return _planned(settings) and settings.schedule == "polynomial"


def _in_blocks(settings: "ScheduleSettings") -> bool:
    return _prunes(settings) and settings.block != SINGLE


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleSettings(RunSettings):
    """Pruning while training, by the rules of TensorFlow Model Optimization (TFMOT).

    From scratch, only data, network, widths and seed of the baseline count. ``unpruned`` and
    ``small`` are honest baselines: as many epochs without pruning, and a dense network of the
    pruned one's size, trained for as many epochs as baseline and fine-tuning have together.
    Polynomial is TFMOT's PolynomialDecay (Zhu and Gupta 2017, equation 1), constant its
    ConstantSparsity.
    """

    kind: ClassVar[str] = "schedule"
    title: ClassVar[str] = "Schedule"
    first_guess: ClassVar[float] = 45.0
    done_first: ClassVar[str] = "prunes its network"

    baseline: TrainSettings = inner(TrainSettings, (TrainSettings,), allowed="training settings")
    rule: str = option(
        "prune",
        Choice(RULES, (("unpruned", "As long, not pruned"), ("small", "Small dense network"))),
        label="Rule",
        help="Prune; or train an honest baseline: as long without pruning, or a small dense "
        "network with as many parameters as the pruned one keeps.",
    )
    start: str = option(
        "trained",
        Choice(
            ("trained", "scratch"),
            (("trained", "Trained network"), ("scratch", "Random weights")),
        ),
        label="Start from",
        help="Prune a trained network further, or a random one while it learns.",
    )
    schedule: str = option(
        "polynomial",
        Choice(SCHEDULES),
        label="Schedule",
        help="Polynomial: much at first, then ever less, up to the target. Constant: to the "
        "target at the first update.",
        matters=_planned,
    )
    target: float = option(
        0.9,
        TARGET,
        label="Target sparsity K, %",
        help="Share of zeros in each pruned kernel at the end, in percent, above 0 to 99.",
        matters=_reaches,
    )
    targets: tuple[tuple[int, float], ...] = option(
        (),
        TARGETS,
        label="Targets of single layers",
        help="Layers whose kernel gets another target, each with its K in percent, such as "
        "1:90, 2:50; the others get the target sparsity.",
        matters=_reaches,
    )
    initial: float = option(
        0.0,
        Sparsity(),
        label="Initial sparsity, %",
        help="Polynomial only: share of zeros at the first update, in percent.",
        word="initial sparsity",
        matters=_curved,
    )
    begin_step: int = option(
        0,
        STEPS,
        label="Begin step",
        help="The first optimizer step that may prune; the first of all is 1.",
        matters=_planned,
    )
    end_step: int = option(
        AUTOMATIC,
        STEPS,
        label="End step (0: automatic)",
        help="The last step that prunes. 0 is automatic: three quarters of the way for the "
        "polynomial, the last step for the constant schedule.",
        matters=_planned,
    )
    power: float = option(
        3.0,
        Real(0, 100, above=True, step=0.5),
        label="Power",
        help="Polynomial only: 3 prunes most at first, 1 evenly.",
        matters=_curved,
    )
    frequency: int = option(
        AUTOMATIC,
        STEPS,
        label="Frequency (0: automatic)",
        help="Steps between two updates of the masks. 0 is automatic: about twenty updates, the "
        "last one exactly at the end step.",
        matters=_planned,
    )
    fine_tune_epochs: int = option(
        2,
        Whole(1, 200),
        label="Epochs while pruning",
        help="Passes over the training images while pruning.",
        word="fine-tune epochs",
    )
    batch_size: int = BATCH_SIZE
    optimizer: str = OPTIMIZER
    learning_rate: float = LEARNING_RATE
    decay: str = DECAY
    block: tuple[int, int] = option(
        SINGLE,
        Pair(
            Whole(1, 64),
            Whole(1, 64),
            names=("block", "block"),
            such="two whole numbers such as 16x1 (inputs, units)",
            between="x",
        ),
        label="Block, inputs x units",
        help="Weights are zeroed in blocks of so many inputs by so many units; 1 by 1 is single "
        "weights.",
        matters=_prunes,
    )
    pooling: str = option(
        "avg",
        Choice(("avg", "max")),
        label="Block ranked by",
        help="A block is ranked by the average or by the largest of its magnitudes.",
        matters=_in_blocks,
    )
    pattern: str = option(
        "free",
        Choice(("free", "2:4")),
        label="Pattern",
        help="Free: any weight may go. 2:4: two of every four neighbouring inputs, which some "
        "hardware skips; once, at the first step, so 50 % and no schedule.",
        matters=_prunes,
    )
    layers: tuple[int, ...] = option(
        (),
        Several(
            Whole(1, MOST_LAYERS),
            one="layer",
            of="layer numbers",
            most=MOST_LAYERS,
            empty=True,
            order=int,
        ),
        label="Layers",
        help="Which kernels are pruned, 1 is the first; none chosen means the network's own "
        "choice: all hidden layers of the dense network, both layers of the guide CNN.",
        matters=_reaches,
    )
    unit_sparsity: float = option(
        0.0,
        Sparsity(),
        label="Units removed first, %",
        help="Hybrid: this share of each hidden layer's units is removed first, in percent; K "
        "then counts inside what is left.",
        matters=_reaches,
    )
    seed: int = option(
        0,
        SEED,
        label="Seed while pruning",
        help="Of the order of the images, and of the first weights from scratch.",
    )

    def _together(self) -> None:
        for number in self.layers:
            checks.whole("layer", number, 1, layer_count(self.baseline))
        if self.unit_sparsity and self.start == "scratch":
            allowed = "0 from scratch, where no unit has proved itself yet"
            raise checks.refuse("unit sparsity", allowed, self.unit_sparsity)
        self._check_targets()

    def _check_targets(self) -> None:
        """Targets of single layers; where every layer has one, that of the first is for others."""
        pruned = self.layers or own_choice(self.baseline)
        for layer, _ in self.targets:
            if layer not in pruned:
                allowed = f"that of a pruned layer ({', '.join(map(str, pruned))})"
                raise checks.refuse("layer with a target", allowed, layer)
        own = dict(self.targets)
        if len(own) < len(self.targets):
            raise checks.refuse("targets", "one for a layer", self.targets)
        if len(own) == len(pruned):
            self._set("target", own[min(pruned)])
        others = sorted((layer, share) for layer, share in own.items() if share != self.target)
        self._set("targets", tuple(others))

    def _settle(self) -> None:
        if self.layers == own_choice(self.baseline):
            self._set("layers", ())
        if self.start == "scratch":
            names = ("data", "network", "hidden", "seed")
            known = {name: getattr(self.baseline, name) for name in names}
            self._set("baseline", TrainSettings(**known))

    @property
    def needs(self) -> TrainSettings | None:
        """The baseline has to be trained first, unless the network starts from scratch."""
        return self.baseline if self.start == "trained" and self.rule != "small" else None

    def target_of(self, layer: int) -> float:
        """The target of the layer with that number; 1 is the first."""
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


def targets_as_text(targets: Sequence[tuple[int, float]]) -> str:
    """As a person would write them."""
    return TARGETS.write(targets).replace(",", ", ")
