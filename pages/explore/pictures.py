"""Arrays -> pictures with transparent ground, so that they fit the light and the dark page."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.arrays import BoolArray, FloatArray
from engine.explore.image import picture
from pages.shared.palette import KEPT, NEGATIVE

Pixels = npt.NDArray[np.uint8]

DEAD = 0.25
"""How much is left to see of a unit that is dead."""

GROUND = np.array([0, 0, 0, 18], np.uint8)
"""A breath of grey, so that an empty square is still a square."""


def weights(signed: FloatArray, share: FloatArray | float = 1.0) -> Pixels:
    """Signed strengths from -1 to 1 as blue and orange; what was pruned lets the page through."""
    above, below = (list(bytes.fromhex(colour[1:])) for colour in (KEPT, NEGATIVE))
    colour = np.where((signed >= 0)[..., np.newaxis], above, below)
    alpha = np.minimum(np.abs(signed), 1) ** 0.7 * share
    return np.concatenate([colour, np.round(255 * alpha)[..., np.newaxis]], axis=-1).astype("u1")


def sheet(images: FloatArray, dead: BoolArray, *, columns: int) -> Pixels:
    """Small pictures of weights in rows, those of dead units faded, with gaps between."""
    shares = np.where(dead, DEAD, 1.0)[:, np.newaxis, np.newaxis].astype(np.float32)
    count, height, width = images.shape
    rows = -(-count // columns)
    cells = np.maximum(weights(images, shares), GROUND)
    cells = np.pad(cells, ((0, rows * columns - count), (0, 2), (0, 2), (0, 0)))
    cells = cells.reshape(rows, columns, height + 2, width + 2, 4).swapaxes(1, 2)
    return cells.reshape(rows * (height + 2), columns * (width + 2), 4)


def data_image(
    values: FloatArray, shape: tuple[int, ...], levels: tuple[float, float], *, width: int
) -> tuple[Pixels, int]:
    """One image of the data set, light and dark as there, and how wide it is to be shown.

    Args:
        values: of the image, ``(inputs,)``.
        shape: of the image; it has a picture.
        levels: what is shown black and white.
        width: of the longer side on the page, at most.
    """
    low, high = levels
    image = picture(values, shape)
    dots = np.round(255 * np.clip((image - low) / (high - low), 0, 1)).astype(np.uint8)
    longest = max(dots.shape[:2])
    pixels = enlarged(dots, max(1, width // longest))
    return pixels, max(1, round(width * dots.shape[1] / longest))


def png(pixels: Pixels, times: float) -> bytes:
    """The picture, so many times as large, as a PNG file; quickly made rather than small."""
    file = io.BytesIO()
    Image.fromarray(enlarged(pixels, max(1, round(times)))).save(file, "png", compress_level=1)
    return file.getvalue()


def enlarged(pixels: Pixels, times: int) -> Pixels:
    """Every pixel as a square of pixels: browsers would blur it."""
    return pixels.repeat(times, axis=0).repeat(times, axis=1)
