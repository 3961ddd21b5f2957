"""The order in which entries or units are pruned, found once; then any K is a comparison.

A threshold alone prunes more than asked where scores are equal. Here exactly `count_of` entries go,
and among equal scores the one with the lower index (C order, layers in order) goes first. What goes
at a growing K is nested, so one number for each entry says all: its position in the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray
from engine.settings import count_of

Kind = TypeVar("Kind", bound=np.generic)

Scores: TypeAlias = npt.NDArray[np.floating[Any]]
"""The lowest go first; NaN ranks as infinite."""

Positions: TypeAlias = npt.NDArray[np.int32]

NEVER = np.iinfo(np.int32).max
"""The position of what no K reaches."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Positions in the order of pruning.

    Attributes:
        positions: of each layer, in the shape of what is ranked; 0 goes first.
        scope: ``layer``: they count from 0 in each layer; ``global``: over all of them.
    """

    positions: tuple[Positions, ...]
    scope: str

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        return sum(layer.nbytes for layer in self.positions)

    def at(
        self, levels: Sequence[float], gone: Sequence[BoolArray] | None = None
    ) -> tuple[BoolArray, ...]:
        """Flags of what goes, in the shapes of the positions.

        Args:
            levels: K of each layer as a fraction; with scope ``global`` the first one counts.
            gone: flags of what has gone already: counts first towards K, and stays gone.
        """
        if self.scope == "global" and self.positions:
            flags = None if gone is None else _joined(gone)
            return _split(_lowest(_joined(self.positions), levels[0], flags), self.positions)
        before = [None] * len(self.positions) if gone is None else gone
        parts = zip(self.positions, levels, before, strict=True)
        return tuple(_lowest(*part) for part in parts)


def rank_entries(scores: Sequence[Scores], scope: str) -> Ranking:
    """The order of all entries of some arrays, one for each layer, in any shape."""
    if scope == "layer" or not scores:
        return Ranking(tuple(_positions(layer) for layer in scores), scope)
    return Ranking(_split(_positions(_joined(scores)), scores), scope)


def rank_units(scores: Sequence[Scores], scope: str) -> Ranking:
    """As `rank_entries`, but no layer ever loses its best unit.

    A share of one layer never takes all of it. Over all layers at once it could, and a network
    with an empty layer answers nothing, so there the best unit of each layer does not compete.
    """
    ranking = rank_entries(scores, scope)
    if scope == "layer" or not scores:
        return ranking
    together = _joined(ranking.positions)
    starts = np.cumsum([0, *(layer.size for layer in scores)])[:-1]
    best = starts + [int(layer.argmax()) for layer in ranking.positions]
    others = np.delete(np.arange(together.size), best)
    together[others] = _positions(together[others])
    together[best] = NEVER
    return Ranking(_split(together, scores), scope)


def lowest(scores: Scores, count: int) -> BoolArray:
    """Flags, in the shape of `scores`, of its `count` lowest entries, in linear time.

    The same as of a ranking, for who asks but once.
    """
    flat = np.where(np.isnan(scores), np.inf, scores).ravel()
    if count == 0:
        return np.zeros(scores.shape, bool)
    threshold = np.partition(flat, count - 1)[count - 1]
    chosen = flat < threshold
    equal = np.flatnonzero(flat == threshold)
    chosen[equal[: count - np.count_nonzero(chosen)]] = True
    return np.asarray(chosen.reshape(scores.shape))


def _positions(scores: npt.NDArray[Any]) -> Positions:
    """The position of each score in a stable ascending order, in the shape of `scores`."""
    flat = np.where(np.isnan(scores), np.inf, scores).ravel()
    if flat.dtype == np.float32 and not np.signbit(flat).any():
        # Floats that are not negative are ordered as their bits are. With the index below the bits
        # no two keys are equal, so the fastest sort is a stable one: a tenth of the time.
        keys = flat.view(np.uint32).astype(np.uint64) << np.uint64(32)
        keys |= np.arange(flat.size, dtype=np.uint64)
        keys.sort()
        order = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    else:
        order = np.argsort(flat, kind="stable")
    positions = np.empty(flat.size, np.int32)
    positions[order] = np.arange(flat.size, dtype=np.int32)
    return positions.reshape(scores.shape)


def _lowest(positions: Positions, level: float, gone: BoolArray | None = None) -> BoolArray:
    count = count_of(positions.size, level)
    if gone is None or not gone.any():
        return positions < count
    left = count - int(np.count_nonzero(gone))
    if left <= 0:
        return gone.copy()
    last = np.partition(positions[~gone], left - 1)[left - 1]
    return np.asarray(gone | (positions <= last))


def _joined(arrays: Sequence[npt.NDArray[Kind]]) -> npt.NDArray[Kind]:
    return np.concatenate([layer.ravel() for layer in arrays])


def _split(
    together: npt.NDArray[Kind], like: Sequence[npt.NDArray[np.generic]]
) -> tuple[npt.NDArray[Kind], ...]:
    ends = np.cumsum([layer.size for layer in like], dtype=np.int64)
    parts = np.split(together, ends[:-1])
    return tuple(part.reshape(layer.shape) for part, layer in zip(parts, like, strict=True))
