import numpy as np
import pytest

from engine.networks.network import Layer, Network, to_arrays
from engine.pruning.masks import Masks, ones_like, without
from engine.pruning.measure import achieved_sparsity
from engine.pruning.prune import Pruned
from tests.networks import random_cnn

TOY = Network(
    (
        Layer(np.array([[-1, 2], [3, -4]], "f4"), np.array([-5, 6], "f4")),
        Layer(np.array([[7], [-8]], "f4"), np.array([9], "f4")),
    )
)


def toy_masks() -> Masks:
    return without(TOY, [np.array([[True, False], [True, False]])], [np.array([True, False])])


def sparsity(network: Network, masks: Masks) -> float:
    return achieved_sparsity("weight", Pruned(masks.apply(network), masks))


def test_apply_zeroes_what_is_pruned_and_keeps_the_rest() -> None:
    applied = to_arrays(toy_masks().apply(TOY))
    assert [a.tolist() for a in applied] == [[[0, 2], [0, -4]], [0, 6], [[7], [-8]], [9]]


def test_pruned_entries_are_plus_zero() -> None:
    assert not any(np.signbit(a[a == 0]).any() for a in to_arrays(toy_masks().apply(TOY)))


def test_pruned_nan_becomes_zero() -> None:
    layer = Layer(np.full((2, 2), np.nan, "f4"), np.full(2, np.nan, "f4"))
    applied = toy_masks().apply(Network((layer, TOY.output)))
    assert applied.layers[0].kernel[:, 0].tolist() == [0, 0]


def test_apply_leaves_the_network_and_shares_nothing_with_it() -> None:
    before = [a.copy() for a in to_arrays(TOY)]
    for array in to_arrays(toy_masks().apply(TOY)):
        array[:] = 1
    assert all(np.array_equal(a, b) for a, b in zip(to_arrays(TOY), before, strict=True))


def test_a_mask_that_keeps_everything_prunes_nothing() -> None:
    kept = ones_like(TOY)
    assert kept.is_full
    assert sparsity(TOY, kept) == 0
    assert [d.tolist() for d in kept.dead_units] == [[False, False]]


def test_sparsity_counts_the_entries_of_hidden_kernels() -> None:
    assert sparsity(TOY, toy_masks()) == 0.5


def test_a_unit_without_any_weight_is_dead() -> None:
    assert [d.tolist() for d in toy_masks().dead_units] == [[True, False]]


def test_a_network_without_hidden_layers_has_nothing_to_prune() -> None:
    network = Network((TOY.output,))
    assert sparsity(network, ones_like(network)) == 0


def test_behind_a_convolution_the_output_layer_counts_and_may_be_pruned() -> None:
    net = random_cnn((4, 4), classes=2)  # kernels of 108 and 24 entries
    half = np.zeros(net.output.kernel.shape, bool)
    half[::2] = True
    masks = without(net, [np.zeros((9, 12), bool), half], [])
    assert sparsity(net, masks) == 12 / 132
    applied = masks.apply(net)
    assert not applied.output.kernel[::2].any()
    assert applied.convolutions == net.convolutions
    assert sparsity(net, ones_like(net)) == 0


def test_masks_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        toy_masks().kernels[0][0, 0] = True


def test_masks_do_not_follow_the_arrays_they_were_made_of() -> None:
    kernel = np.ones((2, 1), bool)
    made = Masks((kernel,), ())
    kernel[0] = False
    assert made.kernels[0].all()


FLAG, PAIR, KERNEL = np.ones(1, bool), np.ones(2, bool), np.ones((2, 1), bool)


@pytest.mark.parametrize(
    ("weights", "units", "biases", "message"),
    [
        pytest.param([KERNEL.astype("f4")], [], [], "booleans", id="dtype"),
        pytest.param([KERNEL], [], [PAIR], "own_biases do not fit", id="shape"),
        pytest.param([PAIR], [], [], "do not fit", id="rank"),
        pytest.param([KERNEL, FLAG[:, np.newaxis]], [PAIR], [], "units do not fit", id="units"),
        pytest.param([KERNEL], [FLAG], [], "units do not fit", id="units of logits"),
        pytest.param([KERNEL], [], [FLAG, FLAG], "own_biases do not fit", id="length"),
        pytest.param([], [], [], "do not fit", id="empty"),
    ],
)
def test_what_cannot_be_masks_is_refused(
    weights: list[np.ndarray], units: list[np.ndarray], biases: list[np.ndarray], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Masks(tuple(weights), tuple(units), tuple(biases))


def test_a_filter_that_goes_takes_the_rows_that_read_it_at_every_place() -> None:
    net = random_cnn((4, 4), classes=2)  # 12 filters, each read once
    whole = ones_like(net)
    masks = Masks(whole.weights, (np.arange(12) > 0,))
    applied = masks.apply(net)
    assert not applied.layers[0].kernel[:, 0].any()
    assert applied.layers[0].bias[0] == 0
    assert not applied.output.kernel[::12].any()
    assert np.array_equal(applied.output.kernel[1:12], net.output.kernel[1:12])
