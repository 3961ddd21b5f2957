"""Dynamic int8: the weights that a dynamic-range TFLite file holds.

Each unit has one scale, its largest magnitude is 127, halves are rounded away from zero, and only
kernels of 1,024 entries or more are stored so: as TensorFlow's converter does it. What the kernel
does at run time to activations is not simulated: they stay float32 here, where LiteRT rounds them
to int8 for each image.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray
from engine.networks.network import Layer, Network

QUANTIZED_FROM = 1024
"""Entries of the smallest kernel that is stored as int8."""

SMALLEST_RANGE = 5e-7
"""The scale is never finer than if a unit's largest magnitude were this."""

_BELOW_HALF = np.nextafter(0.5, 0)


def quantized(network: Network) -> Network:
    """The network with the weights that its dynamic int8 file stands for, in float32."""
    layers = []
    for layer in network.layers:
        kernel = layer.kernel
        if is_quantized(layer):
            kernel = np.asarray(steps_of(kernel) * scales_of(kernel).astype("f4"), np.float32)
        layers.append(replace(layer, kernel=kernel))
    return Network(tuple(layers))


def is_quantized(layer: Layer) -> bool:
    """Whether its kernel is stored as int8; biases never are."""
    return layer.kernel.size >= QUANTIZED_FROM


def steps_of(kernel: FloatArray) -> npt.NDArray[np.int8]:
    """The int8 numbers of a kernel, in its shape ``(inputs, units)``."""
    steps: npt.NDArray[np.float64] = kernel / scales_of(kernel)
    steps += np.copysign(_BELOW_HALF, steps)  # 0.5 would carry the number just below a half over
    return steps.astype(np.int8)


def scales_of(kernel: FloatArray) -> npt.NDArray[np.float64]:
    """The scale of each unit, ``(units,)``."""
    largest = np.abs(kernel).max(axis=0).astype(np.float64)
    return np.asarray(np.maximum(largest, SMALLEST_RANGE) / 127)
