"""Every client sees exactly so many labels."""

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import refuse
from engine.federated.splits.partition import FEWEST, Partitioner
from engine.settings import FederateSettings
from engine.settings.federate import MIN_CLIENTS
from engine.system.registry import names


def deal(
    labels: LabelArray, _classes: int, settings: FederateSettings, rng: np.random.Generator
) -> list[IntArray]:
    """The images of a label go to its owners in equal parts; only labels that occur are dealt.

    The labels that the fewest clients own go first, ties at random.

    Raises:
        InvalidInput: fewer labels occur than a client shall have, or one has too few images.
    """
    each = settings.labels_per_client
    present, counts = np.unique(labels, return_counts=True)
    if each > len(present):
        allowed = f"at most {len(present)}, as so many labels occur"
        raise refuse("labels per client", allowed, each)
    owned = np.zeros((settings.clients, len(present)), bool)
    owners = np.zeros(len(present), np.int64)
    for client in range(settings.clients):
        order = rng.permutation(len(present))
        chosen = order[np.argsort(owners[order], kind="stable")[:each]]
        owned[client, chosen] = True
        owners[chosen] += 1
    if (owners * -(-FEWEST // each) > counts).any():
        raise _too_rare(present, counts, settings)
    parts: list[list[IntArray]] = [[] for _ in range(settings.clients)]
    for label, flags in zip(present, owned.T, strict=True):
        sharers = np.flatnonzero(flags)
        rows = rng.permutation(np.flatnonzero(labels == label))
        for sharer, part in zip(sharers, np.array_split(rows, max(len(sharers), 1)), strict=False):
            parts[sharer].append(part)
    return [np.concatenate(part) for part in parts]


def _too_rare(present: LabelArray, counts: IntArray, settings: FederateSettings) -> Exception:
    """The error for labels of too few images for their owners, with advice that helps."""
    each = settings.labels_per_client
    rarest = int(counts.argmin())
    images = int(counts[rarest])
    reason = f"label {present[rarest]} has only {images:,} image{'' if images == 1 else 's'}"
    # labels are dealt evenly: no label has more owners than a client more than its share
    most = len(present) * (images // -(-FEWEST // each)) // each
    if most < MIN_CLIENTS:
        others = ", ".join(name for name in names("splits") if name != "labels")
        return refuse("split", f"one of {others}, as {reason}", settings.split)
    allowed = f"at most {most:,} with {words(settings)}, as {reason}"
    return refuse("clients", allowed, settings.clients)


def words(settings: FederateSettings) -> str:
    """For instance: 2 labels each."""
    each = settings.labels_per_client
    return f"{each} label{'s' if each > 1 else ''} each"


SPLITS = (
    Partitioner(
        name="labels",
        order=30,
        label="Labels",
        summary="Each client has the images of so many labels and of no other.",
        fields=("labels_per_client",),
        words=words,
        deal=deal,
    ),
)
