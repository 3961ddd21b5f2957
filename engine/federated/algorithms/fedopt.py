"""FedAdam, FedYogi, FedAdagrad: the server follows the average with an adaptive optimizer.

Source: Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295), algorithm 2.
"""

from dataclasses import dataclass

from engine.federated.aggregation import Average
from engine.federated.algorithms.fedavg import FedAvg
from engine.federated.server_optimizers import Adagrad, Adam, ServerOptimizer, Yogi
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network
from engine.settings.declare import group


@dataclass(frozen=True, kw_only=True)
class FedOpt(FedAvg):
    """FedAvg with a server optimizer."""

    server: ServerOptimizer

    def init(self, network: Network) -> ArrayGroups:
        """The optimizer's moments."""
        return self.server.init(network)

    def server_update(self, server: ServerState, average: Average) -> tuple[Network, ArrayGroups]:
        """A step of the optimizer towards the average."""
        return self.server.update(server, average)


@dataclass(frozen=True, kw_only=True)
class FedAdam(FedOpt):
    """The server follows with Adam."""

    name = "fedadam"
    order = 50
    label = "FedAdam"
    summary = "FedAvg, whose server follows the average with Adam."
    server: Adam = group(Adam)


@dataclass(frozen=True, kw_only=True)
class FedYogi(FedOpt):
    """The server follows with Yogi."""

    name = "fedyogi"
    order = 60
    label = "FedYogi"
    summary = "FedAvg, whose server follows the average with Yogi."
    server: Yogi = group(Yogi)


@dataclass(frozen=True, kw_only=True)
class FedAdagrad(FedOpt):
    """The server follows with Adagrad."""

    name = "fedadagrad"
    order = 70
    label = "FedAdagrad"
    summary = "FedAvg, whose server follows the average with Adagrad."
    server: Adagrad = group(Adagrad)


ALGORITHMS = (FedAdam, FedYogi, FedAdagrad)
