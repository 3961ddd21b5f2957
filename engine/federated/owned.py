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
        """The images of a client.

        A fifth of the training images of each label is held out, of a client with fewer one image.
        Of the test images it gets as many of each of its labels as their share of its own asks, so
        many as `settings.test_images` and the scarcest label allow.
        """
        rows, seed = self.split.of(client), self.settings.seed
        mine = self.y_train[rows]
        labels, counts = np.unique(mine, return_counts=True)
        rng = generator(seed, Purpose.PARTS, client)
        held_out = np.zeros(len(rows), bool)
        for label in labels:
            places = rng.permutation(np.flatnonzero(mine == label))
            held_out[places[: len(places) // VALIDATION_SHARE]] = True
        if not held_out.any():
            held_out[rng.integers(len(rows))] = True
        rng = generator(seed, Purpose.TEST, client)
        tests = [np.flatnonzero(self.y_test == label) for label in labels]
        shares = counts / counts.sum()
        scarce = (len(found) / share for found, share in zip(tests, shares, strict=True))
        most = min(self.settings.amounts.test_images, *scarce)
        wanted = np.maximum(1, np.floor(shares * most + 1e-9)).astype(np.int64)
        drawn = [rng.permutation(found)[:n] for found, n in zip(tests, wanted, strict=True)]
        return Owned(
            labels=tuple(labels.tolist()),
            train=rows[~held_out],
            validation=rows[held_out],
            test=np.sort(np.concatenate(drawn)),
        )


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
