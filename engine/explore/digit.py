"""A drawing as MNIST's digits are: scaled into a box of 20x20, centred by mass in 28x28.

As the data set's authors describe it (LeCun, Cortes and Burges, "The MNIST database"): the size
is normalised with the aspect kept and grey levels by anti-aliasing, and the centre of mass comes to
the middle of the field. Without this, networks trained on MNIST fail at drawings that people read.
"""

import math

import numpy as np
import numpy.typing as npt

from engine import checks
from engine.arrays import FloatArray

BOX = 20
SIDE = 28
MIDDLE = 14.5
"""Where the centre of mass comes to: the middle of pixel 14. Every image of MNIST is placed so."""

MOST_SIDE = 512


def centred(drawing: npt.ArrayLike) -> FloatArray:
    """The drawing as an image ``(28, 28)``, from 0 (background) to 1 (ink); blank stays blank.

    Args:
        drawing: ink, ``(height, width)`` from 0 to 1, of at most 512x512.

    Raises:
        InvalidInput: it is no such array.
    """
    ink = _ink(drawing)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return np.zeros((SIDE, SIDE), np.float32)
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = BOX / max(cropped.shape)
    height, width = (max(1, round(side * factor)) for side in cropped.shape)
    return _placed(_resized(cropped, height, width))


def _ink(drawing: npt.ArrayLike) -> npt.NDArray[np.float64]:
    allowed = f"an image of at most {MOST_SIDE}x{MOST_SIDE} numbers from 0 to 1"
    try:
        ink = np.asarray(drawing, np.float64)
    except (TypeError, ValueError):
        raise checks.refuse("drawing", allowed, drawing) from None
    if ink.ndim != 2 or not 1 <= max(ink.shape) <= MOST_SIDE or not ink.size:
        raise checks.refuse("drawing", allowed, ink.shape)
    if not np.all((ink >= 0) & (ink <= 1)):
        raise checks.refuse("drawing", allowed, "other numbers")
    return ink


def _resized(ink: npt.NDArray[np.float64], height: int, width: int) -> npt.NDArray[np.float64]:
    """Every new pixel is the mean of the area that it covers, or a part of one where it grows."""
    return np.asarray(_overlap(ink.shape[0], height) @ ink @ _overlap(ink.shape[1], width).T)


def _overlap(before: int, after: int) -> npt.NDArray[np.float64]:
    """``(after, before)``: which share of a new pixel each old one covers; rows add up to 1."""
    edges = np.linspace(0, before, after + 1)
    low, high = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(before)
    covered = np.minimum(high, pixels + 1) - np.maximum(low, pixels)
    return np.asarray(np.maximum(covered, 0) * (after / before))


def _placed(ink: npt.NDArray[np.float64]) -> FloatArray:
    """In the middle of the field by its centre of mass, but never over its edge."""
    total = ink.sum()
    field = np.zeros((SIDE, SIDE), np.float32)
    corner = []
    for axis, side in enumerate(ink.shape):
        mass = ink.sum(axis=1 - axis) @ (np.arange(side) + 0.5) / total
        start = math.floor(round(MIDDLE - mass, 6) + 0.5)  # halves up, whatever the last bits say
        corner.append(min(max(start, 0), SIDE - side))
    top, left = corner
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field
