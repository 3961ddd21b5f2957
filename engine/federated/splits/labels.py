"""Every client sees exactly so many labels."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.splits.partition import EACH, FEWEST, Partitioner
from engine.settings.federate import MIN_CLIENTS
from engine.system.registry import names


@dataclass(frozen=True, kw_only=True)
class Labels(Partitioner):
    """So many labels each, dealt as evenly as they go."""

    name = "labels"
    order = 30
    label = "Labels"
    summary = "Each client has the images of so many labels and of no other."

    labels_per_client: int = EACH

    @property
    def words(self) -> str:
        """For instance: 2 labels each."""
        each = self.labels_per_client
        return f"{each} label{'s' if each > 1 else ''} each"

    def deal(
        self, labels: LabelArray, classes: int, clients: int, rng: np.random.Generator
    ) -> list[IntArray]:
        """The images of a label go to its owners in equal parts; only labels that occur are dealt.

        The labels that the fewest clients own go first, ties at random.

        Raises:
            InvalidInput: fewer labels occur than a client shall have, or one has too few images.
        """
        del classes
        each = self.labels_per_client
        present, counts = np.unique(labels, return_counts=True)
        if each > len(present):
            allowed = f"at most {len(present)}, as so many labels occur"
            raise refuse("labels per client", allowed, each)
        owned = np.zeros((clients, len(present)), bool)
        owners = np.zeros(len(present), np.int64)
        for client in range(clients):
            order = rng.permutation(len(present))
            chosen = order[np.argsort(owners[order], kind="stable")[:each]]
            owned[client, chosen] = True
            owners[chosen] += 1
        if (owners * -(-FEWEST // each) > counts).any():
            raise self._too_rare(present, counts, clients)
        parts: list[list[IntArray]] = [[] for _ in range(clients)]
        for label, flags in zip(present, owned.T, strict=True):
            sharers = np.flatnonzero(flags)
            rows = rng.permutation(np.flatnonzero(labels == label))
            for sharer, part in zip(
                sharers, np.array_split(rows, max(len(sharers), 1)), strict=False
            ):
                parts[sharer].append(part)
        return [np.concatenate(part) for part in parts]

    def _too_rare(self, present: LabelArray, counts: IntArray, clients: int) -> Exception:
        """The error for labels of too few images for their owners, with advice that helps."""
        each = self.labels_per_client
        rarest = int(counts.argmin())
        images = int(counts[rarest])
        reason = f"label {present[rarest]} has only {images:,} image{'' if images == 1 else 's'}"
        # labels are dealt evenly: no label has more owners than a client more than its share
        most = len(present) * (images // -(-FEWEST // each)) // each
        if most < MIN_CLIENTS:
            others = ", ".join(name for name in names("splits") if name != self.name)
            return refuse("split", f"one of {others}, as {reason}", self.name)
        allowed = f"at most {most:,} with {self.words}, as {reason}"
        return refuse("clients", allowed, clients)


SPLITS = (Labels,)
