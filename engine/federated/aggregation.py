"""The average of every parameter over the clients that keep it.

What the Sub-FedAvg paper (Vahidian et al., arXiv 2105.00562) calls an intersection is this average
by counts: w_j = sum a_k E_kj w_kj / sum a_k E_kj over the clients k of the cohort, with E_kj one
where client k keeps parameter j. Where everybody keeps everything, it is FedAvg's (McMahan et al.,
arXiv 1602.05629).

Sums are float64 and grow client by client, in a fixed order: memory is that of the network, however
many clients there are.
"""

from collections.abc import Sequence

import numpy as np

from engine.arrays import BoolArray, FloatArray, count_nonzero
from engine.networks.network import Network, from_arrays, to_arrays


class Average:
    """Sums of a cohort that grow upload by upload.

    Attributes:
        uploads: how many were added.
        counts: by how many uploads each parameter is kept, in the shapes of the arrays.
    """

    def __init__(self, server: Sequence[FloatArray]) -> None:
        """Start from nothing; `server` are its arrays before the round: kernel, bias and so on."""
        self.uploads = 0
        self.counts = [np.zeros(array.shape, np.uint16) for array in server]
        self._server = server
        self._sums = [np.zeros(array.shape) for array in server]
        self._weights = [np.zeros(array.shape) for array in server]

    def add(self, arrays: Sequence[FloatArray], kept: Sequence[BoolArray], weight: float) -> None:
        """Count an upload.

        Args:
            arrays: in the shapes of the server's, zero where the upload keeps nothing.
            kept: flags of what it keeps, in the same shapes.
            weight: how much it counts.
        """
        self.uploads += 1
        for i, (values, flags) in enumerate(zip(arrays, kept, strict=True)):
            self._sums[i] += np.multiply(values, weight, dtype=np.float64)
            self._weights[i] += weight * flags
            self.counts[i] += flags

    def mean(self) -> list[FloatArray]:
        """The averages, in the shapes of the server's arrays.

        A parameter that nobody keeps has the server's value, bit for bit.
        """
        means = [array.copy() for array in self._server]
        for mean, total, weights in zip(means, self._sums, self._weights, strict=True):
            np.divide(total, weights, out=mean, where=weights > 0, casting="same_kind")
        return means

    @property
    def orphans(self) -> list[BoolArray]:
        """Flags of what nobody kept, in the shapes of the arrays; none where nothing came."""
        return [(counts == 0) & (self.uploads > 0) for counts in self.counts]

    @property
    def orphan_share(self) -> float:
        """Share of all parameters that nobody kept."""
        orphans = self.orphans
        return sum(map(count_nonzero, orphans)) / sum(each.size for each in orphans)


def treat_orphans(network: Network, orphans: list[BoolArray], policy: str, decay: float) -> Network:
    """The network with its orphans, flags in the shapes of its arrays, treated by a policy.

    ``keep`` leaves them, ``zero`` sets them to zero, ``decay`` multiplies them by `decay`.
    """
    if policy == "keep":
        return network
    factor = np.float32(0 if policy == "zero" else decay)
    parts = zip(to_arrays(network), orphans, strict=True)
    return from_arrays([np.where(orphan, values * factor, values) for values, orphan in parts])
