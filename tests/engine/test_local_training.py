"""The compiled epoch against the loops of the reference."""

from typing import Any

import numpy as np
import pytest

from engine.architecture import dense, initial_network
from engine.datasets import Dataset, normalised
from engine.federated.masks import ClientMasks, full_masks
from engine.local_training import LocalTrainer, rounded_up, with_spares
from engine.network import to_arrays
from engine.settings import FederateSettings
from tests.reference_federated import SlowLearner

pytestmark = pytest.mark.tensorflow

WIDTHS = (9, 16, 8, 3)
NAME = "npz-" + "0" * 24


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 9)).astype(np.uint8)
    images[:, [1, 4, 5, 8]] = 0  # nobody sees these: one of them is trained with, three are not
    labels = rng.integers(0, 3, 60).astype(np.uint8)
    return Dataset(NAME, images, labels, images, labels)


def settings(**changes):
    return FederateSettings(
        dataset=NAME, hidden=WIDTHS[1:-1], batch_size=8, learning_rate=0.1, **changes
    )


def orders(epochs=3, count=21):
    rng = np.random.default_rng(1)
    rows = rng.permutation(60)[:count]
    return [rng.permutation(rows) for _ in range(epochs)]


def masks_of(network, *, weights, units):
    rng = np.random.default_rng(2)
    full = full_masks(network.shape)
    return ClientMasks(
        tuple(rng.random(k.shape) < 0.5 if weights else k for k in full.weights),
        tuple(
            (rng.random(u.shape) < 0.5) | (np.arange(u.size) == 0) if units else u
            for u in full.units
        ),
    )


@pytest.mark.parametrize("algorithm", ["fedavg", "fedprox"])
@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("units", [False, True])
@pytest.mark.parametrize("epochs", [1, 3])
def test_it_learns_what_the_loops_learn(data, algorithm, weights, units, epochs):
    chosen = settings(algorithm=algorithm)
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    masks = masks_of(network, weights=weights, units=units)
    slow = SlowLearner(normalised(data.x_train), data.y_train, chosen)
    wanted = slow.train(masks.apply(network), masks, orders(epochs))
    found = LocalTrainer(data, chosen, most=40).train(masks.apply(network), masks, orders(epochs))
    for one, other in ((found.first, wanted.first), (found.last, wanted.last)):
        for mine, theirs in zip(to_arrays(one), to_arrays(other), strict=True):
            assert np.allclose(mine, theirs, atol=2e-5)
    assert masks.dead_are_zero(found.last)


def test_trained_shrunk_is_trained_masked(data):
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    masks = masks_of(network, weights=True, units=True)
    shrunk, whole = (
        LocalTrainer(data, settings(), most=40, shrinks=shrinks).train(
            masks.apply(network), masks, orders()
        )
        for shrinks in (True, False)
    )
    for mine, theirs in zip(to_arrays(shrunk.last), to_arrays(whole.last), strict=True):
        assert np.allclose(mine, theirs, atol=1e-6)


def test_one_shape_is_compiled_once(data):
    trainer = LocalTrainer(data, settings(), most=40)
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    for count in (8, 21, 40):
        trainer.train(network, full_masks(network.shape), orders(2, count))
    compiled: Any = trainer._epoch
    assert compiled.experimental_get_tracing_count() == 1


def test_widths_are_rounded_up_to_eighths():
    assert [rounded_up(count, 16) for count in (0, 1, 2, 3, 15, 16)] == [2, 2, 2, 4, 16, 16]
    assert rounded_up(9, 10) == 10


def test_pixels_are_rounded_up_to_quarters_with_some_that_nobody_sees():
    seen = np.zeros(16, bool)
    seen[[3, 4, 9, 15, 14]] = True
    flags = with_spares(seen)
    assert flags.sum() == 8
    assert flags[seen].all()
    assert with_spares(np.ones(16, bool)).all()
