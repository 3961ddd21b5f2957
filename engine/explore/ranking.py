"""The order in which entries and units are pruned, found once; then any K is a comparison.

What `engine.pruning.selection` chooses at a growing K is nested, so one number for each entry says
all: its place in the order. An entry is pruned if its place is below the count that K asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray
from engine.networks.network import Network
from engine.pruning import scores
from engine.pruning.selection import Scores
from engine.settings import count_of

Kind = TypeVar("Kind", bound=np.generic)

Places: TypeAlias = npt.NDArray[np.int32]

NEVER = np.iinfo(np.int32).max
"""The place of what no K reaches."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Places in the order of pruning.

    Attributes:
        places: for each layer, in the shape of what is ranked; 0 goes first.
        scope: ``layer``: places count from 0 in each layer; ``global``: over all of them.
    """

    places: tuple[Places, ...]
    scope: str

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        return sum(layer.nbytes for layer in self.places)

    def lowest(self, levels: Sequence[float]) -> tuple[BoolArray, ...]:
        """Flags of what goes at a K for each layer; with scope ``global`` the first K counts."""
        counts = self._counts(levels)
        return tuple(layer < n for layer, n in zip(self.places, counts, strict=True))

    def lowest_but(
        self, gone: Sequence[BoolArray], levels: Sequence[float]
    ) -> tuple[BoolArray, ...]:
        """As `lowest`, where the flagged have gone already: they count first towards K."""
        if self.scope == "global":
            return _split(_fill(_joined(self.places), _joined(gone), levels[0]), self.places)
        parts = zip(self.places, gone, levels, strict=True)
        return tuple(_fill(layer, flags, level) for layer, flags, level in parts)

    def _counts(self, levels: Sequence[float]) -> list[int]:
        if self.scope == "layer":
            pairs = zip(self.places, levels, strict=True)
            return [count_of(layer.size, level) for layer, level in pairs]
        total = sum(layer.size for layer in self.places)
        return [count_of(total, levels[0])] * len(self.places)


def by_magnitude(network: Network, scope: str) -> Ranking:
    """Entries of the prunable kernels by magnitude."""
    return _ranked(scores.magnitudes(layer.kernel for layer in network.prunable), scope)


def by_norm(network: Network, scope: str) -> Ranking:
    """Units of the hidden layers by the L2 norm of their columns."""
    norms = scores.column_norms((layer.kernel for layer in network.hidden), "l2")
    return _ranked_units(norms, scope)


def entries_by_chance(network: Network, scope: str, seed: int) -> Ranking:
    """Entries in the order that the method random-weight takes them."""
    rng = scores.generator(seed, "random-weight")
    return _ranked(scores.random_like((x.kernel for x in network.prunable), rng), scope)


def units_by_chance(network: Network, scope: str, seed: int) -> Ranking:
    """Units in the order that the method random-unit takes them."""
    rng = scores.generator(seed, "random-unit")
    return _ranked_units(scores.random_like((x.bias for x in network.hidden), rng), scope)


def _ranked(values: Sequence[Scores], scope: str) -> Ranking:
    if scope == "layer":
        return Ranking(tuple(_places(layer) for layer in values), scope)
    return Ranking(_split(_places(_joined(values)), values), scope)


def _ranked_units(values: Sequence[Scores], scope: str) -> Ranking:
    ranking = _ranked(values, scope)
    if scope == "layer":
        return ranking
    together = _joined(ranking.places)
    best = [int(layer.argmax()) for layer in ranking.places]
    starts = np.cumsum([0, *(layer.size for layer in values)])[:-1]
    spared = np.asarray(starts + best, np.int64)  # no layer loses its best unit
    rivals = np.delete(np.arange(together.size), spared)
    together[rivals] = _places(together[rivals])
    together[spared] = NEVER
    return Ranking(_split(together, values), scope)


def _places(values: npt.NDArray[np.generic]) -> Places:
    """The place of each value in a stable order, in the shape of `values`."""
    flat = values.ravel()
    places = np.empty(flat.size, np.int32)
    places[_order(flat)] = np.arange(flat.size, dtype=np.int32)
    return places.reshape(values.shape)


def _order(flat: npt.NDArray[np.generic]) -> npt.NDArray[np.integer]:
    if flat.dtype != np.float32:
        return np.argsort(flat, kind="stable")
    # Floats that are not negative are ordered as their bits are. With the index below the bits,
    # no two keys are equal, so the fastest sort is a stable one: a tenth of the time.
    keys = flat.view(np.uint32).astype(np.uint64) << np.uint64(32)
    keys |= np.arange(flat.size, dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _fill(places: Places, gone: BoolArray, level: float) -> BoolArray:
    left = count_of(places.size, level) - int(np.count_nonzero(gone))
    if left <= 0:
        return gone.copy()
    live = places[~gone]
    last = np.partition(live, left - 1)[left - 1]
    return np.asarray(gone | (places <= last))


def _joined(values: Sequence[npt.NDArray[Kind]]) -> npt.NDArray[Kind]:
    return np.concatenate([layer.ravel() for layer in values])


def _split(
    together: npt.NDArray[Kind], like: Sequence[npt.NDArray[np.generic]]
) -> tuple[npt.NDArray[Kind], ...]:
    ends = np.cumsum([layer.size for layer in like], dtype=np.int64)
    parts = np.split(together, ends[:-1])
    return tuple(part.reshape(layer.shape) for part, layer in zip(parts, like, strict=False))
