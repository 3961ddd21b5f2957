"""The compiled epoch against the loops of the reference."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.datasets import Dataset, normalised
from engine.networks.architecture import dense
from engine.networks.network import Layer, Network, initial_network, to_arrays
from engine.pruning.masks import Masks, ones_like
from engine.settings import FederateSettings
from engine.training.clients import LocalTrainer
from engine.training.compiled import loops
from tests.reference_federated import SlowLearner

pytestmark = pytest.mark.tensorflow

WIDTHS = (9, 16, 8, 3)
NAME = "npz-" + "0" * 24


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 9)).astype(np.uint8)
    images[:, [1, 4, 5, 8]] = 0  # nobody sees these
    labels = rng.integers(0, 3, 60).astype(np.uint8)
    return Dataset(NAME, images, labels, images, labels)


def settings(**changes):
    given = {"dataset": NAME, "hidden": WIDTHS[1:-1], "batch_size": 8, "learning_rate": 0.1}
    return FederateSettings.of(**given | changes)


def orders(epochs=3, count=21):
    rng = np.random.default_rng(1)
    rows = rng.permutation(60)[:count]
    return [rng.permutation(rows) for _ in range(epochs)]


def masks_of(network, *, weights, units):
    rng = np.random.default_rng(2)
    full = ones_like(network)
    return Masks(
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
    found = LocalTrainer(data, chosen).train(masks.apply(network), masks, orders(epochs))
    for one, other in ((found.first, wanted.first), (found.last, wanted.last)):
        for mine, theirs in zip(to_arrays(one), to_arrays(other), strict=True):
            assert np.allclose(mine, theirs, atol=2e-5)
    assert masks.dead_are_zero(found.last)


def test_trained_shrunk_is_trained_masked(data):
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    masks = masks_of(network, weights=True, units=True)
    shrunk, whole = (
        LocalTrainer(data, settings(), shrinks=shrinks).train(masks.apply(network), masks, orders())
        for shrinks in (True, False)
    )
    for mine, theirs in zip(to_arrays(shrunk.last), to_arrays(whole.last), strict=True):
        assert np.allclose(mine, theirs, atol=1e-6)


def test_loops_are_compiled_once_for_all_shapes(data):
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    LocalTrainer(data, settings()).prepare()
    compiled: Any = loops.epoch
    before = len(compiled.__wrapped__.signatures)
    for units in (False, True):
        for algorithm in ("fedavg", "fedprox"):
            masks = masks_of(network, weights=units, units=units)
            LocalTrainer(data, settings(algorithm=algorithm)).train(network, masks, orders(2))
    assert len(compiled.__wrapped__.signatures) == before


def test_a_client_whose_images_are_black_learns_by_biases_alone(data):
    black = replace(data, x_train=np.zeros_like(data.x_train))
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    found = LocalTrainer(black, settings()).train(network, ones_like(network), orders())
    assert np.array_equal(found.last.layers[0].kernel, network.layers[0].kernel)
    assert not np.array_equal(found.last.output.bias, network.output.bias)


def test_a_network_that_diverges_ends_and_is_not_finite(data):
    network = initial_network(dense(WIDTHS), np.random.default_rng(0))
    chosen = settings(learning_rate=10.0, momentum=0.99)
    huge = Network(tuple(Layer(each.kernel * 1e15, each.bias) for each in network.layers))
    found = LocalTrainer(data, chosen).train(huge, ones_like(network), orders())
    assert not all(np.isfinite(array).all() for array in to_arrays(found.last))
