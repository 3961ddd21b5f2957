"""TFLite files: what TensorFlow's converter writes, in a hundredth of its time.

The converter takes half a second per file whatever the size of the network, and ends by packing a
FlatBuffer in Python. The FlatBuffers of two dense networks with equally many layers differ only in
shapes, weights and a hash of the shapes; with convolutions, those of one shape in weights alone. So
one conversion gives a skeleton, into which the weights of other networks are put before it is
packed the same way: byte for byte the converter's file.

Where the converter treats values specially (it merges equal constants, for one), `write` says so
with None, and the caller asks the converter itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import flatbuffers
import numpy as np
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.python import util
from tensorflow.lite.tools import flatbuffer_utils

from engine.networks.architecture import Architecture, dense
from engine.networks.network import Layer, Network
from engine.networks.quantization import is_quantized, scales_of, steps_of

Convert: TypeAlias = Callable[[Network, str], bytes]
"""The converter: the file of a network in a variant, see `engine.export.converter`."""

KERNEL_OPERATORS = (schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED)

PROBE_WIDTH = 256
"""Layers are made no wider for the one conversion that gives a skeleton."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the networks that can share a skeleton have in common.

    Attributes:
        variant: float32, or dynamic: dynamic-range int8.
        quantized: which layers have an int8 kernel.
        biased: which layers have a bias: the converter leaves out one that is all zeros.
        architecture: of a network with convolutions: its file has more shapes than its layers.
    """

    variant: str
    quantized: tuple[bool, ...]
    biased: tuple[bool, ...]
    architecture: Architecture = ()


def kind(network: Network, variant: str) -> Kind:
    """The kind of the network's file in a variant, ``float32`` or ``dynamic``."""
    return Kind(
        variant,
        tuple(variant == "dynamic" and is_quantized(layer) for layer in network.layers),
        tuple(bool(layer.bias.any()) for layer in network.layers),
        network.architecture if network.convolutions else (),
    )


def skeleton(network: Network, convert: Convert, variant: str) -> bytes:
    """A file of the network's kind without weights, for `write`.

    Made of random weights, so that no two constants are equal. Empty if `write` cannot repeat the
    converter's file of those weights, as may happen with other versions of TensorFlow.

    Raises:
        PrunescopeError: `convert` makes no file.
    """
    probe = _probe(network, kind(network, variant))
    file = convert(probe, variant)
    model = flatbuffer_utils.convert_bytearray_to_object(file)
    for tensor in _constants(model):
        model.buffers[tensor.buffer].data = None
    bare = _packed(model, len(file))
    return bare if write(bare, probe) == file else b""


def write(bare: bytes, network: Network) -> bytes | None:
    """The file that the converter would give for a network of the skeleton's kind.

    Args:
        bare: from `skeleton`, of a network of the same `kind`; a dense one of any widths.
        network: the weights.

    Returns:
        The file; None if only the converter itself knows how to treat the weights.
    """
    if not all(np.isfinite(layer.kernel).all() for layer in network.layers):
        return None
    model = flatbuffer_utils.convert_bytearray_to_object(bare)
    for operator, layer in zip(_operators(model), network.layers, strict=True):
        _put_layer(model, operator, layer)
    weights = [bytes(model.buffers[tensor.buffer].data) for tensor in _constants(model)]
    if len(set(weights)) < len(weights):
        return None  # the converter merges equal constants
    metadata = util.get_conversion_metadata(bare)  # holds a hash of shapes and operators
    metadata.environment.modelHash = util.get_model_hash(model)
    util.populate_conversion_metadata(model, metadata)
    return _packed(model, sum(map(len, weights)))


def _put_layer(model: Any, operator: Any, layer: Layer) -> None:
    """Put the layer's weights into the operator that computes it."""
    tensors = model.subgraphs[0].tensors
    source, kernel, bias = operator.inputs
    if not layer.convolution:
        for index, width in ((source, layer.inputs), (operator.outputs[0], layer.units)):
            tensors[index].shape = np.array([1, width], np.int32)
            tensors[index].shapeSignature = np.array([-1, width], np.int32)
    weights: np.ndarray = layer.kernel
    if tensors[kernel].type == schema.TensorType.INT8:
        weights = steps_of(layer.kernel)
        tensors[kernel].quantization.scale = scales_of(layer.kernel).astype(np.float32)
        tensors[kernel].quantization.zeroPoint = np.zeros(layer.units, np.int64)
    *sides, units = layer.shape.keras_kernel
    constants = {kernel: weights.T.reshape(units, *sides)}  # TFLite's order
    if bias >= 0:
        constants[bias] = layer.bias + np.float32(0)  # -0.0 becomes 0.0
    for index, values in constants.items():
        tensors[index].shape = np.array(values.shape, np.int32)
        data = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        model.buffers[tensors[index].buffer].data = data


def _operators(model: Any) -> list[Any]:
    """The operators that compute a network's layers, in its order."""
    codes = [code.builtinCode for code in model.operatorCodes]
    operators = model.subgraphs[0].operators
    return [operator for operator in operators if codes[operator.opcodeIndex] in KERNEL_OPERATORS]


def _constants(model: Any) -> Iterator[Any]:
    """The tensors of kernels and biases."""
    tensors = model.subgraphs[0].tensors
    for operator in _operators(model):
        yield from (tensors[index] for index in operator.inputs[1:] if index >= 0)


def _probe(network: Network, wanted: Kind) -> Network:
    """Random weights of the network's kind, in a smaller shape where that is possible."""
    if not network.convolutions:
        widths = (network.layers[0].inputs, *(layer.units for layer in network.layers))
        small = _noise(dense([min(width, PROBE_WIDTH) for width in widths]), wanted.biased)
        if kind(small, wanted.variant) == wanted:
            return small
    return _noise(network.architecture, wanted.biased)


def _noise(architecture: Architecture, biased: tuple[bool, ...]) -> Network:
    rng = np.random.default_rng(0)
    layers = []
    for layer, with_bias in zip(architecture, biased, strict=True):
        kernel = rng.standard_normal(layer.kernel, np.float32)
        bias = rng.standard_normal(layer.units, np.float32)
        layers.append(Layer(kernel, bias if with_bias else np.zeros_like(bias), layer.convolution))
    return Network(tuple(layers))


def _packed(model: Any, size: int) -> bytes:
    """The model as a file, packed as the converter does, in a buffer that need not grow."""
    builder = flatbuffers.Builder(size + 65536)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
