"""Shards of images sorted by label: most clients see few labels.

Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data"
(arXiv 1602.05629), section 3: 2 shards of 300 images each; 250 in the Sub-FedAvg paper.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.splits.partition import EACH, FEWEST, Partitioner
from engine.settings.declare import option
from engine.settings.values import Whole


@dataclass(frozen=True, kw_only=True)
class Shards(Partitioner):
    """The images, sorted by label, in pieces of one size."""

    name = "shards"
    order = 20
    label = "Shards"
    summary = "The images, sorted by label, are cut into shards; each client gets some."

    labels_per_client: int = EACH
    shard_size: int = option(
        250,
        Whole(1, 1_000_000),
        label="Most images of a shard",
        help="Images of a shard; the published set-up takes 250.",
    )

    @property
    def words(self) -> str:
        """For instance: 2 shards each."""
        each = self.labels_per_client
        return f"{each} shard{'s' if each > 1 else ''} each"

    def deal(
        self, labels: LabelArray, classes: int, clients: int, rng: np.random.Generator
    ) -> list[IntArray]:
        """Rows sorted by label, cut into shards of one size, dealt at random.

        Raises:
            InvalidInput: there are fewer images than shards, or too few in a shard.
        """
        del classes
        each = self.labels_per_client
        size = min(self.shard_size, len(labels) // (clients * each))
        if size == 0:
            allowed = f"at most {len(labels) // each:,} for {each} shards each"
            raise refuse("clients", allowed, clients)
        if size * each < FEWEST:
            raise refuse("shard size", f"at least {FEWEST} for {each} shard each", self.shard_size)
        order = rng.permutation(len(labels))
        by_label = order[np.argsort(labels[order], kind="stable")]
        count = len(labels) // size
        shards = by_label[: count * size].reshape(count, size)
        dealt = rng.permutation(count)[: clients * each].reshape(clients, each)
        return [shards[own].ravel() for own in dealt]


SPLITS = (Shards,)
