from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.networks.convolution import Convolution
from engine.networks.network import Layer, Network, forward, rows_of_units, to_arrays
from engine.pruning.prune import prune
from engine.pruning.shrink import fold, shrink
from engine.system import registry
from tests import reference
from tests.networks import (
    REAL_WIDTHS,
    convolutional_networks,
    few_values,
    networks,
    random_cnn,
    random_network,
    sparsities,
)

METHODS = registry.names("methods")

sparse_values = st.sampled_from([0.0, 0.0, 0.0, 1.0, -2.0])
sparse = networks(sparse_values) | convolutional_networks(sparse_values)
tied = networks(few_values) | convolutional_networks(few_values)


@pytest.fixture(scope="module")
def real() -> Network:
    return random_network(REAL_WIDTHS)


def images_for(net: Network, n: int = 20) -> np.ndarray:
    return np.random.default_rng(0).random((n, net.layers[0].inputs), np.float32)


@given(sparse)
def test_shrinking_keeps_the_outputs(net: Network) -> None:
    images = images_for(net)
    assert np.allclose(forward(net, images), forward(shrink(net), images), rtol=1e-5, atol=1e-5)


@given(sparse)
def test_shrinking_goes_as_far_as_removing_one_unit_at_a_time(net: Network) -> None:
    widths = [layer.units for layer in shrink(net).hidden]
    assert widths == reference.shrunk_widths(reference.plain(net))


@given(sparse)
def test_a_shrunk_network_does_not_shrink_again(net: Network) -> None:
    once = shrink(net)
    again = shrink(once)
    assert [a.shape for a in to_arrays(again)] == [a.shape for a in to_arrays(once)]


@given(sparse)
def test_inputs_logits_and_one_unit_per_layer_remain(net: Network) -> None:
    small = shrink(net)
    assert small.layers[0].inputs == net.layers[0].inputs
    assert small.output.units == net.output.units
    assert len(small.layers) == len(net.layers)
    assert all(layer.units >= 1 for layer in small.hidden)


@given(tied, st.sampled_from(METHODS), sparsities)
def test_the_network_that_is_shrunk_stays_as_it_was(net: Network, method: str, k: float) -> None:
    pruned = prune(net, method=method, sparsity=k).network
    before = [array.tobytes() for array in to_arrays(pruned)]
    shrink(pruned)
    assert [array.tobytes() for array in to_arrays(pruned)] == before


@given(tied, sparsities, st.sampled_from(["layer", "global"]))
def test_folding_silences_dead_units_and_keeps_the_outputs(
    net: Network, k: float, scope: str
) -> None:
    images = np.arange(-6, 6, dtype="f4")[:, np.newaxis] * np.ones(net.layers[0].inputs, "f4")
    pruned = prune(net, method="unit", sparsity=k, scope=scope)
    folded = fold(pruned.network, pruned.dead_units)
    assert np.array_equal(forward(pruned.network, images), forward(folded, images))
    for index, dead in enumerate(pruned.dead_units):
        assert not folded.layers[index].bias[dead].any()
        reader = folded.layers[index + 1]
        assert not reader.kernel[rows_of_units(dead, reader)].any()


def test_the_constant_of_a_removed_unit_moves_into_the_next_bias() -> None:
    net = Network(
        (
            Layer(np.array([[0, 1]], "f4"), np.array([3, 0], "f4")),
            Layer(np.array([[2], [1]], "f4"), np.array([10], "f4")),
        )
    )
    arrays = [a.tolist() for a in to_arrays(shrink(net))]
    assert arrays == [[[1]], [0], [[1]], [16]]


def test_a_constant_below_zero_is_no_constant_after_relu() -> None:
    net = Network(
        (
            Layer(np.array([[0, 1]], "f4"), np.array([-3, 0], "f4")),
            Layer(np.array([[2], [1]], "f4"), np.array([10], "f4")),
        )
    )
    assert shrink(net).output.bias.tolist() == [10]


def test_one_removal_brings_about_the_next() -> None:
    constant_chain = Network(
        (
            Layer(np.array([[0, 1]], "f4"), np.array([1, 0], "f4")),
            Layer(np.array([[1, 0], [0, 1]], "f4"), np.array([0, 0], "f4")),
            Layer(np.array([[1], [1]], "f4"), np.array([0], "f4")),
        )
    )
    small = shrink(constant_chain)
    assert [layer.units for layer in small.hidden] == [1, 1]
    assert small.output.bias.tolist() == [1]


def test_a_layer_that_nobody_reads_leaves_one_silent_unit_in_each_layer() -> None:
    layers = [Layer(np.ones((2, 2), "f4"), np.ones(2, "f4")) for _ in range(2)]
    small = shrink(Network((*layers, Layer(np.zeros((2, 3), "f4"), np.ones(3, "f4")))))
    assert [layer.units for layer in small.hidden] == [1, 1]
    assert forward(small, np.ones((1, 2), "f4")).tolist() == [[1, 1, 1]]


UNITS_REMOVED = [
    # K, zero share in %, hidden widths, parameters, MACs: arithmetic on 784-1000-1000-500-200-10
    (0.25, 24.98, [750, 750, 375, 150], 1_491_535, 1_489_500),
    (0.50, 49.96, [500, 500, 250, 100], 794_360, 793_000),
    (0.60, 59.95, [400, 400, 200, 80], 571_490, 570_400),
    (0.70, 69.94, [300, 300, 150, 60], 380_620, 379_800),
    (0.80, 79.93, [200, 200, 100, 40], 221_750, 221_200),
    (0.90, 89.92, [100, 100, 50, 20], 94_880, 94_600),
    (0.95, 94.92, [50, 50, 25, 10], 43_445, 43_300),
    (0.97, 96.92, [30, 30, 15, 6], 25_111, 25_020),
    (0.99, 98.92, [10, 10, 5, 2], 8_057, 8_020),
]


@pytest.mark.parametrize(("k", "zeroed", "widths", "parameters", "macs"), UNITS_REMOVED)
def test_unit_pruned_networks_shrink_to_the_known_sizes(
    real: Network, k: float, zeroed: float, widths: list[int], parameters: int, macs: int
) -> None:
    pruned = prune(real, method="unit", sparsity=k, bias="pruned").network
    small = shrink(pruned)
    assert round(100 * (1 - pruned.nonzero_parameters / pruned.parameters), 2) == zeroed
    assert [layer.units for layer in small.hidden] == widths
    assert (small.parameters, small.macs) == (parameters, macs)


@pytest.mark.parametrize(("k", "filters"), [(0.25, 9), (0.5, 6), (0.9, 2), (0.95, 1), (0.99, 1)])
@pytest.mark.parametrize("bias", ["kept", "pruned"])
def test_the_guide_cnn_shrinks_to_1700_parameters_a_filter(
    k: float, filters: int, bias: str
) -> None:
    pruned = prune(random_cnn(), method="unit", sparsity=k, bias=bias).network
    small = shrink(pruned)
    assert small.layers[0].units == filters
    assert small.parameters == 1700 * filters + 10
    assert small.macs == filters * (9 * 676 + 1690)
    images = images_for(pruned, 50)
    assert np.abs(forward(pruned, images) - forward(small, images)).max() < 1e-5


def test_filters_that_nobody_reads_go_too() -> None:
    net = random_cnn()
    kernel = net.output.kernel.copy()
    kernel[5::12] = 0
    small = shrink(Network((net.layers[0], Layer(kernel, net.output.bias))))
    assert np.array_equal(small.layers[0].kernel, np.delete(net.layers[0].kernel, 5, axis=1))


def test_a_convolution_reads_fewer_channels_once_filters_are_gone() -> None:
    first = Convolution(4, 4, 1, window=2, pool=1)
    second = Convolution(3, 3, 2, window=2, pool=1)
    kernel = np.array([[0, 1]] * 4, "f4")
    net = Network(
        (
            Layer(kernel, np.array([2, 0], "f4"), first),
            Layer(np.ones((8, 1), "f4"), np.zeros(1, "f4"), second),
            Layer(np.ones((4, 1), "f4"), np.zeros(1, "f4")),
        )
    )
    small = shrink(net)
    assert small.convolutions == (first, replace(second, channels=1))
    assert small.layers[1].bias.tolist() == [8]  # the constant 2 at all four places of the window
    assert forward(small, np.ones((1, 16), "f4")).tolist() == [[4 * (4 * 4 + 8)]]


@pytest.mark.parametrize("method", ["unit", "hybrid"])
@pytest.mark.parametrize("bias", ["kept", "pruned"])
def test_the_real_network_answers_the_same_when_shrunk(
    real: Network, method: str, bias: str
) -> None:
    images = images_for(real, 100)
    pruned = prune(real, method=method, sparsity=0.5, bias=bias).network
    difference = np.abs(forward(pruned, images) - forward(shrink(pruned), images))
    assert difference.max() < 1e-5
