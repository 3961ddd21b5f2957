"""A network as arrays: what is trained, pruned, shrunk, exported and evaluated.

No Keras here: the web process answers what-ifs with these functions, and a sweep needs no Keras
model per sparsity.

Only what has a kernel is a layer. Reshape, pooling and flatten are part of the convolution that
they belong to, so nothing that prunes layers can touch them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, count_nonzero
from engine.errors import PrunescopeError
from engine.networks.architecture import (
    Architecture,
    LayerShape,
    check_architecture,
    convolutions,
)
from engine.networks.convolution import Convolution, convolve


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: kernel ``(inputs or patch, units)`` and bias ``(units,)``, both float32.

    Attributes:
        kernel: a column for each unit.
        bias: an entry for each unit.
        convolution: where the kernel slides; None of a dense layer.
    """

    kernel: FloatArray
    bias: FloatArray
    convolution: Convolution | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where kernel, bias and convolution do not belong together."""
        if self.kernel.ndim != 2 or self.bias.shape != self.kernel.shape[1:]:
            raise ValueError(f"kernel {self.kernel.shape} and bias {self.bias.shape} do not fit")
        if self.convolution and self.convolution.patch != len(self.kernel):
            raise ValueError(f"kernel {self.kernel.shape} does not fit {self.convolution}")

    @property
    def shape(self) -> LayerShape:
        """The layer without its weights."""
        inputs = self.convolution.inputs if self.convolution else len(self.kernel)
        return LayerShape(inputs, self.units, self.convolution)

    @property
    def inputs(self) -> int:
        """Length of the vector that the layer reads."""
        return self.shape.inputs

    @property
    def units(self) -> int:
        """Number of columns: units of a dense layer, filters of a convolution."""
        return int(self.kernel.shape[1])

    @property
    def size(self) -> int:
        """Number of parameters, bias included."""
        return self.kernel.size + self.bias.size


@dataclass(frozen=True, slots=True)
class Network:
    """Hidden ReLU layers, convolutions first, and last the dense layer of logits."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        """Raise ValueError where a layer does not read what the one before it writes."""
        check_architecture(self.architecture)

    @property
    def architecture(self) -> Architecture:
        """The network without its weights."""
        return tuple(layer.shape for layer in self.layers)

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers whose units may be pruned."""
        return self.layers[:-1]

    @property
    def output(self) -> Layer:
        """The layer of logits; its units are the classes and never pruned."""
        return self.layers[-1]

    @property
    def convolutions(self) -> tuple[Convolution, ...]:
        """Those of the first layers; none in a dense network."""
        return convolutions(self.architecture)

    @property
    def prunes_output(self) -> bool:
        """Whether the output layer's weights may be pruned.

        In a dense network they stay: they are few. Behind a convolution they are nearly all there
        are (99.4 % of `guide-cnn`), so leaving them out would prune nothing.
        """
        return bool(self.convolutions)

    @property
    def prunable(self) -> tuple[Layer, ...]:
        """The layers whose weights may be pruned: the first ones, all or all but the output."""
        return self.layers if self.prunes_output else self.hidden

    @property
    def finite(self) -> bool:
        """Whether every weight is a number; where a training diverged, some are infinite or NaN."""
        return all(np.isfinite(array).all() for array in to_arrays(self))

    @property
    def parameters(self) -> int:
        """Number of kernel and bias entries, zero or not."""
        return sum(layer.size for layer in self.layers)

    @property
    def nonzero_parameters(self) -> int:
        """Number of kernel and bias entries that are not zero."""
        return sum(map(count_nonzero, to_arrays(self)))

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image, zeros multiplied too."""
        return sum(layer.macs for layer in self.architecture)

    @property
    def nonzero_macs(self) -> int:
        """Multiply-accumulates for one image by a kernel entry that is not zero."""
        return sum(count_nonzero(layer.kernel) * layer.shape.places for layer in self.layers)


def check_finite(network: Network, name: str = "the network") -> Network:
    """The network, if nothing in the way of its training went to infinity.

    Raises:
        PrunescopeError: it diverged: there is nothing to measure, and no file to make of it.
    """
    if network.finite:
        return network
    raise diverged(name)


def diverged(name: str) -> PrunescopeError:
    """The error of a network whose training went to infinity, to be raised by the caller."""
    return PrunescopeError(
        f"{name} diverged: its weights are not finite; train it with a smaller learning rate"
    )


def rows_of_units(units: FloatArray | np.ndarray, reader: Layer) -> np.ndarray:
    """A value for each row of the reader's kernel, ``(rows,)``, from one for each unit it reads.

    Units are the last axis of what a layer writes, so a row reads unit ``row % units``, whether
    the reader is dense or a convolution.
    """
    return np.resize(units, len(reader.kernel))


def from_arrays(arrays: Sequence[FloatArray], convolutions: Sequence[Convolution] = ()) -> Network:
    """A network from kernel, bias, kernel, bias, … as `to_arrays` gives them.

    Kernels may be as Keras keeps those of convolutions, ``(height, width, channels, filters)``.

    Args:
        arrays: two for each layer.
        convolutions: those of the first layers, as `Network.convolutions` gives them.
    """
    dense = [None] * (len(arrays) // 2 - len(convolutions))
    layers = []
    for kernel, bias, where in zip(arrays[::2], arrays[1::2], [*convolutions, *dense], strict=True):
        matrix = np.asarray(kernel, np.float32).reshape(-1, kernel.shape[-1])
        layers.append(Layer(matrix, np.asarray(bias, np.float32), where))
    return Network(tuple(layers))


def to_arrays(network: Network) -> list[FloatArray]:
    """Kernel ``(inputs, units)``, bias ``(units,)`` and so on, first layer to logits."""
    return [array for layer in network.layers for array in (layer.kernel, layer.bias)]


def initial_network(architecture: Architecture, rng: np.random.Generator) -> Network:
    """Glorot-uniform kernels and zero biases (Glorot and Bengio 2010, equation 16).

    Of a convolution the fans are those of one patch, as in Keras.

    Raises:
        ValueError: the layers do not make a network.
    """
    check_architecture(architecture)
    layers = []
    for layer in architecture:
        rows, units = layer.kernel
        window = layer.convolution.window if layer.convolution else 1
        limit = np.sqrt(6 / (rows + window**2 * units))
        kernel = rng.uniform(-limit, limit, layer.kernel).astype(np.float32)
        layers.append(Layer(kernel, np.zeros(units, np.float32), layer.convolution))
    return Network(tuple(layers))


def same(one: Network, other: Network) -> bool:
    """Whether two networks have the same weights, bit for bit but for the sign of zeros."""
    pairs = zip(to_arrays(one), to_arrays(other), strict=True)
    return one.architecture == other.architecture and all(np.array_equal(*pair) for pair in pairs)


def forward(network: Network, images: FloatArray) -> FloatArray:
    """Logits ``(n, classes)`` of normalised images ``(n, inputs)``; plain NumPy."""
    values = images
    for layer in network.hidden:
        if layer.convolution:
            values = convolve(layer.convolution, layer.kernel, layer.bias, values)
        else:
            values = values @ layer.kernel  # (n, units)
            values += layer.bias
            np.maximum(values, 0, out=values)
    return values @ network.output.kernel + network.output.bias
