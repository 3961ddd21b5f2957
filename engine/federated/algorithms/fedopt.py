"""FedAdam, FedYogi, FedAdagrad: the server follows the average with an adaptive optimizer.

Source: Reddi et al., "Adaptive Federated Optimization" (arXiv 2003.00295), algorithm 2.
"""

from dataclasses import dataclass

from engine.federated import server_optimizers
from engine.federated.aggregation import Average
from engine.federated.algorithms.base import Algorithm
from engine.federated.state import ArrayGroups, ServerState
from engine.networks.network import Network
from engine.settings import FederateSettings


@dataclass(frozen=True, kw_only=True)
class FedOpt(Algorithm):
    """FedAvg with a server optimizer.

    Attributes:
        optimizer: one of `server_optimizers.OPTIMIZERS`.
    """

    optimizer: str

    def fields(self, settings: FederateSettings) -> frozenset[str]:
        """Also what the optimizer is set with."""
        return super().fields(settings) | server_optimizers.fields(self.optimizer)

    def server_optimizer(self, settings: FederateSettings) -> str:
        """Its own."""
        del settings
        return self.optimizer

    def init(self, network: Network, settings: FederateSettings) -> ArrayGroups:
        """The optimizer's moments."""
        return server_optimizers.init(self.optimizer, network, settings)

    def server_update(
        self, server: ServerState, average: Average, settings: FederateSettings
    ) -> tuple[Network, ArrayGroups]:
        """A step of the optimizer towards the average."""
        return server_optimizers.server_update(self.optimizer, server, average, settings)


def _algorithm(optimizer: str, order: int, name: str) -> FedOpt:
    return FedOpt(
        name=f"fed{optimizer}",
        order=order,
        label=f"Fed{name}",
        summary=f"FedAvg, whose server follows the average with {name}.",
        optimizer=optimizer,
    )


ALGORITHMS = (
    _algorithm("adam", 50, "Adam"),
    _algorithm("yogi", 60, "Yogi"),
    _algorithm("adagrad", 70, "Adagrad"),
)
