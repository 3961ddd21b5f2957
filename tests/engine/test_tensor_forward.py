"""TensorFlow's forward pass agrees with the plain NumPy one."""

import numpy as np
import pytest

from engine.forward import BLOCK, evaluation_set
from engine.metrics import evaluate_logits
from engine.network import forward
from engine.pruning.shrink import shrink
from engine.pruning.strategies import prune
from tests.networks import random_network

pytestmark = pytest.mark.tensorflow

WIDTHS = (30, 70, 33, 5)


@pytest.mark.parametrize("n", [1, BLOCK + 3, 2503])
@pytest.mark.parametrize("method", ["weight", "unit", "hybrid"])
@pytest.mark.parametrize("sparsity", [0, 0.5, 0.9, 0.99])
def test_it_answers_as_numpy_does(n, method, sparsity):
    from engine.tensor_forward import tensor_forward

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


def test_no_images_give_no_logits():
    from engine.tensor_forward import dense_logits

    assert dense_logits(np.zeros((0, 30), np.float32), random_network(WIDTHS)).shape == (0, 5)
