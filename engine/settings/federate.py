"""Settings of federated rounds.

Defaults are those of the Sub-FedAvg paper (Vahidian et al., arXiv 2105.00562) where it has one.
What only one algorithm or one split is set with is declared in its file.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from engine import checks
from engine.settings.declare import Declared, RunSettings, from_room, group, one_of, option
from engine.settings.train import BATCH, RATE, SEED, WIDTHS, DataSettings, TrainSettings
from engine.settings.values import Real, Whole

MIN_CLIENTS, MOST_CLIENTS = 2, 10_000
MOST_MEASURED = 100
"""Clients that are measured at the end; of more, so many by chance."""


@dataclass(frozen=True, kw_only=True)
class AlgorithmSettings(Declared):
    """What a federated algorithm is set with; a subclass for each, in the room of algorithms.

    Attributes:
        name: as in JSON and on a command line.
        order: where it stands in a list.
        label: its name for people.
        summary: one sentence for people.
        communicates: whether networks travel, and so whether there is one of the server.
        trains_own: whether a client uses a network that it trained itself, or the server's.
        remembers: whether anything is kept of a client until it takes part again.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    label: ClassVar[str]
    summary: ClassVar[str]
    communicates: ClassVar[bool] = True
    trains_own: ClassVar[bool] = False
    remembers: ClassVar[bool] = False

    @property
    def prunes_weights(self) -> bool:
        """Whether clients prune single weights."""
        return False

    @property
    def prunes_units(self) -> bool:
        """Whether clients prune whole units."""
        return False

    @property
    def prunes(self) -> bool:
        """Whether clients prune."""
        return self.prunes_weights or self.prunes_units

    @property
    def variant(self) -> str:
        """Its name, or what tells it from others of its name."""
        return self.name

    @property
    def values(self) -> str:
        """How weights travel: one of `engine.federated.coding.VALUES`."""
        return "float32"


@dataclass(frozen=True, kw_only=True)
class SplitSettings(Declared, ABC):
    """What a split of the clients is set with; a subclass for each, in the room of splits.

    Attributes:
        name: as in JSON and on a command line.
        order: where it stands in a list.
        label: its name for people.
        summary: one sentence for people.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    label: ClassVar[str]
    summary: ClassVar[str]

    @property
    @abstractmethod
    def words(self) -> str:
        """What each client gets, in a few words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalTraining(Declared):
    """How a client trains in a round: SGD with momentum."""

    epochs: int = option(
        5,
        Whole(1, 100),
        name="local_epochs",
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Amounts(Declared):
    """How many images clients own, whatever the split."""

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

    def _together(self) -> None:
        if self.samples == 1:
            raise checks.refuse("samples", "0 for no limit, or at least 2", self.samples)


@dataclass(frozen=True, kw_only=True, slots=True)
class FederateSettings(RunSettings):
    """Federated rounds: clients that own different data train one network together."""

    kind: ClassVar[str] = "federate"
    title: ClassVar[str] = "Federation"
    first_guess: ClassVar[float] = 60.0
    done_first: ClassVar[str] = "makes its rounds"

    data: DataSettings = group(DataSettings)
    hidden: tuple[int, ...] = WIDTHS
    algorithm: AlgorithmSettings = one_of(
        "sub-fedavg",
        from_room("algorithms"),
        label="Algorithms",
        help="Each one becomes a run of its own on the same clients, the same first network and "
        "the same draws, so that their curves can be compared.",
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
    local: LocalTraining = group(LocalTraining)
    split: SplitSettings = one_of(
        "shards",
        from_room("splits"),
        titles=(("iid", "IID"),),
        label="Split",
        help="IID: alike. Shards: sorted by label, cut in pieces, dealt out. Labels: exactly so "
        "many labels each. Dirichlet: shares drawn by chance, unequal where alpha is small.",
    )
    amounts: Amounts = group(Amounts)
    dropout: float = option(
        0.0,
        Real(0, 0.99, percent=True, step=0.05),
        label="Clients that never answer, %",
        help="How probable it is that a drawn client never answers.",
    )
    seed: int = option(
        0,
        SEED,
        label="Seed",
        help="The same seed gives the same split, first network, draws and orders.",
    )

    @property
    def needs(self) -> None:
        """No other run has to be done first."""
        return

    @property
    def baseline(self) -> TrainSettings:
        """The data, network and seed, as the settings of a training."""
        return TrainSettings(data=self.data, hidden=self.hidden, seed=self.seed)

    @property
    def cohort(self) -> int:
        """Clients of a round."""
        return max(int(self.fraction * self.clients + 1e-9), 1)


def paper_federation(*, dataset: str = "mnist", seed: int = 0) -> FederateSettings:
    """The published set-up, of ten rounds: clients count alike, orphans keep their value."""
    return FederateSettings.of(dataset=dataset, weighting="equal", seed=seed)


def quick_federation(*, dataset: str = "mnist", seed: int = 0) -> FederateSettings:
    """Small enough to watch: 10 clients, 5 a round, 10 rounds."""
    return FederateSettings.of(
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
