"""The average of every parameter over the clients that keep it.

What the paper calls an intersection is this average by counts: w_j = sum a_k E_kj w_kj / sum a_k
E_kj over the clients k of the cohort, with E_kj one where client k keeps parameter j. Sums are
float64 and grow client by client: memory is that of the network, however many clients there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray
from engine.federated.masks import ClientMasks, Units, ends_of
from engine.networks.network import Network, from_arrays, to_arrays

BLOCK = 1 << 15
"""Parameters that are summed at a time."""

Sums = list[npt.NDArray[np.float64]]
Number = TypeVar("Number", np.uint16, np.float64)


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
        if self._all_kept():
            all_of_them = np.uint16(self.uploads)
            counts = [np.broadcast_to(all_of_them, each.shape) for each in self._keepers]
            return Keepers(counts, self.uploads)
        return Keepers(self._counts(), self.uploads)

    def _counts(self) -> list[npt.NDArray[np.uint16]]:
        kept = self._kept([1.0 for _ in self._units])
        return [more.added_to(counts) for counts, more in zip(self._keepers, kept, strict=True)]

    def _totals(self) -> Sums:
        kept = self._kept([weight for weight, _ in self._units])
        return [more.added_to(total) for total, more in zip(self._weights, kept, strict=True)]

    def mean(self, server: Network) -> Network:
        """The averages; an orphan has the server's value, bit for bit."""
        common = [weight for weight, _ in self._units]
        if self._all_kept():
            return from_arrays([(sums / sum(common)).astype(np.float32) for sums in self._sums])
        parts = zip(self._sums, self._weights, self._kept(common), to_arrays(server), strict=True)
        return from_arrays([_mean(*part) for part in parts])

    def _all_kept(self) -> bool:
        """Whether there are uploads, all still wait, and none lacks anything."""
        waiting = 0 < self.uploads == len(self._units)
        return waiting and all(kept.all() for _, units in self._units for kept in units)

    def _kept(self, weights: list[float]) -> list["_Kept"]:
        """What the waiting uploads keep of each array, if they count so much."""
        column, always = np.array(weights)[:, np.newaxis], np.ones((len(weights), 1))
        pairs = ((read, written * column) for read, written in pairwise(self._ends()))
        return [
            each
            for read, written in pairs
            for each in (_Kept(read, written), _Kept(always, written))
        ]

    def _ends(self) -> Sums:
        """Inputs, units and logits that uploads keep, a matrix ``(uploads, width)`` each."""
        rows = [np.concatenate(ends_of(self.like.shape, units)) for _, units in self._units]
        widths = [self.like.shape[0].inputs, *(layer.units for layer in self.like.shape)]
        flags = np.array(rows, np.float64).reshape(len(rows), sum(widths))
        return np.split(flags, np.cumsum(widths)[:-1], axis=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Of each parameter, the sum of the weights of those uploads that keep both its ends.

    A product of flags, exact as long as the weights are whole numbers.

    Attributes:
        read: ``(uploads, rows)``, one where an upload keeps what is read.
        written: ``(uploads, columns)``, the upload's weight where it keeps what is written.
    """

    read: npt.NDArray[np.float64]
    written: npt.NDArray[np.float64]

    def of(self, rows: slice) -> npt.NDArray[np.float64]:
        """The sums of some rows, ``(rows, columns)``."""
        return np.asarray(self.read[:, rows].T @ self.written)

    def added_to(self, before: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """A kernel or a bias with the sums on top."""
        total = before.copy()
        for rows in _blocks(total):
            np.atleast_2d(total)[rows] += self.of(rows).astype(total.dtype)
        return total


def _blocks(array: npt.NDArray[Any]) -> Iterator[slice]:
    """The rows of a kernel, or the one of a bias, as many as stay in the processor's cache."""
    rows, columns = np.atleast_2d(array).shape
    some = max(BLOCK // columns, 1)
    return (slice(start, start + some) for start in range(0, rows, some))


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
    room = np.zeros((some, sums.shape[1]))
    for start in range(0, len(rows), some):
        part = values[start : start + some]
        room[: len(part), columns] = np.multiply(part, weight, dtype=np.float64)
        sums[rows[start : start + some]] += room[: len(part)]


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
    sums: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    kept: _Kept,
    server: FloatArray,
) -> FloatArray:
    """The averages of one array; `weights` are those of uploads that do not keep whole units."""
    means = np.empty_like(server)
    for rows in _blocks(means):
        total = np.atleast_2d(weights)[rows] + kept.of(rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (np.atleast_2d(sums)[rows] / total).astype(np.float32)
        np.atleast_2d(means)[rows] = np.where(total > 0, found, np.atleast_2d(server)[rows])
    return means
