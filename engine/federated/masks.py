"""What a client keeps of the network: weights and units. Masks only shrink.

A weight lives where its own flag, the unit that it feeds and the unit that it reads are all kept;
a bias lives with its unit. Inputs and logits are never removed.
"""

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from operator import iadd
from typing import TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.networks.network import Layer, Network
from engine.networks.shape import Shape

Units: TypeAlias = tuple[BoolArray, ...]


@dataclass(frozen=True, eq=False)
class ClientMasks:
    """Flags of a dense network; True is kept.

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

    def bare(self) -> "ClientMasks":
        """The same, without the memory of what was worked out from them."""
        return ClientMasks(self.weights, self.units)

    @cached_property
    def whole(self) -> tuple[bool, ...]:
        """Whether a layer keeps every weight whose units are kept."""
        return tuple(bool(flags.all()) for flags in self.weights)

    @cached_property
    def everything(self) -> bool:
        """Whether nothing is pruned."""
        return all(self.whole) and all(units.all() for units in self.units)

    def ends(self, layer: int) -> tuple[BoolArray, BoolArray]:
        """Which units a layer reads, ``(rows,)``, and writes, ``(columns,)``, that are kept."""
        rows, columns = self.weights[layer].shape
        read = self.units[layer - 1] if layer else np.ones(rows, bool)
        written = self.units[layer] if layer < len(self.units) else np.ones(columns, bool)
        return read, written

    def structure(self, layer: int) -> BoolArray:
        """Entries of a kernel whose units are kept."""
        read, written = self.ends(layer)
        return np.asarray(read[:, np.newaxis] & written)

    def kernels(self) -> tuple[BoolArray, ...]:
        """Entries of each kernel that live."""
        return self._kernels

    @cached_property
    def _kernels(self) -> tuple[BoolArray, ...]:
        if all(units.all() for units in self.units):
            return self.weights
        return tuple(
            self.structure(layer) if self.whole[layer] else flags & self.structure(layer)
            for layer, flags in enumerate(self.weights)
        )

    def biases(self) -> tuple[BoolArray, ...]:
        """Entries of each bias that live: those of kept units, and of all logits."""
        return (*self.units, np.ones(self.weights[-1].shape[1], bool))

    def arrays(self) -> list[BoolArray]:
        """Kernel, bias, kernel, bias, … of what lives, in the order of `to_arrays`."""
        return reduce(iadd, map(list, zip(self.kernels(), self.biases(), strict=True)), [])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Parameters of kernel, bias, kernel, bias and so on."""
        pairs = ((flags.size, flags.shape[1]) for flags in self.weights)
        return tuple(size for pair in pairs for size in pair)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Parameters that live, of kernel, bias, kernel, bias and so on."""
        kernels = (
            self.room(layer) if whole else _count(self.kernels()[layer])
            for layer, whole in enumerate(self.whole)
        )
        pairs = zip(kernels, map(_count, self.biases()), strict=True)
        return tuple(count for pair in pairs for count in pair)

    def room(self, layer: int) -> int:
        """Entries of a kernel whose units are kept."""
        read, written = self.ends(layer)
        return _count(read) * _count(written)

    @property
    def rooms(self) -> int:
        """Entries of all kernels whose units are kept."""
        return sum(map(self.room, range(len(self.weights))))

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
        kept = sum(int(np.count_nonzero(units)) for units in self.units)
        return kept / max(sum(units.size for units in self.units), 1)

    @property
    def macs(self) -> float:
        """Share of the multiply-accumulates that are left without the units that are not kept."""
        kept = [len(self.weights[0]), *(int(np.count_nonzero(units)) for units in self.units)]
        kept.append(self.weights[-1].shape[1])
        left = sum(before * after for before, after in pairwise(kept))
        return left / sum(kernel.size for kernel in self.weights)

    def within(self, other: "ClientMasks") -> bool:
        """Whether nothing is kept that the other has not."""
        if other.everything or self is other:
            return True
        if all(self.whole) and all(other.whole):
            return not any(np.any(a & ~b) for a, b in zip(self.units, other.units, strict=True))
        pairs = zip(self.arrays(), other.arrays(), strict=True)
        return not any(np.any(mine & ~theirs) for mine, theirs in pairs)

    def apply(self, network: Network) -> Network:
        """The network with +0.0 at everything that does not live; also in place of a NaN."""
        if self.everything:
            return network
        layers = zip(network.layers, self.kernels(), self.biases(), strict=True)
        return Network(tuple(_masked(layer, kernel, bias) for layer, kernel, bias in layers))

    def gather(self, network: Network) -> list[FloatArray]:
        """What lives of kernel, bias, kernel, bias, …: ``(n,)`` each, row by row."""
        taken: list[FloatArray] = []
        for place, (layer, bias) in enumerate(zip(network.layers, self.biases(), strict=True)):
            if self.whole[place]:
                taken.append(_block(layer.kernel, *self.ends(place)).ravel())
            else:
                taken.append(layer.kernel[self.kernels()[place]])
            taken.append(layer.bias[bias])
        return taken

    def scatter(self, taken: list[FloatArray]) -> Network:
        """The inverse of `gather`: zeros where nothing lives."""
        pairs = zip(taken[::2], taken[1::2], strict=True)
        return Network(tuple(self._layer(place, *pair) for place, pair in enumerate(pairs)))

    def _layer(self, place: int, values: FloatArray, bias: FloatArray) -> Layer:
        read, written = self.ends(place)
        if self.whole[place]:
            small = values.reshape(_count(read), _count(written))
            return _spread(Layer(small, bias), read, written)
        kernel = np.zeros(self.weights[place].shape, np.float32)
        kernel[self.kernels()[place]] = values
        return Layer(kernel, _spread_bias(bias, written))

    def dead_are_zero(self, network: Network) -> bool:
        """Whether everything that does not live is exactly zero."""
        if self.everything:
            return True
        arrays = (a for layer in network.layers for a in (layer.kernel, layer.bias))
        return not any(np.any((a != 0) & ~m) for a, m in zip(arrays, self.arrays(), strict=True))


def full_masks(shape: Shape) -> ClientMasks:
    """The masks that keep everything."""
    return ClientMasks(
        tuple(np.ones(layer.kernel, bool) for layer in shape),
        tuple(np.ones(layer.units, bool) for layer in shape[:-1]),
    )


def compact(network: Network, units: Units, inputs: BoolArray | None = None) -> Network:
    """The network without units, and inputs, that are not kept: rows and columns taken out."""
    kept = ends_of(network.shape, units, inputs)
    layers = zip(network.layers, kept[:-1], kept[1:], strict=True)
    return Network(
        tuple(Layer(_block(layer.kernel, r, c), layer.bias[c]) for layer, r, c in layers)
    )


def insert(small: Network, network: Network, units: Units, inputs: BoolArray) -> Network:
    """The inverse of `compact`: `network`, with the small one's values where units are kept."""
    kept = ends_of(network.shape, units, inputs)
    parts = zip(small.layers, network.layers, kept[:-1], kept[1:], strict=True)
    return Network(tuple(_inserted(*part) for part in parts))


def ends_of(shape: Shape, units: Units, inputs: BoolArray | None = None) -> list[BoolArray]:
    """Flags of the inputs (all where none are given), of each layer's units, and of the logits."""
    read = np.ones(shape[0].inputs, bool) if inputs is None else inputs
    return [read, *units, np.ones(shape[-1].units, bool)]


def _inserted(small: Layer, layer: Layer, rows: BoolArray, columns: BoolArray) -> Layer:
    if rows.all() and columns.all():
        return small
    kernel, bias = layer.kernel.copy(), layer.bias.copy()
    places = rows if columns.all() else np.ix_(rows, columns)
    kernel[places], bias[columns] = small.kernel, small.bias
    return Layer(kernel, bias)


def _block(kernel: FloatArray, rows: BoolArray, columns: BoolArray) -> FloatArray:
    """Some rows and columns; the kernel itself where that is all."""
    if rows.all() and columns.all():
        return kernel
    block = kernel if rows.all() else kernel[rows]
    return block if columns.all() else block.take(np.flatnonzero(columns), axis=1)


def _spread(layer: Layer, rows: BoolArray, columns: BoolArray) -> Layer:
    if rows.all() and columns.all():
        return layer
    kernel = np.zeros((len(rows), len(columns)), np.float32)
    kernel[np.ix_(rows, columns)] = layer.kernel
    return Layer(kernel, _spread_bias(layer.bias, columns))


def _spread_bias(values: FloatArray, kept: BoolArray) -> FloatArray:
    bias = np.zeros(len(kept), np.float32)
    bias[kept] = values
    return bias


def _count(flags: BoolArray) -> int:
    return int(np.count_nonzero(flags))


def _masked(layer: Layer, kernel: BoolArray, bias: BoolArray) -> Layer:
    return Layer(_where(kernel, layer.kernel), _where(bias, layer.bias))


def _where(mask: BoolArray, values: FloatArray) -> FloatArray:
    # multiplied as whole numbers: 0 * NaN would be NaN in floats
    kept: FloatArray = (np.ascontiguousarray(values).view(np.int32) * mask).view(np.float32)
    return kept
