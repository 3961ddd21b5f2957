"""A network as a Keras model.

`TF_USE_LEGACY_KERAS` has to be set before TensorFlow is first imported: model optimization prunes
Keras 2 only, and the two kinds of Keras model do not mix.
"""

import itertools
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from engine.errors import PrunescopeError
from engine.networks.architecture import Architecture, check_architecture
from engine.networks.convolution import Convolution
from engine.networks.network import Layer, Network

os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
import tf_keras as keras

tf.get_logger().setLevel(logging.ERROR)

if tf.keras.Model is not keras.Model:
    raise PrunescopeError(
        "TensorFlow uses Keras 3 here, which cannot be pruned: "
        "unset TF_USE_LEGACY_KERAS, or set it to 1"
    )

NAME = "network"
"""Of the model and of its input: given, since Keras would count on with every model it builds."""


def build(shape: Architecture) -> keras.Sequential:
    """A model with fresh weights: convolutions with their pooling, ReLU layers, logits.

    Raises:
        ValueError: the layers do not make a network.
    """
    check_architecture(shape)
    seen: Counter[str] = Counter()
    layers = []
    for kind, make in _parts(shape):
        layers.append(make(name=f"{kind}_{seen[kind]}" if seen[kind] else kind))
        seen[kind] += 1
    images = keras.Input(image_shape(shape), name="images")
    return keras.Sequential([images, *layers], name=NAME)


def image_shape(shape: Architecture) -> tuple[int, ...]:
    """What the model of a network reads for one image.

    A dense network reads a vector; a convolution (height, width) of grey images and
    (height, width, channels) of others.
    """
    first = shape[0].convolution
    if not first:
        return (shape[0].inputs,)
    size = (first.height, first.width)
    return size if first.channels == 1 else (*size, first.channels)


def set_network(model: keras.Sequential, network: Network) -> None:
    """Give the model the network's weights.

    Raises:
        ValueError: the shapes do not fit.
    """
    for part, layer in zip(with_kernel(model), network.layers, strict=True):
        part.set_weights([layer.kernel.reshape(part.kernel.shape), layer.bias])


def get_network(model: keras.Sequential) -> Network:
    """A copy of the model's weights."""
    layers = []
    for part, after in itertools.pairwise((*model.layers, None)):
        if not _has_kernel(part):
            continue
        kernel, bias = part.get_weights()
        where = None
        if isinstance(part, keras.layers.Conv2D):
            pool = after.pool_size[0] if isinstance(after, keras.layers.MaxPooling2D) else 1
            _, height, width, channels = part.input_shape
            where = Convolution(height, width, channels, part.kernel_size[0], pool)
        layers.append(Layer(kernel.reshape(-1, kernel.shape[-1]), bias, where))
    return Network(tuple(layers))


def from_network(network: Network) -> keras.Sequential:
    """A model with the network's shape and weights."""
    model = build(network.architecture)
    set_network(model, network)
    return model


def with_kernel(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers that a network's layers stand for, and the only ones that are ever pruned.

    Not those that reshape, pool, drop out or normalise: they have no kernel.
    """
    return [layer for layer in model.layers if _has_kernel(layer)]


def optimizer(name: str, rate: Any = 0.001) -> keras.optimizers.Optimizer:
    """A fresh optimizer.

    Args:
        name: one of `engine.settings.OPTIMIZERS`.
        rate: learning rate, or a Keras schedule of it.
    """
    kinds: Mapping[str, Callable[[], keras.optimizers.Optimizer]] = {
        "adam": lambda: keras.optimizers.Adam(rate),
        "sgd": lambda: keras.optimizers.SGD(rate),
        "momentum": lambda: keras.optimizers.SGD(rate, momentum=0.9),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate),
    }
    return kinds[name]()


def _has_kernel(layer: keras.layers.Layer) -> bool:
    return getattr(layer, "kernel", None) is not None


def _parts(shape: Architecture) -> Iterator[tuple[str, Callable[..., keras.layers.Layer]]]:
    """Name and maker of each Keras layer."""
    before: Convolution | None = None
    for index, layer in enumerate(shape):
        where = layer.convolution
        if where:
            if index == 0 and where.channels == 1:
                yield "reshape", partial(keras.layers.Reshape, (where.height, where.width, 1))
            yield (
                "conv2d",
                partial(keras.layers.Conv2D, layer.units, where.window, activation="relu"),
            )
            if where.pool > 1:
                yield "max_pooling2d", partial(keras.layers.MaxPooling2D, where.pool)
        else:
            if before:
                yield "flatten", keras.layers.Flatten
            activation = None if index == len(shape) - 1 else "relu"
            yield "dense", partial(keras.layers.Dense, layer.units, activation=activation)
        before = where
