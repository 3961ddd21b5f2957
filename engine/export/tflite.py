"""TFLite files: what TensorFlow's converter writes, in a hundredth of its time.

The converter takes half a second per file whatever the size of the network, and ends by packing a
FlatBuffer in Python. The FlatBuffers of two dense networks with equally many layers differ only in
shapes, weights and a hash of the shapes. So one conversion gives a skeleton, into which the weights
of other networks are put before it is packed the same way: byte for byte the converter's file.

Where the converter treats values specially (it merges equal constants, for one), `write` says so
with None, and the caller asks the converter itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import flatbuffers
import numpy as np
import numpy.typing as npt
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.python import util
from tensorflow.lite.tools import flatbuffer_utils

from engine.arrays import FloatArray
from engine.export import converter
from engine.network import Layer, Network

QUANTIZED_FROM = 1024
"""Entries of the smallest kernel that dynamic-range quantisation stores as int8."""

SMALLEST_RANGE = 5e-7
"""The scale of a channel is never finer than if its largest magnitude were this."""

PROBE_WIDTH = 256
"""Layers are made no wider for the one conversion that gives a skeleton."""

_BELOW_HALF = np.nextafter(0.5, 0)


class _Special(Exception):
    """The network has values that only the converter knows how to treat."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the networks that can share a skeleton have in common.

    Attributes:
        dynamic: dynamic-range int8, not float32.
        quantized: which layers have an int8 kernel.
        biased: which layers have a bias: the converter leaves out one that is all zeros.
    """

    dynamic: bool
    quantized: tuple[bool, ...]
    biased: tuple[bool, ...]


def kind(network: Network, *, dynamic: bool) -> Kind:
    """The kind of the network's float32 or dynamic-range file."""
    return Kind(
        dynamic,
        tuple(dynamic and layer.kernel.size >= QUANTIZED_FROM for layer in network.layers),
        tuple(bool(layer.bias.any()) for layer in network.layers),
    )


def convert(network: Network, *, dynamic: bool) -> bytes:
    """The file that TensorFlow's converter writes for the network's Keras model."""
    return converter.convert(network, "dynamic" if dynamic else "float32")


def skeleton(network: Network, *, dynamic: bool) -> bytes | None:
    """A file of the network's kind without weights, for `write`.

    Made of random weights, so that no two constants are equal. None if `write` cannot repeat the
    converter's file of those weights, as may happen with other versions of TensorFlow.
    """
    probe = _probe(network, dynamic=dynamic)
    file = convert(probe, dynamic=dynamic)
    bare = _emptied(file)
    return bare if write(bare, probe) == file else None


def write(bare: bytes, network: Network) -> bytes | None:
    """The file that `convert` would give for a network of the skeleton's kind.

    Args:
        bare: from `skeleton`, of a network of the same `kind`, whatever its widths.
        network: the weights.

    Returns:
        The file; None if only the converter itself knows how to treat the weights.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(bare)
    try:
        for operator, layer in zip(model.subgraphs[0].operators, network.layers, strict=True):
            _put_layer(model, operator, layer)
    except _Special:
        return None
    constants = [bytes(buffer.data) for buffer in model.buffers if buffer.data is not None]
    if len(set(constants)) < len(constants):
        return None  # the converter merges equal constants
    _put_hash(model, bare)
    return _packed(model, sum(map(len, constants)))


def _probe(network: Network, *, dynamic: bool) -> Network:
    """Random weights of the network's kind, in a smaller shape where that is possible."""
    widths = (network.layers[0].inputs, *(layer.units for layer in network.layers))
    wanted = kind(network, dynamic=dynamic)
    small = _noise(tuple(min(width, PROBE_WIDTH) for width in widths), wanted.biased)
    return small if kind(small, dynamic=dynamic) == wanted else _noise(widths, wanted.biased)


def _noise(widths: tuple[int, ...], biased: tuple[bool, ...]) -> Network:
    rng = np.random.default_rng(0)
    layers = []
    for inputs, units, with_bias in zip(widths, widths[1:], biased, strict=False):
        kernel = rng.standard_normal((inputs, units), np.float32)
        bias = rng.standard_normal(units, np.float32)
        layers.append(Layer(kernel, bias if with_bias else np.zeros_like(bias)))
    return Network(tuple(layers))


def _put_layer(model: Any, operator: Any, layer: Layer) -> None:
    tensors = model.subgraphs[0].tensors
    source, kernel, bias = operator.inputs
    _put_batch_shape(tensors[source], layer.inputs)
    _put_batch_shape(tensors[operator.outputs[0]], layer.units)
    if not np.isfinite(layer.kernel).all():
        raise _Special
    weights = np.ascontiguousarray(layer.kernel.T)  # (units, inputs), TFLite's order
    if tensors[kernel].type == schema.TensorType.INT8:
        weights = _put_quantized(tensors[kernel], weights)
    _put_constant(model, tensors[kernel], weights)
    if bias >= 0:
        _put_constant(model, tensors[bias], layer.bias)
    elif np.signbit(layer.bias).any():
        raise _Special  # negative zeros may not count as zeros


def _put_batch_shape(tensor: Any, width: int) -> None:
    tensor.shape = np.array([1, width], np.int32)
    tensor.shapeSignature = np.array([-1, width], np.int32)


def _put_constant(model: Any, tensor: Any, values: np.ndarray) -> None:
    tensor.shape = np.array(values.shape, np.int32)
    model.buffers[tensor.buffer].data = np.ascontiguousarray(values).reshape(-1).view(np.uint8)


def _put_quantized(tensor: Any, weights: FloatArray) -> np.ndarray:
    """Symmetric int8 with one scale per unit: 127 is the largest magnitude of its weights.

    As the converter does it: in float64, halves rounded away from zero.
    """
    largest = np.abs(weights).max(axis=1).astype(np.float64)
    scale = np.maximum(largest, SMALLEST_RANGE) / 127  # (units,)
    tensor.quantization.scale = scale.astype(np.float32)
    tensor.quantization.zeroPoint = np.zeros(len(scale), np.int64)
    steps: npt.NDArray[np.float64] = weights / scale[:, None]
    # Adding 0.5 itself would carry the number just below a half over to the next.
    steps += np.copysign(_BELOW_HALF, steps)
    return steps.astype(np.int8)  # towards zero


def _put_hash(model: Any, bare: bytes) -> None:
    """Bring the converter's hash of shapes and operators up to date in the metadata."""
    metadata = util.get_conversion_metadata(bare)
    metadata.environment.modelHash = util.get_model_hash(model)
    util.populate_conversion_metadata(model, metadata)


def _emptied(file: bytes) -> bytes:
    model = flatbuffer_utils.convert_bytearray_to_object(file)
    for tensor in _constants(model):
        model.buffers[tensor.buffer].data = None
    return _packed(model, len(file))


def _constants(model: Any) -> Iterator[Any]:
    graph = model.subgraphs[0]
    for operator in graph.operators:
        yield from (graph.tensors[index] for index in operator.inputs[1:] if index >= 0)


def _packed(model: Any, size: int) -> bytes:
    """The model as a file, packed as the converter does, in a buffer that need not grow."""
    builder = flatbuffers.Builder(size + 65536)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
