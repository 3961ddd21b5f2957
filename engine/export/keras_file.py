"""The Keras file: legacy HDF5, which Keras 2 and 3 open, without a Keras model per point.

Two files of one architecture differ only where the weights lie, and HDF5 keeps each array as one
run of bytes. So Keras writes one file, and every further one is that file with other weights.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from engine.networks.network import Network, to_arrays
from engine.training import keras_model


@dataclass(frozen=True, slots=True)
class Template:
    """A Keras file and where its weights lie.

    Attributes:
        data: the file.
        spans: start and end of each kernel and bias in bytes, in the order of `to_arrays`.
    """

    data: bytes
    spans: tuple[tuple[int, int], ...]


def save(network: Network) -> bytes:
    """The file that Keras writes for the network, without an optimizer."""
    return _saved(keras_model.from_network(network))


def save_training(model: Any, optimizer: str) -> bytes:
    """The file that Keras writes in the middle of a training: with the optimizer's state.

    Args:
        model: what is trained, wrappers for pruning included.
        optimizer: one of `engine.settings.OPTIMIZERS`.
    """
    model.compile(optimizer=keras_model.optimizer(optimizer))
    model.optimizer.build(model.trainable_variables)
    return _saved(model, with_optimizer=True)


def template(network: Network) -> Template:
    """The template of every network of this one's shape; its data is this network's file."""
    data, spans = save(network), []
    with h5py.File(io.BytesIO(data), "r") as file:
        weights = file["model_weights"]
        for layer in weights.attrs["layer_names"]:
            for name in weights[layer].attrs["weight_names"]:
                stored = weights[layer][name]
                start = stored.id.get_offset()
                spans.append((start, start + stored.nbytes))
    return Template(data, tuple(spans))


def write(made: Template, network: Network) -> bytes:
    """The file that Keras would write for a network, which must have the template's shape."""
    whole, end = memoryview(made.data), 0
    parts: list[bytes | memoryview] = []
    arrays = zip(made.spans, to_arrays(network), strict=True)
    for (start, stop), array in sorted(arrays, key=lambda placed: placed[0]):
        parts += (whole[end:start], np.ascontiguousarray(array, "<f4").data)
        end = stop
    return b"".join((*parts, whole[end:]))


def _saved(model: Any, *, with_optimizer: bool = False) -> bytes:
    """In memory, and byte for byte what Keras writes to a path."""
    with h5py.File("model.h5", "w", driver="core", backing_store=False) as file:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "You are saving your model as an HDF5 file")
            model.save(file, include_optimizer=with_optimizer, save_format="h5")
        file.flush()
        return bytes(file.id.get_file_image())
