"""How stored numbers become what a network reads: ``(x - offset) / divisor`` in float32."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, ImageArray

BYTE = 255
"""The highest value of uint8."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """One subtraction and one division for all numbers of a data set.

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
BY_255 = Scaling("255", divisor=float(BYTE))


def usual(dtype: np.dtype[np.generic] | str) -> Scaling:
    """What numbers of that type mean as long as nobody says otherwise: bytes, or what is read."""
    return BY_255 if np.dtype(dtype) == np.uint8 else AS_STORED
