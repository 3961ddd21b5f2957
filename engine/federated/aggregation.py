"""The average of every parameter over the clients that keep it.

What the paper calls an intersection is this average by counts: w_j = sum a_k E_kj w_kj / sum a_k
E_kj over the clients k of the cohort, with E_kj one where client k keeps parameter j. Sums are
float64 and grow client by client: memory is that of the network, however many clients there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray
from engine.federated.masks import ClientMasks
from engine.network import Network, from_arrays, to_arrays

BLOCK = 1 << 15
"""Parameters that are summed at a time."""

Sums = list[npt.NDArray[np.float64]]


@dataclass(slots=True)
class Average:
    """Sums of a cohort that grow upload by upload, in a fixed order of the clients.

    Attributes:
        like: a network of the same shape.
    """

    like: Network
    uploads: int = 0
    _sums: Sums = field(default_factory=list)
    _weights: Sums = field(default_factory=list)
    _keepers: list[npt.NDArray[np.uint16]] = field(default_factory=list)
    _common: float = 0.0
    _whole: int = 0

    def __post_init__(self) -> None:
        """Start from nothing."""
        arrays = to_arrays(self.like)
        self._sums = [np.zeros(a.shape) for a in arrays]
        self._weights = [np.zeros(a.shape) for a in arrays]
        self._keepers = [np.zeros(a.shape, np.uint16) for a in arrays]

    def add(self, network: Network, masks: ClientMasks, weight: float) -> None:
        """Count an upload; what it does not keep is not counted."""
        self.uploads += 1
        if masks.alive == masks.size:
            self._add_whole(network, weight)
            return
        parts = zip(to_arrays(network), masks.arrays(), strict=True)
        for place, (values, kept) in enumerate(parts):
            self._sums[place] += np.multiply(values, weight, dtype=np.float64) * kept
            self._weights[place] += weight * kept
            self._keepers[place] += kept

    def _add_whole(self, network: Network, weight: float) -> None:
        """Count an upload that keeps everything: its weight and its keeper are one number each."""
        self._whole += 1
        self._common += weight
        for place, values in enumerate(to_arrays(network)):
            sums = self._sums[place].ravel()
            for part, block in _blocks(values.size):
                np.multiply(values.ravel()[part], weight, out=block, dtype=np.float64)
                sums[part] += block

    @property
    def keepers(self) -> list[npt.NDArray[np.uint16]]:
        """By how many uploads each parameter is kept."""
        return [counts + np.uint16(self._whole) for counts in self._keepers]

    def mean(self, server: Network) -> Network:
        """The averages; an orphan has the server's value, bit for bit."""
        if self._common and self._whole == self.uploads:  # FedAvg: one number weighs all
            return from_arrays([(sums / self._common).astype(np.float32) for sums in self._sums])
        weights = (each + self._common for each in self._weights)
        parts = zip(self._sums, weights, to_arrays(server), strict=True)
        return from_arrays([_mean(*part) for part in parts])

    def orphans(self) -> list[npt.NDArray[np.bool_]]:
        """Parameters that nobody of the cohort kept; none where nothing was uploaded."""
        possible = self.uploads > 0 and self._whole == 0
        return [(counts == 0) & possible for counts in self._keepers]

    def orphan_share(self) -> float:
        """Share of all parameters that nobody of the cohort kept."""
        orphans = self.orphans()
        return sum(int(np.count_nonzero(o)) for o in orphans) / sum(o.size for o in orphans)


def _blocks(size: int) -> Iterator[tuple[slice, npt.NDArray[np.float64]]]:
    """Parts of a flat array, and room beside each that stays in the processor's cache."""
    room = np.empty(min(size, BLOCK))
    for start in range(0, size, BLOCK):
        yield slice(start, start + BLOCK), room[: min(BLOCK, size - start)]


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
