"""Sub-FedAvg: every client prunes its own network, and averages with those who keep the same.

Source: Vahidian, Morafah and Lin, "Personalized Federated Learning by Structured and Unstructured
Pruning under Data Heterogeneity" (arXiv 2105.00562), algorithms 1 and 2. What differs from their
published code is in decision 15.
"""

from dataclasses import dataclass

from engine.federated.aggregation import Average, treat_orphans
from engine.federated.algorithms.base import Algorithm, ClientTask
from engine.federated.client_pruning import Decision, decide
from engine.federated.learner import Learned
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network
from engine.settings import FederateSettings

FIELDS = frozenset(
    {"pruning", "target", "step", "accuracy_threshold", "most_loss", "orphans", "server"}
)
"""Settings that matter whatever is pruned."""


@dataclass(frozen=True, kw_only=True)
class SubFedAvg(Algorithm):
    """Clients prune behind gates; each parameter is averaged over those who keep it."""

    def fields(self, settings: FederateSettings) -> frozenset[str]:
        """Also what is pruned, when, and what the server does with orphans and the average."""
        found = super().fields(settings) | FIELDS
        if settings.pruning == "hybrid":
            found |= {"unit_target", "unit_step"}
        if settings.pruning != "structured":
            found |= {"distance_threshold"}
        if settings.pruning != "unstructured":
            found |= {"unit_distance_threshold"}
        return found | {"orphan_decay"} if settings.orphans == "decay" else found

    def server_optimizer(self, settings: FederateSettings) -> str:
        """The one that is chosen."""
        return settings.server

    def prune(self, task: ClientTask, learned: Learned) -> Decision:
        """Weights, units or both go, where the gates are open."""
        return decide(learned.first, learned.last, task.masks, task.settings, task.accuracies)

    def server_update(
        self, server: ServerState, average: Average, settings: FederateSettings
    ) -> tuple[Network, ArrayGroups]:
        """The average over keepers, or a step towards it; then orphans get what the policy says."""
        network, extra = super().server_update(server, average, settings)
        orphans = average.orphans
        return treat_orphans(network, orphans, settings.orphans, settings.orphan_decay), extra


SUB_FEDAVG = SubFedAvg(
    name="sub-fedavg",
    order=80,
    label="Sub-FedAvg",
    summary="Clients prune their own networks and average each weight with those who keep it.",
    trains_own=True,
    prunes=True,
)
ALGORITHMS = (SUB_FEDAVG,)
