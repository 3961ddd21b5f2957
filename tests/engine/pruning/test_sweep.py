import math

import numpy as np
import pytest

from engine.networks.forward import EvaluationSet, evaluation_set
from engine.networks.network import Layer, Network, forward, to_arrays
from engine.pruning.measure import measure
from engine.pruning.prune import prune
from engine.pruning.sweep import sweep
from engine.results.points import from_json, to_json
from engine.settings import SweepSettings
from engine.system import registry
from tests.networks import random_network

METHODS = registry.names("methods")

SETTINGS = SweepSettings(methods=METHODS, sparsities=(0.9, 0.25, 0.5))


@pytest.fixture
def net() -> Network:
    return random_network((12, 20, 16, 4))


@pytest.fixture
def inputs() -> EvaluationSet:
    images = np.random.default_rng(0).random((50, 12), np.float32)
    return evaluation_set(images, (np.arange(50) % 4).astype(np.uint8))


def test_a_sweep_begins_with_the_baseline_and_climbs_k_within_each_method(
    net: Network, inputs: EvaluationSet
) -> None:
    keys = [point.key for point, _ in sweep(net, SETTINGS, inputs)]
    assert keys[:5] == ["baseline", "weight-0.25", "weight-0.5", "weight-0.9", "unit-0.25"]
    assert len(keys) == 1 + 3 * len(METHODS)


def test_points_that_are_measured_already_are_left_out(net: Network, inputs: EvaluationSet) -> None:
    skip = {"baseline", "weight-0.25", "random-unit-0.9"}
    everything = [point.key for point, _ in sweep(net, SETTINGS, inputs)]
    rest = [point.key for point, _ in sweep(net, SETTINGS, inputs, skip=skip)]
    assert rest == [key for key in everything if key not in skip]


def test_a_sweep_leaves_the_baseline_bit_for_bit(net: Network, inputs: EvaluationSet) -> None:
    before = [array.tobytes() for array in to_arrays(net)]
    assert [p.network.parameters for _, p in sweep(net, SETTINGS, inputs)] == [664] * 16
    assert [array.tobytes() for array in to_arrays(net)] == before


def test_sweeping_twice_measures_the_same(net: Network, inputs: EvaluationSet) -> None:
    first, second = (
        [to_json(point) for point, _ in sweep(net, SETTINGS, inputs)] for _ in range(2)
    )
    assert first == second


def test_the_seed_of_the_baseline_decides_what_chance_prunes(
    net: Network, inputs: EvaluationSet
) -> None:
    settings = SweepSettings(methods=("random-weight",), sparsities=(0.5,))
    (_, pruned), *_ = sweep(net, settings, inputs, skip={"baseline"})
    expected = prune(net, method="random-weight", sparsity=0.5, seed=settings.baseline.seed)
    assert np.array_equal(pruned.masks.kernels[0], expected.masks.kernels[0])


def test_the_baseline_point_is_the_network_as_it_is(net: Network, inputs: EvaluationSet) -> None:
    (point, pruned), *_ = sweep(net, SETTINGS, inputs)
    assert pruned.network is net
    assert (point.key, point.achieved_sparsity) == ("baseline", 0)
    assert point.parameters == point.effective_parameters == point.nonzero_parameters == 664
    assert point.macs == point.effective_macs == point.nonzero_macs == 12 * 20 + 20 * 16 + 16 * 4
    assert (point.compression_ratio, point.theoretical_speedup) == (1, 1)
    answers = forward(net, inputs.images).argmax(axis=1)
    assert point.accuracy == np.mean(answers == inputs.labels)


def test_ratios_are_those_of_shrinkbench() -> None:
    net = Network(
        (
            Layer(np.array([[1, 4], [2, 3]], "f4"), np.array([1, 1], "f4")),
            Layer(np.array([[1, 1], [1, 1]], "f4"), np.array([0, 1], "f4")),
        )
    )
    inputs = evaluation_set(np.ones((2, 2), "f4"), np.zeros(2, np.uint8))
    pruned = prune(net, method="weight", sparsity=0.5).network
    point = measure(pruned, inputs, method="weight", sparsity=0.5, achieved=0.5)
    assert (point.parameters, point.nonzero_parameters) == (12, 9)  # two pruned, one bias is 0
    assert (point.macs, point.nonzero_macs) == (8, 6)
    assert point.compression_ratio == pytest.approx(12 / 9)
    assert point.theoretical_speedup == pytest.approx(8 / 6)
    assert point.model_sparsity == 3 / 12
    assert point.effective_parameters == 2 * 1 + 1 + 1 * 2 + 2  # the first unit has become constant
    assert point.effective_macs == 4


def test_a_network_that_has_collapsed_answers_one_class(inputs: EvaluationSet) -> None:
    layers = [Layer(np.zeros((12, 3), "f4"), np.zeros(3, "f4"))]
    net = Network((*layers, Layer(np.ones((3, 4), "f4"), np.zeros(4, "f4"))))
    point = measure(net, inputs, method="weight", sparsity=0.99, achieved=0.99)
    assert point.class_accuracy == (1.0, 0.0, 0.0, 0.0)
    assert point.accuracy == 13 / 50  # the share of class 0
    assert point.loss == pytest.approx(math.log(4))


def test_a_point_survives_the_journey_through_json(net: Network, inputs: EvaluationSet) -> None:
    for point, _ in sweep(net, SETTINGS, inputs):
        assert from_json(to_json(point)) == point
