"""The networks that a person can choose: their shapes, and the weights that they start from."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from engine.checks import refuse
from engine.networks.convolution import Convolution
from engine.networks.network import Layer, Network
from engine.networks.shape import LayerShape, Shape, check_shape
from engine.settings import TrainSettings

GUIDE_FILTERS = 12
SMALLEST_SIDE = 4
"""Rows and columns that an image needs for a window of 3 and a pool of 2."""


def shape_of(settings: TrainSettings, image_shape: Sequence[int], classes: int) -> Shape:
    """The shape of a training's network.

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


def dense(widths: Sequence[int]) -> Shape:
    """ReLU layers and a layer of logits.

    Args:
        widths: length of the input, units of each hidden layer, number of classes.

    Raises:
        ValueError: there are fewer than two widths, or one is below 1.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"{tuple(widths)} is not a dense network")
    return tuple(LayerShape(i, u) for i, u in itertools.pairwise(widths))


def guide_cnn(image_shape: Sequence[int], classes: int, *, filters: int = GUIDE_FILTERS) -> Shape:
    """The network of TensorFlow Model Optimization's guide "Pruning in Keras example".

    A convolution of 12 filters of 3x3 with ReLU, max pooling of 2x2, and a layer of logits.

    Raises:
        InvalidInput: the images have no height and width, or are smaller than 4x4.
    """
    if len(image_shape) not in {2, 3} or min(image_shape[:2]) < SMALLEST_SIDE:
        allowed = f"at least {SMALLEST_SIDE} pixels high and wide for guide-cnn"
        raise refuse("images", allowed, tuple(image_shape))
    height, width, channels = (*image_shape, 1)[:3]
    first = LayerShape(
        height * width * channels, filters, Convolution(height, width, channels, window=3, pool=2)
    )
    return first, LayerShape(first.outputs, classes)


def parameters(shape: Shape) -> int:
    """Number of kernel and bias entries."""
    return sum(layer.size for layer in shape)


def initial_network(shape: Shape, rng: np.random.Generator) -> Network:
    """Glorot-uniform kernels and zero biases (Glorot and Bengio 2010, equation 16).

    Of a convolution the fans are those of one patch, as in Keras.
    """
    check_shape(shape)
    return Network(tuple(_initial_layer(layer, rng) for layer in shape))


def _initial_layer(shape: LayerShape, rng: np.random.Generator) -> Layer:
    rows, units = shape.kernel
    window = shape.convolution.window if shape.convolution else 1
    limit = np.sqrt(6 / (rows + window**2 * units))
    kernel = rng.uniform(-limit, limit, shape.kernel).astype(np.float32)
    return Layer(kernel, np.zeros(shape.units, np.float32), shape.convolution)
