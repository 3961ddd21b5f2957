"""Weights inside a TFLite model: where they lie, in which order, and how they become int8."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

from engine.networks.network import Layer
from engine.networks.quantization import scales_of, steps_of

KERNEL_OPERATORS = (schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED)


class Special(Exception):
    """The network has values that only the converter knows how to treat."""


def put_layer(model: Any, operator: Any, layer: Layer) -> None:
    """Put the layer's weights into the operator that computes it.

    Raises:
        Special: only the converter knows how to treat them.
    """
    tensors = model.subgraphs[0].tensors
    source, kernel, bias = operator.inputs
    if not np.isfinite(layer.kernel).all():
        raise Special
    if not layer.convolution:
        _put_batch_shape(tensors[source], layer.inputs)
        _put_batch_shape(tensors[operator.outputs[0]], layer.units)
    weights: np.ndarray = layer.kernel
    if tensors[kernel].type == schema.TensorType.INT8:
        weights = steps_of(layer.kernel)
        tensors[kernel].quantization.scale = scales_of(layer.kernel).astype(np.float32)
        tensors[kernel].quantization.zeroPoint = np.zeros(layer.units, np.int64)
    *sides, units = layer.shape.keras_kernel
    _put_constant(model, tensors[kernel], weights.T.reshape(units, *sides))  # TFLite's order
    if bias >= 0:
        _put_constant(model, tensors[bias], layer.bias + np.float32(0))  # -0.0 becomes 0.0


def kernel_operators(model: Any) -> list[Any]:
    """The operators that compute a network's layers, in its order."""
    codes = [code.builtinCode for code in model.operatorCodes]
    operators = model.subgraphs[0].operators
    return [operator for operator in operators if codes[operator.opcodeIndex] in KERNEL_OPERATORS]


def constants(model: Any) -> Iterator[Any]:
    """The tensors of kernels and biases."""
    tensors = model.subgraphs[0].tensors
    for operator in kernel_operators(model):
        yield from (tensors[index] for index in operator.inputs[1:] if index >= 0)


def _put_batch_shape(tensor: Any, width: int) -> None:
    tensor.shape = np.array([1, width], np.int32)
    tensor.shapeSignature = np.array([-1, width], np.int32)


def _put_constant(model: Any, tensor: Any, values: np.ndarray) -> None:
    tensor.shape = np.array(values.shape, np.int32)
    model.buffers[tensor.buffer].data = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
