"""How alike two clients' masks are, beyond what their equal initial weights explain.

All clients start from the same weights, and small weights stay small: two masks overlap by 99 %
whatever the labels are. So beside the overlap stands the one that two clients would have whose
masks had nothing in common but that start: inside what the initial magnitudes alone would keep,
and outside of it, each keeps as many entries as it does, but which ones is independent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, IntArray
from engine.federated.wire.payload import rank
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.pruning.scores import column_norms

MOST_CLIENTS = 12
"""Clients of a round that are compared with each other: 66 pairs."""


@dataclass(frozen=True, slots=True)
class KeptEntries:
    """What a client keeps of a layer, in the order of the initial magnitudes.

    Attributes:
        flags: ``(n,)``, the entry of the largest initial magnitude first.
        packed: the same as bits.
    """

    flags: BoolArray
    packed: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clients.

    Attributes:
        clients: their numbers.
        labels: overlap (Jaccard index) of their labels.
        masks: overlap of their masks in each layer.
        expected: the overlap that equal initial weights explain, in each layer.
    """

    clients: tuple[int, int]
    labels: float
    masks: tuple[float, ...]
    expected: tuple[float, ...]


def unit_orders(initial: Network) -> tuple[IntArray, ...]:
    """Units of each hidden layer by the L2 norm of their initial weights, the largest first."""
    norms = column_norms([layer.kernel for layer in initial.hidden], "l2")
    return tuple(rank(each) for each in norms)


def kept_entries(masks: Masks, by_magnitude: tuple[IntArray, ...]) -> tuple[KeptEntries, ...]:
    """What a client keeps of each layer: kernel entries, or units where those are ordered."""
    weights = len(by_magnitude) == len(masks.weights)
    layers = masks.kernels if weights else masks.units
    flags = (layer.ravel()[order] for layer, order in zip(layers, by_magnitude, strict=True))
    return tuple(KeptEntries(each, np.packbits(each)) for each in flags)


def pairs(
    clients: Sequence[int],
    labels: Sequence[tuple[int, ...]],
    masks: Sequence[tuple[KeptEntries, ...]],
) -> tuple[Pair, ...]:
    """All pairs of clients."""
    return tuple(
        Pair(
            (clients[a], clients[b]),
            len(set(labels[a]) & set(labels[b])) / len({*labels[a], *labels[b]}),
            tuple(overlap(x, y) for x, y in zip(masks[a], masks[b], strict=True)),
            tuple(expected_overlap(x, y) for x, y in zip(masks[a], masks[b], strict=True)),
        )
        for a, b in combinations(range(len(clients)), 2)
    )


def overlap(left: KeptEntries, right: KeptEntries) -> float:
    """Jaccard index: entries that both keep by entries that one of them keeps."""
    both = int(np.bitwise_count(left.packed & right.packed).sum())
    return _share(both, sum(int(np.count_nonzero(each.flags)) for each in (left, right)))


def expected_overlap(left: KeptEntries, right: KeptEntries) -> float:
    """The Jaccard index that equal initial weights explain."""
    counts = [int(np.count_nonzero(each.flags)) for each in (left, right)]
    ends = sorted({0, *counts, left.flags.size})
    both = 0.0
    for begin, end in pairwise(ends):
        mine, theirs = (np.count_nonzero(each.flags[begin:end]) for each in (left, right))
        both += mine * theirs / (end - begin)
    return _share(both, sum(counts))


def _share(both: float, total: float) -> float:
    return float(both / (total - both)) if total > both else 1.0
