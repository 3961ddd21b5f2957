"""How a data set is read: the scaling of its numbers and the place of its channels.

Who says nothing (`auto`) gets what the content asks for, and is told: `resolve` names it, before a
run is submitted. In the settings of a run, `auto` is therefore always the usual reading, that of
runs that were made before these settings existed: bytes divided by 255, floats as they are,
channels last. Such data are read from their arrays as they are stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import ImageArray
from engine.checks import choice, refuse
from engine.datasets.content import Content
from engine.datasets.scaling import AS_STORED, BY_255, BYTE, Scaling, usual
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
class Reading:
    """How stored images become what a network reads.

    Attributes:
        scaling: of the numbers.
        channels_first: whether the stored images have their channels first and are turned.
        plain: whether the stored arrays already are what every part of the project reads: channels
            last, and bytes to be divided by 255 or floats as they are.
    """

    scaling: Scaling
    channels_first: bool
    plain: bool

    def shape(self, stored: Sequence[int]) -> tuple[int, ...]:
        """Shape of an image as it is read."""
        return (*stored[1:], stored[0]) if self.channels_first else tuple(stored)

    def expression(self, name: str) -> str:
        """What a network reads, as an expression of NumPy of the stored images of that name."""
        turned = f"np.moveaxis({name}, 1, -1)" if self.channels_first else name
        return self.scaling.expression(turned)

    def turned(self, images: ImageArray) -> ImageArray:
        """Images ``(n, …)`` with their channels last."""
        return np.moveaxis(images, 1, -1) if self.channels_first else images


def reading_of(content: Content, *, scale: str = "auto", channels: str = "auto") -> Reading:
    """How the data set is read with the settings of a run.

    Raises:
        InvalidInput: the images have no channels that could be first.
    """
    choice("scale", scale, SCALES)
    choice("channels", channels, CHANNELS)
    scaling = usual(content.dtype) if scale == AUTO else _scaling(content, scale)
    first = channels == "first"
    if first and len(content.image_shape) != 3:
        raise refuse("channels", f"auto or last for images of {content.image_shape}", channels)
    return Reading(scaling, first, plain=scaling == usual(content.dtype) and not first)


def resolve(content: Content, scale: str, channels: str) -> tuple[str, str]:
    """Scale and channels as a run has them: `auto` only where nobody would read otherwise.

    Raises:
        InvalidInput: as `reading_of`.
    """
    wanted = proposed(content) if scale == AUTO else scale
    doubtful = looks_channels_first(content.image_shape)
    if channels == AUTO and doubtful:
        channels = "first"
    reading = reading_of(content, scale=wanted, channels=channels)
    name = reading.scaling.name
    undoubted = reading.scaling == usual(content.dtype) and name == proposed(content)
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
    return BY_255.name if numbers.high <= BYTE and numbers.high >= DIM_BYTES else "max"


def _scaling(content: Content, name: str) -> Scaling:
    numbers = content.train
    known = {float(BYTE): BY_255, 1.0: AS_STORED}
    if name == "max":
        return known.get(numbers.reach) or Scaling(name, divisor=numbers.reach or 1.0)
    if name == "standardise":
        return Scaling(name, offset=numbers.mean, divisor=numbers.spread or 1.0)
    return BY_255 if name == BY_255.name else AS_STORED


def check_reach(largest: float) -> None:
    """Refuse images that no network can be trained of, whatever its learning rate.

    Raises:
        InvalidInput: a number is so large that its square overflows in float32.
    """
    if largest > BEYOND:
        allowed = f"values up to {BEYOND:g}, not {largest:.3g}: larger ones overflow in a training"
        raise InvalidInput(f"the images must hold {allowed}")


def looks_channels_first(shape: Sequence[int]) -> bool:
    """Whether images of that shape look like few channels followed by rows and columns."""
    if len(shape) != 3 or shape[0] > MOST_CHANNELS:
        return False
    return min(shape[1:]) > MOST_CHANNELS
