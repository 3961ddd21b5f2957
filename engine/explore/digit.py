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

DIGITS = frozenset("0123456789")


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

    def share(self, values: FloatArray) -> FloatArray:
        """The share of ink from 0 to 1 of values that the network reads."""
        found = (values - np.float32(self.ground)) / np.float32(self.ink - self.ground)
        return np.asarray(np.clip(found, 0, 1), np.float32)


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
    side = _side(image_shape)
    fields = images.reshape(-1, side, side)
    low, high = (float(np.median(find(axis=(1, 2)))) for find in (fields.min, fields.max))
    if not low < high:
        raise InvalidInput("training images must have ink on their ground, not one value")
    edges = np.concatenate([fields[:, [0, -1]].ravel(), fields[:, :, [0, -1]].ravel()])
    dark_on_light = float(np.median(edges)) > (low + high) / 2
    ground, ink = (high, low) if dark_on_light else (low, high)
    share = Style(ground=ground, ink=ink).share(fields)
    return Style(side=side, box=_box(share), middle=_middle(share), ground=ground, ink=ink)


def are_digits(names: Sequence[str]) -> bool:
    """Whether classes of these names are the ten digits."""
    return set(names) == DIGITS


def centred(drawing: npt.ArrayLike, style: Style = MNIST) -> FloatArray:
    """The drawing as an image ``(side, side)``, from 0 (ground) to 1 (ink); blank stays blank.

    Args:
        drawing: ink, ``(height, width)`` from 0 to 1, of at most 512x512.
        style: of the images that it shall look like.

    Raises:
        InvalidInput: it is no such array.
    """
    ink = _ink(drawing)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return np.zeros((style.side, style.side), np.float32)
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = style.box / max(cropped.shape)
    height, width = (max(1, round(side * factor)) for side in cropped.shape)
    return _placed(_resized(cropped, height, width), style)


def _side(shape: Sequence[int]) -> int:
    sides = tuple(shape)[:-1] if len(shape) == 3 and shape[-1] == 1 else tuple(shape)
    if len(sides) == 2 and sides[0] == sides[1] and LEAST_FIELD <= sides[0] <= MOST_FIELD:
        return sides[0]
    allowed = f"square pictures of one channel, {LEAST_FIELD} to {MOST_FIELD} pixels wide"
    raise checks.refuse("images to draw", allowed, " × ".join(map(str, shape)))


def _box(share: FloatArray) -> int:
    """The longer side of a digit, as it is in most of the images."""
    seen = share > FAINT
    sides = [_extent(np.asarray(seen.any(axis=axis))) for axis in (1, 2)]
    longest = np.maximum(*sides)
    return max(1, round(float(np.median(longest[longest > 0]))))


def _extent(seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Length from the first to the last that is seen, for each image; 0 where nothing is."""
    first, last = seen.argmax(axis=1), seen.shape[1] - seen[:, ::-1].argmax(axis=1)
    return np.where(seen.any(axis=1), last - first, 0)


def _middle(share: FloatArray) -> tuple[float, float]:
    """Where most images have their centre of mass, to half a pixel."""
    mass = share.sum(axis=(1, 2), dtype=np.float64)
    places = np.arange(share.shape[1]) + 0.5
    row, column = (
        np.median((share.sum(axis=axis)[mass > 0] @ places) / mass[mass > 0]) for axis in (2, 1)
    )
    return round(2 * float(row)) / 2, round(2 * float(column)) / 2


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


def _placed(ink: npt.NDArray[np.float64], style: Style) -> FloatArray:
    """In the middle of the field by its centre of mass, but never over its edge."""
    total = ink.sum()
    field = np.zeros((style.side, style.side), np.float32)
    corner = []
    for axis, side in enumerate(ink.shape):
        mass = ink.sum(axis=1 - axis) @ (np.arange(side) + 0.5) / total
        start = math.floor(
            round(style.middle[axis] - mass, 6) + 0.5
        )  # halves up, whatever the last bits say
        corner.append(min(max(start, 0), style.side - side))
    top, left = corner
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field
