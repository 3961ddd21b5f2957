"""Every client owns a sample of the same mixture: independent and identically distributed."""

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.federated.splits.partition import Partitioner
from engine.settings import FederateSettings


def deal(
    labels: LabelArray, _classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Shuffled rows in equal parts."""
    return np.array_split(rng.permutation(len(labels)), settings.clients)


SPLITS = (
    Partitioner(
        name="iid",
        order=10,
        label="IID",
        summary="Every client owns an equal share of the shuffled images.",
        words=lambda _: "equal shares of everything",
        deal=deal,
    ),
)
