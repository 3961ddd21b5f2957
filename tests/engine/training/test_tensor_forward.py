"""TensorFlow's forward pass agrees with the plain NumPy one."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings

from engine.networks.forward import BLOCK, evaluation_set
from engine.networks.metrics import evaluate_logits
from engine.networks.network import forward
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from tests.networks import any_values, convolutional_networks, random_cnn, random_network

pytestmark = pytest.mark.tensorflow

WIDTHS = (30, 70, 33, 5)


@pytest.mark.parametrize("n", [1, BLOCK + 3, 2503])
@pytest.mark.parametrize("method", ["weight", "unit", "hybrid"])
@pytest.mark.parametrize("sparsity", [0, 0.5, 0.9, 0.99])
def test_it_answers_as_numpy_does(n, method, sparsity):
    from engine.training.forward import tensor_forward

    pruned = prune(random_network(WIDTHS), method=method, sparsity=sparsity).network
    images = np.random.default_rng(0).random((n, 30), np.float32)
    images[:, ::3] = 0
    labels = (np.arange(n) % 5).astype(np.uint8)
    fast = tensor_forward(shrink(pruned), evaluation_set(images, labels))
    slow = forward(pruned, images)
    assert np.allclose(fast, slow, atol=1e-5)
    found, expected = (evaluate_logits(logits, labels, 5) for logits in (fast, slow))
    assert abs(found.accuracy - expected.accuracy) * n <= 1
    assert found.loss == pytest.approx(expected.loss, abs=1e-4)


@pytest.mark.parametrize("n", [1, 503])
@pytest.mark.parametrize("method", ["weight", "unit", "hybrid"])
@pytest.mark.parametrize("sparsity", [0, 0.5, 0.99])
def test_convolutions_answer_as_in_numpy(n, method, sparsity):
    from engine.training.forward import tensor_forward

    pruned = prune(random_cnn(), method=method, sparsity=sparsity).network
    images = np.random.default_rng(0).random((n, 784), np.float32)
    images[:, ::3] = 0
    fast = tensor_forward(shrink(pruned), evaluation_set(images, np.zeros(n, np.uint8)))
    assert np.allclose(fast, forward(pruned, images), atol=1e-5)


@settings(max_examples=20)
@given(convolutional_networks(any_values))
def test_any_convolutions_answer_as_in_numpy(net):
    from engine.training.forward import tensor_logits

    images = np.random.default_rng(0).random((3, net.layers[0].inputs), np.float32)
    expected = forward(net, images)
    np.testing.assert_allclose(tensor_logits(images, net), expected, rtol=1e-4, atol=1e-3)


def test_no_images_give_no_logits():
    from engine.training.forward import tensor_logits

    assert tensor_logits(np.zeros((0, 30), np.float32), random_network(WIDTHS)).shape == (0, 5)
    assert tensor_logits(np.zeros((0, 784), np.float32), random_cnn()).shape == (0, 10)


@pytest.mark.parametrize("sparsity", [0, 0.99])
def test_each_set_is_answered_by_its_own_images_and_let_go_with_them(sparsity):
    from engine.training.forward import tensor_forward

    net = prune(random_network(WIDTHS), method="weight", sparsity=sparsity).network
    rng, labels = np.random.default_rng(0), np.zeros(9, np.uint8)
    images = [rng.random((9, 30), np.float32) for _ in range(2)]
    sets = [evaluation_set(each, labels) for each in images]
    for inputs, each in [*zip(sets, images, strict=True), (sets[0], images[0])]:
        assert np.allclose(tensor_forward(net, inputs), forward(net, each), atol=1e-5)
    last = weakref.ref(sets.pop())
    del inputs
    gc.collect()
    assert last() is None
