"""Layers and networks: what they read and write, and what fits together."""

import numpy as np
import pytest
from hypothesis import given

from engine.networks.architecture import guide_cnn
from engine.networks.convolution import Convolution
from engine.networks.network import Layer, Network, from_arrays, rows_of_units, to_arrays
from tests.networks import convolutional_networks, networks, random_cnn, random_network

WHERE = Convolution(4, 4, 1, window=3, pool=2)


def zeros(rows: int, units: int, where: Convolution | None = None) -> Layer:
    return Layer(np.zeros((rows, units), "f4"), np.zeros(units, "f4"), where)


def test_a_convolution_reads_and_writes_more_than_its_kernel_has_rows_and_columns() -> None:
    first, output = random_cnn().layers
    assert (first.inputs, first.kernel.shape, first.units) == (784, (9, 12), 12)
    where = first.shape
    assert (where.outputs, where.size, where.places, where.macs) == (2028, 120, 676, 73_008)
    where = output.shape
    assert (where.inputs, where.size, where.places, where.macs) == (2028, 20_290, 1, 20_280)


def test_the_guide_cnn_has_20410_parameters_of_which_all_but_the_biases_may_be_pruned() -> None:
    net = random_cnn()
    assert (net.parameters, net.macs) == (20_410, 93_288)
    assert net.prunes_output
    assert sum(layer.kernel.size for layer in net.prunable) == 20_388
    assert [layer.units for layer in net.hidden] == [12]


def test_a_dense_network_keeps_its_output_layer() -> None:
    net = random_network((6, 5, 4))
    assert not net.prunes_output
    assert net.prunable == net.hidden
    assert (net.parameters, net.macs, net.layers[0].shape.outputs) == (59, 50, 5)


@given(convolutional_networks() | networks())
def test_a_network_comes_back_from_its_arrays(net: Network) -> None:
    back = from_arrays(to_arrays(net), net.convolutions)
    assert back.architecture == net.architecture
    assert all(np.array_equal(a, b) for a, b in zip(to_arrays(net), to_arrays(back), strict=True))


def test_kernels_may_come_as_keras_keeps_them() -> None:
    kernel = np.arange(18, dtype="f4").reshape(3, 3, 1, 2)
    arrays = [kernel, np.zeros(2, "f4"), np.zeros((2, 3), "f4"), np.zeros(3, "f4")]
    net = from_arrays(arrays, [WHERE])
    assert net.layers[0].kernel[:, 1].tolist() == kernel[..., 1].ravel().tolist()


def test_a_row_reads_the_unit_that_writes_its_input() -> None:
    read = rows_of_units(np.array([5, 7]), zeros(6, 1))
    assert read.tolist() == [5, 7, 5, 7, 5, 7]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((), "a network ends in a dense layer"),
        ((zeros(9, 2, WHERE),), "a network ends in a dense layer"),
        ((zeros(3, 2), zeros(3, 1)), "2 outputs feed 3 inputs"),
        ((zeros(9, 2, WHERE), zeros(3, 1)), "2 outputs feed 3 inputs"),
        (
            (zeros(5, 16), zeros(9, 2, WHERE), zeros(2, 1)),
            "does not read an image of the layer before it",
        ),
        (
            (zeros(9, 16, WHERE), zeros(9, 2, WHERE), zeros(2, 1)),
            "does not read an image of the layer before it",
        ),
    ],
)
def test_layers_that_do_not_fit_make_no_network(layers: tuple[Layer, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(layers)


def test_a_kernel_has_a_row_for_each_value_of_the_patch() -> None:
    with pytest.raises(ValueError, match=r"kernel \(16, 2\) does not fit Convolution"):
        zeros(16, 2, WHERE)


def test_more_convolutions_than_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        from_arrays([np.zeros((9, 2), "f4"), np.zeros(2, "f4")], [WHERE, WHERE])


def test_shapes_of_the_guide_cnn_follow_the_images() -> None:
    assert [layer.inputs for layer in guide_cnn((32, 32, 3), 10)] == [3072, 15 * 15 * 12]
