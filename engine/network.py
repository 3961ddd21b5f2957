"""A dense network as arrays: what is trained, pruned, shrunk, exported and evaluated.

No Keras here: the web process answers what-ifs with these functions, and a sweep needs no Keras
model per sparsity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Layer:
    """One dense layer: kernel ``(inputs, units)`` and bias ``(units,)``, both float32."""

    kernel: FloatArray
    bias: FloatArray

    def __post_init__(self) -> None:
        """Raise ValueError where kernel and bias do not belong together."""
        if self.kernel.ndim != 2 or self.bias.shape != self.kernel.shape[1:]:
            raise ValueError(f"kernel {self.kernel.shape} and bias {self.bias.shape} do not fit")

    @property
    def inputs(self) -> int:
        """Length of the vector that the layer reads."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the vector that the layer writes."""
        return int(self.kernel.shape[1])

    @property
    def size(self) -> int:
        """Number of parameters, bias included."""
        return self.kernel.size + self.bias.size


@dataclass(frozen=True, slots=True)
class Network:
    """Hidden ReLU layers and, last, the layer of logits."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        """Raise ValueError where a layer does not read what the one before it writes."""
        for before, after in zip(self.layers, self.layers[1:], strict=False):
            if before.units != after.inputs:
                raise ValueError(f"{before.units} units feed {after.inputs} inputs")

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers that pruning may touch."""
        return self.layers[:-1]

    @property
    def output(self) -> Layer:
        """The layer of logits, never pruned."""
        return self.layers[-1]

    @property
    def parameters(self) -> int:
        """Number of kernel and bias entries, zero or not."""
        return sum(layer.size for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image, zeros multiplied too."""
        return sum(layer.kernel.size for layer in self.layers)


def from_arrays(arrays: Sequence[FloatArray]) -> Network:
    """A network from kernel, bias, kernel, bias, … as `to_arrays` gives them."""
    pairs = zip(arrays[::2], arrays[1::2], strict=True)
    return Network(tuple(Layer(np.asarray(k, "f4"), np.asarray(b, "f4")) for k, b in pairs))


def to_arrays(network: Network) -> list[FloatArray]:
    """Kernel, bias, kernel, bias, … from the first hidden layer to the logits."""
    return [array for layer in network.layers for array in (layer.kernel, layer.bias)]


def forward(network: Network, images: FloatArray) -> FloatArray:
    """Logits ``(n, classes)`` of normalised images ``(n, inputs)``; plain NumPy."""
    values = images
    for layer in network.hidden:
        values = values @ layer.kernel  # (n, units)
        values += layer.bias
        np.maximum(values, 0, out=values)
    return values @ network.output.kernel + network.output.bias
