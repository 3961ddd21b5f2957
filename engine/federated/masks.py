"""What a client keeps of the network: weights and units. Masks only shrink.

A weight lives where its own flag, the unit that it feeds and the unit that it reads are all kept;
a bias lives with its unit. Inputs and logits are never removed.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.networks.architecture import Architecture
from engine.networks.network import Layer, Network, from_arrays, to_arrays

Units: TypeAlias = tuple[BoolArray, ...]


@dataclass(frozen=True, eq=False)
class ClientMasks:
    """Flags of a dense network; True is kept.

    Unlike `engine.pruning.masks.Masks` they remember why an entry is gone: by itself or with its
    unit. Messages and targets need that.

    Attributes:
        weights: in the shape of each layer's kernel, the output layer last.
        units: ``(units,)`` of each hidden layer.
    """

    weights: tuple[BoolArray, ...]
    units: Units

    def __post_init__(self) -> None:
        """Raise ValueError where the flags do not belong together."""
        widths = [len(kernel) for kernel in self.weights[1:]]
        if [len(units) for units in self.units] != widths:
            raise ValueError(f"flags of {[len(u) for u in self.units]} units for {widths}")

    def without_cache(self) -> "ClientMasks":
        """The same flags, without the memory of what was worked out from them."""
        return ClientMasks(self.weights, self.units)

    @cached_property
    def units_only(self) -> bool:
        """Whether every weight is kept whose units are kept."""
        return all(flags.all() for flags in self.weights)

    @cached_property
    def is_full(self) -> bool:
        """Whether nothing is pruned."""
        return self.units_only and all(units.all() for units in self.units)

    def kept_units(self, layer: int) -> tuple[BoolArray, BoolArray]:
        """Which units a layer reads, ``(rows,)``, and writes, ``(columns,)``, that are kept."""
        rows, columns = self.weights[layer].shape
        read = self.units[layer - 1] if layer else np.ones(rows, bool)
        written = self.units[layer] if layer < len(self.units) else np.ones(columns, bool)
        return read, written

    def block(self, layer: int) -> BoolArray:
        """Entries ``(rows, columns)`` of a kernel whose units are kept."""
        read, written = self.kept_units(layer)
        return np.asarray(read[:, np.newaxis] & written)

    @cached_property
    def block_sizes(self) -> tuple[int, ...]:
        """Entries of each kernel whose units are kept."""
        pairs = map(self.kept_units, range(len(self.weights)))
        return tuple(_count(read) * _count(written) for read, written in pairs)

    @cached_property
    def kernels(self) -> tuple[BoolArray, ...]:
        """Entries of each kernel that live."""
        if all(units.all() for units in self.units):
            return self.weights
        return tuple(flags & self.block(layer) for layer, flags in enumerate(self.weights))

    @property
    def biases(self) -> tuple[BoolArray, ...]:
        """Entries of each bias that live: those of kept units, and of all logits."""
        return (*self.units, np.ones(self.weights[-1].shape[1], bool))

    def arrays(self) -> list[BoolArray]:
        """Kernel, bias, kernel, bias, … of what lives, in the order of `to_arrays`."""
        pairs = zip(self.kernels, self.biases, strict=True)
        return [flags for pair in pairs for flags in pair]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Parameters of kernel, bias, kernel, bias and so on."""
        pairs = ((flags.size, flags.shape[1]) for flags in self.weights)
        return tuple(size for pair in pairs for size in pair)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Parameters that live, of kernel, bias, kernel, bias and so on."""
        kernels = self.block_sizes if self.units_only else map(_count, self.kernels)
        pairs = zip(kernels, map(_count, self.biases), strict=True)
        return tuple(count for pair in pairs for count in pair)

    @property
    def alive(self) -> int:
        """Parameters that live, biases among them."""
        return sum(self.counts)

    @property
    def size(self) -> int:
        """Parameters that there are."""
        return sum(self.sizes)

    @property
    def density(self) -> float:
        """Kept share of all parameters."""
        return self.alive / self.size

    @property
    def unit_density(self) -> float:
        """Kept share of the hidden units."""
        return sum(map(_count, self.units)) / max(sum(units.size for units in self.units), 1)

    @property
    def mac_share(self) -> float:
        """Share of the multiply-accumulates that are left without the units that are not kept."""
        return sum(self.block_sizes) / sum(kernel.size for kernel in self.weights)

    def is_subset_of(self, other: "ClientMasks") -> bool:
        """Whether nothing is kept that the other has not."""
        if other.is_full or self is other:
            return True
        pairs = zip(self.arrays(), other.arrays(), strict=True)
        return not any(np.any(mine & ~theirs) for mine, theirs in pairs)

    def apply(self, network: Network) -> Network:
        """The network with +0.0 at everything that does not live; also in place of a NaN."""
        if self.is_full:
            return network
        pairs = zip(to_arrays(network), self.arrays(), strict=True)
        # multiplied as whole numbers: 0 * NaN would be NaN in floats
        return from_arrays(
            [(np.ascontiguousarray(a).view(np.int32) * kept).view(np.float32) for a, kept in pairs]
        )

    def dead_are_zero(self, network: Network) -> bool:
        """Whether everything that does not live is exactly zero."""
        if self.is_full:
            return True
        pairs = zip(to_arrays(network), self.arrays(), strict=True)
        return not any(np.any((array != 0) & ~kept) for array, kept in pairs)

    def pack(self, network: Network) -> list[FloatArray]:
        """What lives of kernel, bias, kernel, bias, …: ``(n,)`` each, row by row."""
        if self.is_full:
            return [array.ravel() for array in to_arrays(network)]
        return [a[kept] for a, kept in zip(to_arrays(network), self.arrays(), strict=True)]

    def unpack(self, taken: list[FloatArray]) -> Network:
        """The inverse of `pack`: zeros where nothing lives."""
        if self.is_full:
            shapes = (flags.shape for flags in self.arrays())
            return from_arrays([a.reshape(s) for a, s in zip(taken, shapes, strict=True)])
        arrays = [np.zeros(kept.shape, np.float32) for kept in self.arrays()]
        for array, kept, values in zip(arrays, self.arrays(), taken, strict=True):
            array[kept] = values
        return from_arrays(arrays)


def full_masks(shape: Architecture) -> ClientMasks:
    """The masks that keep everything."""
    return ClientMasks(
        tuple(np.ones(layer.kernel, bool) for layer in shape),
        tuple(np.ones(layer.units, bool) for layer in shape[:-1]),
    )


def compact(network: Network, units: Units, inputs: BoolArray | None = None) -> Network:
    """The network without units, and inputs, that are not kept: rows and columns taken out."""
    kept = _axes(network, units, inputs)
    layers = zip(network.layers, pairwise(kept), strict=True)
    return Network(
        tuple(Layer(_block(layer.kernel, *ends), layer.bias[ends[1]]) for layer, ends in layers)
    )


def insert(
    small: Network, network: Network, units: Units, inputs: BoolArray | None = None
) -> Network:
    """The inverse of `compact`: `network`, with the small one's values where units are kept."""
    layers = []
    kept = pairwise(_axes(network, units, inputs))
    for new, old, (rows, columns) in zip(small.layers, network.layers, kept, strict=True):
        if rows.all() and columns.all():
            layers.append(new)
            continue
        kernel, bias = old.kernel.copy(), old.bias.copy()
        kernel[rows if columns.all() else np.ix_(rows, columns)] = new.kernel
        bias[columns] = new.bias
        layers.append(Layer(kernel, bias))
    return Network(tuple(layers))


def _axes(network: Network, units: Units, inputs: BoolArray | None) -> list[BoolArray]:
    """Flags of the inputs (all where none are given), of each layer's units, and of the logits."""
    read = np.ones(network.layers[0].inputs, bool) if inputs is None else inputs
    return [read, *units, np.ones(network.output.units, bool)]


def _block(kernel: FloatArray, rows: BoolArray, columns: BoolArray) -> FloatArray:
    """Some rows and columns; the kernel itself where that is all."""
    block = kernel if rows.all() else kernel[rows]
    return block if columns.all() else block.take(np.flatnonzero(columns), axis=1)


def _count(flags: BoolArray) -> int:
    return int(np.count_nonzero(flags))
