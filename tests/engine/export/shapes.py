"""Networks that model files are made of in these tests, pruned by hand."""

from collections.abc import Callable

import numpy as np

from engine.networks.network import Network, from_arrays, to_arrays

SMALL = (30, 20, 20, 10, 10)
"""No kernel has 1,024 entries; two layers have equal shapes."""

MIXED = (40, 64, 64, 64, 10, 10)
"""Three kernels are quantised, two are not; shapes repeat."""


def changed(network: Network, change: Callable[[list[np.ndarray]], None]) -> Network:
    """A copy of the network with its list of kernel, bias, kernel, … changed in place."""
    arrays = [array.copy() for array in to_arrays(network)]
    change(arrays)
    return from_arrays(arrays)


def weight_pruned(network: Network, share: float) -> Network:
    """The smallest entries of each hidden kernel zeroed."""

    def prune(arrays: list[np.ndarray]) -> None:
        for kernel in arrays[:-2:2]:
            kernel[np.abs(kernel) < np.quantile(np.abs(kernel), share)] = 0

    return changed(network, prune)


def unit_pruned(network: Network, share: float) -> Network:
    """The first columns of each hidden kernel zeroed, with their biases."""

    def prune(arrays: list[np.ndarray]) -> None:
        for kernel, bias in zip(arrays[:-2:2], arrays[1:-2:2], strict=True):
            dead = int(kernel.shape[1] * share)
            kernel[:, :dead] = 0
            bias[:dead] = 0

    return changed(network, prune)


def _all_zero_kernel(arrays: list[np.ndarray]) -> None:
    arrays[2][:] = 0


def _two_zero_kernels(arrays: list[np.ndarray]) -> None:
    arrays[2][:] = arrays[4][:] = 0


def _zero_biases(arrays: list[np.ndarray]) -> None:
    for bias in arrays[1::2]:
        bias[:] = 0


def _one_zero_bias(arrays: list[np.ndarray]) -> None:
    arrays[3][:] = 0


def _negative_zero_bias(arrays: list[np.ndarray]) -> None:
    arrays[3][:] = -0.0


def _negative_zeros(arrays: list[np.ndarray]) -> None:
    for bias in arrays[1::2]:
        bias[::2] = -0.0


def _equal_kernels(arrays: list[np.ndarray]) -> None:
    arrays[4][:] = arrays[2]


def _doubled_kernel(arrays: list[np.ndarray]) -> None:
    arrays[4][:] = arrays[2] * 2  # equal only once quantised


def _equal_biases(arrays: list[np.ndarray]) -> None:
    arrays[3][:] = arrays[1]


def _constant_bias(arrays: list[np.ndarray]) -> None:
    arrays[1][:] = 0.5


def _tiny_channels(arrays: list[np.ndarray]) -> None:
    arrays[2][:, :8] *= np.float32(10) ** np.arange(-3, -11, -1, dtype=np.float32)


def _halves(arrays: list[np.ndarray]) -> None:
    arrays[2][:] = np.rint(arrays[2] * 1000) + 0.5  # a scale of 1: every entry is a tie
    arrays[2][0] = 127


SPECIAL: dict[str, Callable[[list[np.ndarray]], None]] = {
    "an all-zero kernel": _all_zero_kernel,
    "two all-zero kernels": _two_zero_kernels,
    "no biases": _zero_biases,
    "one layer without bias": _one_zero_bias,
    "a bias of negative zeros": _negative_zero_bias,
    "negative zeros in every bias": _negative_zeros,
    "equal kernels": _equal_kernels,
    "kernels that are equal once quantised": _doubled_kernel,
    "equal biases": _equal_biases,
    "a constant bias": _constant_bias,
    "channels of tiny weights": _tiny_channels,
    "weights halfway between two steps": _halves,
}


def convert(network: Network, variant: str) -> bytes:
    """The file as TensorFlow's converter writes it, in this process."""
    from engine.export import converter

    return converter.convert(network, variant)
