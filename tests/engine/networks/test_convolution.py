"""Convolutions: where they slide, and what comes out of them."""

import numpy as np
import pytest
from hypothesis import given

from engine.networks import convolution
from engine.networks.convolution import Convolution, convolve
from engine.networks.network import Network, forward
from tests import reference
from tests.networks import convolutional_networks

GUIDE = Convolution(28, 28, 1, window=3, pool=2)


def test_the_guide_cnn_reads_784_values_and_passes_on_13_by_13_of_each_filter() -> None:
    assert (GUIDE.inputs, GUIDE.patch) == (784, 9)
    assert (GUIDE.computed, GUIDE.passed) == ((26, 26), (13, 13))


def test_rows_and_columns_that_fill_no_square_are_left_out() -> None:
    assert Convolution(7, 8, 3, window=3, pool=2).passed == (2, 3)


@given(convolutional_networks())
def test_networks_of_convolutions_answer_as_the_reference_does(net: Network) -> None:
    images = (np.arange(2 * net.layers[0].inputs, dtype="f4") % 7 - 3).reshape(2, -1)
    expected = [reference.forward(reference.plain(net), row) for row in images.tolist()]
    assert np.array_equal(forward(net, images), np.array(expected, "f4"))


def test_a_toy_convolution_by_hand() -> None:
    image = np.array([[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0]], "f4").reshape(1, -1)
    where = Convolution(3, 4, 1, window=2, pool=2)
    kernel = np.array([[1, -1], [0, 0], [0, 0], [1, -1]], "f4")  # the diagonal, and its negative
    assert convolve(where, kernel, np.array([0.5, 8], "f4"), image).tolist() == [[14.5, 2]]


def test_images_are_taken_in_blocks_that_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.random((5, 784), np.float32), rng.random((9, 3), np.float32)
    whole = convolve(GUIDE, kernel, np.zeros(3, np.float32), x)
    monkeypatch.setattr(convolution, "BLOCK_BYTES", 2 * 4 * 9 * 26 * 26)
    parts = convolve(GUIDE, kernel, np.zeros(3, np.float32), x)
    assert whole.shape == (5, 13 * 13 * 3)
    np.testing.assert_allclose(parts, whole, rtol=1e-6)


def test_no_images_give_no_answers() -> None:
    none = np.zeros((0, 784), np.float32)
    assert convolve(GUIDE, np.ones((9, 2), "f4"), np.ones(2, "f4"), none).shape == (0, 338)


@pytest.mark.parametrize(
    "sizes", [(2, 5, 1, 3, 1), (5, 5, 0, 3, 1), (5, 5, 1, 3, 4), (5, 5, 1, 0, 1)]
)
def test_what_lets_nothing_through_is_no_convolution(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is no convolution"):
        Convolution(*sizes)
