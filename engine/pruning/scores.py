"""Which entries matter least? A score for each; the lowest go first."""

from collections.abc import Iterable

import numpy as np

from engine.arrays import FloatArray
from engine.pruning.ranking import Scores

BLOCK = 1 << 15
"""Entries that are squared at a time."""


def magnitudes(arrays: Iterable[FloatArray]) -> tuple[Scores, ...]:
    """Absolute value of every entry, in each array's own shape."""
    return tuple(np.abs(array) for array in arrays)


def column_norms(kernels: Iterable[FloatArray], norm: str) -> tuple[Scores, ...]:
    """Norm ``l2`` or ``l1`` of each unit's column, ``(units,)`` a kernel; biases are no part of it.

    Summed in float64: in float32 a thousand squares lose the digits that tell units apart.
    """
    if norm == "l1":
        return tuple(np.abs(kernel).sum(axis=0, dtype=np.float64) for kernel in kernels)
    return tuple(_l2_norms(kernel) for kernel in kernels)


def _l2_norms(kernel: FloatArray) -> Scores:
    """Some rows at a time, so that their squares stay in the cache; added up row by row."""
    rows, columns = kernel.shape
    some = max(BLOCK // max(columns, 1), 1)
    squares = np.zeros((min(some, rows) + 1, columns))  # below the sum of all rows before
    for start in range(0, rows, some):
        part = kernel[start : start + some]
        np.square(part, out=squares[1 : len(part) + 1], dtype=np.float64)
        squares[0] = squares[: len(part) + 1].sum(axis=0)
    return np.asarray(np.sqrt(squares[0]))
