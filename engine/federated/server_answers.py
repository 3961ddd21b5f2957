"""The server's network on all test images: its own score, and what clients score who receive it."""

import threading
from dataclasses import dataclass, field

from engine.arrays import FloatArray, ImageArray
from engine.datasets import normalised
from engine.federated.learner import Learner
from engine.networks.network import Network


@dataclass(slots=True)
class ServerAnswers:
    """Remembers the logits of the network that was asked last.

    Attributes:
        learner: who answers.
        images: all test images.
    """

    learner: Learner
    images: ImageArray
    _network: Network | None = None
    _logits: FloatArray | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def logits(self, network: Network) -> FloatArray:
        """Logits ``(n, classes)`` of all images."""
        with self._lock:
            if self._logits is None or self._network is not network:
                self._logits = self.learner.answer(network, normalised(self.images))
                self._network = network
            return self._logits
