"""How long the model files will be, at once: estimates that say so.

A raw file is its kernels and biases plus a frame of known length. A zip is estimated by deflating
some rows of every kernel as the file holds it. The constants were calibrated with sweeps of the
shipped network and of the default one: up to K = 95 %, raw TFLite files come within 1 % and their
zips within 6 %. The exact bytes come from a worker.
"""

import numpy as np
import numpy.typing as npt

from engine.explore.quantized import QUANTIZED_FROM, steps_of
from engine.export.archive import zip_bytes
from engine.network import Layer, Network

PIECE = 1 << 16
"""Bytes that are deflated of every kernel."""

FRAME = {"keras": 19_500, "tflite": 2_300, "tflite_dynamic": 2_600}
"""Bytes of a file beside its numbers."""

ZIP_FRAME = {"keras": 2_300, "tflite": 1_100, "tflite_dynamic": 950}
"""What is left of the frame in the zip."""

ZEROS = 1 / 900
"""What deflate leaves of a long run of zeros."""

SCALE, ZERO_POINT = 4, 8
"""Bytes that an int8 kernel has beside its numbers for each unit; zero points vanish in the zip."""

CONTAINER = 111
"""Bytes that a zip has beside what it packs."""


def estimated(network: Network, name: str) -> tuple[int, int]:
    """Bytes of the network's file of that format and of its zip, about.

    Args:
        network: with zeros in the place of what was pruned, or after `shrink`.
        name: one of `engine.results.FORMATS`.
    """
    kernels = [_stored(layer, name) for layer in network.layers]
    biases = 4 * sum(layer.units for layer in network.layers)
    scaled = sum(array.shape[0] for array in kernels if array.dtype == np.int8)
    packed = sum(_packed(array) for array in kernels) + SCALE * scaled
    raw = FRAME[name] + biases + sum(array.nbytes for array in kernels)
    return raw + (SCALE + ZERO_POINT) * scaled, round(ZIP_FRAME[name] + biases + packed)


def _stored(layer: Layer, name: str) -> npt.NDArray[np.generic]:
    """The kernel as the file holds it: Keras by inputs, TFLite by units."""
    if name == "keras":
        return layer.kernel
    if name == "tflite_dynamic" and layer.kernel.size >= QUANTIZED_FROM:
        return steps_of(layer.kernel).T
    return layer.kernel.T


def _packed(array: npt.NDArray[np.generic]) -> float:
    """Deflated length, extrapolated from rows here and there; empty rows are counted apart."""
    row = int(array.shape[1]) * int(array.itemsize)
    filled = np.flatnonzero(array.any(axis=1))
    empty: float = (len(array) - len(filled)) * row * ZEROS
    if not filled.size:
        return empty
    count = min(max(PIECE // row, 4), len(filled))
    chosen = filled[np.linspace(0, len(filled) - 1, count).astype(np.int64)]
    piece = np.ascontiguousarray(array[chosen]).tobytes()
    packed = len(zip_bytes("piece", piece)) - CONTAINER
    return float(empty + packed * (len(filled) / count))
