"""A tiny data set and network, and what TFMOT itself does with them."""

import numpy as np
import pytest

from engine.datasets import Dataset
from engine.settings import TrainSettings

CLASSES, INPUTS, TRAINED = 3, 16, 110
"""Values of one image; images that the validation split leaves of 120."""


@pytest.fixture(scope="session")
def dataset():
    rng = np.random.default_rng(0)
    centres = rng.integers(0, 256, (CLASSES, INPUTS))

    def draw(count):
        labels = np.arange(count, dtype=np.uint8) % CLASSES
        images = np.clip(centres[labels] + rng.normal(0, 40, (count, INPUTS)), 0, 255)
        return images.astype(np.uint8).reshape(-1, 4, 4), labels

    return Dataset("toy", *draw(120), *draw(60))


@pytest.fixture(scope="session")
def training():
    """Of the toy network; batches of 11 make 10 steps an epoch."""
    return TrainSettings(hidden=(12, 9))
