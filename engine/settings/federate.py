"""Settings of federated rounds."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from engine import checks
from engine.settings import fields
from engine.settings.train import AUTO, HIDDEN, TrainSettings

ALGORITHMS = (
    "local",
    "fedavg",
    "fedavg-finetune",
    "fedprox",
    "fedadam",
    "fedyogi",
    "fedadagrad",
    "sub-fedavg",
)
PRUNINGS = ("unstructured", "structured", "hybrid")
SPLITS = ("iid", "shards", "labels", "dirichlet")
WEIGHTINGS = ("samples", "equal")
ORPHANS = ("keep", "zero", "decay")
SERVERS = ("average", "adam", "yogi", "adagrad")
VALUES = ("float32", "float16", "int8")
POOR = ("fill", "leave-out")

FIRST_MOMENT, FIRST_MOMENT_OF_ADAGRAD = 0.9, 0.0
"""Of adaptive servers (Reddi et al., arXiv 2003.00295)."""

MIN_CLIENTS, MOST_CLIENTS = 2, 10_000
MOST_MEASURED = 100
"""Clients that are measured at the end; of more, so many by chance."""

PRUNING_FIELDS = (
    "pruning",
    "target",
    "step",
    "unit_target",
    "unit_step",
    "distance_threshold",
    "unit_distance_threshold",
    "accuracy_threshold",
    "most_loss",
    "orphans",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FederateSettings:
    """Federated rounds: clients that own different data train one network together.

    Fields that do not matter for the chosen algorithm or split take their default, so that equal
    work is one run. Defaults are those of the Sub-FedAvg paper (arXiv 2105.00562) where it has one.

    Attributes:
        dataset: mnist, fashion-mnist, cifar-10, or ``npz-`` and the digest of an imported file.
        hidden: units of each hidden layer of the dense network.
        algorithm: what clients and server do; see `ALGORITHMS`.
        pruning: sub-fedavg only: weights, units (``structured``), or both (``hybrid``).
        clients: how many there are.
        fraction: share of them that is drawn for each round, at least one.
        rounds: iterations of the server.
        local_epochs: passes of a client over its training images in a round.
        batch_size: images per step.
        learning_rate: of the clients' SGD.
        momentum: of the clients' SGD; starts anew in each round.
        split: who owns which images; see `SPLITS`.
        labels_per_client: labels (``labels``) or shards (``shards``) of each client.
        alpha: of the Dirichlet distribution; small is unequal.
        poor: dirichlet only: clients that chance gives fewer than two images are given some of the
            others' (``fill``), or never take part (``leave-out``).
        shard_size: most images of a shard.
        samples: most images of a client, 0 for no limit.
        skew: sigma of the log-normal law that unequal clients keep their images by; 0 is none.
        test_images: most test images of a client, of its own labels.
        target: pruned share that a client stops at: of all parameters, or of hidden units.
        step: share of what is left that one pruning takes.
        unit_target: hybrid only: the target of the units.
        unit_step: hybrid only: the step of the units.
        distance_threshold: weights are pruned only where the masks after the first and the last
            local epoch differ by more than this share.
        unit_distance_threshold: the same for units.
        accuracy_threshold: validation accuracy that a pruned network has to reach.
        most_loss: most validation accuracy that pruning may cost; 1 allows everything.
        orphans: what the server does with parameters that nobody of the cohort kept: ``keep``
            (published), ``zero`` or ``decay``.
        orphan_decay: the factor of ``decay``.
        weighting: clients count by ``samples`` or ``equal`` (published).
        server: sub-fedavg only: what the server does with the average; see `SERVERS`.
        server_rate: step of an adaptive server (Reddi et al., arXiv 2003.00295).
        beta1: of its first moment; None is the algorithm's own: 0 of Adagrad, 0.9 of the others.
        beta2, tau: of its second moment, which Adagrad sums up without one; and its floor.
        mu: fedprox only: weight of the pull to the server's network.
        dropout: probability that a drawn client never answers.
        values: how weights travel: float32, float16 or int8.
        seed: of the split, the initial weights, the draws and the orders.
        scale: what the stored numbers are divided by, as in a training.
        channels: where images have their channels, as in a training.
    """

    kind: ClassVar[str] = "federate"

    dataset: str = "mnist"
    hidden: tuple[int, ...] = HIDDEN
    algorithm: str = "sub-fedavg"
    pruning: str = "unstructured"
    clients: int = 100
    fraction: float = 0.1
    rounds: int = 10
    local_epochs: int = 5
    batch_size: int = 10
    learning_rate: float = 0.01
    momentum: float = 0.5
    split: str = "shards"
    labels_per_client: int = 2
    alpha: float = 0.5
    poor: str = "fill"
    shard_size: int = 250
    samples: int = 0
    skew: float = 0.0
    test_images: int = 400
    target: float = 0.5
    step: float = 0.1
    unit_target: float = 0.25
    unit_step: float = 0.1
    distance_threshold: float = 1e-4
    unit_distance_threshold: float = 0.0
    accuracy_threshold: float = 0.5
    most_loss: float = 1.0
    orphans: str = "keep"
    orphan_decay: float = 0.9
    weighting: str = "samples"
    server: str = "average"
    server_rate: float = 0.01
    beta1: float | None = None
    beta2: float = 0.99
    tau: float = 0.001
    mu: float = 0.01
    dropout: float = 0.0
    values: str = "float32"
    seed: int = 0
    scale: str = AUTO
    channels: str = AUTO

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        fields.freeze(self, "hidden", self.baseline.hidden)
        checks.choice("algorithm", self.algorithm, ALGORITHMS)
        _check_rounds(self)
        _check_split(self)
        _check_pruning(self)
        _check_server(self)
        fields.seed(self.seed)
        _forget(self)
        fields.freeze(self, "beta1", _beta1(self))

    @property
    def needs(self) -> None:
        """No other run has to be done first."""
        return

    @property
    def baseline(self) -> TrainSettings:
        """The data, network and seed, as the settings of a training."""
        return TrainSettings(
            dataset=self.dataset,
            hidden=self.hidden,
            seed=self.seed,
            scale=self.scale,
            channels=self.channels,
        )

    @property
    def prunes(self) -> bool:
        """Whether clients prune."""
        return self.algorithm == "sub-fedavg"

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
        adaptive = {"fedadam": "adam", "fedyogi": "yogi", "fedadagrad": "adagrad"}
        return adaptive.get(self.algorithm, self.server if self.prunes else "average")

    @property
    def own_first_moment(self) -> bool:
        """Whether the server's first moment is the algorithm's own."""
        own = FIRST_MOMENT_OF_ADAGRAD if self.optimizer == "adagrad" else FIRST_MOMENT
        return self.first_moment == own

    @property
    def first_moment(self) -> float:
        """The factor of an adaptive server's first moment."""
        return FIRST_MOMENT if self.beta1 is None else self.beta1


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


def _check_rounds(settings: FederateSettings) -> None:
    checks.whole("clients", settings.clients, MIN_CLIENTS, MOST_CLIENTS)
    fields.freeze(settings, "fraction", fields.positive("fraction", settings.fraction, 1))
    checks.whole("rounds", settings.rounds, 1, 1000)
    checks.whole("local epochs", settings.local_epochs, 1, 100)
    checks.whole("batch size", settings.batch_size, 1, 8192)
    rate = fields.positive("learning rate", settings.learning_rate, 10)
    fields.freeze(settings, "learning_rate", rate)
    _freeze_real(settings, "momentum", 0, 0.999)
    _freeze_real(settings, "dropout", 0, 0.99)
    checks.choice("values", settings.values, VALUES)


def _check_split(settings: FederateSettings) -> None:
    checks.choice("split", settings.split, SPLITS)
    checks.whole("labels per client", settings.labels_per_client, 1, 256)
    fields.freeze(settings, "alpha", fields.positive("alpha", settings.alpha, 1000))
    checks.choice("poor", settings.poor, POOR)
    checks.whole("shard size", settings.shard_size, 1, 1_000_000)
    checks.whole("samples", settings.samples, 0, 1_000_000)
    if 0 < settings.samples < 2:
        raise checks.refuse("samples", "0 for no limit, or at least 2", settings.samples)
    _freeze_real(settings, "skew", 0, 3)
    checks.whole("test images", settings.test_images, 1, 100_000)


def _check_pruning(settings: FederateSettings) -> None:
    checks.choice("pruning", settings.pruning, PRUNINGS)
    for name in ("target", "unit_target"):
        level = fields.sparsity(getattr(settings, name), name=_words(name))
        fields.freeze(settings, name, level)
    for name in ("step", "unit_step"):
        level = fields.positive(_words(name), getattr(settings, name), 0.9)
        fields.freeze(settings, name, fields.on_grid(level))
    for name in (
        "distance_threshold",
        "unit_distance_threshold",
        "accuracy_threshold",
        "most_loss",
    ):
        _freeze_real(settings, name, 0, 1)
    checks.choice("orphans", settings.orphans, ORPHANS)
    _freeze_real(settings, "orphan_decay", 0, 1)


def _check_server(settings: FederateSettings) -> None:
    checks.choice("weighting", settings.weighting, WEIGHTINGS)
    checks.choice("server", settings.server, SERVERS)
    for name in ("server_rate", "tau"):
        fields.freeze(settings, name, fields.positive(_words(name), getattr(settings, name), 10))
    for name in ("beta1", "beta2") if settings.beta1 is not None else ("beta2",):
        _freeze_real(settings, name, 0, 0.9999)
    _freeze_real(settings, "mu", 0, 10)


def _freeze_real(settings: FederateSettings, name: str, low: float, high: float) -> None:
    allowed = f"a number from {low:g} to {high:g}"
    value = checks.real(_words(name), getattr(settings, name), low, high, allowed=allowed)
    fields.freeze(settings, name, value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _forget(settings: FederateSettings) -> None:
    """Give the fields that do not matter here their default."""
    unused = _unused(settings)
    for each in dataclasses.fields(settings):
        if each.name in unused:
            fields.freeze(settings, each.name, each.default)


def _beta1(settings: FederateSettings) -> float | None:
    """None where it is the usual 0.9; of Adagrad always the number.

    Its own was 0.9 once: a run of that time has another id than one of the published 0.
    """
    if settings.optimizer == "adagrad":
        return FIRST_MOMENT_OF_ADAGRAD if settings.beta1 is None else settings.beta1
    return None if settings.beta1 == FIRST_MOMENT else settings.beta1


def _unused(settings: FederateSettings) -> set[str]:
    unused = _unused_of_pruning(settings) | _unused_of_server(settings.optimizer)
    if settings.algorithm != "fedprox":
        unused.add("mu")
    if settings.algorithm == "local":
        unused.add("values")
    return unused | _unused_of_split(settings.split)


def _unused_of_pruning(settings: FederateSettings) -> set[str]:
    if not settings.prunes:
        return {*PRUNING_FIELDS, "orphan_decay", "server"}
    unused = set() if settings.pruning == "hybrid" else {"unit_target", "unit_step"}
    if not settings.prunes_weights:
        unused.add("distance_threshold")
    if not settings.prunes_units:
        unused.add("unit_distance_threshold")
    return unused if settings.orphans == "decay" else unused | {"orphan_decay"}


def _unused_of_server(optimizer: str) -> set[str]:
    if optimizer == "average":
        return {"server_rate", "beta1", "beta2", "tau"}
    return {"beta2"} if optimizer == "adagrad" else set()


def _unused_of_split(split: str) -> set[str]:
    unused = set() if split == "dirichlet" else {"alpha", "poor"}
    if split != "shards":
        unused.add("shard_size")
    return unused if split in {"shards", "labels"} else unused | {"labels_per_client"}
