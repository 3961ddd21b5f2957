"""A network without its weights: what its layers read and write; and those that one can choose."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.checks import refuse
from engine.networks.convolution import Convolution
from engine.settings import TrainSettings

GUIDE_FILTERS = 12
SMALLEST_SIDE = 4
"""Rows and columns that an image needs for a window of 3 and a pool of 2."""


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


Architecture: TypeAlias = tuple[LayerShape, ...]
"""A network without its weights."""


def convolutions(architecture: Architecture) -> tuple[Convolution, ...]:
    """Those of the first layers; none in a dense network."""
    return tuple(layer.convolution for layer in architecture if layer.convolution)


def check_architecture(architecture: Architecture) -> None:
    """Raise ValueError where the layers do not make a network."""
    if not architecture or architecture[-1].convolution:
        raise ValueError("a network ends in a dense layer")
    for before, after in itertools.pairwise(architecture):
        if before.outputs != after.inputs:
            raise ValueError(f"{before.outputs} outputs feed {after.inputs} inputs")
        reads, wrote = after.convolution, before.convolution
        image = (*wrote.passed, before.units) if wrote else ()
        if reads and image != (reads.height, reads.width, reads.channels):
            raise ValueError(f"{reads} does not read an image of the layer before it")


def architecture_of(
    settings: TrainSettings, image_shape: Sequence[int], classes: int
) -> Architecture:
    """The network that a training trains.

    Args:
        settings: of the training.
        image_shape: of one image, as the data set has it.
        classes: number of labels.

    Raises:
        InvalidInput: the network cannot read images of that shape.
    """
    if settings.network == "guide-cnn":
        return guide_cnn(image_shape, classes)
    return dense((math.prod(image_shape), *settings.hidden, classes))


def dense(widths: Sequence[int]) -> Architecture:
    """ReLU layers and a layer of logits.

    Args:
        widths: length of the input, units of each hidden layer, number of classes.

    Raises:
        ValueError: there are fewer than two widths, or one is below 1.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"{tuple(widths)} is not a dense network")
    return tuple(LayerShape(i, u) for i, u in itertools.pairwise(widths))


def guide_cnn(image_shape: Sequence[int], classes: int) -> Architecture:
    """The network of TensorFlow Model Optimization's guide "Pruning in Keras example".

    A convolution of 12 filters of 3x3 with ReLU, max pooling of 2x2, and a layer of logits.

    Raises:
        InvalidInput: the images have no height and width, or are smaller than 4x4.
    """
    if len(image_shape) not in {2, 3} or min(image_shape[:2]) < SMALLEST_SIDE:
        allowed = f"at least {SMALLEST_SIDE} pixels high and wide for guide-cnn"
        raise refuse("images", allowed, tuple(image_shape))
    height, width, channels = (*image_shape, 1)[:3]
    where = Convolution(height, width, channels, window=3, pool=2)
    first = LayerShape(where.inputs, GUIDE_FILTERS, where)
    return first, LayerShape(first.outputs, classes)


def parameters(architecture: Architecture) -> int:
    """Number of kernel and bias entries."""
    return sum(layer.size for layer in architecture)
