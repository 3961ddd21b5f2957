"""How sparse is it? K is what was asked for; these are what was achieved."""

from collections.abc import Iterable

from engine.arrays import FloatArray, count_nonzero
from engine.networks.network import Network, to_arrays
from engine.pruning.method import method_of
from engine.pruning.rule import Pruned


def achieved_sparsity(method: str, pruned: Pruned) -> float:
    """The pruned share of what K counts; 0 where there is nothing to prune.

    Of the hidden units for methods that count units, of the prunable kernels' entries for all other
    points, the baseline among them.
    """
    known = method_of(method)
    if known is not None and known.counts_units:
        gone = pruned.dead_units
    else:
        kernels = pruned.masks.kernels[: len(pruned.network.prunable)]
        gone = tuple(~kernel for kernel in kernels)
    return sum(map(count_nonzero, gone)) / max(sum(flags.size for flags in gone), 1)


def model_sparsity(network: Network) -> float:
    """Zero share of all parameters: biases and the output layer count too."""
    return (network.parameters - nonzero_parameters(network)) / network.parameters


def nonzero_parameters(network: Network) -> int:
    """Number of kernel and bias entries that are not zero."""
    return sum(map(count_nonzero, to_arrays(network)))


def nonzero_macs(network: Network) -> int:
    """Multiply-accumulates for one image by a kernel entry that is not zero."""
    return sum(count_nonzero(layer.kernel) * layer.shape.places for layer in network.layers)


def zero_share(kernels: Iterable[FloatArray]) -> float:
    """Zero share of all these kernels' entries together; 0 without any."""
    arrays = list(kernels)
    size = sum(array.size for array in arrays)
    zeros = size - sum(count_nonzero(array) for array in arrays)
    return zeros / size if size else 0.0
