"""Cutting a validation split from the training images: the test set only reports."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.checks import whole
from engine.datasets.dataset import Dataset

VALIDATION_SHARE = 12
"""One image in so many: 5,000 of MNIST's 60,000."""

STREAM = 0x5B117
"""Keeps the split's random numbers apart from others drawn from the same seed."""

PLENTY = 100
"""Validation images of each class from which chance is fair enough: the cut of earlier versions
stays for such data sets, and with it what their runs measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows of the training images, both sorted, disjoint, together all of them."""

    train: IntArray
    validation: IntArray


def split(dataset: Dataset, *, seed: int) -> Split:
    """The data set's training rows: the person's own validation images, or a twelfth of each class.

    Of data sets with plenty of images the twelfth is drawn from all classes together, and of those
    that were imported before there was another cut.

    Raises:
        InvalidInput: fewer than two training images, or a seed below 0.
    """
    count = len(dataset.y_train)
    if dataset.held_out:
        rows = np.arange(count)
        return Split(train=rows[: -dataset.held_out], validation=rows[-dataset.held_out :])
    counts = np.bincount(np.asarray(dataset.y_train))
    if not dataset.by_class or counts[counts > 0].min() >= PLENTY * VALIDATION_SHARE:
        return split_indices(count, seed)
    return split_classes(dataset.y_train, seed)


def split_indices(count: int, seed: int) -> Split:
    """Cut ``range(count)`` in two; the same count and seed always give the same cut.

    A twelfth of the rows, at least one, is for validation. Sorted, because memory-mapped images
    are read faster in their order on disk.

    Raises:
        InvalidInput: fewer than two rows, or a seed below 0.
    """
    order = _shuffled(count, seed)
    held_out = count - training_count(count)
    return Split(train=np.sort(order[held_out:]), validation=np.sort(order[:held_out]))


def split_classes(labels: LabelArray, seed: int) -> Split:
    """Cut the rows of `labels` ``(n,)`` in two, holding out the same share of each class.

    As many rows as `split_indices` holds out; where a class's share is no whole number, the
    largest remainders are rounded up. A class of one image is learnt while there are others.

    Raises:
        InvalidInput: fewer than two rows, or a seed below 0.
    """
    labels = np.asarray(labels)
    order = _shuffled(len(labels), seed)
    counts = np.bincount(labels)
    shares = _apportioned(counts, len(labels) - training_count(len(labels)))
    by_class = np.split(order[np.argsort(labels[order], kind="stable")], np.cumsum(counts)[:-1])
    held_out = np.concatenate([rows[:n] for rows, n in zip(by_class, shares, strict=True)])
    return Split(train=np.setdiff1d(order, held_out), validation=np.sort(held_out))


def learnt(dataset: Dataset) -> int:
    """How many of the training images are learnt from."""
    count = len(dataset.y_train)
    return count - dataset.held_out if dataset.held_out else training_count(count)


def training_count(count: int) -> int:
    """How many of so many rows are left for training, where none are the person's own choice."""
    return count - max(1, count // VALIDATION_SHARE)


def _shuffled(count: int, seed: int) -> IntArray:
    whole("training images", count, 2, 2**31 - 1)
    whole("seed", seed, 0, 2**63 - 1)
    return np.random.default_rng((seed, STREAM)).permutation(count)


def _apportioned(counts: IntArray, wanted: int) -> IntArray:
    """`wanted` rows in proportion to the counts (largest remainders), all of a class at last."""
    exact = counts * (wanted / counts.sum())
    most = np.maximum(counts - 1, 0)
    shares: IntArray = np.minimum(np.floor(exact + 1e-9), most).astype(np.int64)
    for _ in range(wanted - int(shares.sum())):
        room = counts - shares > 1
        room = room if room.any() else counts > shares
        shares[np.argmax(np.where(room, exact - shares, -np.inf))] += 1
    return shares
