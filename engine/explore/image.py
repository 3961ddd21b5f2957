"""One image as a picture of rows and columns, where its shape has them."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import FloatArray

MOST_SIDE = 1024
"""Rows and columns of a picture; longer strips are shown by no browser as a picture."""


def has_picture(shape: Sequence[int]) -> bool:
    """Whether images of that shape are pictures: rows, columns and, at the end, channels."""
    return len(shape) in {2, 3} and min(shape[:2]) >= 2 and max(shape[:2]) <= MOST_SIDE


def no_picture(shape: Sequence[int]) -> str:
    """Why images of that shape are shown without pictures, as a sentence."""
    sides = " × ".join(f"{side:,}" for side in shape)
    if len(shape) == 1:
        return f"Images of {sides} values in a row have no rows and columns: no pictures of them."
    return f"Images of {sides} values are no flat pictures: no pictures of them."


def picture(values: FloatArray, shape: Sequence[int]) -> FloatArray:
    """The picture ``(height, width)`` or, of three channels, ``(height, width, 3)``.

    Other numbers of channels are averaged.

    Args:
        values: of one image, ``(inputs,)``.
        shape: of the image; `has_picture` of it.
    """
    image = values.reshape(shape)
    if image.ndim == 3 and image.shape[2] != 3:
        return np.asarray(image.mean(axis=2))
    return image


def channels_told(shape: Sequence[int]) -> str:
    """What a caption adds where channels are averaged; empty where all of an image is seen."""
    many = shape[2] if len(shape) == 3 else 1
    return "" if many in {1, 3} else f"mean of its {many} channels"


def levels(images: FloatArray) -> tuple[float, float]:
    """Values to be shown black and white, of images ``(n, inputs)``: all but one in a thousand."""
    low, high = (float(value) for value in np.quantile(images, (0.001, 0.999)))
    return (low, high) if low < high else (low, low + 1.0)
