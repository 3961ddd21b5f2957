"""A network without its weights: what its layers read and write, and how many weights it has."""

import itertools
from dataclasses import dataclass
from typing import TypeAlias

from engine.networks.convolution import Convolution


@dataclass(frozen=True, slots=True)
class LayerShape:
    """A layer without its weights.

    Attributes:
        inputs: length of the vector that it reads.
        units: of a dense layer its outputs, of a convolution its filters.
        convolution: where the kernel slides; None of a dense layer.
    """

    inputs: int
    units: int
    convolution: Convolution | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where there is nothing to read or to write."""
        if min(self.inputs, self.units) < 1:
            raise ValueError(f"{self.units} units and {self.inputs} inputs are no layer")
        if self.convolution and self.convolution.inputs != self.inputs:
            raise ValueError(f"{self.inputs} inputs do not fit {self.convolution}")

    @property
    def kernel(self) -> tuple[int, int]:
        """Rows and columns of the kernel; a column is a unit."""
        rows = self.convolution.patch if self.convolution else self.inputs
        return rows, self.units

    @property
    def keras_kernel(self) -> tuple[int, ...]:
        """Shape of the kernel in Keras: (height, width, channels, filters) if it slides."""
        where = self.convolution
        if not where:
            return self.kernel
        return where.window, where.window, where.channels, self.units

    @property
    def outputs(self) -> int:
        """Length of the vector that it writes; entry i is by unit ``i % units``."""
        rows, columns = self.convolution.passed if self.convolution else (1, 1)
        return rows * columns * self.units

    @property
    def places(self) -> int:
        """How often each kernel entry is multiplied for one image."""
        rows, columns = self.convolution.computed if self.convolution else (1, 1)
        return rows * columns

    @property
    def size(self) -> int:
        """Number of parameters, bias included."""
        return self.kernel[0] * self.units + self.units

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image, zeros multiplied too."""
        return self.kernel[0] * self.units * self.places


Shape: TypeAlias = tuple[LayerShape, ...]
"""A network without its weights."""


def convolutions(shape: Shape) -> tuple[Convolution, ...]:
    """Those of the first layers; none in a dense network."""
    return tuple(layer.convolution for layer in shape if layer.convolution)


def check_shape(shape: Shape) -> None:
    """Raise ValueError where the layers do not make a network."""
    if not shape or shape[-1].convolution:
        raise ValueError("a network ends in a dense layer")
    for before, after in itertools.pairwise(shape):
        if before.outputs != after.inputs:
            raise ValueError(f"{before.outputs} outputs feed {after.inputs} inputs")
        reads, wrote = after.convolution, before.convolution
        image = (*wrote.passed, before.units) if wrote else ()
        if reads and image != (reads.height, reads.width, reads.channels):
            raise ValueError(f"{reads} does not read an image of the layer before it")
