"""The test images that answer at once, and all of them in blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised
from engine.networks.forward import EvaluationSet, evaluation_set

SAMPLE = 1000
BLOCK = 500
"""Images of the whole test set that are answered before anyone else gets a turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Fixed test images, the same for every question.

    Attributes:
        rows: which images of the test set, ascending.
        inputs: the images and labels, prepared.
        of: how many test images there are.
    """

    rows: IntArray
    inputs: EvaluationSet
    of: int

    @property
    def whole(self) -> bool:
        """Whether these are all test images."""
        return len(self.rows) == self.of

    @property
    def bytes(self) -> int:
        """What it holds in memory, both layouts of the images."""
        return 2 * self.inputs.images.nbytes


def sample(dataset: Dataset, *, most: int = SAMPLE) -> Sample:
    """At most so many test images, evenly spaced over the test set.

    Not the first ones, since the order of a test set may mean something: the second half of
    MNIST's is harder than the first.
    """
    rows = sample_rows(len(dataset.y_test), most)
    images = normalised(dataset.x_test[rows])
    return Sample(rows, evaluation_set(images, dataset.y_test[rows]), len(dataset.y_test))


def sample_rows(count: int, most: int) -> IntArray:
    """Ascending row numbers: `most` of `count` at equal distances, or all of them."""
    kept = min(count, most)
    return np.arange(kept, dtype=np.int64) * count // max(kept, 1)


def blocks(dataset: Dataset) -> Iterator[tuple[FloatArray, LabelArray]]:
    """All test images, normalised, and their labels: so many at a time, nothing is kept."""
    for start in range(0, len(dataset.y_test), BLOCK):
        rows = slice(start, start + BLOCK)
        yield normalised(dataset.x_test[rows]), dataset.y_test[rows]


Turn = Callable[[float], None]
"""Called between blocks with the share that is done; may raise to stop."""
