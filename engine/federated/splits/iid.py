"""Every client owns a sample of the same mixture: independent and identically distributed."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.federated.splits.partition import Partitioner


@dataclass(frozen=True, kw_only=True)
class Iid(Partitioner):
    """Shuffled rows in equal parts."""

    name = "iid"
    order = 10
    label = "IID"
    summary = "Every client owns an equal share of the shuffled images."

    @property
    def words(self) -> str:
        """What each client gets."""
        return "equal shares of everything"

    def deal(
        self, labels: LabelArray, classes: int, clients: int, rng: np.random.Generator
    ) -> list[IntArray]:
        """Shuffled rows in equal parts."""
        del classes
        return np.array_split(rng.permutation(len(labels)), clients)


SPLITS = (Iid,)
