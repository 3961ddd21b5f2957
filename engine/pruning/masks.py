"""Masks: which parameters of a network are kept, as a value, and networks without the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from engine.arrays import BoolArray, FloatArray, count_nonzero
from engine.networks.network import Layer, Network, from_arrays, to_arrays

Flags: TypeAlias = tuple[BoolArray, ...]


@dataclass(frozen=True, eq=False)
class Masks:
    """Flags of a network's parameters; True is kept, False is pruned.

    A weight lives where its own flag, the unit that it feeds and the unit that it reads are kept; a
    bias where its own flag and its unit are. So masks remember whether an entry is gone by itself
    or with its unit: messages and targets of federated clients need that. Pruning at once flags
    entries only: a unit that has lost its weights may go on to emit its bias. Inputs and logits
    are never removed. The arrays are read-only copies, so a Masks never changes.

    Attributes:
        weights: own flags in the shape of each layer's kernel, the output layer last.
        units: ``(units,)`` of each hidden layer.
        own_biases: own flags ``(units,)`` of each layer; all True where none are given.
    """

    weights: Flags
    units: Flags
    own_biases: Flags = ()

    def __post_init__(self) -> None:
        """Raise ValueError where the flags cannot be the masks of a network."""
        shapes = [flags.shape for flags in self.weights]
        if not shapes or any(len(shape) != 2 for shape in shapes):
            raise ValueError(f"flags of kernels {shapes} do not fit a network")
        columns = [shape[1:] for shape in shapes]
        biases = self.own_biases or tuple(np.ones(shape, bool) for shape in columns)
        for name, flags, wanted in (
            ("weights", self.weights, shapes),
            ("units", self.units, columns[:-1]),
            ("own_biases", biases, columns),
        ):
            if [each.shape for each in flags] != wanted:
                raise ValueError(f"flags of {name} do not fit kernels {shapes}")
            object.__setattr__(self, name, tuple(map(_frozen, flags)))

    def without_cache(self) -> "Masks":
        """The same flags, without the memory of what was worked out from them."""
        return replace(self)

    @cached_property
    def units_only(self) -> bool:
        """Whether every entry is kept whose units are kept."""
        return all(flags.all() for flags in (*self.weights, *self.own_biases))

    @cached_property
    def is_full(self) -> bool:
        """Whether nothing is pruned."""
        return self.units_only and all(flags.all() for flags in self.units)

    def kept_units(self, layer: int) -> tuple[BoolArray, BoolArray]:
        """Which units a layer reads, ``(rows,)``, and writes, ``(columns,)``, that are kept.

        A convolution reads its units once at each place of its window, and so do the flags.
        """
        rows, columns = self.weights[layer].shape
        read = np.resize(self.units[layer - 1], rows) if layer else np.ones(rows, bool)
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
        return tuple(count_nonzero(read) * count_nonzero(written) for read, written in pairs)

    @cached_property
    def kernels(self) -> Flags:
        """Entries of each kernel that live."""
        if all(units.all() for units in self.units):
            return self.weights
        return tuple(flags & self.block(layer) for layer, flags in enumerate(self.weights))

    @property
    def biases(self) -> Flags:
        """Entries ``(units,)`` of each bias that live."""
        *hidden, logits = self.own_biases
        return (*(own & units for own, units in zip(hidden, self.units, strict=True)), logits)

    def arrays(self) -> list[BoolArray]:
        """Flags of what lives, in the order and the shapes of `engine.networks.to_arrays`."""
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
        kernels = self.block_sizes if self.units_only else map(count_nonzero, self.kernels)
        pairs = zip(kernels, map(count_nonzero, self.biases), strict=True)
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
        return sum(map(count_nonzero, self.units)) / max(sum(units.size for units in self.units), 1)

    @property
    def mac_share(self) -> float:
        """Share of the multiply-accumulates that are left without the units that are not kept."""
        return sum(self.block_sizes) / sum(kernel.size for kernel in self.weights)

    @property
    def dead_units(self) -> Flags:
        """Flags ``(units,)`` of each hidden layer: the unit's whole column is pruned.

        Such a unit no longer sees its input. It emits a constant and can be removed.
        """
        return tuple(~np.any(kernel, axis=0) for kernel in self.kernels[:-1])

    def is_subset_of(self, other: "Masks") -> bool:
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
        # multiplied as whole numbers, ten times as fast as `where`: 0 * NaN would be NaN in floats
        kept = [(array.view(np.int32) * flags).view(np.float32) for array, flags in pairs]
        return from_arrays(kept, network.convolutions)

    def dead_are_zero(self, network: Network) -> bool:
        """Whether everything that does not live is exactly zero."""
        if self.is_full:
            return True
        pairs = zip(to_arrays(network), self.arrays(), strict=True)
        return not any(np.any((array != 0) & ~flags) for array, flags in pairs)

    def pack(self, network: Network) -> list[FloatArray]:
        """What lives of kernel, bias, kernel, bias, …: ``(n,)`` each, row by row."""
        if self.is_full:
            return [array.ravel() for array in to_arrays(network)]
        return [a[flags] for a, flags in zip(to_arrays(network), self.arrays(), strict=True)]

    def unpack(self, taken: list[FloatArray]) -> Network:
        """The inverse of `pack` for a dense network: zeros where nothing lives."""
        if self.is_full:
            shapes = (flags.shape for flags in self.arrays())
            return from_arrays([a.reshape(s) for a, s in zip(taken, shapes, strict=True)])
        arrays = [np.zeros(flags.shape, np.float32) for flags in self.arrays()]
        for array, flags, values in zip(arrays, self.arrays(), taken, strict=True):
            array[flags] = values
        return from_arrays(arrays)


def ones_like(network: Network) -> Masks:
    """The masks that keep every parameter of a network, in its shapes."""
    return Masks(
        tuple(np.ones(layer.kernel.shape, bool) for layer in network.layers),
        tuple(np.ones(layer.units, bool) for layer in network.hidden),
    )


def without(network: Network, kernels: Sequence[BoolArray], biases: Sequence[BoolArray]) -> Masks:
    """The masks that lack some entries of the first layers and keep all other entries.

    Args:
        network: whose masks they are.
        kernels: True where an entry goes, in the shapes of the first kernels.
        biases: the same of the first biases, ``(units,)`` each.
    """
    whole = ones_like(network)
    return Masks(
        (*(~pruned for pruned in kernels), *whole.weights[len(kernels) :]),
        whole.units,
        (*(~pruned for pruned in biases), *whole.own_biases[len(biases) :]),
    )


def compact(network: Network, units: Flags, inputs: BoolArray | None = None) -> Network:
    """A dense network without units, and inputs, that are not kept: rows and columns taken out.

    Args:
        network: of float32 arrays; what loses nothing is shared with it.
        units: flags ``(units,)`` of each hidden layer.
        inputs: flags ``(inputs,)``; all are kept where none are given.
    """
    layers = []
    for layer, rows, columns in _axes(network, units, inputs):
        kernel = layer.kernel if rows.all() else layer.kernel[rows]
        if not columns.all():
            kernel = kernel.take(np.flatnonzero(columns), axis=1)
        layers.append(Layer(kernel, layer.bias[columns]))
    return Network(tuple(layers))


def insert(
    small: Network, network: Network, units: Flags, inputs: BoolArray | None = None
) -> Network:
    """The inverse of `compact`: `network`, with the small one's values where units are kept.

    Shapes are those of `network`; `units` and `inputs` are as for `compact`.
    """
    layers = []
    axes = _axes(network, units, inputs)
    for new, (old, rows, columns) in zip(small.layers, axes, strict=True):
        if rows.all() and columns.all():
            layers.append(new)
            continue
        kernel, bias = old.kernel.copy(), old.bias.copy()
        kernel[rows if columns.all() else np.ix_(rows, columns)] = new.kernel
        bias[columns] = new.bias
        layers.append(Layer(kernel, bias))
    return Network(tuple(layers))


def _axes(
    network: Network, units: Flags, inputs: BoolArray | None
) -> Iterable[tuple[Layer, BoolArray, BoolArray]]:
    """Each layer, and which of its rows and columns are kept."""
    read = np.ones(network.layers[0].inputs, bool) if inputs is None else inputs
    ends = [read, *units, np.ones(network.output.units, bool)]
    return ((layer, *pair) for layer, pair in zip(network.layers, pairwise(ends), strict=True))


def _frozen(flags: BoolArray) -> BoolArray:
    if flags.dtype != np.bool_:
        raise ValueError(f"a mask holds booleans, not {flags.dtype}")
    if flags.flags.writeable or flags.base is not None:
        flags = flags.copy()
        flags.setflags(write=False)
    return flags
