"""The average of every parameter over the clients that keep it.

What the paper calls an intersection is this average by counts: w_j = sum a_k E_kj w_kj / sum a_k
E_kj over the clients k of the cohort, with E_kj one where client k keeps parameter j. Sums are
float64 and grow client by client: memory is that of the network, however many clients there are.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray
from engine.federated.masks import ClientMasks, Units, ends_of
from engine.network import Network, from_arrays, to_arrays

BLOCK = 1 << 15
"""Parameters that are summed at a time."""

Sums = list[npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Keepers:
    """By how many uploads of a cohort each parameter is kept.

    Attributes:
        counts: kernel, bias, kernel, bias, …
        uploads: how many there were.
    """

    counts: list[npt.NDArray[np.uint16]]
    uploads: int

    @cached_property
    def orphans(self) -> list[npt.NDArray[np.bool_]]:
        """Parameters that nobody kept; none where nothing was uploaded."""
        return [(counts == 0) & (self.uploads > 0) for counts in self.counts]

    @property
    def orphan_share(self) -> float:
        """Share of all parameters that nobody kept."""
        sizes = [(int(np.count_nonzero(o)), o.size) for o in self.orphans]
        return sum(count for count, _ in sizes) / sum(size for _, size in sizes)


@dataclass(slots=True)
class Average:
    """Sums of a cohort that grow upload by upload, in a fixed order of the clients.

    Attributes:
        like: a network of the same shape.
        waiting: most uploads whose units wait to be counted together.
        uploads: how many were counted.
    """

    like: Network
    waiting: int = 64
    uploads: int = 0
    _sums: Sums = field(default_factory=list)
    _weights: Sums = field(default_factory=list)
    _keepers: list[npt.NDArray[np.uint16]] = field(default_factory=list)
    _units: list[tuple[float, Units]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from nothing."""
        arrays = to_arrays(self.like)
        self._sums = [np.zeros(a.shape) for a in arrays]
        self._weights = [np.zeros(a.shape) for a in arrays]
        self._keepers = [np.zeros(a.shape, np.uint16) for a in arrays]

    def add(
        self, network: Network, masks: ClientMasks, weight: float, units: Units | None = None
    ) -> None:
        """Count an upload, which is zero where it keeps nothing; that is not counted.

        Args:
            network: the values.
            masks: what the upload keeps, in the shape of the average.
            weight: how much the upload counts.
            units: the hidden units that the network has, where it lacks the others.
        """
        self.uploads += 1
        if units is None:
            for sums, values in zip(self._sums, to_arrays(network), strict=True):
                _add(sums.ravel(), values.ravel(), weight)
        else:
            self._add_smaller(network, weight, units)
        if all(masks.whole):
            self._wait(masks.units, weight)
            return
        for place, kept in enumerate(masks.arrays()):
            self._weights[place] += weight * kept
            self._keepers[place] += kept

    def _add_smaller(self, network: Network, weight: float, units: Units) -> None:
        parts = zip(network.layers, pairwise(ends_of(self.like.shape, units)), strict=True)
        for place, (layer, (read, written)) in enumerate(parts):
            _add_block(self._sums[2 * place], layer.kernel, weight, read, written)
            self._sums[2 * place + 1][written] += np.multiply(layer.bias, weight, dtype=np.float64)

    def _wait(self, units: Units, weight: float) -> None:
        self._units.append((weight, units))
        if len(self._units) > self.waiting:
            self._keepers, self._weights = self._counts(), self._totals()
            self._units.clear()

    def keepers(self) -> Keepers:
        """By how many uploads each parameter is kept."""
        return Keepers(self._counts(), self.uploads)

    def _counts(self) -> list[npt.NDArray[np.uint16]]:
        more = self._of_units([1.0 for _ in self._units])
        return [k + m.astype(np.uint16) for k, m in zip(self._keepers, more, strict=True)]

    def _totals(self) -> Sums:
        more = self._of_units([weight for weight, _ in self._units])
        return [each + other for each, other in zip(self._weights, more, strict=True)]

    def mean(self, server: Network) -> Network:
        """The averages; an orphan has the server's value, bit for bit."""
        common = [weight for weight, _ in self._units]
        if 0 < self.uploads == len(common) and self._nothing_pruned():
            return from_arrays([(sums / sum(common)).astype(np.float32) for sums in self._sums])
        parts = zip(self._sums, self._totals(), to_arrays(server), strict=True)
        return from_arrays([_mean(*part) for part in parts])

    def _nothing_pruned(self) -> bool:
        return all(kept.all() for _, units in self._units for kept in units)

    def _of_units(self, weights: list[float]) -> Sums:
        """Of each parameter, the sum of the weights of those uploads that keep whole units.

        A parameter is kept where both its ends are: a product of flags. Its sums are exact as
        long as the weights are whole numbers.
        """
        if not weights:
            return [np.zeros_like(each) for each in self._weights]
        column = np.array(weights)[:, np.newaxis]
        sums: Sums = []
        for read, written in pairwise(self._ends()):
            sums += [read.T @ (written * column), (written * column).sum(axis=0)]
        return sums

    def _ends(self) -> Sums:
        """Inputs, units and logits that uploads keep, a matrix ``(uploads, width)`` each."""
        rows = (ends_of(self.like.shape, units) for _, units in self._units)
        return [np.array(each, np.float64) for each in zip(*rows, strict=True)]


def _add(sums: npt.NDArray[np.float64], values: FloatArray, weight: float) -> None:
    """Add weighted values, flat arrays both, by parts that stay in the processor's cache."""
    room = np.empty(min(sums.size, BLOCK))
    for start in range(0, sums.size, BLOCK):
        part = slice(start, start + BLOCK)
        block = np.multiply(values[part], weight, out=room[: sums[part].size], dtype=np.float64)
        sums[part] += block


def _add_block(
    sums: npt.NDArray[np.float64],
    values: FloatArray,
    weight: float,
    read: BoolArray,
    written: BoolArray,
) -> None:
    """Add weighted values to some rows and columns, a few rows at a time."""
    rows, columns = np.flatnonzero(read), np.flatnonzero(written)
    some = max(BLOCK // sums.shape[1], 1)
    for start in range(0, len(rows), some):
        block = np.zeros((len(rows[start : start + some]), sums.shape[1]))
        block[:, columns] = np.multiply(values[start : start + some], weight, dtype=np.float64)
        sums[rows[start : start + some]] += block


def treat_orphans(
    network: Network, orphans: list[npt.NDArray[np.bool_]], policy: str, decay: float
) -> Network:
    """The network with its orphans kept, set to zero, or multiplied by `decay`."""
    if policy == "keep":
        return network
    factor = np.float32(0 if policy == "zero" else decay)
    parts = zip(to_arrays(network), orphans, strict=True)
    return from_arrays([np.where(orphan, values * factor, values) for values, orphan in parts])


def _mean(
    sums: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], server: FloatArray
) -> FloatArray:
    with np.errstate(invalid="ignore"):
        means = (sums / weights).astype(np.float32)
    return np.where(weights > 0, means, server)
