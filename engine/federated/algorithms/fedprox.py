"""FedProx: FedAvg whose clients are pulled to the network that they received.

Source: Li et al., "Federated Optimization in Heterogeneous Networks" (arXiv 1812.06127),
algorithm 2: the clients' loss has the proximal term ``mu / 2 * ||w - w_server||²``.
"""

from dataclasses import dataclass

from engine.federated.algorithms.base import Algorithm, ClientTask
from engine.federated.learner import Learned, Proximal
from engine.settings import FederateSettings


@dataclass(frozen=True, kw_only=True)
class FedProx(Algorithm):
    """FedAvg with a proximal term."""

    def fields(self, settings: FederateSettings) -> frozenset[str]:
        """Also mu, the weight of the proximal term."""
        return super().fields(settings) | {"mu"}

    def train(self, task: ClientTask) -> Learned:
        """Local training with the pull to the received network."""
        pull = Proximal(task.settings.mu, task.network)
        return task.learner.train(task.network, task.masks, task.orders, pull)


ALGORITHMS = (
    FedProx(
        name="fedprox",
        order=40,
        label="FedProx",
        summary="FedAvg, whose clients are pulled to the server's network as they train.",
    ),
)
