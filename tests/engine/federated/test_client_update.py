"""One client in a round: what is on record of it is what its training and its gates give."""

import dataclasses
from functools import partial

import numpy as np
import pytest

from engine.federated import rounds
from engine.federated.client_pruning import decide
from engine.federated.client_update import Round, update_client
from engine.federated.reports import RoundReport
from engine.networks.network import forward, to_arrays
from tests.engine.federated.test_candidate_masks import random_masks
from tests.networks import random_network

WIDTHS = (6, 6, 5, 4)


@pytest.mark.parametrize("pruning", ["unstructured", "structured", "hybrid"])
def test_an_update_is_what_training_and_gates_give_and_the_server_decodes_it(federation, pruning):
    made = federation(pruning=pruning, hidden=(20, 15), target=0.9, rounds=3, fraction=1.0)
    *_, last = (r for r in rounds.run(made) if isinstance(r, RoundReport))
    context, pruned = Round(made, last.state, 4), 0
    for client in range(6):
        masks, owned = made.client(last.state, client).masks, made.owners.of(client)
        pruned += not masks.is_full
        received = masks.apply(last.state.network)
        learned = made.learner.train(received, masks, made.orders(4, client, owned.train))
        accuracies = partial(made.validate, rows=owned.validation)
        wanted = decide(learned.first, learned.last, masks, made.algorithm.pruning, accuracies)
        found = update_client(context, client)
        assert found.row.gates == wanted.gates
        for mine, theirs in zip(found.masks.arrays(), wanted.masks.arrays(), strict=True):
            assert np.array_equal(mine, theirs)
        assert found.network is not None
        trained = to_arrays(wanted.masks.apply(learned.last))
        assert all(map(np.array_equal, to_arrays(found.network), trained))
    assert pruned > 3


def share(network, masks, images, labels):
    answers = forward(masks.apply(network), images).argmax(axis=1)
    return float((answers == labels).mean())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("units_go", [False, True])
def test_both_accuracies_are_those_of_the_masked_networks(federation, seed, weights, units_go):
    made, rng = federation(), np.random.default_rng(seed)
    masks = random_masks(rng, weights=weights, widths=WIDTHS, no_layer_empty=True)
    network = masks.apply(random_network(WIDTHS, seed))
    name = "units" if units_go else "weights"
    fewer = tuple(flags & (rng.random(flags.shape) < 0.7) for flags in getattr(masks, name))
    if units_go:
        for units in fewer:
            units[0] = True
    candidate = dataclasses.replace(masks, **{name: fewer})
    rows = rng.permutation(240)[:40]
    images = np.asarray(made.dataset.x_train)[rows].astype(np.float32) / 255
    labels = made.owners.y_train[rows]
    found = made.validate(network, masks, candidate, rows)
    wanted = share(network, masks, images, labels), share(network, candidate, images, labels)
    assert found == pytest.approx(wanted, abs=1 / 40)  # an answer may be a tie but for rounding


def test_a_unit_that_goes_is_silent_though_it_overflows(federation):
    made, network = federation(), random_network(WIDTHS, 1)
    network.layers[0].kernel[:, 0] = np.float32(3e38)
    candidate = dataclasses.replace(made.full, units=(np.arange(6) > 0, made.full.units[1]))
    rows = np.arange(40)
    images = np.asarray(made.dataset.x_train)[rows].astype(np.float32) / 255
    wanted = share(network, candidate, images, made.owners.y_train[rows])
    assert made.validate(network, made.full, candidate, rows)[1] == wanted


def test_the_servers_answers_are_those_of_each_client(federation):
    made = federation()
    for network in (made.initial, random_network(WIDTHS, 3)):
        everything = made.evaluate_server(network)
        rows = made.owners.of(1).test
        assert made.evaluate_server(network, rows) == made.evaluate_test(network, made.full, rows)
        assert everything == made.evaluate_test(network, made.full, np.arange(80))


def test_the_same_masks_weigh_the_same_both_ways(federation):
    made = federation(distance_threshold=1.0, values="int8")
    *_, last = (r for r in rounds.run(made) if isinstance(r, RoundReport))
    assert all(row.up == row.down for row in last.clients)
