"""Which images calibrate int8."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import Dataset, normalised, split
from engine.errors import InvalidInput
from engine.export.images import balanced, calibration_images


def generator(seed=0):
    return np.random.default_rng(seed)


@given(
    labels=st.lists(st.integers(0, 4), min_size=1, max_size=80),
    count=st.integers(1, 100),
    seed=st.integers(0, 5),
)
def test_no_class_is_more_than_one_image_ahead_of_one_that_has_more(labels, count, seed):
    labels = np.array(labels, np.uint8)
    chosen = balanced(labels, count, generator(seed))
    assert len(set(chosen.tolist())) == len(chosen) == min(count, len(labels))
    taken = np.bincount(labels[chosen], minlength=5)
    for label, left in enumerate(np.bincount(labels, minlength=5) - taken):
        assert left == 0 or taken[label] >= taken.max() - 1


def test_every_beginning_of_the_list_is_balanced():
    labels = np.repeat(np.arange(10, dtype=np.uint8), 50)
    chosen = balanced(labels, 500, generator())
    for end in (10, 100, 230):
        taken = np.bincount(labels[chosen[:end]], minlength=10)
        assert taken.max() - taken.min() <= 1


def test_an_empty_set_is_refused_in_one_line():
    with pytest.raises(InvalidInput, match="at least one training image, not 0"):
        balanced(np.array([], np.uint8), 100, generator())


@pytest.fixture
def dataset():
    labels = np.arange(600, dtype=np.uint8) % 3
    images = np.random.default_rng(0).integers(0, 251, (600, 2, 2), np.uint8)
    return Dataset("made-up", images, labels, images[:5], labels[:5])


def test_only_training_rows_are_seen_scaled_as_the_network_reads_them(dataset):
    images = calibration_images(dataset, 100, seed=7)
    assert images.shape == (100, 4)
    training = normalised(dataset.x_train[split(dataset, seed=7).train])
    rows = {image.tobytes() for image in training}
    assert all(image.tobytes() in rows for image in images)


def test_the_seed_chooses_the_images(dataset):
    same = [calibration_images(dataset, 100, seed=7) for _ in range(2)]
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], calibration_images(dataset, 100, seed=8))
