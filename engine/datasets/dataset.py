"""A data set as memory-mapped arrays, and its images as a network reads them."""

import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, ImageArray, LabelArray


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images and labels, memory-mapped read-only: all processes share one copy.

    Attributes:
        name: mnist, fashion-mnist, cifar-10, or ``npz-`` and the digest of the content.
        x_train: training images ``(n, *image_shape)``, uint8 or float32.
        y_train: their labels ``(n,)``, uint8 from 0 to classes - 1.
        x_test: test images ``(m, *image_shape)`` of the same type.
        y_test: their labels ``(m,)``.
    """

    name: str
    x_train: ImageArray
    y_train: LabelArray
    x_test: ImageArray
    y_test: LabelArray

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
        """How many labels there are: one more than the highest of the training labels."""
        return int(self.y_train.max()) + 1


def normalised(images: ImageArray) -> FloatArray:
    """Images ``(n, ...)`` as ``(n, inputs)`` float32 in memory or, for floats, as they are.

    uint8 is divided by float32 255, in float32 throughout, so that every path of the project
    computes from the same bits. Floats are taken as they are: their scale is their owner's.
    """
    flat = np.asarray(images).reshape(len(images), -1)
    if flat.dtype == np.uint8:
        scaled: FloatArray = np.divide(flat, np.float32(255), dtype=np.float32)
        return scaled
    return flat.astype(np.float32, copy=False)
