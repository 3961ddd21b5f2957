"""Random generators: each purpose, round and client has one of its own.

So nothing depends on the order in which clients are worked on, and a resumed run draws what the
run that was never stopped drew.
"""

from enum import IntEnum

import numpy as np

STREAM = 0xFED


class Purpose(IntEnum):
    """What the numbers are drawn for."""

    SPLIT = 1
    AMOUNT = 2
    PARTS = 3
    TEST = 4
    START = 5
    COHORT = 6
    DROPOUT = 7
    ORDER = 8
    MEASURED = 9


def generator(seed: int, purpose: Purpose, *where: int) -> np.random.Generator:
    """The random generator of a purpose; `where` is, for instance, a round and a client."""
    return np.random.default_rng((seed, STREAM, int(purpose), *where))
