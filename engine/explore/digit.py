"""A drawing as a data set's digits are: in their size, at their place, in their values.

As the authors of MNIST describe it (LeCun, Cortes and Burges, "The MNIST database"): the size
is normalised with the aspect kept and grey levels by anti-aliasing, and the centre of mass comes to
the middle of the field. Without this, networks trained on MNIST fail at drawings that people read.
Size and place of other digits, and the values of ground and ink, are read off training images.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine import checks
from engine.arrays import FloatArray
from engine.errors import InvalidInput

MOST_SIDE = 512
LEAST_FIELD, MOST_FIELD = 8, 128
"""Rows and columns of images that a drawing is scaled to."""

FAINT = 0.02
"""Ink up to this share is none: values of a scaled image are not exactly its ground's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How digits lie in their images, and which values ground and ink have; at first MNIST's.

    Attributes:
        side: rows and columns of an image.
        box: the longer side of a digit.
        middle: row and column that the centre of mass comes to; in MNIST the middle of pixel 14.
        ground: value of the background, as the network reads it.
        ink: value of full ink; below the ground where images are dark on light.
    """

    side: int = 28
    box: int = 20
    middle: tuple[float, float] = (14.5, 14.5)
    ground: float = 0.0
    ink: float = 1.0

    def values(self, share: FloatArray) -> FloatArray:
        """What the network reads for a share of ink from 0 to 1."""
        span = np.float32(self.ink) - np.float32(self.ground)
        return np.asarray(np.float32(self.ground) + share * span, np.float32)


MNIST = Style()


def style_of(images: FloatArray, image_shape: Sequence[int]) -> Style:
    """How the digits of some images are drawn.

    Darkest and lightest value are medians over the images, so that single ones do not matter; the
    one that the images' edges are nearer to is the ground.

    Args:
        images: training images ``(n, inputs)``, as a network reads them.
        image_shape: of one image.

    Raises:
        InvalidInput: they are no square pictures of one channel, or there is nothing on them.
    """
    grey = len(image_shape) == 3 and image_shape[-1] == 1
    sides = tuple(image_shape[:-1]) if grey else tuple(image_shape)
    if len(sides) != 2 or sides[0] != sides[1] or not LEAST_FIELD <= sides[0] <= MOST_FIELD:
        allowed = f"square pictures of one channel, {LEAST_FIELD} to {MOST_FIELD} pixels wide"
        raise checks.refuse("images to draw", allowed, " × ".join(map(str, image_shape)))
    fields = images.reshape(-1, *sides)
    low, high = (float(np.median(find(axis=(1, 2)))) for find in (fields.min, fields.max))
    if not low < high:
        raise InvalidInput("training images must have ink on their ground, not one value")
    edges = np.concatenate([fields[:, [0, -1]].ravel(), fields[:, :, [0, -1]].ravel()])
    dark_on_light = float(np.median(edges)) > (low + high) / 2
    ground, ink = (high, low) if dark_on_light else (low, high)
    share = np.clip((fields - np.float32(ground)) / np.float32(ink - ground), 0, 1)
    return Style(side=sides[0], box=_box(share), middle=_middle(share), ground=ground, ink=ink)


def are_digits(names: Sequence[str]) -> bool:
    """Whether classes of these names are the ten digits."""
    return set(names) == set("0123456789")


def centred(drawing: npt.ArrayLike, style: Style = MNIST) -> FloatArray:
    """The drawing as an image ``(side, side)``, from 0 (ground) to 1 (ink); blank stays blank.

    Args:
        drawing: ink, ``(height, width)`` from 0 to 1, of at most 512x512.
        style: of the images that it shall look like.

    Raises:
        InvalidInput: it is no such array.
    """
    allowed = f"an image of at most {MOST_SIDE}x{MOST_SIDE} numbers from 0 to 1"
    try:
        ink = np.asarray(drawing, np.float64)
    except (TypeError, ValueError):
        raise checks.refuse("drawing", allowed, drawing) from None
    if ink.ndim != 2 or not 1 <= max(ink.shape) <= MOST_SIDE or not ink.size:
        raise checks.refuse("drawing", allowed, ink.shape)
    if not np.all((ink >= 0) & (ink <= 1)):
        raise checks.refuse("drawing", allowed, "other numbers")
    field = np.zeros((style.side, style.side), np.float32)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rows.size:
        cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        factor = style.box / max(cropped.shape)
        height, width = (max(1, round(side * factor)) for side in cropped.shape)
        down, across = _overlap(cropped.shape[0], height), _overlap(cropped.shape[1], width)
        scaled = down @ cropped @ across.T
        top, left = _corner(scaled, style)
        field[top : top + height, left : left + width] = scaled
    return field


def _box(share: FloatArray) -> int:
    """The longer side of a digit, as it is in most of the images."""
    lengths = []
    for axis in (1, 2):
        seen = np.asarray((share > FAINT).any(axis=axis))
        first, end = seen.argmax(axis=1), seen.shape[1] - seen[:, ::-1].argmax(axis=1)
        lengths.append(np.where(seen.any(axis=1), end - first, 0))
    longest = np.maximum(*lengths)
    return max(1, round(float(np.median(longest[longest > 0]))))


def _middle(share: FloatArray) -> tuple[float, float]:
    """Where most images have their centre of mass, to half a pixel."""
    mass = share.sum(axis=(1, 2), dtype=np.float64)
    places = np.arange(share.shape[1]) + 0.5
    row, column = (
        np.median((share.sum(axis=axis)[mass > 0] @ places) / mass[mass > 0]) for axis in (2, 1)
    )
    return round(2 * float(row)) / 2, round(2 * float(column)) / 2


def _overlap(before: int, after: int) -> npt.NDArray[np.float64]:
    """``(after, before)``: which share of a new pixel each old one covers; rows add up to 1.

    So every new pixel is the mean of the area that it covers, or a part of one where it grows.
    """
    edges = np.linspace(0, before, after + 1)
    low, high = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(before)
    covered = np.minimum(high, pixels + 1) - np.maximum(low, pixels)
    return np.asarray(np.maximum(covered, 0) * (after / before))


def _corner(ink: npt.NDArray[np.float64], style: Style) -> list[int]:
    """Where its first row and column lie: centred by its mass, but never over the field's edge."""
    corner = []
    for axis, side in enumerate(ink.shape):
        mass = ink.sum(axis=1 - axis) @ (np.arange(side) + 0.5) / ink.sum()
        place = round(style.middle[axis] - mass, 6) + 0.5  # halves up, whatever the last bits say
        corner.append(min(max(math.floor(place), 0), style.side - side))
    return corner
