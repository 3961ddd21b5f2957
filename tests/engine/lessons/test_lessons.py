"""The lessons, on numbers that one checks by hand."""

import struct

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.lessons import one_weight, polynomial, steps, toy_round, zeros
from engine.lessons.guess import Break, breaking
from engine.networks.network import Layer, Network, forward
from engine.settings import SweepSettings
from tests.pages import fabricated


def test_far_out_the_square_matters_and_close_to_zero_it_does_not():
    far, near = polynomial.places(1.0), polynomial.places(0.1)
    assert polynomial.largest_change(far, "x") == pytest.approx(1)
    assert polynomial.largest_change(far, "5x²") == pytest.approx(5)
    assert polynomial.largest_change(near, "x") == pytest.approx(0.1)
    assert polynomial.largest_change(near, "5x²") == pytest.approx(0.05)
    assert polynomial.value(2, ("x",)) == 20
    with pytest.raises(InvalidInput, match="reach must be a number from"):
        polynomial.places(3)


def test_the_effect_of_a_weight_is_that_of_a_network_without_it():
    rng = np.random.default_rng(1)
    network = Network((
        Layer(rng.normal(size=(6, 4)).astype("f4"), rng.normal(size=4).astype("f4")),
        Layer(rng.normal(size=(4, 3)).astype("f4"), np.zeros(3, "f4")),
    ))  # fmt: skip
    images, labels = rng.random((50, 6)).astype("f4"), rng.integers(0, 3, 50).astype("u1")
    whole = forward(network, images)
    for effect in one_weight.effects(network, images, labels, range(1, 25)):
        kernel = network.layers[0].kernel.copy()
        assert kernel[effect.row, effect.column] == pytest.approx(effect.weight)
        kernel[effect.row, effect.column] = 0
        without = forward(Network((Layer(kernel, network.layers[0].bias), network.output)), images)
        assert effect.shift == pytest.approx(np.abs(without - whole).max(axis=1).mean(), abs=1e-5)
        assert effect.changed == np.count_nonzero(without.argmax(1) != whole.argmax(1))
        assert effect.accuracy == pytest.approx(np.mean(without.argmax(1) == labels))


def test_ranks_rise_with_magnitude_and_others_are_refused():
    network = one_weight.small_network()
    places = one_weight.order(network)
    sizes = np.abs(network.layers[0].kernel).ravel()[places]
    assert (np.diff(sizes) >= 0).all()
    with pytest.raises(ValueError, match="do not fit"):
        one_weight.effects(network, np.zeros((1, 784), "f4"), np.zeros(1, "u1"), [0])


def test_weight_pruning_leaves_holes_and_unit_pruning_takes_columns():
    weight, unit = steps.pruned("weight", 0.5), steps.pruned("unit", 0.5)
    assert weight.gone.sum() == unit.gone.sum() == 10
    assert weight.removed.shape == (5, 4)
    assert unit.removed.shape == (5, 2)
    assert np.abs(steps.KERNEL[weight.gone]).max() <= np.abs(steps.KERNEL[~weight.gone]).min()
    assert unit.gone[0].tolist() == [False, True, False, True]
    assert unit.norms == pytest.approx([1.4526, 0.6557, 1.5684, 0.7141], abs=1e-4)
    assert unit.ranks.tolist() == [3, 1, 4, 2]
    assert sorted(weight.ranks.ravel()) == list(range(1, 21))
    assert (weight.ranks[weight.gone] <= 10).all()


@pytest.mark.parametrize(("way", "sparsity"), [("x", 0.5), ("unit", 1.0), ("unit", -0.1)])
def test_what_cannot_be_pruned_is_refused(way, sparsity):
    with pytest.raises(InvalidInput):
        steps.pruned(way, sparsity)


def test_zeros_only_vanish_in_the_zip_and_only_removal_saves_products():
    whole, zeroed, removed = zeros.costs(0.75)
    assert whole.raw == zeroed.raw == 4 * 64 * 64
    assert zeroed.zipped < 0.5 * whole.zipped
    assert removed.raw == 4 * 64 * 16
    assert (whole.products, zeroed.products, removed.products) == (4096, 4096, 1024)
    assert zeros.costs(0)[0].zipped == zeros.costs(0)[1].zipped


def test_a_number_is_its_four_bytes():
    assert zeros.as_bytes(1.0) == "00 00 80 3f"
    assert bytes.fromhex(zeros.as_bytes(-1.25)) == struct.pack("<f", -1.25)


def test_it_breaks_between_the_last_that_holds_and_the_first_that_does_not():
    points = fabricated.points(SweepSettings())
    assert breaking(points[0], points, "weight") == Break(0.8, 0.9)
    assert breaking(points[0], points, "unit") == Break(0.6, 0.7)
    assert breaking(points[0], points[:3], "weight") == Break(0.5, None)


def test_the_round_by_hand():
    scenes = toy_round.scenes()
    assert list(scenes) == list(toy_round.STEPS)
    assert scenes["download"].clients[1].tolist() == pytest.approx([0.4, -0.6, 0, 0.8, 0, 0.5])
    assert scenes["train"].clients[0].tolist() == pytest.approx([0.6, -0.5, 0.1, 0.8, 0, 0.2])
    # A drops w3 (0.1), B w6 (0.1), C w3 (0.4)
    assert (scenes["train"].kept ^ scenes["prune"].kept).nonzero()[1].tolist() == [2, 5, 2]
    assert scenes["average"].keepers.tolist() == [3, 2, 0, 3, 0, 2]
    expected = [(0.6 + 0.3 + 0.7) / 3, (-0.5 - 0.4) / 2, 0.2, (0.8 + 0.9 + 0.6) / 3, -0.1, 0.4]
    assert scenes["average"].server.tolist() == pytest.approx(expected)


def test_a_mask_only_shrinks_and_an_empty_one_stays():
    weights = np.array([0.5, -0.1, 0.0], dtype="f4")
    assert toy_round.prune_one(weights, np.array([True, True, False])).tolist() == [
        True,
        False,
        False,
    ]
    assert not toy_round.prune_one(weights, np.zeros(3, bool)).any()
