"""The networks that a person can choose."""

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.networks.architecture import architecture_of, dense, guide_cnn, parameters
from engine.networks.network import initial_network
from engine.settings import TrainSettings


def test_the_dense_network_of_mnist_has_2388710_parameters() -> None:
    assert parameters(architecture_of(TrainSettings(), (28, 28), 10)) == 2_388_710


@pytest.mark.parametrize(
    ("image", "count"), [((28, 28), 20_410), ((28, 28, 1), 20_410), ((32, 32, 3), 27_346)]
)
def test_the_guide_cnn_follows_the_images(image: tuple[int, ...], count: int) -> None:
    assert parameters(guide_cnn(image, 10)) == count


@pytest.mark.parametrize("image", [(784,), (3, 9), (28, 28, 1, 1)])
def test_images_that_no_convolution_reads_are_refused_in_one_line(image: tuple[int, ...]) -> None:
    message = f"images must be at least 4 pixels high and wide for guide-cnn, not {image}"
    with pytest.raises(InvalidInput) as refused:
        guide_cnn(image, 10)
    assert str(refused.value) == message


@pytest.mark.parametrize("widths", [(), (5,), (5, 0, 2)])
def test_widths_that_make_no_network_are_refused(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is not a dense network"):
        dense(widths)


def test_initial_weights_fill_the_range_that_keras_draws_from() -> None:
    first, output = initial_network(guide_cnn((28, 28), 10), np.random.default_rng(0)).layers
    for kernel, fans in ((first.kernel, 9 + 9 * 12), (output.kernel, 2028 + 10)):
        limit = np.sqrt(6 / fans)
        assert 0.9 * limit < np.abs(kernel).max() <= limit
    assert not first.bias.any()
