"""What a client holds: training, validation and test images of its own labels.

Validation decides whether it prunes; test only reports.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import IntArray, LabelArray
from engine.datasets import Dataset
from engine.errors import InvalidInput
from engine.federated.rng import Purpose, generator
from engine.federated.splits import Split, split_clients
from engine.settings import FederateSettings

VALIDATION_SHARE = 5
"""One image in so many, of each label."""


@dataclass(frozen=True, slots=True, eq=False)
class Owned:
    """Rows of a client.

    Attributes:
        labels: those that it has training images of, ascending.
        train: rows of the training images that it learns from.
        validation: rows of the training images that it decides with; disjoint from `train`.
        test: rows of the test images that it reports on, in the proportions of its labels.
    """

    labels: tuple[int, ...]
    train: IntArray
    validation: IntArray
    test: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """All clients' images, worked out when a client is asked for: memory grows with none of them.

    Attributes:
        split: of the training rows.
        y_train: labels of the training images.
        y_test: labels of the test images.
        settings: the seed and the most test images of a client.
    """

    split: Split
    y_train: LabelArray
    y_test: LabelArray
    settings: FederateSettings

    def of(self, client: int) -> Owned:
        """The images of a client."""
        rows = self.split.of(client)
        labels, counts = np.unique(self.y_train[rows], return_counts=True)
        rng = generator(self.settings.seed, Purpose.PARTS, client)
        held_out = _held_out(self.y_train[rows], labels, rng)
        return Owned(
            labels=tuple(labels.tolist()),
            train=rows[~held_out],
            validation=rows[held_out],
            test=self._test(client, labels, counts),
        )

    def _test(self, client: int, labels: LabelArray, counts: IntArray) -> IntArray:
        """Test rows of those labels, as many of each as their share of the client's images asks."""
        rng = generator(self.settings.seed, Purpose.TEST, client)
        found = [np.flatnonzero(self.y_test == label) for label in labels]
        shares = counts / counts.sum()
        scarce = (len(rows) / share for rows, share in zip(found, shares, strict=True))
        most = min(self.settings.amounts.test_images, *scarce)
        wanted = np.maximum(1, np.floor(shares * most + 1e-9)).astype(np.int64)
        drawn = [rng.permutation(rows)[:n] for rows, n in zip(found, wanted, strict=True)]
        return np.sort(np.concatenate(drawn))


def owners_of(dataset: Dataset, settings: FederateSettings) -> Owners:
    """Who owns which images of a data set.

    Raises:
        InvalidInput: a label has no test images; or as `split_clients`.
    """
    learnt = len(dataset.y_train) - dataset.held_out  # a person's own validation images stay out
    y_train, y_test = np.asarray(dataset.y_train)[:learnt], np.asarray(dataset.y_test)
    untested = np.setdiff1d(y_train, y_test)
    if untested.size:
        label, images = untested[0], np.count_nonzero(y_train == untested[0])
        text = f"label {label} has training images but no test images"
        way = f"import the file with some of that label, or without its {images:,} training images"
        raise InvalidInput(f"{text}: {way}")
    return Owners(split_clients(y_train, dataset.classes, settings), y_train, y_test, settings)


def _held_out(mine: LabelArray, labels: LabelArray, rng: np.random.Generator) -> np.ndarray:
    """Flags of the validation rows: a fifth of each label, at least one row in all."""
    flags = np.zeros(len(mine), bool)
    for label in labels:
        rows = rng.permutation(np.flatnonzero(mine == label))
        flags[rows[: len(rows) // VALIDATION_SHARE]] = True
    if not flags.any():
        flags[rng.integers(len(mine))] = True
    return flags
