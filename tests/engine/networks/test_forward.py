import numpy as np
import pytest
from hypothesis import given

from engine.arrays import FloatArray
from engine.networks.forward import BLOCK, density, evaluation_set, fast_forward, sparse_rows
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Layer, Network, forward
from engine.pruning.prune import prune
from tests import reference
from tests.networks import few_values, networks, random_cnn, random_network

WIDTHS = (30, 40, 20, 5)


def some_images(n: int, inputs: int = 30) -> FloatArray:
    images = np.random.default_rng(0).random((n, inputs), np.float32)
    images[:, ::3] = 0  # pixels that are blank in every image
    return images


def some_labels(n: int) -> np.ndarray:
    return (np.arange(n) % 5).astype(np.uint8)


@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, 2 * BLOCK + 3])
@pytest.mark.parametrize("sparsity", [0, 0.5, 0.9, 0.99])
def test_the_fast_pass_agrees_with_the_plain_one(n: int, sparsity: float) -> None:
    net = prune(random_network(WIDTHS), method="weight", sparsity=sparsity).network
    images, labels = some_images(n), some_labels(n)
    fast, slow = fast_forward(net, evaluation_set(images, labels)), forward(net, images)
    assert np.allclose(fast, slow, atol=1e-5)
    found, expected = (evaluate_logits(logits, labels, 5) for logits in (fast, slow))
    assert abs(found.accuracy - expected.accuracy) * n <= 1
    assert found.loss == pytest.approx(expected.loss, abs=1e-4)


@given(networks(few_values))
def test_both_passes_agree_with_the_reference(net: Network) -> None:
    images = np.arange(12, dtype="f4")[:, np.newaxis] - np.arange(net.layers[0].inputs, dtype="f4")
    expected = [reference.forward(reference.plain(net), row) for row in images.tolist()]
    assert np.array_equal(forward(net, images), np.array(expected, "f4"))
    inputs = evaluation_set(images, np.zeros(12, np.uint8))
    assert np.array_equal(fast_forward(net, inputs), np.array(expected, "f4"))


def test_pixels_that_are_always_zero_are_not_multiplied() -> None:
    inputs = evaluation_set(some_images(7), some_labels(7))
    assert inputs.images.shape == (7, 20)
    assert inputs.trimmed(random_network(WIDTHS)).layers[0].inputs == 20


@pytest.mark.parametrize("blank", [0, 3])
def test_convolutions_read_blank_pixels_too(blank: int) -> None:
    images = np.random.default_rng(0).random((5, 784), np.float32)
    images[:, : blank * 28] = 0
    inputs = evaluation_set(images, some_labels(5))
    assert np.array_equal(inputs.whole, images)
    assert np.array_equal(fast_forward(random_cnn(), inputs), forward(random_cnn(), images))


def test_density_counts_kernel_entries_that_are_not_zero() -> None:
    kernel = np.array([[1, 0], [0, 0]], "f4")
    assert density(Network((Layer(kernel, np.ones(2, "f4")),))) == 0.25
    half = prune(random_cnn(), method="weight", sparsity=0.5).network
    assert density(half) == 0.5


def test_a_layer_as_sparse_rows_takes_its_bias_from_the_one_and_hands_the_one_on() -> None:
    rows = sparse_rows(Layer(np.array([[1, 0], [2, 3], [0, 0]], "f4"), np.array([5, 0], "f4")))
    assert rows.toarray().tolist() == [[1, 2, 0, 5], [0, 3, 0, 0], [0, 0, 0, 1]]
    assert rows.nnz == 5
    assert (rows @ np.array([7, 8, 9, 1], "f4")).tolist() == [7 + 2 * 8 + 5, 3 * 8, 1]


@pytest.mark.parametrize("sparsity", [0, 0.99])
def test_blank_images_are_answered_by_the_biases(sparsity: float) -> None:
    net = prune(random_network(WIDTHS), method="weight", sparsity=sparsity).network
    blank = np.zeros((3, 30), "f4")
    logits = fast_forward(net, evaluation_set(blank, some_labels(3)))
    assert np.allclose(logits, forward(net, blank), atol=1e-6)


def test_a_network_without_hidden_layers_is_one_product() -> None:
    net = Network((Layer(np.eye(2, dtype="f4"), np.ones(2, "f4")),))
    images = np.array([[1, -2]], "f4")
    assert fast_forward(net, evaluation_set(images, some_labels(1))).tolist() == [[2, -1]]


def test_the_images_given_stay_as_they_are() -> None:
    images = some_images(5)
    before = images.copy()
    inputs = evaluation_set(images, some_labels(5))
    for sparsity in (0, 0.95):
        fast_forward(
            prune(random_network(WIDTHS), method="weight", sparsity=sparsity).network, inputs
        )
    assert np.array_equal(images, before)


@pytest.mark.parametrize(("images", "labels"), [(3, 2), (0, 0)])
def test_images_and_labels_must_match(images: int, labels: int) -> None:
    with pytest.raises(ValueError, match=f"{images} images and {labels} labels"):
        evaluation_set(some_images(images), some_labels(labels))
