"""A client's masks: structure, shrinking, and the steps that take weights and units."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.federated import candidate_masks
from engine.federated.state import pack_masks, unpack_masks
from engine.networks.network import forward, to_arrays
from engine.pruning.masks import Masks, compact, insert, ones_like
from tests.networks import random_network
from tests.reference_federated import distance, percentile_mask

WIDTHS = (7, 6, 5, 4)
SEEDS = st.integers(0, 10_000)


def random_masks(rng, *, weights=True, units=True, widths=WIDTHS, no_layer_empty=False):
    full = ones_like(random_network(widths))
    flags = tuple(rng.random(k.shape) < 0.6 if weights else k for k in full.weights)
    alive = [rng.random(u.shape) < 0.6 if units else u for u in full.units]
    if no_layer_empty:
        alive = [u | (np.arange(u.size) == 0) for u in alive]
    return Masks(flags, tuple(alive))


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_the_masked_network_answers_as_the_shrunk_one(seed):
    rng = np.random.default_rng(seed)
    masks = random_masks(rng, weights=False, no_layer_empty=True)
    network = random_network(WIDTHS, seed)
    images = rng.random((5, 7), np.float32)
    masked = masks.apply(network)
    small = compact(masked, masks.units)
    assert np.allclose(forward(masked, images), forward(small, images), atol=1e-5)
    inputs = np.ones(len(masks.weights[0]), bool)
    back = insert(small, masks.apply(random_network(WIDTHS, seed + 1)), masks.units, inputs)
    pairs = zip(to_arrays(back), to_arrays(masked), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


@given(seed=SEEDS, weights=st.booleans(), units=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_lives_is_counted_taken_out_and_put_back_as_by_its_flags(seed, weights, units):
    rng, network = np.random.default_rng(seed), random_network(WIDTHS, seed)
    masks = random_masks(rng, weights=weights, units=units)
    ends = [np.ones(7, bool), *masks.units, np.ones(4, bool)]
    flags = []
    for read, kernel, written in zip(ends[:-1], masks.weights, ends[1:], strict=True):
        flags += [kernel & np.outer(read, written), written]
    assert masks.counts == tuple(np.count_nonzero(each) for each in flags)
    assert masks.sizes == tuple(each.size for each in flags)
    assert masks.is_full == all(each.all() for each in flags)
    taken, arrays = masks.pack(network), to_arrays(network)
    for mine, array, kept in zip(taken, arrays, flags, strict=True):
        assert np.array_equal(mine, array[kept])
    back = to_arrays(masks.unpack(taken))
    for mine, array, kept in zip(back, arrays, flags, strict=True):
        assert np.array_equal(mine, np.where(kept, array, 0))


@given(seed=SEEDS, weights=st.booleans(), units=st.booleans())
@settings(max_examples=40, deadline=None)
def test_masks_are_subsets_of_others_where_no_flag_is_new(seed, weights, units):
    rng = np.random.default_rng(seed)
    first = random_masks(rng, weights=weights, units=units)
    second = random_masks(rng, weights=units, units=weights)
    wanted = all(not np.any(a & ~b) for a, b in zip(first.arrays(), second.arrays(), strict=True))
    assert first.is_subset_of(second) == wanted
    assert first.is_subset_of(first)


def test_a_removed_unit_takes_its_column_its_bias_and_its_row():
    full = ones_like(random_network((3, 2, 2)))
    masks = Masks(full.weights, (np.array([True, False]),))
    kernels, biases = masks.kernels, masks.biases
    assert kernels[0].tolist() == [[True, False]] * 3
    assert kernels[1].tolist() == [[True, True], [False, False]]
    assert biases[0].tolist() == [True, False]
    assert biases[1].all()
    assert (masks.alive, masks.size) == (3 + 1 + 2 + 2, 6 + 2 + 4 + 2)
    assert masks.mac_share == pytest.approx((3 * 1 + 1 * 2) / 10)


def test_what_is_no_number_becomes_zero_where_nothing_lives():
    network, masks = random_network(WIDTHS), random_masks(np.random.default_rng(0))
    for array in to_arrays(network):
        array[...] = np.nan
    assert masks.dead_are_zero(masks.apply(network))
    assert not masks.dead_are_zero(network)


@given(seed=SEEDS, weights=st.booleans())
@settings(max_examples=60, deadline=None)
def test_masks_are_stored_as_bits_and_read_back(seed, weights):
    masks = random_masks(np.random.default_rng(seed), weights=weights)
    data = pack_masks(masks)
    assert len(data) == -(-(weights * (7 * 6 + 6 * 5 + 5 * 4) + 6 + 5) // 8)
    read = unpack_masks(data, ones_like(random_network(WIDTHS)))
    assert all(np.array_equal(a, b) for a, b in zip(read.arrays(), masks.arrays(), strict=True))


def test_masks_of_a_network_of_few_bits_are_told_apart():
    full = ones_like(random_network((4, 1, 2)))
    pruned = dataclasses.replace(
        full, weights=(full.weights[0] & ~np.eye(4, 1, dtype=bool), *full.weights[1:])
    )
    for masks in (full, pruned):
        read = unpack_masks(pack_masks(masks), full)
        assert [a.tolist() for a in read.arrays()] == [a.tolist() for a in masks.arrays()]


@given(seed=SEEDS, step=st.sampled_from((0.05, 0.1, 0.2, 0.5)))
@settings(max_examples=40, deadline=None)
def test_a_step_takes_what_the_published_percentile_takes_and_masks_only_shrink(seed, step):
    rng = np.random.default_rng(seed)
    network, before = random_network(WIDTHS, seed), random_masks(rng, units=False)
    after = candidate_masks.fewer_weights(network, before, step)
    assert after.is_subset_of(before)
    for layer, old, new in zip(network.layers, before.weights, after.weights, strict=True):
        alive = np.count_nonzero(old)
        assert alive - np.count_nonzero(new) == candidate_masks.removed_count(int(alive), step)
        if alive:
            assert np.array_equal(new, percentile_mask(layer.kernel, old, 100 * step))


def test_of_equal_weights_the_first_go():
    network = random_network((2, 3, 2))
    network.layers[0].kernel[...] = 1.0
    after = candidate_masks.fewer_weights(network, ones_like(network), 0.4)
    assert after.weights[0].ravel().tolist() == [False, False, True, True, True, True]


@given(seed=SEEDS, step=st.sampled_from((0.1, 0.3, 0.9)))
@settings(max_examples=30, deadline=None)
def test_units_go_by_the_norm_of_what_they_read_down_to_the_target(seed, step):
    network = random_network((7, 10, 8, 4), seed)
    masks = ones_like(network)
    for _ in range(30):
        alive = masks.apply(network)
        after = candidate_masks.fewer_units(
            alive, masks, step, candidate_masks.least_units((10, 8), 0.5)
        )
        assert after.is_subset_of(masks)
        for layer, old, new in zip(alive.hidden, masks.units, after.units, strict=True):
            norms = np.linalg.norm(layer.kernel, axis=0)
            assert norms[old & ~new].max(initial=0) <= norms[new].min()
        masks = after
    assert [int(u.sum()) for u in masks.units] == [5, 4]


def test_the_last_steps_to_the_target_are_short():
    assert candidate_masks.step_to_target(0.0, 0.2, 0.5) == 0.2
    assert candidate_masks.step_to_target(0.36, 0.2, 0.5) == 0.05
    assert candidate_masks.step_to_target(0.49, 0.2, 0.5) == pytest.approx(0.01 / 0.51)
    assert candidate_masks.step_to_target(0.5, 0.2, 0.5) == 0


@given(seeds=st.tuples(st.integers(0, 2), st.integers(0, 2)))
@settings(max_examples=9, deadline=None)
def test_the_distance_is_the_published_one_and_0_only_for_equals(seeds):
    before = ones_like(random_network(WIDTHS))
    first, last = (
        candidate_masks.fewer_weights(random_network(WIDTHS, s), before, 0.3) for s in seeds
    )
    layers = candidate_masks.layer_distances(first, last)
    measured = sum(layers) / len(layers)
    assert measured == pytest.approx(distance(first.weights, last.weights))
    assert measured <= candidate_masks.most_distance(before, 0.3) + 1e-12
    same = all(np.array_equal(a, b) for a, b in zip(first.weights, last.weights, strict=True))
    assert (measured == 0) == same


@given(
    widths=st.lists(st.integers(1, 300), min_size=1, max_size=3),
    step=st.sampled_from((0.001, 0.1, 0.2, 0.9)),
    target=st.sampled_from((0.0, 0.1, 0.5, 0.75, 0.99)),
)
@settings(max_examples=40, deadline=None)
def test_repeated_steps_end_at_the_units_that_a_target_leaves(widths, step, target):
    network = random_network((2, *widths, 2))
    masks, least = ones_like(network), candidate_masks.least_units(widths, target)
    for _ in range(300):
        after = candidate_masks.fewer_units(network, masks, step, least)
        assert after.is_subset_of(masks)
        if after.unit_density == masks.unit_density:
            break
        masks = after
    assert tuple(int(units.sum()) for units in masks.units) == least
    assert all((w - left) / w <= target + 1e-9 for w, left in zip(widths, least, strict=True))


def test_of_three_units_one_goes_at_half_though_a_tenth_of_three_is_none():
    network = random_network((2, 3, 2))
    after = candidate_masks.fewer_units(
        network, ones_like(network), 0.1, candidate_masks.least_units((3,), 0.5)
    )
    assert [int(units.sum()) for units in after.units] == [2]


@given(
    widths=st.lists(st.integers(1, 6), min_size=2, max_size=4),
    step=st.sampled_from((0.01, 0.1, 0.5, 0.9)),
    target=st.sampled_from((0.1, 0.5, 0.7)),
)
@settings(max_examples=40, deadline=None)
def test_repeated_steps_of_weights_end_at_the_target_or_at_a_weight_a_layer(widths, step, target):
    network = random_network(tuple(widths))
    masks = ones_like(network)
    while not candidate_masks.reached(1 - masks.density, target):
        taken = candidate_masks.step_to_target(1 - masks.density, step, target)
        after = candidate_masks.fewer_weights(network, masks, taken)
        if after.alive == masks.alive:
            assert max(int(kernel.sum()) for kernel in masks.kernels) == 1
            return
        masks = after
    layers = len(network.layers)  # a step takes a weight of each at least, as a percentile does
    assert 1 - masks.density <= target + max(layers / masks.size, 1e-9)


def test_a_target_is_reached_though_a_quotient_falls_short_in_its_last_digit():
    assert candidate_masks.reached(1 - 0.7 - 1e-16, 0.3)
    assert not candidate_masks.reached(0.3 - 1e-6, 0.3)
