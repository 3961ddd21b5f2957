"""What rounds ask of whoever trains: a protocol, so that they know neither TensorFlow nor Numba."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.arrays import FloatArray, IntArray
from engine.networks.network import Network
from engine.pruning.masks import Masks


@dataclass(frozen=True, slots=True)
class Learned:
    """A client's network on the way.

    Attributes:
        first: after the first epoch; of a training of one epoch, as it was before.
        last: after the last epoch.
        loss: mean cross-entropy (nats) over the last epoch's batches, as they were learnt.
    """

    first: Network
    last: Network
    loss: float


@dataclass(frozen=True, slots=True)
class Proximal:
    """A term ``mu / 2 * ||w - anchor||²`` of the loss, over all weights and biases.

    Attributes:
        mu: its weight.
        anchor: the network that the client is pulled to, in the shape of the trained one.
    """

    mu: float
    anchor: Network


class Learner(Protocol):
    """Trains clients and answers images."""

    def prepare(self) -> None:
        """Make what all trainings share; called before several threads train."""

    def train(
        self,
        network: Network,
        masks: Masks,
        orders: Sequence[IntArray],
        proximal: Proximal | None = None,
    ) -> Learned:
        """SGD from `network`; `orders` are rows of the training images, one array an epoch.

        What the masks do not keep is zero before and after every step.
        """

    def answer(self, network: Network, images: FloatArray) -> FloatArray:
        """Logits ``(n, classes)`` of normalised images ``(n, inputs)``."""
