"""A data set as memory-mapped arrays, and its images as a network reads them."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.arrays import FloatArray, ImageArray, LabelArray
from engine.datasets.reading import usual


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images and labels, memory-mapped read-only: all processes share one copy.

    Attributes:
        name: mnist, fashion-mnist, cifar-10, or ``npz-`` and the digest of the content.
        x_train: training images ``(n, *image_shape)``, uint8 or float32; channels last.
        y_train: their labels ``(n,)``, uint8 from 0 to classes - 1.
        x_test: test images ``(m, *image_shape)`` of the same type.
        y_test: their labels ``(m,)``.
        labels: names of the classes; none where they are the numbers up to the highest.
        held_out: so many of the last training images are a person's own validation images.
        by_class: whether small data sets hold out the same share of each class; not of those that
            were imported before that.
    """

    name: str
    x_train: ImageArray
    y_train: LabelArray
    x_test: ImageArray
    y_test: LabelArray
    labels: tuple[str, ...] = field(default=(), kw_only=True)
    held_out: int = field(default=0, kw_only=True)
    by_class: bool = field(default=True, kw_only=True)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of one image, such as (28, 28); (784,) where the images came flat."""
        return self.x_train.shape[1:]

    @property
    def inputs(self) -> int:
        """Values of one image: what the first layer reads."""
        return math.prod(self.image_shape)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.labels) or int(self.y_train.max()) + 1


def normalised(images: ImageArray) -> FloatArray:
    """Images ``(n, ...)`` as ``(n, inputs)`` float32 in memory or, for floats, as they are.

    uint8 is divided by float32 255, in float32 throughout, so that every path of the project
    computes from the same bits. Floats are what the network reads: whoever loads a data set with
    another scaling gets images that are scaled already.
    """
    flat: Any = np.asarray(images).reshape(len(images), -1)
    return usual(flat.dtype).apply(flat)
