"""FedProx: FedAvg whose clients are pulled to the network that they received.

Source: Li et al., "Federated Optimization in Heterogeneous Networks" (arXiv 1812.06127),
algorithm 2: the clients' loss has the proximal term ``mu / 2 * ||w - w_server||²``.
"""

from dataclasses import dataclass

from engine.federated.algorithms.base import ClientTask
from engine.federated.algorithms.fedavg import FedAvg
from engine.federated.learner import Learned, Proximal
from engine.settings.declare import option
from engine.settings.values import Real


@dataclass(frozen=True, kw_only=True)
class FedProx(FedAvg):
    """FedAvg with a proximal term."""

    name = "fedprox"
    order = 40
    label = "FedProx"
    summary = "FedAvg, whose clients are pulled to the server's network as they train."

    mu: float = option(
        0.01,
        Real(0, 10),
        label="FedProx: mu",
        help="How strongly FedProx pulls a client back to the server's network.",
    )

    def train(self, task: ClientTask) -> Learned:
        """Local training with the pull to the received network."""
        pull = Proximal(self.mu, task.network)
        return task.learner.train(task.network, task.masks, task.orders, pull)


ALGORITHMS = (FedProx,)
