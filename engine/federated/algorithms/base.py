"""What an algorithm decides. Rounds, messages and measurements are the same for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.arrays import IntArray
from engine.federated import server_optimizers
from engine.federated.aggregation import Average
from engine.federated.client_pruning import Accuracies, Decision
from engine.federated.learner import Learned, Learner
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.settings import FederateSettings


@dataclass(frozen=True, slots=True)
class ClientTask:
    """What a client has at hand in a round.

    Attributes:
        settings: of the federation.
        server: the server's state before the round.
        network: what the client starts from, zero where `masks` keep nothing.
        masks: what the client keeps, in the shape of `network`.
        memory: what `Algorithm.remember` gave when the client last took part; empty before.
        orders: rows of its training images, one array for each local epoch.
        learner: who trains.
        accuracies: of a network with its masks and with a candidate's, on its validation images.
    """

    settings: FederateSettings
    server: ServerState
    network: Network
    masks: Masks
    memory: ArrayGroups
    orders: Sequence[IntArray]
    learner: Learner
    accuracies: Accuracies


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """A federated algorithm: FedAvg, unless a subclass overrides one of its steps.

    Nothing is kept in it: what lasts is in the server's state or in a client's memory.

    Attributes:
        name: as in `FederateSettings.algorithm`.
        order: where it stands in a list.
        label: its name for people.
        summary: one sentence for people.
        communicates: whether networks travel, and so whether there is one of the server.
        trains_own: whether a client uses a network that it trained itself, or the server's.
        prunes: whether `prune` ever takes anything.
        remembers: whether `remember` gives anything.
        optimizer: what the server follows the average with; see `server_optimizers`.
    """

    name: str
    order: int
    label: str
    summary: str
    communicates: bool = True
    trains_own: bool = False
    prunes: bool = False
    remembers: bool = False
    optimizer: str = server_optimizers.AVERAGE

    def fields(self, settings: FederateSettings) -> frozenset[str]:
        """Names of the settings that matter to it, of those that do not matter to every other."""
        own = {"values", "weighting"} if self.communicates else set()
        return server_optimizers.fields(self.server_optimizer(settings)) | own

    def server_optimizer(self, settings: FederateSettings) -> str:
        """What the server follows the average with, where the settings have a say in it."""
        del settings
        return self.optimizer

    def init(self, network: Network, settings: FederateSettings) -> ArrayGroups:
        """What the server has beside its network before the first round."""
        return server_optimizers.init(self.server_optimizer(settings), network, settings)

    def start(self, received: Network, memory: ArrayGroups) -> Network:
        """The network that a client starts from, of the one that it received."""
        del memory
        return received

    def train(self, task: ClientTask) -> Learned:
        """A client's local training."""
        return task.learner.train(task.network, task.masks, task.orders)

    def prune(self, task: ClientTask, learned: Learned) -> Decision:
        """The masks that the client goes on with; they keep nothing that `task.masks` does not."""
        del learned
        return Decision(task.masks, ())

    def remember(self, task: ClientTask, trained: Network) -> ArrayGroups:
        """What is kept of a client until it takes part again, in place of what was kept before."""
        del task, trained
        return {}

    def server_update(
        self, server: ServerState, average: Average, settings: FederateSettings
    ) -> tuple[Network, ArrayGroups]:
        """The server's next network, and what it has beside it, after at least one upload."""
        optimizer = self.server_optimizer(settings)
        return server_optimizers.server_update(optimizer, server, average, settings)
