"""How a data set is read: the scaling of its numbers and the place of its channels.

Who says nothing (`auto`) gets what the content asks for, and is told: `resolve` names it, before a
run is submitted. In the settings of a run, `auto` is therefore always the usual reading, that of
runs that were made before these settings existed: bytes divided by 255, floats as they are,
channels last. Such data are read from their arrays as they are stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import FloatArray, ImageArray
from engine.checks import choice, refuse
from engine.datasets.cache import Blocks, blocks_of
from engine.datasets.content import Content
from engine.errors import InvalidInput
from engine.settings import AUTO, CHANNELS, SCALES

DIM_BYTES = 128
"""Images that stay below are not of the usual range of bytes."""

MODERATE = 20.0
"""Numbers up to this magnitude are taken as they are, bytes too: shares, standardised numbers,
bitmaps, 16 grey levels. So the same pixels score alike whatever their type."""

BEYOND = 1e18
"""Squares of larger numbers overflow in float32: no scaling of all numbers alike helps."""

MOST_CHANNELS = 4
"""An axis that is this short may be that of the channels."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What a network reads of stored numbers: ``(x - offset) / divisor`` in float32.

    Attributes:
        name: how it was chosen: ``1``, ``255``, ``max`` or ``standardise``.
        offset: what is taken away first.
        divisor: what the rest is divided by; never zero.
    """

    name: str
    offset: float = 0.0
    divisor: float = 1.0

    def apply(self, images: ImageArray) -> FloatArray:
        """Images of any shape as float32, computed in float32 throughout.

        Every path of the project, and the snippets beside downloads, compute the same bits.
        """
        numbers: FloatArray = np.asarray(images).astype(np.float32, copy=False)
        if self.offset:
            numbers = numbers - np.float32(self.offset)
        if self.divisor != 1:
            numbers = np.divide(numbers, np.float32(self.divisor), dtype=np.float32)
        return numbers

    def expression(self, name: str) -> str:
        """The same as one expression of NumPy; `name` is that of the stored images."""
        text = f'{name}.astype("float32")'
        if self.offset:
            text = f"({text} - {_plain(self.offset)})"
        return text if self.divisor == 1 else f"{text} / {_plain(self.divisor)}"


def _plain(number: float) -> str:
    """A number as Python reads it; NumPy takes it as float32 beside an array of these."""
    return str(int(number)) if number == int(number) else repr(number)


AS_STORED = Scaling("1")
BY_255 = Scaling("255", divisor=255.0)


def usual(dtype: np.dtype[Any] | str) -> Scaling:
    """What numbers of that type mean as long as nobody says otherwise: bytes, or what is read."""
    return BY_255 if np.dtype(dtype) == np.uint8 else AS_STORED


@dataclass(frozen=True, slots=True)
class Reading:
    """How stored images become what a network reads.

    Attributes:
        scaling: of the numbers.
        channels_first: whether the stored images have their channels first and are turned.
    """

    scaling: Scaling
    channels_first: bool

    def shape(self, stored: Sequence[int]) -> tuple[int, ...]:
        """Shape of an image as it is read."""
        return (*stored[1:], stored[0]) if self.channels_first else tuple(stored)

    def expression(self, name: str) -> str:
        """What a network reads, as an expression of NumPy of the stored images of that name."""
        turned = f"np.moveaxis({name}, 1, -1)" if self.channels_first else name
        return self.scaling.expression(turned)

    def blocks(self, images: ImageArray) -> Blocks:
        """Images ``(n, …)`` as a network reads them, with their channels last.

        Bytes that are only turned stay bytes, a quarter of the size.
        """
        blocks = blocks_of(images)
        if self.channels_first:
            blocks = (np.moveaxis(block, 1, -1) for block in blocks)
        dtype = images.dtype
        if self.scaling != usual(dtype):
            dtype, blocks = np.dtype("<f4"), map(self.scaling.apply, blocks)
        return Blocks((len(images), *self.shape(images.shape[1:])), dtype, blocks)


def reading_of(content: Content, *, scale: str = "auto", channels: str = "auto") -> Reading:
    """How the data set is read with the settings of a run.

    Raises:
        InvalidInput: the images have no channels that could be first.
    """
    choice("scale", scale, SCALES)
    choice("channels", channels, CHANNELS)
    if channels == "first" and len(content.image_shape) != 3:
        raise refuse("channels", f"auto or last for images of {content.image_shape}", channels)
    numbers, known = content.train, {each.divisor: each for each in (AS_STORED, BY_255)}
    if scale == AUTO:
        scaling = usual(content.dtype)
    elif scale == "standardise":
        scaling = Scaling(scale, offset=numbers.mean, divisor=numbers.spread or 1.0)
    elif scale == "max":
        scaling = known.get(numbers.reach) or Scaling(scale, divisor=numbers.reach or 1.0)
    else:
        scaling = known[float(scale)]
    return Reading(scaling, channels == "first")


def resolve(content: Content, scale: str, channels: str) -> tuple[str, str]:
    """Scale and channels as a run has them: `auto` only where nobody would read otherwise.

    Raises:
        InvalidInput: as `reading_of`.
    """
    shape = content.image_shape  # doubtful where it may be few channels, rows and columns
    doubtful = len(shape) == 3 and shape[0] <= MOST_CHANNELS < min(shape[1:])
    if channels == AUTO and doubtful:
        channels = "first"
    wanted = proposed(content)
    reading = reading_of(content, scale=wanted if scale == AUTO else scale, channels=channels)
    name = reading.scaling.name
    undoubted = reading.scaling == usual(content.dtype) and name == wanted
    last = "last" if doubtful else AUTO
    return AUTO if undoubted else name, "first" if reading.channels_first else last


def proposed(content: Content) -> str:
    """The scaling that the training images ask for, by name."""
    numbers = content.train
    if content.dtype == "uint8":
        if numbers.high <= MODERATE:
            return AS_STORED.name
        return "max" if numbers.high < DIM_BYTES else BY_255.name
    if numbers.reach <= MODERATE or numbers.reach > BEYOND:
        return AS_STORED.name
    if numbers.low < 0:
        return "standardise"
    return BY_255.name if DIM_BYTES <= numbers.high <= BY_255.divisor else "max"


def check_reach(largest: float) -> None:
    """Refuse images that no network can be trained of, whatever its learning rate.

    Raises:
        InvalidInput: a number is so large that its square overflows in float32.
    """
    if largest > BEYOND:
        allowed = f"values up to {BEYOND:g}, not {largest:.3g}: larger ones overflow in a training"
        raise InvalidInput(f"the images must hold {allowed}")
