"""Shards of images sorted by label: most clients see few labels.

Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data"
(arXiv 1602.05629), section 3: 2 shards of 300 images each; 250 in the Sub-FedAvg paper.
"""

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.splits.partition import FEWEST, Partitioner
from engine.settings import FederateSettings


def deal(
    labels: LabelArray, _classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """Rows sorted by label, cut into shards of one size, dealt at random.

    Raises:
        InvalidInput: there are fewer images than shards, or too few in a shard.
    """
    each = settings.labels_per_client
    size = min(settings.shard_size, len(labels) // (settings.clients * each))
    if size == 0:
        allowed = f"at most {len(labels) // each:,} for {each} shards each"
        raise refuse("clients", allowed, settings.clients)
    if size * each < FEWEST:
        raise refuse("shard size", f"at least {FEWEST} for {each} shard each", settings.shard_size)
    order = rng.permutation(len(labels))
    by_label = order[np.argsort(labels[order], kind="stable")]
    count = len(labels) // size
    shards = by_label[: count * size].reshape(count, size)
    dealt = rng.permutation(count)[: settings.clients * each].reshape(settings.clients, each)
    return [shards[own].ravel() for own in dealt]


def words(settings: FederateSettings) -> str:
    """For instance: 2 shards each."""
    each = settings.labels_per_client
    return f"{each} shard{'s' if each > 1 else ''} each"


SPLITS = (
    Partitioner(
        name="shards",
        order=20,
        label="Shards",
        summary="The images, sorted by label, are cut into shards; each client gets some.",
        fields=("labels_per_client", "shard_size"),
        words=words,
        deal=deal,
    ),
)
