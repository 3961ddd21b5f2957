"""What a zero costs: four bytes in a file, next to nothing in a zip, and the same time."""

import struct
from dataclasses import dataclass

import numpy as np

from engine import checks
from engine.export.archive import zip_bytes
from engine.pruning.ranking import lowest
from engine.pruning.scores import column_norms, magnitudes
from engine.settings import count_of

SIDE = 64
"""Inputs and units of the kernel."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One way to store the kernel.

    Attributes:
        label: what was done to it.
        raw: length of its float32 numbers, in bytes.
        zipped: length of a zip with them, in bytes.
        products: multiplications for one input vector, those by zero too.
    """

    label: str
    raw: int
    zipped: int
    products: int


def costs(sparsity: float) -> tuple[Cost, ...]:
    """A kernel as it is, with that share of its weights zeroed, and of its units removed.

    Raises:
        InvalidInput: the sparsity is not from 0 to 0.99.
    """
    checks.real("sparsity", sparsity, 0, 0.99, allowed="a fraction from 0 to 0.99")
    rng = np.random.default_rng(7)  # always the same normal numbers
    whole = np.asarray(rng.normal(size=(SIDE, SIDE)), dtype="<f4")
    (sizes,), (norms,) = magnitudes([whole]), column_norms([whole], "l2")
    weak = lowest(sizes, count_of(sizes.size, sparsity))
    zeroed = np.where(weak, np.float32(0), whole)
    removed = whole[:, ~lowest(norms, count_of(norms.size, sparsity))]
    made = {"Whole": whole, "Weights zeroed": zeroed, "Units removed": removed}
    files = {label: array.tobytes() for label, array in made.items()}
    return tuple(
        Cost(label, len(data), len(zip_bytes("kernel", data)), made[label].size)
        for label, data in files.items()
    )


def as_bytes(number: float) -> str:
    """The four bytes of a float32 in hexadecimal, as they lie in a file: 1.0 is 00 00 80 3f."""
    return struct.pack("<f", number).hex(" ")
