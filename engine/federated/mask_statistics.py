"""What is told of the masks of a round's clients: orphans, keepers, who is alike, small pictures.

All clients start from the same weights, and small weights stay small: two masks overlap by 99 %
whatever the labels are. So beside the overlap stands the one that two clients would have whose
masks had nothing in common but that start: inside what the initial magnitudes alone would keep,
and outside of it, each keeps as many entries as it does, but which ones is independent.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, IntArray, count_nonzero
from engine.federated.aggregation import Average
from engine.pruning.masks import Masks

MOST_COMPARED = 12
"""Clients of a round that are compared with each other: 66 pairs."""

SIDE, SMALL_SIDE, MANY = 48, 24, 12
"""Squares along an edge of a picture; fewer where there are more than so many clients."""

Picture = npt.NDArray[np.uint8]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskStatistics:
    """Figures of a round; none of them where nothing is pruned.

    Attributes:
        orphan_fraction: share of all parameters that nobody of the cohort kept.
        keepers: for each layer, how many kernel entries are kept by 0, 1, 2, … of the cohort.
        overlap: masks of pairs of clients that have pruned.
        pictures: of masks and keepers, as .npz bytes.
    """

    orphan_fraction: float = 0.0
    keepers: tuple[tuple[int, ...], ...] = ()
    overlap: tuple[Pair, ...] = ()
    pictures: bytes = b""


def mask_statistics(
    shown: Mapping[int, Masks],
    labels: Mapping[int, tuple[int, ...]],
    by_magnitude: Sequence[IntArray],
    average: Average,
) -> MaskStatistics:
    """Look at the masks of a round's clients.

    Args:
        shown: masks of the clients that get a picture, by their number.
        labels: of at least these clients, by their number.
        by_magnitude: what masks are compared by: flat positions of each kernel's entries, or of
            each hidden layer's units, the largest initial magnitude first.
        average: of the uploads.
    """
    pruned = [client for client, masks in shown.items() if not masks.is_full][:MOST_COMPARED]
    kept = {client: _in_order(shown[client], by_magnitude) for client in pruned}
    overlap = tuple(
        _pair(clients, [labels[client] for client in clients], [kept[client] for client in clients])
        for clients in combinations(pruned, 2)
    )
    if not shown or average.uploads == 0:
        return MaskStatistics(overlap=overlap)
    keepers = average.counts[::2]
    numbers = (np.bincount(each.ravel(), minlength=average.uploads + 1) for each in keepers)
    return MaskStatistics(
        orphan_fraction=average.orphan_share,
        keepers=tuple(tuple(each.tolist()) for each in numbers),
        overlap=overlap,
        pictures=_pictures(shown, keepers, average.uploads),
    )


def _in_order(masks: Masks, by_magnitude: Sequence[IntArray]) -> list[BoolArray]:
    """What is kept of each layer, ``(n,)``: kernel entries, or units if those have an order."""
    layers = masks.kernels if len(by_magnitude) == len(masks.weights) else masks.units
    return [layer.ravel()[order] for layer, order in zip(layers, by_magnitude, strict=True)]


def _pair(
    clients: tuple[int, int], labels: Sequence[tuple[int, ...]], kept: Sequence[list[BoolArray]]
) -> Pair:
    one, other = map(set, labels)
    layers = [_overlaps(*flags) for flags in zip(*kept, strict=True)]
    return Pair(
        clients=clients,
        labels=len(one & other) / len(one | other),
        masks=tuple(measured for measured, _ in layers),
        expected=tuple(expected for _, expected in layers),
    )


def _overlaps(one: BoolArray, other: BoolArray) -> tuple[float, float]:
    """Jaccard indices of two flags in the order of the initial magnitudes, ``(n,)`` each.

    Returns:
        Entries that both keep by entries that one of them keeps; the same as equal initial weights
        explain it.
    """
    counts = count_nonzero(one), count_nonzero(other)
    explained = 0.0
    for begin, end in pairwise(sorted({0, *counts, one.size})):
        mine, theirs = count_nonzero(one[begin:end]), count_nonzero(other[begin:end])
        explained += mine * theirs / (end - begin)
    total = sum(counts)
    both = count_nonzero(one & other)
    shares = [each / (total - each) if total > each else 1.0 for each in (both, explained)]
    return shares[0], shares[1]


def _pictures(
    masks: Mapping[int, Masks], keepers: Sequence[npt.NDArray[np.uint16]], uploads: int
) -> bytes:
    """Pictures as .npz bytes: ``client-layer`` of masks, ``keepers-layer`` of how many kept it."""
    side = SIDE if len(masks) <= MANY else SMALL_SIDE
    shown = {
        f"{client}-{layer}": shares(kernel, side)
        for client, each in masks.items()
        for layer, kernel in enumerate(each.without_cache().kernels, 1)
    }
    shown |= {
        f"keepers-{layer}": shares(counts, side, most=uploads)
        for layer, counts in enumerate(keepers, 1)
    }
    file = io.BytesIO()
    np.savez_compressed(file, **shown)  # type: ignore[arg-type]
    return file.getvalue()


def shares(values: npt.NDArray[np.generic], side: int, *, most: float = 1.0) -> Picture:
    """A matrix ``(rows, columns)`` as at most `side` x `side` means, 255 standing for `most`."""
    rows, columns = (np.linspace(0, n, min(n, side) + 1).astype(np.int64) for n in values.shape)
    sums = np.add.reduceat(values.astype(np.float32), rows[:-1], axis=0)
    sums = np.add.reduceat(sums, columns[:-1], axis=1)
    areas = np.outer(np.diff(rows), np.diff(columns))
    levels: Picture = np.rint(sums / areas * (255 / max(most, 1e-9))).astype(np.uint8)
    return levels


def load_pictures(data: bytes) -> dict[str, Picture]:
    """The pictures of a round by name, at most ``(48, 48)`` each; nothing is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)
