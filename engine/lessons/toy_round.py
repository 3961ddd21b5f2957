"""One round of Sub-FedAvg by hand: three clients, three labels, six weights.

Source: Vahidian, Morafah and Lin (2021), arXiv 2105.00562; the average is the count average of
their published code: each weight over the clients that kept it, a weight that nobody kept stays
what the server had.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.federated.aggregation import Average

STEPS = ("start", "download", "train", "prune", "average")
CLIENTS = ("A", "B", "C")
LABELS = ((0, 1), (1, 2), (0, 2))
"""The digits that each client has seen: two of three."""

SERVER: FloatArray = np.array([0.4, -0.6, 0.2, 0.8, -0.1, 0.5], dtype=np.float32)
KEPT: BoolArray = np.array(
    [[1, 1, 1, 1, 0, 1], [1, 1, 0, 1, 0, 1], [1, 0, 1, 1, 0, 1]], dtype=np.bool_
)
"""The masks of the clients before the round, ``(3, 6)``."""

LEARNED: FloatArray = np.array(
    [
        [0.2, 0.1, -0.1, 0.0, 0.0, -0.3],
        [-0.1, 0.2, 0.0, 0.1, 0.0, -0.4],
        [0.3, 0.0, 0.2, -0.2, 0.0, 0.1],
    ],
    dtype=np.float32,
)
"""What each client's own images change in its weights, ``(3, 6)``."""


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The round after one of its steps.

    Attributes:
        server: ``(6,)``, the server's weights.
        clients: ``(3, 6)``, each client's weights; zero where it does not keep one.
        kept: ``(3, 6)``, which it keeps.
    """

    server: FloatArray
    clients: FloatArray
    kept: BoolArray

    @property
    def keepers(self) -> IntArray:
        """By how many clients each weight is kept."""
        return np.asarray(self.kept.sum(axis=0), dtype=np.int64)


def scenes() -> dict[str, Scene]:
    """The round step by step, by the names of `STEPS`."""
    nothing = np.zeros_like(LEARNED)
    received = np.where(KEPT, SERVER, np.float32(0))
    trained = np.where(KEPT, received + LEARNED, np.float32(0))
    kept = np.stack([prune_one(w, m) for w, m in zip(trained, KEPT, strict=True)])
    thinned = np.where(kept, trained, np.float32(0))
    average = Average([SERVER])
    for weights, mask in zip(thinned, kept, strict=True):
        average.add([weights], [mask], 1.0)
    return {
        "start": Scene(SERVER, nothing, KEPT),
        "download": Scene(SERVER, received, KEPT),
        "train": Scene(SERVER, trained, KEPT),
        "prune": Scene(SERVER, thinned, kept),
        "average": Scene(average.mean()[0], thinned, kept),
    }


def prune_one(weights: FloatArray, kept: BoolArray) -> BoolArray:
    """The mask ``(n,)`` without the smallest weight that it keeps; of equal ones the first goes."""
    alive = np.where(kept, np.abs(weights), np.inf)
    thinner = kept.copy()
    if kept.any():
        thinner[int(np.argmin(alive))] = False
    return thinner
