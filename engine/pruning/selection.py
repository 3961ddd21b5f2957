"""The lowest scores: exactly so many, and which of equal ones.

A threshold alone prunes more than asked where scores are equal. Here exactly `count` entries are
chosen, and among equal scores the one with the lower index (C order, layers in order) goes first,
so the choice is reproducible and the choices at growing sparsity are nested.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, IntArray
from engine.settings import count_of

Scores: TypeAlias = npt.NDArray[np.floating[Any]]

GONE = -1.0
"""Score of an entry that went earlier: below every magnitude, so it is chosen and counted first."""


def lowest(scores: Scores, count: int) -> BoolArray:
    """Flags, in the shape of `scores`, of its `count` lowest entries; NaN ranks as infinite.

    The same as the first `count` of a stable argsort, in linear time: find the score of rank
    `count`, take everything below it, and fill up with the first of its equals.
    """
    flat = np.where(np.isnan(scores), np.inf, scores).ravel()
    if count == 0:
        return np.zeros(scores.shape, bool)
    threshold = _ranked(flat, count - 1)
    chosen = flat < threshold
    equal = np.flatnonzero(flat == threshold)
    chosen[equal[: count - np.count_nonzero(chosen)]] = True
    return np.asarray(chosen.reshape(scores.shape))


def lowest_entries(scores: Sequence[Scores], sparsity: float, scope: str) -> tuple[BoolArray, ...]:
    """Flags of the lowest share of each array (scope ``layer``) or of all together (``global``).

    Entries that are `GONE` count towards the share and are always among the chosen.
    """
    if scope == "layer":
        return tuple(_lowest_share(layer, sparsity) for layer in scores)
    return _split(_lowest_share(_joined(scores), sparsity), scores)


def lowest_units(scores: Sequence[Scores], sparsity: float, scope: str) -> tuple[BoolArray, ...]:
    """Flags of the lowest units: as `lowest_entries`, but no layer ever loses its best unit.

    A share of one layer never takes all of it. Over all layers at once it could, and a network
    with an empty layer answers nothing, so there the best unit of each layer does not compete.
    """
    if scope == "layer":
        return lowest_entries(scores, sparsity, scope)
    together = _joined(scores)
    rivals = np.delete(np.arange(together.size), _best_of_each(scores))
    count = min(count_of(together.size, sparsity), rivals.size)
    chosen = np.zeros(together.size, bool)
    chosen[rivals[lowest(together[rivals], count)]] = True
    return _split(chosen, scores)


def _ranked(scores: Scores, place: int) -> Any:
    """The score at a place of the ascending order; scores are not NaN.

    The bits of float32 numbers from 0 up sort as the numbers do. Counting by their upper half
    leaves about one number in a hundred to look at, in a third of the time of a partition.
    """
    if scores.dtype != np.float32 or np.signbit(scores).any():
        return np.partition(scores, place)[place]
    upper = scores.view(np.uint32) >> 16
    ends = np.cumsum(np.bincount(upper))
    bucket = int(np.searchsorted(ends, place, side="right"))
    rivals = scores[upper == bucket]
    place -= int(ends[bucket]) - rivals.size
    return np.partition(rivals, place)[place]


def _lowest_share(scores: Scores, sparsity: float) -> BoolArray:
    count = count_of(scores.size, sparsity)
    chosen = scores < 0  # gone already
    left = count - int(np.count_nonzero(chosen))
    if left == count:
        return lowest(scores, count)
    if left > 0:
        live = ~chosen
        chosen[live] = lowest(scores[live], left)
    return chosen


def _joined(scores: Sequence[Scores]) -> Scores:
    # the empty first array keeps a network without hidden layers valid
    return np.concatenate([np.empty(0, np.float32), *(layer.ravel() for layer in scores)])


def _split(chosen: BoolArray, like: Sequence[Scores]) -> tuple[BoolArray, ...]:
    parts = np.split(chosen, _ends(like)[:-1])
    return tuple(part.reshape(layer.shape) for part, layer in zip(parts, like, strict=False))


def _best_of_each(scores: Sequence[Scores]) -> list[int]:
    # of equal scores the last one is pruned last, hence the search from the end
    ends = _ends(scores)
    return [end - 1 - int(np.argmax(s[::-1])) for end, s in zip(ends, scores, strict=True)]


def _ends(scores: Sequence[Scores]) -> IntArray:
    return np.cumsum([layer.size for layer in scores], dtype=np.int64)
