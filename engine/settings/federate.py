"""Settings of federated rounds.

Defaults are those of the Sub-FedAvg paper (Vahidian et al., arXiv 2105.00562) where it has one.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from engine import checks
from engine.settings.declare import Declared, Matters, option
from engine.settings.train import (
    BATCH,
    CHANNEL,
    DATASET,
    RATE,
    SCALE,
    SEED,
    WIDTHS,
    TrainSettings,
)
from engine.settings.values import Choice, Maybe, Real, Sparsity, Whole
from engine.system import registry

PRUNINGS = ("unstructured", "structured", "hybrid")
VALUES = ("float32", "float16", "int8")
FIRST_MOMENT, FIRST_MOMENT_OF_ADAGRAD = 0.9, 0.0
"""Of adaptive servers (Reddi et al., arXiv 2003.00295)."""

MIN_CLIENTS, MOST_CLIENTS = 2, 10_000
MOST_MEASURED = 100
"""Clients that are measured at the end; of more, so many by chance."""

SHARE = Real(0, 1, percent=True, step=0.05)
DISTANCE = Real(0, 1, step=0.0001)
STEP = Sparsity(most=0.9, above=True)


def _algorithm(settings: "FederateSettings") -> Any:
    return registry.found("algorithms")[settings.algorithm]


def _to_algorithm(name: str) -> Matters:
    """Whether the chosen algorithm says that the setting matters."""
    return lambda settings: name in _algorithm(settings).fields(settings)


def _to_split(name: str) -> Matters:
    """Whether the chosen split says that the setting matters."""
    return lambda settings: name in registry.found("splits")[settings.split].fields


@dataclass(frozen=True, kw_only=True, slots=True)
class FederateSettings(Declared):
    """Federated rounds: clients that own different data train one network together."""

    kind: ClassVar[str] = "federate"
    title: ClassVar[str] = "Federation"
    first_guess: ClassVar[float] = 60.0
    done_first: ClassVar[str] = "makes its rounds"

    dataset: str = DATASET
    hidden: tuple[int, ...] = WIDTHS
    algorithm: str = option(
        "sub-fedavg",
        Choice(partial(registry.names, "algorithms")),
        label="Algorithms",
        help="Each one becomes a run of its own on the same clients, the same first network and "
        "the same draws, so that their curves can be compared.",
    )
    pruning: str = option(
        "unstructured",
        Choice(PRUNINGS),
        label="Pruning",
        help="Sub-FedAvg only: clients prune weights (unstructured), units (structured), or both.",
        matters=_to_algorithm("pruning"),
    )
    clients: int = option(
        100,
        Whole(MIN_CLIENTS, MOST_CLIENTS),
        label="Clients",
        help="From 2 to 10,000; of more than 100, so many are measured at the end.",
    )
    fraction: float = option(
        0.1,
        Real(0, 1, above=True, percent=True, step=0.05),
        label="Clients drawn each round, %",
        help="Share of the clients that is drawn for each round; at least one.",
    )
    rounds: int = option(
        10,
        Whole(1, 1000),
        label="Rounds",
        help="How often the server draws clients and averages.",
    )
    local_epochs: int = option(
        5,
        Whole(1, 100),
        label="Local epochs",
        help="Passes of a client over its own training images in a round.",
    )
    batch_size: int = option(10, BATCH, label="Batch size, images", help="Images per step.")
    learning_rate: float = option(
        0.01, RATE, label="Learning rate", help="Size of a client's steps."
    )
    momentum: float = option(
        0.5,
        Real(0, 0.999, step=0.1),
        label="Momentum",
        help="Of a client's steps; it starts anew in each round.",
    )
    split: str = option(
        "shards",
        Choice(partial(registry.names, "splits"), (("iid", "IID"),)),
        label="Split",
        help="IID: alike. Shards: sorted by label, cut in pieces, dealt out. Labels: exactly so "
        "many labels each. Dirichlet: shares drawn by chance, unequal where alpha is small.",
    )
    labels_per_client: int = option(
        2,
        Whole(1, 256),
        label="Labels or shards of each client",
        help="How many labels, or shards, each client owns.",
        matters=_to_split("labels_per_client"),
    )
    alpha: float = option(
        0.5,
        Real(0, 1000, above=True, step=0.1),
        label="Alpha",
        help="Of the Dirichlet distribution: 0.1 is very unequal, 100 nearly equal.",
        matters=_to_split("alpha"),
    )
    poor: str = option(
        "fill",
        Choice(("fill", "leave-out"), (("leave-out", "Leave out"),)),
        label="Clients with fewer than 2 images",
        help="Chance may give a client fewer images than it takes to train and to validate: fill "
        "it up with some of the others', drawn by chance, or leave it out of all rounds.",
        matters=_to_split("poor"),
    )
    shard_size: int = option(
        250,
        Whole(1, 1_000_000),
        label="Most images of a shard",
        help="Images of a shard; the published set-up takes 250.",
        matters=_to_split("shard_size"),
    )
    samples: int = option(
        0,
        Whole(0, 1_000_000),
        label="Most images each (0: all)",
        help="The most training images of a client, 0 for no limit.",
    )
    skew: float = option(
        0.0,
        Real(0, 3, step=0.1),
        label="Skew of the amounts",
        help="Sigma of the log-normal law that clients keep their images by: 0 is equal, at 1 the "
        "richest have several times as many.",
    )
    test_images: int = option(
        400,
        Whole(1, 100_000),
        label="Most test images each",
        help="The most test images of a client, of its own labels.",
    )
    target: float = option(
        0.5,
        Sparsity(),
        label="Pruned at the end, %",
        help="Share of the weights, or of the hidden units, at which a client stops pruning.",
        matters=_to_algorithm("target"),
    )
    step: float = option(
        0.1,
        STEP,
        label="Pruned at a time, %",
        help="Share of what is left that one pruning takes.",
        matters=_to_algorithm("step"),
    )
    unit_target: float = option(
        0.25,
        Sparsity(),
        label="Hybrid: units at the end, %",
        help="Hybrid only: share of the hidden units at which a client stops removing them.",
        matters=_to_algorithm("unit_target"),
    )
    unit_step: float = option(
        0.1,
        STEP,
        label="Hybrid: units at a time, %",
        help="Hybrid only: share of the units that are left which one pruning takes.",
        matters=_to_algorithm("unit_step"),
    )
    distance_threshold: float = option(
        1e-4,
        DISTANCE,
        label="Weights: least distance",
        help="A client prunes weights only where its choice after the first and after the last "
        "local epoch differs by more than this share.",
        matters=_to_algorithm("distance_threshold"),
    )
    unit_distance_threshold: float = option(
        0.0,
        DISTANCE,
        label="Units: least distance",
        help="A client prunes units only where its choice after the first and after the last "
        "local epoch differs by more than this share.",
        matters=_to_algorithm("unit_distance_threshold"),
    )
    accuracy_threshold: float = option(
        0.5,
        SHARE,
        label="Least accuracy, %",
        help="Validation accuracy that the pruned network has to reach.",
        matters=_to_algorithm("accuracy_threshold"),
    )
    most_loss: float = option(
        1.0,
        SHARE,
        label="Most accuracy lost, %",
        help="Validation accuracy that pruning may cost; all of it allows everything.",
        matters=_to_algorithm("most_loss"),
    )
    orphans: str = option(
        "keep",
        Choice(("keep", "zero", "decay")),
        label="Orphans",
        help="What the server does with weights that nobody of the round kept: keep them (as "
        "published), set them to zero, or let them decay.",
        matters=_to_algorithm("orphans"),
    )
    orphan_decay: float = option(
        0.9,
        Real(0, 1, step=0.1),
        label="Decay of orphans",
        help="What an orphan is multiplied by in each round.",
        matters=_to_algorithm("orphan_decay"),
    )
    weighting: str = option(
        "samples",
        Choice(("samples", "equal")),
        label="Clients count by",
        help="Clients count by their samples, or all alike (as published).",
        matters=_to_algorithm("weighting"),
    )
    server: str = option(
        "average",
        Choice(("average", "adam", "yogi", "adagrad")),
        label="Server of Sub-FedAvg",
        help="What the server does with the average: take it, or step towards it.",
        matters=_to_algorithm("server"),
    )
    server_rate: float = option(
        0.01,
        Real(0, 10, above=True),
        label="Step of the server",
        help="Step of an adaptive server (Reddi et al., arXiv 2003.00295).",
        matters=_to_algorithm("server_rate"),
    )
    beta1: float | None = option(
        None,
        Maybe(Real(0, 0.9999, step=0.1)),
        label="Server: first moment",
        help="What an adaptive server keeps of its last step: 0 for Adagrad, 0.9 for the others.",
        matters=_to_algorithm("beta1"),
    )
    beta2: float = option(
        0.99,
        Real(0, 0.9999, step=0.01),
        label="Server: second moment",
        help="What Adam and Yogi keep of the squares; Adagrad sums them up.",
        matters=_to_algorithm("beta2"),
    )
    tau: float = option(
        0.001,
        Real(0, 10, above=True, step=0.001),
        label="Server: floor",
        help="What is added to the root of an adaptive server's second moment.",
        matters=_to_algorithm("tau"),
    )
    mu: float = option(
        0.01,
        Real(0, 10),
        label="FedProx: mu",
        help="How strongly FedProx pulls a client back to the server's network.",
        matters=_to_algorithm("mu"),
    )
    dropout: float = option(
        0.0,
        Real(0, 0.99, percent=True, step=0.05),
        label="Clients that never answer, %",
        help="How probable it is that a drawn client never answers.",
    )
    values: str = option(
        "float32",
        Choice(VALUES, tuple((name, name) for name in VALUES)),
        label="Weights travel as",
        help="How weights travel: in 4, 2 or 1 bytes each.",
        matters=_to_algorithm("values"),
    )
    seed: int = option(
        0,
        SEED,
        label="Seed",
        help="The same seed gives the same split, first network, draws and orders.",
    )
    scale: str = SCALE
    channels: str = CHANNEL

    def _together(self) -> None:
        if self.samples == 1:
            raise checks.refuse("samples", "0 for no limit, or at least 2", self.samples)

    def _settle(self) -> None:
        """Adagrad's first moment is always written, the others' only where it is not the usual.

        Its own was 0.9 once: a run of that time has another id than one of the published 0.
        """
        if self.optimizer == "adagrad":
            self._set("beta1", FIRST_MOMENT_OF_ADAGRAD if self.beta1 is None else self.beta1)
        elif self.beta1 == FIRST_MOMENT:
            self._set("beta1", None)

    @property
    def needs(self) -> None:
        """No other run has to be done first."""
        return

    @property
    def baseline(self) -> TrainSettings:
        """The data, network and seed, as the settings of a training."""
        names = ("dataset", "hidden", "seed", "scale", "channels")
        return TrainSettings(**{name: getattr(self, name) for name in names})

    @property
    def prunes(self) -> bool:
        """Whether clients prune."""
        return bool(_algorithm(self).prunes)

    @property
    def prunes_weights(self) -> bool:
        """Whether clients prune single weights."""
        return self.prunes and self.pruning in {"unstructured", "hybrid"}

    @property
    def prunes_units(self) -> bool:
        """Whether clients prune whole units."""
        return self.prunes and self.pruning in {"structured", "hybrid"}

    @property
    def cohort(self) -> int:
        """Clients of a round."""
        return max(int(self.fraction * self.clients + 1e-9), 1)

    @property
    def optimizer(self) -> str:
        """What the server does with the average of the uploads."""
        return str(_algorithm(self).server_optimizer(self))

    @property
    def first_moment(self) -> float:
        """The factor of an adaptive server's first moment."""
        return FIRST_MOMENT if self.beta1 is None else self.beta1

    @property
    def own_first_moment(self) -> bool:
        """Whether the server's first moment is the algorithm's own."""
        own = FIRST_MOMENT_OF_ADAGRAD if self.optimizer == "adagrad" else FIRST_MOMENT
        return self.first_moment == own


def paper_federation(*, dataset: str = "mnist", seed: int = 0) -> FederateSettings:
    """The published set-up, of ten rounds: clients count alike, orphans keep their value."""
    return FederateSettings(dataset=dataset, weighting="equal", seed=seed)


def quick_federation(*, dataset: str = "mnist", seed: int = 0) -> FederateSettings:
    """Small enough to watch: 10 clients, 5 a round, 10 rounds."""
    return FederateSettings(
        dataset=dataset,
        clients=10,
        fraction=0.5,
        local_epochs=2,
        batch_size=20,
        learning_rate=0.02,
        split="labels",
        samples=500,
        step=0.2,
        seed=seed,
    )
