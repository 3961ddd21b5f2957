"""Dynamic-range int8, simulated: the weights that a TFLite file with int8 weights holds.

Each unit has one scale, its largest magnitude is 127, halves are rounded away from zero, and only
kernels of 1,024 entries or more are stored so: as TensorFlow's converter does it (`engine.export`
writes the same numbers). What the kernel does at run time to activations is not simulated: they
stay float32 here, where LiteRT rounds them to int8 for each image.
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
    """The network with the weights that its int8 file stands for, in float32."""
    return Network(tuple(_layer(layer) for layer in network.layers))


def steps_of(kernel: FloatArray) -> npt.NDArray[np.int8]:
    """The int8 numbers of a kernel, in its shape ``(inputs, units)``."""
    steps: npt.NDArray[np.float64] = kernel / scales_of(kernel)
    steps += np.copysign(_BELOW_HALF, steps)  # 0.5 would carry the number just below a half over
    return steps.astype(np.int8)


def scales_of(kernel: FloatArray) -> npt.NDArray[np.float64]:
    """The scale of each unit, ``(units,)``."""
    largest = np.abs(kernel).max(axis=0).astype(np.float64)
    return np.asarray(np.maximum(largest, SMALLEST_RANGE) / 127)


def _layer(layer: Layer) -> Layer:
    if layer.kernel.size < QUANTIZED_FROM:
        return layer
    scales = scales_of(layer.kernel).astype(np.float32)
    kernel = steps_of(layer.kernel) * scales
    return replace(layer, kernel=kernel.astype(np.float32))
