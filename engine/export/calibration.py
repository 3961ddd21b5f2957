"""Which images set the ranges of int8: few, of every class alike, never of the test set."""

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised, split
from engine.errors import InvalidInput

STREAM = 0xCA11B
"""Keeps these random numbers apart from others drawn from the same seed."""


def calibration_images(dataset: Dataset, count: int, *, seed: int) -> FloatArray:
    """Images ``(count, inputs)`` of the training rows, normalised as the network reads them.

    Validation and test images stay unseen. Fewer come where the data has fewer.

    Raises:
        InvalidInput: there is no image to choose.
    """
    rows = split(dataset, seed=seed).train
    rng = np.random.default_rng((seed, STREAM))
    chosen = balanced(dataset.y_train[rows], count, rng)
    return normalised(dataset.x_train[rows[chosen]])


def balanced(labels: LabelArray, count: int, rng: np.random.Generator) -> IntArray:
    """Indices of `count` labels, of each class as often as the others to one.

    A class with too few leaves its share to the rest. The order is random, so that every
    beginning of the list is balanced too.

    Raises:
        InvalidInput: there are no labels.
    """
    if not len(labels):
        raise InvalidInput("the calibration set must hold at least one training image, not 0")
    order = rng.permutation(len(labels))
    shuffled, rank = labels[order], np.empty(len(labels), np.int64)  # rank inside its own class
    for label in np.unique(labels):
        own = np.flatnonzero(shuffled == label)
        rank[own] = np.arange(len(own))
    first = np.argsort(rank, kind="stable")[:count]
    return order[first]
