"""What an algorithm decides. Rounds, messages and measurements are the same for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.arrays import IntArray
from engine.federated.aggregation import Average
from engine.federated.client_pruning import Accuracies, Decision
from engine.federated.learner import Learned, Learner
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network, from_arrays
from engine.pruning.masks import Masks
from engine.settings.federate import AlgorithmSettings


@dataclass(frozen=True, slots=True)
class ClientTask:
    """What a client has at hand in a round.

    Attributes:
        server: the server's state before the round.
        network: what the client starts from, zero where `masks` keep nothing.
        masks: what the client keeps, in the shape of `network`.
        memory: what `Algorithm.remember` gave when the client last took part; empty before.
        orders: rows of its training images, one array for each local epoch.
        learner: who trains.
        accuracies: of a network with its masks and with a candidate's, on its validation images.
    """

    server: ServerState
    network: Network
    masks: Masks
    memory: ArrayGroups
    orders: Sequence[IntArray]
    learner: Learner
    accuracies: Accuracies


@dataclass(frozen=True, kw_only=True)
class Algorithm(AlgorithmSettings):
    """A federated algorithm with its settings; subclasses override its steps.

    Nothing is kept in it: what lasts is in the server's state or in a client's memory.
    """

    def init(self, network: Network) -> ArrayGroups:
        """What the server has beside its network before the first round."""
        del network
        return {}

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

    def weight(self, samples: int) -> float:
        """What a client with so many training images counts in the average."""
        return float(samples)

    def server_update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """The server's next network, and what it has beside it, after at least one upload."""
        return from_arrays(average.mean()), server.extra
