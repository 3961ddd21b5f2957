"""Sub-FedAvg: every client prunes its own network, and averages with those who keep the same.

Source: Vahidian, Morafah and Lin, "Personalized Federated Learning by Structured and Unstructured
Pruning under Data Heterogeneity" (arXiv 2105.00562), algorithms 1 and 2. What differs from their
published code is in decision 15.
"""

from dataclasses import dataclass

from engine.federated.aggregation import Average, treat_orphans
from engine.federated.algorithms.base import ClientTask
from engine.federated.algorithms.fedavg import FedAvg
from engine.federated.client_pruning import (
    PRUNINGS,
    ClientPruning,
    Decision,
    Hybrid,
    Structured,
    Unstructured,
    decide,
)
from engine.federated.learner import Learned
from engine.federated.server_optimizers import SERVER_OPTIMIZERS, ServerOptimizer
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network
from engine.settings.declare import one_of, option
from engine.settings.values import Choice, Real


@dataclass(frozen=True, kw_only=True)
class SubFedAvg(FedAvg):
    """Clients prune behind gates; each parameter is averaged over those who keep it."""

    name = "sub-fedavg"
    order = 80
    label = "Sub-FedAvg"
    summary = "Clients prune their own networks and average each weight with those who keep it."
    trains_own = True

    pruning: ClientPruning = one_of(
        "unstructured",
        lambda: PRUNINGS,
        label="Pruning",
        help="Sub-FedAvg only: clients prune weights (unstructured), units (structured), or both.",
    )
    orphans: str = option(
        "keep",
        Choice(("keep", "zero", "decay")),
        label="Orphans",
        help="What the server does with weights that nobody of the round kept: keep them (as "
        "published), set them to zero, or let them decay.",
    )
    orphan_decay: float = option(
        0.9,
        Real(0, 1, step=0.1),
        label="Decay of orphans",
        help="What an orphan is multiplied by in each round.",
        matters=lambda algorithm: algorithm.orphans == "decay",
    )
    server: ServerOptimizer = one_of(
        "average",
        lambda: SERVER_OPTIMIZERS,
        label="Server of Sub-FedAvg",
        help="What the server does with the average: take it, or step towards it.",
    )

    @property
    def prunes_weights(self) -> bool:
        """Whether clients prune single weights."""
        return isinstance(self.pruning, Unstructured)

    @property
    def prunes_units(self) -> bool:
        """Whether clients prune whole units."""
        return isinstance(self.pruning, Structured | Hybrid)

    @property
    def variant(self) -> str:
        """What is pruned."""
        return self.pruning.name

    def init(self, network: Network) -> ArrayGroups:
        """The moments of the server's optimizer."""
        return self.server.init(network)

    def prune(self, task: ClientTask, learned: Learned) -> Decision:
        """Weights, units or both go, where the gates are open."""
        return decide(learned.first, learned.last, task.masks, self.pruning, task.accuracies)

    def server_update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """The average over keepers, or a step towards it; then orphans get what the policy says."""
        network, extra = self.server.update(server, average)
        return treat_orphans(network, average.orphans, self.orphans, self.orphan_decay), extra


ALGORITHMS = (SubFedAvg,)
