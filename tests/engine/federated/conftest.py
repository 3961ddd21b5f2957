"""A tiny data set and federations of it, trained by the slow reference."""

from typing import Any

import numpy as np
import pytest

from engine.datasets import Dataset, normalised
from engine.federated.federation import Federation
from engine.settings import FederateSettings
from tests.reference_federated import SlowLearner


def blobs(count, rng, centres):
    labels = (np.arange(count) % len(centres)).astype(np.uint8)
    noise = rng.normal(0, 30, (count, centres.shape[1]))
    return np.clip(centres[labels] + noise, 0, 255).astype(np.uint8), labels


@pytest.fixture(scope="session")
def tiny_data():
    """4 classes around random centres of 6 values: 240 training and 80 test images."""
    rng = np.random.default_rng(0)
    centres = rng.integers(0, 256, (4, 6))
    return Dataset("npz-" + "0" * 24, *blobs(240, rng, centres), *blobs(80, rng, centres))


TINY: dict[str, Any] = {
    "dataset": "npz-" + "0" * 24,
    "hidden": (6, 5),
    "clients": 6,
    "fraction": 0.5,
    "rounds": 3,
    "local_epochs": 2,
    "batch_size": 8,
    "learning_rate": 0.2,
    "split": "labels",
    "step": 0.2,
    "target": 0.5,
    "accuracy_threshold": 0.3,
}


@pytest.fixture
def federation(tiny_data):
    """Make a federation of the tiny data set; `learner` replaces the slow reference."""

    def make(*, learner=None, **changes):
        settings = FederateSettings.of(**(TINY | changes))
        labels = np.asarray(tiny_data.y_train)
        slow = SlowLearner(normalised(tiny_data.x_train), labels, settings)
        return Federation(settings, tiny_data, learner or slow, {})

    return make
