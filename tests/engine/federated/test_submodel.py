"""A client in its own, smaller shape does what it would do in the server's."""

import dataclasses
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings

from engine.federated import rounds, views, wire
from engine.federated.aggregation import Average
from engine.federated.client_update import Round, visit
from engine.federated.gates import decide
from engine.federated.masks import compact, full_masks, insert
from engine.federated.reports import RoundReport
from engine.federated.submodel import OwnShape
from engine.networks.network import to_arrays
from tests.engine.federated.test_client_masks import SEEDS, WIDTHS, random_masks
from tests.networks import random_network

SERVER = random_network(WIDTHS, 99)
FULL = full_masks(SERVER.shape)


def unit_masks(rng):
    """Masks of units alone; the first of each layer stays."""
    masks = random_masks(rng, weights=False)
    for flags in masks.units:
        flags[0] = True
    return masks


def fewer_units(rng, masks):
    units = tuple(flags & (rng.random(flags.size) < 0.6) for flags in masks.units)
    return dataclasses.replace(masks, units=units)


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_messages_are_the_same_byte_for_byte(seed):
    rng = np.random.default_rng(seed)
    before = unit_masks(rng)
    after = fewer_units(rng, before)
    shape = OwnShape(before, units_only=True)
    smaller = tuple(now[old] for now, old in zip(after.units, before.units, strict=True))
    own = dataclasses.replace(shape.own, units=smaller)
    assert all(
        np.array_equal(a, b) for a, b in zip(shape.whole(own).units, after.units, strict=True)
    )
    network = after.apply(SERVER)
    whole = wire.encode(network, after, wire.Context(SERVER, before), "float32")
    small = compact(network, before.units)
    context = wire.Context(SERVER, shape.own)
    assert wire.encode(small, own, context, "float32") == whole
    received, kept, _ = wire.decode(whole, context)
    for mine, theirs in zip(to_arrays(received), to_arrays(small), strict=True):
        assert np.array_equal(mine, theirs)
    pairs = zip(kept.units, smaller, strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_smaller_uploads_add_up_to_the_same_average(seed):
    rng = np.random.default_rng(seed)
    small, whole = Average(SERVER, waiting=1), Average(SERVER)
    for client in range(5):
        masks = unit_masks(rng)
        network, weight = masks.apply(random_network(WIDTHS, seed + client)), 1.0 + client
        whole.add(network, masks, weight)
        small.add(compact(network, masks.units), masks, weight, masks.units)
    for mine, theirs in zip(
        to_arrays(small.mean(SERVER)), to_arrays(whole.mean(SERVER)), strict=True
    ):
        assert np.array_equal(mine, theirs)
    for counts, others in zip(small.keepers().counts, whole.keepers().counts, strict=True):
        assert np.array_equal(counts, others)


def test_a_client_that_may_lose_weights_keeps_the_servers_shape():
    masks = unit_masks(np.random.default_rng(0))
    for shape in (OwnShape(masks, units_only=False), OwnShape(FULL, units_only=True)):
        assert not shape.smaller
        assert shape.own is shape.masks
        assert shape.whole(shape.own) is shape.masks


@pytest.mark.parametrize("target", [0.3, 0.9])
def test_a_visit_in_the_own_shape_is_one_in_the_servers(federation, target):
    made = federation(pruning="structured", hidden=(20, 15), target=target, rounds=3, fraction=1.0)
    reports = [r for r in rounds.run(made) if isinstance(r, RoundReport)]
    coming = Round(made, reports[-1].state, 4)
    pruned = 0
    for client in range(6):
        masks = made.masks(coming.state, client)
        pruned += not masks.everything
        received = masks.apply(coming.state.network)
        owned = made.owners.of(client)
        learned = made.learner.train(received, masks, made.orders(4, client, owned.train))

        accuracies = partial(made.validate, rows=owned.validation)
        wanted = decide(learned.first, learned.last, masks, made.settings, accuracies)
        found = visit(coming, client)
        assert [gate.reason for gate in found.row.gates] == [g.reason for g in wanted.gates]
        pairs = zip(found.masks.units, wanted.masks.units, strict=True)
        assert all(np.array_equal(mine, theirs) for mine, theirs in pairs)
        inputs = np.ones(6, bool)
        assert found.network is not None
        back = insert(found.network, masks.apply(received), masks.units, inputs)
        theirs = wanted.masks.apply(learned.last)
        for one, other in zip(to_arrays(back), to_arrays(theirs), strict=True):
            assert np.allclose(one, other, atol=1e-6)
    assert pruned > 3


def test_the_servers_answers_are_those_of_each_client(federation):
    made = federation()
    for network in (made.initial, random_network((6, 6, 5, 4), 3)):
        whole = made.evaluate_server(network)
        rows = made.owners.of(1).test
        assert made.evaluate_server(network, rows) == made.evaluate_test(network, made.full, rows)
        assert whole == made.evaluate_test(network, made.full, np.arange(80))


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_picture_of_units_is_that_of_the_kernel(seed):
    masks = random_masks(np.random.default_rng(seed), weights=False)
    for layer, kernel in enumerate(masks.kernels()):
        assert np.array_equal(views.kept_shares(masks, layer, 3), views.shares(kernel, 3))
