"""How long the model files will be, at once: estimates that say so.

A raw file is its kernels and biases plus a frame of known length. A zip is estimated by deflating
some rows of every kernel as the file holds it. Measured against 456 real files of the shipped
network, the default one and the guide's CNN (weight, unit and hybrid pruning, K = 0 to 99 %, with
zeros or removed units): raw TFLite files come within 1 %, raw Keras files within 3 %, and zips
within 3 % up to K = 95 % and 6 % beyond, or 350 bytes where that is more: `margin`. The exact
bytes come from a worker.
"""

from operator import mul

import numpy as np
import numpy.typing as npt

from engine.export.archive import zip_bytes
from engine.networks.network import Network
from engine.networks.quantization import is_quantized, steps_of

PIECE = 1 << 17
"""Bytes that are deflated of every kernel."""


FRAMES = {
    "keras": (6_800, 3_300, 2_400, 1_900),
    "tflite": (684, 392, 676, 1_000),
    "tflite_dynamic": (708, 412, 676, 1_000),
}
"""Bytes that a file has beside its numbers, as files of one to nine layers have them.

In every file, for each layer, for a convolution with its pooling, and where that reads images of
one channel, which are reshaped first.
"""

ZIP_FRAMES = {
    "keras": (1_070, 205, 500, 120),
    "tflite": (575, 132, 410, 410),
    "tflite_dynamic": (600, 130, 370, 400),
}
"""What is left of them in the zip."""

BANDS = 8

ZEROS = 1 / 900
"""What deflate leaves of a long run of zeros."""

SCALE, ZERO_POINT = 4, 8
"""Bytes that an int8 kernel has beside its numbers for each unit; zero points vanish in the zip."""

CONTAINER = 111
"""Bytes that a zip has beside what it packs."""

ERROR, LEAST_ERROR = 0.06, 350
"""How far an estimated zip may be off: a share of it, and at least so many bytes."""


def estimated(network: Network, name: str) -> tuple[int, int]:
    """Bytes of the network's file of that format and of its zip, about.

    Args:
        network: with zeros in the place of what was pruned, or after `shrink`.
        name: one of `engine.results.points.FORMATS`.
    """
    place = network.layers[0].convolution
    grey = place is not None and place.channels == 1
    counts = (1, len(network.layers), int(place is not None), int(grey))
    raw = sum(map(mul, FRAMES[name], counts))
    zipped = float(sum(map(mul, ZIP_FRAMES[name], counts)))
    for layer in network.layers:
        kernel: npt.NDArray[np.generic] = layer.kernel  # Keras by inputs, TFLite by units
        if name != "keras":
            coarse = name == "tflite_dynamic" and is_quantized(layer)
            kernel = steps_of(layer.kernel).T if coarse else layer.kernel.T
        raw += kernel.nbytes + layer.bias.nbytes
        zipped += _packed(kernel) + 4 * int(np.count_nonzero(layer.bias))
        if kernel.dtype == np.int8:
            raw += (SCALE + ZERO_POINT) * layer.units
            zipped += SCALE * int(np.count_nonzero(kernel.any(axis=1)))
    return raw, round(zipped)


def margin(zipped: int) -> float:
    """By which share an estimated zip of that length may be off, either way."""
    return max(ERROR, LEAST_ERROR / zipped)


def _packed(array: npt.NDArray[np.generic]) -> float:
    """Deflated length, extrapolated from bands of rows, empty rows among them.

    By the numbers that are not zero: rows differ in how many of them they have, each of which
    costs about as much as any other.
    """
    rows, row = len(array), int(array.shape[1]) * int(array.itemsize)
    filled = int(np.count_nonzero(array.any(axis=1)))
    if not filled:
        return rows * row * ZEROS
    wanted = min(max(PIECE * rows // (filled * row), BANDS), rows)
    piece = array
    if wanted <= rows // 2:  # about so many, in bands at equal distances
        starts = np.arange(BANDS) * rows // BANDS
        piece = array[np.ravel(starts[:, np.newaxis] + np.arange(max(wanted // BANDS, 1)))]
    packed = len(zip_bytes("piece", np.ascontiguousarray(piece).tobytes())) - CONTAINER
    kept = np.count_nonzero(piece)
    return float(packed * (np.count_nonzero(array) / kept)) if kept else rows * row * ZEROS
