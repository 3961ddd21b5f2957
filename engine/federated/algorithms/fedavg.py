"""FedAvg: clients train the server's network, the server takes the average of what they send.

Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data"
(arXiv 1602.05629), algorithm 1. With fine-tuning, a client goes on to train the last network that
it received, and uses its own.
"""

from dataclasses import dataclass

from engine.federated.algorithms.base import Algorithm
from engine.federated.coding import Encoding
from engine.settings.declare import group, option
from engine.settings.values import Choice


@dataclass(frozen=True, kw_only=True)
class FedAvg(Algorithm):
    """What every algorithm does whose clients send networks, unless it overrides a step."""

    name = "fedavg"
    order = 20
    label = "FedAvg"
    summary = "Clients train the server's network; the server averages what they send."

    weighting: str = option(
        "samples",
        Choice(("samples", "equal")),
        label="Clients count by",
        help="Clients count by their samples, or all alike (as published).",
    )
    message: Encoding = group(Encoding)

    @property
    def values(self) -> str:
        """How weights travel."""
        return self.message.values

    def weight(self, samples: int) -> float:
        """By its images, or like everybody."""
        return 1.0 if self.weighting == "equal" else float(samples)


@dataclass(frozen=True, kw_only=True)
class FineTuned(FedAvg):
    """FedAvg, whose clients train what they received once more and use that."""

    name = "fedavg-finetune"
    order = 30
    label = "FedAvg + fine-tuning"
    summary = "FedAvg, whose clients use the server's network after training it once more."
    trains_own = True


ALGORITHMS = (FedAvg, FineTuned)
