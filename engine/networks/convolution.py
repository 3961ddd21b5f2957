"""What makes a layer a convolution: where its kernel slides, and what is pooled behind it.

Images are flat vectors everywhere: height x width x channels in C order, channels last. The kernel
is a matrix: a column for each filter, a row for each value of a patch in the same order. So it is
Keras's kernel reshaped, and a column is a unit as in a dense layer.
"""

import itertools
import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.arrays import FloatArray

BLOCK_BYTES = 1 << 23
"""Patches that are laid out at once: what a processor's caches hold."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """A window that slides over images by one pixel, never over their edge, then max pooling.

    Attributes:
        height: of the images that are read.
        width: of the images that are read.
        channels: of the images that are read.
        window: height and width of the window, alike.
        pool: height and width of the squares of which the largest value is passed on, after the
            ReLU; rows and columns that fill no square are left out. 1 passes on everything.
    """

    height: int
    width: int
    channels: int
    window: int = 3
    pool: int = 2

    def __post_init__(self) -> None:
        """Raise ValueError where nothing would come out."""
        sizes = {field.name: getattr(self, field.name) for field in fields(self)}
        if min(sizes.values()) < 1 or min(self.passed) < 1:
            raise ValueError(f"{sizes} is no convolution")

    @property
    def inputs(self) -> int:
        """Length of the vector that is read."""
        return self.height * self.width * self.channels

    @property
    def patch(self) -> int:
        """Values under the window: rows of the kernel."""
        return self.window**2 * self.channels

    @property
    def computed(self) -> tuple[int, int]:
        """Rows and columns of places at which the kernel is multiplied."""
        return self.height - self.window + 1, self.width - self.window + 1

    @property
    def passed(self) -> tuple[int, int]:
        """Rows and columns of values that each filter passes on, after pooling."""
        rows, columns = self.computed
        return rows // self.pool, columns // self.pool


def convolve(where: Convolution, kernel: FloatArray, bias: FloatArray, x: FloatArray) -> FloatArray:
    """Answers of a convolution layer with ReLU and pooling; plain NumPy.

    Args:
        where: the place of the kernel.
        kernel: ``(patch, filters)``.
        bias: ``(filters,)``.
        x: images ``(n, inputs)``.

    Returns:
        ``(n, rows * columns * filters)``, filters last.
    """
    places = math.prod(where.computed)
    block = max(1, BLOCK_BYTES // (4 * where.patch * places))
    blocks = []
    for start in range(0, max(len(x), 1), block):
        images = x[start : start + block].reshape(-1, where.height, where.width, where.channels)
        windows = sliding_window_view(images, (where.window, where.window), (1, 2))
        ordered = windows.transpose(0, 1, 2, 4, 5, 3)  # (n, rows, columns, height, width, channels)
        products = ordered.reshape(len(images) * places, where.patch) @ kernel
        values = _max_pool(products.reshape(len(images), *where.computed, len(bias)), where)
        values += bias  # after pooling, for fewer values: it moves all places of a filter alike
        np.maximum(values, 0, out=values)
        blocks.append(values.reshape(len(images), math.prod(where.passed) * len(bias)))
    return np.concatenate(blocks)


def _max_pool(values: FloatArray, where: Convolution) -> FloatArray:
    """``(n, rows, columns, filters)``: the largest of each square."""
    rows, columns = (size * where.pool for size in where.passed)
    corners = itertools.product(range(where.pool), repeat=2)
    first, *rest = (values[:, i : rows : where.pool, j : columns : where.pool] for i, j in corners)
    largest = first.copy()
    for corner in rest:
        np.maximum(largest, corner, out=largest)
    return largest
