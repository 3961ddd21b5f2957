"""Label shares drawn from a Dirichlet distribution: from nearly IID to one label each.

Source: Hsu, Qi and Brown, "Measuring the Effects of Non-Identical Data Distribution for Federated
Visual Classification" (arXiv 1909.06335), drawn by label as Yurochkin et al. (arXiv 1905.12022).
"""

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.federated.splits.partition import Partitioner
from engine.settings import FederateSettings


def deal(
    labels: LabelArray, classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """The images of each label in shares drawn from a symmetric Dirichlet distribution."""
    parts: list[list[IntArray]] = [[] for _ in range(settings.clients)]
    for label in range(classes):
        rows = rng.permutation(np.flatnonzero(labels == label))
        shares = rng.dirichlet(np.full(settings.clients, settings.alpha))
        cuts = (np.cumsum(shares)[:-1] * len(rows)).astype(np.int64)
        for part, own in zip(parts, np.split(rows, cuts), strict=True):
            part.append(own)
    return [np.concatenate(part) for part in parts]


SPLITS = (
    Partitioner(
        name="dirichlet",
        order=40,
        label="Dirichlet",
        summary="Of each label, clients own shares drawn from a Dirichlet distribution.",
        fields=("alpha", "poor"),
        words=lambda settings: f"Dirichlet shares, alpha {settings.alpha:g}",
        deal=deal,
    ),
)
