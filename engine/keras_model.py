"""The dense network as a Keras model. Only this module, training and export import TensorFlow.

`TF_USE_LEGACY_KERAS` has to be set before TensorFlow is first imported: model optimization prunes
Keras 2 only, and the two kinds of Keras model do not mix.
"""

import contextlib
import logging
import os
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.errors import PrunescopeError
from engine.network import Layer, Network


@contextlib.contextmanager
def _native_noise_dropped() -> Iterator[None]:
    """Drop what is written to stderr; errors are raised all the same."""
    kept = os.dup(2)
    try:
        with pathlib.Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

with _native_noise_dropped():  # or it tells of missing graphics cards, whatever the log level
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


def build(widths: tuple[int, ...]) -> keras.Sequential:
    """A dense network with fresh weights: ReLU layers, then a layer of logits.

    Args:
        widths: length of the input, units of each hidden layer, number of classes.

    Raises:
        ValueError: there are fewer than two widths, or one is below 1.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"{widths} is not a dense network")
    last = len(widths) - 2
    layers = [
        keras.layers.Dense(units, activation=None if i == last else "relu", name=_layer_name(i))
        for i, units in enumerate(widths[1:])
    ]
    return keras.Sequential([keras.Input((widths[0],), name="images"), *layers], name=NAME)


def widths_of(network: Network) -> tuple[int, ...]:
    """What `build` needs for a model of the network's shape."""
    return (network.layers[0].inputs, *(layer.units for layer in network.layers))


def set_network(model: keras.Sequential, network: Network) -> None:
    """Give the model the network's weights.

    Raises:
        ValueError: the shapes do not fit.
    """
    for dense, layer in zip(model.layers, network.layers, strict=True):
        dense.set_weights([layer.kernel, layer.bias])


def get_network(model: keras.Sequential) -> Network:
    """A copy of the model's weights."""
    return Network(tuple(Layer(*dense.get_weights()) for dense in model.layers))


def from_network(network: Network) -> keras.Sequential:
    """A model with the network's shape and weights."""
    model = build(widths_of(network))
    set_network(model, network)
    return model


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


def _layer_name(index: int) -> str:
    return f"dense_{index}" if index else "dense"
