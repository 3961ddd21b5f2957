"""Cutting a validation split from the training images: the test set only reports."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray
from engine.checks import whole
from engine.datasets.dataset import Dataset

VALIDATION_SHARE = 12
"""One image in so many: 5,000 of MNIST's 60,000."""

STREAM = 0x5B117
"""Keeps the split's random numbers apart from others drawn from the same seed."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows of the training images, both sorted, disjoint, together all of them."""

    train: IntArray
    validation: IntArray


def split(dataset: Dataset, *, seed: int) -> Split:
    """The data set's training rows, cut by `split_indices`."""
    return split_indices(len(dataset.y_train), seed)


def split_indices(count: int, seed: int) -> Split:
    """Cut ``range(count)`` in two; the same count and seed always give the same cut.

    A twelfth of the rows, at least one, is for validation. Sorted, because memory-mapped images
    are read faster in their order on disk.

    Raises:
        InvalidInput: fewer than two rows, or a seed below 0.
    """
    whole("training images", count, 2, 2**31 - 1)
    whole("seed", seed, 0, 2**63 - 1)
    order = np.random.default_rng((seed, STREAM)).permutation(count)
    held_out = count - training_count(count)
    return Split(train=np.sort(order[held_out:]), validation=np.sort(order[:held_out]))


def training_count(count: int) -> int:
    """How many of so many rows are left for training."""
    return count - max(1, count // VALIDATION_SHARE)
