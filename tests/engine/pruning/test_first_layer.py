"""Networks that keep units of the baseline's first layer are answered from there, and alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import FloatArray
from engine.networks.forward import EvaluationSet, evaluation_set, fast_forward
from engine.networks.network import Layer, Network, forward
from engine.pruning.first_layer import sharing_first_layer
from engine.pruning.prune import prune, untouched
from engine.pruning.shrink import shrink
from engine.system import registry
from tests.networks import few_values, networks, random_cnn, random_network, sparsities

METHODS = registry.names("methods")

WIDTHS = (12, 20, 16, 4)


class Recorder:
    """`fast_forward`, and the depths of the networks that it was asked about."""

    def __init__(self) -> None:
        self.depths: list[int] = []

    def __call__(self, network: Network, inputs: EvaluationSet) -> FloatArray:
        self.depths.append(len(network.layers))
        return fast_forward(network, inputs)


def some(inputs: int) -> EvaluationSet:
    images = np.random.default_rng(0).integers(-2, 3, (9, inputs)).astype(np.float32)
    return evaluation_set(images, np.zeros(9, np.uint8))


@given(
    networks(few_values),
    st.sampled_from(METHODS),
    sparsities,
    st.sampled_from(["layer", "global"]),
    st.sampled_from(["kept", "pruned"]),
)
def test_every_pruned_network_is_answered_as_without_sharing(
    net: Network, method: str, sparsity: float, scope: str, bias: str
) -> None:
    inputs = some(net.layers[0].inputs)
    small = shrink(prune(net, method=method, sparsity=sparsity, scope=scope, bias=bias).network)
    found = sharing_first_layer(net, inputs, fast_forward)(small, inputs)
    assert np.array_equal(found, fast_forward(small, inputs))


@pytest.mark.parametrize(("method", "depth"), [("unit", 2), ("random-unit", 2), ("weight", 3)])
def test_only_what_is_not_known_is_worked_out(method: str, depth: int) -> None:
    net, answer = random_network(WIDTHS), Recorder()
    inputs = some(12)
    sharing = sharing_first_layer(net, inputs, answer)
    assert answer.depths == [1]
    small = shrink(prune(net, method=method, sparsity=0.5).network)
    found = sharing(small, inputs)
    assert answer.depths == [1, depth]
    assert np.allclose(found, forward(trimmed := inputs.trimmed(small), inputs.images), atol=1e-5)
    assert len(trimmed.layers) == 3


def test_the_baseline_itself_is_not_begun_anew() -> None:
    net, answer = random_network(WIDTHS), Recorder()
    inputs = some(12)
    sharing_first_layer(net, inputs, answer)(untouched(net).network, inputs)
    assert answer.depths == [1, 2]


def test_a_unit_with_another_bias_is_another_unit() -> None:
    net, answer = random_network(WIDTHS), Recorder()
    inputs = some(12)
    first = net.layers[0]
    moved = Network((Layer(first.kernel, first.bias + 1), *net.layers[1:]))
    found = sharing_first_layer(net, inputs, answer)(moved, inputs)
    assert answer.depths == [1, 3]
    assert np.array_equal(found, fast_forward(moved, inputs))


def test_a_network_without_hidden_layers_is_answered_as_it_is() -> None:
    net = random_network((12, 4))
    inputs = some(12)
    found = sharing_first_layer(net, inputs, fast_forward)(net, inputs)
    assert np.array_equal(found, fast_forward(net, inputs))


def test_nothing_is_shared_where_the_first_layer_slides() -> None:
    net = random_cnn((8, 8))
    assert sharing_first_layer(net, some(64), fast_forward) is fast_forward
