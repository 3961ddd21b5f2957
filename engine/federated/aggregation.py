"""The average of every parameter over the clients that keep it.

What the Sub-FedAvg paper (Vahidian et al., arXiv 2105.00562) calls an intersection is this average
by counts: w_j = sum a_k E_kj w_kj / sum a_k E_kj over the clients k of the cohort, with E_kj one
where client k keeps parameter j. Where everybody keeps everything, it is FedAvg's (McMahan et al.,
arXiv 1602.05629).

Sums are float64 and grow client by client, in a fixed order: memory is that of the network, however
many clients there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray
from engine.networks.network import Network, from_arrays, to_arrays


@dataclass(slots=True)
class Average:
    """Sums of a cohort that grow upload by upload.

    Attributes:
        server: the arrays before the round: kernel, bias, kernel, bias, …
        uploads: how many were added.
        counts: by how many uploads each parameter is kept, in the shapes of the arrays.
    """

    server: Sequence[FloatArray]
    uploads: int = 0
    counts: list[npt.NDArray[np.uint16]] = field(default_factory=list)
    _sums: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _weights: list[npt.NDArray[np.float64]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from nothing."""
        shapes = [array.shape for array in self.server]
        self.counts = [np.zeros(shape, np.uint16) for shape in shapes]
        self._sums = [np.zeros(shape) for shape in shapes]
        self._weights = [np.zeros(shape) for shape in shapes]

    def add(self, arrays: Sequence[FloatArray], kept: Sequence[BoolArray], weight: float) -> None:
        """Count an upload.

        Args:
            arrays: zero where the upload keeps nothing.
            kept: flags of what it keeps.
            weight: how much it counts.
        """
        self.uploads += 1
        for i, (values, flags) in enumerate(zip(arrays, kept, strict=True)):
            self._sums[i] += np.multiply(values, weight, dtype=np.float64)
            self._weights[i] += weight * flags
            self.counts[i] += flags

    def mean(self) -> list[FloatArray]:
        """The averages; a parameter that nobody keeps has the server's value, bit for bit."""
        means = [array.copy() for array in self.server]
        for mean, total, weights in zip(means, self._sums, self._weights, strict=True):
            np.divide(total, weights, out=mean, where=weights > 0, casting="same_kind")
        return means

    @property
    def orphans(self) -> list[BoolArray]:
        """Parameters that nobody kept; none where nothing was uploaded."""
        return [(counts == 0) & (self.uploads > 0) for counts in self.counts]

    @property
    def orphan_share(self) -> float:
        """Share of all parameters that nobody kept."""
        orphans = self.orphans
        count = sum(int(np.count_nonzero(each)) for each in orphans)
        return count / sum(each.size for each in orphans)


def treat_orphans(network: Network, orphans: list[BoolArray], policy: str, decay: float) -> Network:
    """The network with its orphans kept, set to zero, or multiplied by `decay`."""
    if policy == "keep":
        return network
    factor = np.float32(0 if policy == "zero" else decay)
    parts = zip(to_arrays(network), orphans, strict=True)
    return from_arrays([np.where(orphan, values * factor, values) for values, orphan in parts])
