"""The images of an export: test images report, validation images choose, others calibrate int8."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.arrays import FloatArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised, split
from engine.errors import InvalidInput
from engine.networks.network import Network
from engine.pruning.measure import Validation, validation_of

STREAM = 0xCA11B
"""Keeps the random numbers of calibration apart from others drawn from the same seed."""

Answer: TypeAlias = Callable[[FloatArray, Network], FloatArray]
"""Logits ``(n, classes)`` of normalised images ``(n, inputs)``; a worker gives TensorFlow's."""


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """The images that files are run over.

    Attributes:
        test: ``(n, inputs)``, normalised.
        labels: of the test images, ``(n,)``.
        validation: rows that the training held out, and how the baseline answers them.
    """

    test: FloatArray
    labels: LabelArray
    validation: Validation


def images_of(dataset: Dataset, baseline: Network, answer: Answer, *, seed: int) -> Images:
    """The images of a data set, cut as the training with this seed has cut them.

    Args:
        dataset: with test and training images.
        baseline: the unpruned network, which others are compared with.
        answer: the forward pass for the baseline.
        seed: of the training.
    """
    validation = validation_of(
        dataset, baseline, seed=seed, answer=lambda network, of: answer(of.whole, network)
    )
    return Images(normalised(dataset.x_test), np.asarray(dataset.y_test), validation)


def calibration_images(dataset: Dataset, count: int, *, seed: int) -> FloatArray:
    """Images ``(count, inputs)`` of the training rows, normalised as the network reads them.

    Few, of every class alike; validation and test images stay unseen. Fewer come where the data has
    fewer.

    Raises:
        InvalidInput: there is no image to choose.
    """
    rows = split(dataset, seed=seed).train
    rng = np.random.default_rng((seed, STREAM))
    chosen = balanced(dataset.y_train[rows], count, rng)
    return normalised(dataset.x_train[rows[chosen]])


def balanced(labels: LabelArray, count: int, rng: np.random.Generator) -> IntArray:
    """Indices ``(count,)`` of labels ``(n,)``, of each class as often as the others to one.

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
