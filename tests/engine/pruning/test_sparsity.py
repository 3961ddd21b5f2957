import numpy as np
import pytest

from engine.networks.network import Layer, Network
from engine.pruning.measure import achieved_sparsity
from engine.pruning.prune import prune, untouched
from tests.networks import REAL_WIDTHS, random_cnn, random_network


@pytest.fixture(scope="module")
def real() -> Network:
    return random_network(REAL_WIDTHS)


@pytest.mark.parametrize(
    ("k", "model", "ratio"),
    [(0.25, 24.95, 1.33), (0.5, 49.90, 2.00), (0.8, 79.84, 4.96), (0.99, 98.80, 83.67)],
)
def test_weight_pruning_of_the_real_network_reaches_the_known_sparsity(
    real: Network, k: float, model: float, ratio: float
) -> None:
    pruned = prune(real, method="weight", sparsity=k)
    nonzero = pruned.network.nonzero_parameters
    assert round(100 * (1 - nonzero / real.parameters), 2) == model
    assert round(real.parameters / nonzero, 2) == ratio
    assert achieved_sparsity("weight", pruned) == k


def test_k_of_units_counts_units_and_k_of_weights_counts_weights() -> None:
    net = random_network((3, 4, 8, 2))
    pruned = prune(net, method="unit", sparsity=0.5)
    assert achieved_sparsity("unit", pruned) == 0.5
    uneven = prune(net, method="unit", sparsity=0.3)  # 1 of 4 and 2 of 8
    assert achieved_sparsity("unit", uneven) == 3 / 12
    assert achieved_sparsity("weight", uneven) == (3 + 8) / (12 + 32)


def test_of_the_guide_cnn_the_output_layer_counts_and_filters_work_at_many_places() -> None:
    net = random_cnn()
    pruned = prune(net, method="weight", sparsity=0.5)
    assert achieved_sparsity("weight", pruned) == 0.5
    assert pruned.network.nonzero_macs == 54 * 676 + 10_140
    levels = (0.95, 0.97, 0.99)
    units = [prune(net, method="unit", sparsity=k) for k in levels]
    assert {achieved_sparsity("unit", each) for each in units} == {11 / 12}


def test_the_baseline_has_achieved_nothing() -> None:
    whole = untouched(random_network((3, 4, 2)))
    assert achieved_sparsity("baseline", whole) == 0
    for method in ("unit", "weight"):
        assert achieved_sparsity(method, untouched(random_network((3, 2)))) == 0


def test_zeros_of_every_kernel_and_bias_are_counted() -> None:
    net = Network(
        (
            Layer(np.array([[0, 1], [0, 2]], "f4"), np.zeros(2, "f4")),
            Layer(np.array([[0, 1], [3, 2]], "f4"), np.zeros(2, "f4")),
            Layer(np.zeros((2, 1), "f4"), np.ones(1, "f4")),
        )
    )
    assert (net.nonzero_macs, net.nonzero_parameters, net.parameters) == (5, 6, 15)
