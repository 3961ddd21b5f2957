"""Both accuracies of a candidate are those of the two networks, masked and asked one by one."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.federated import validation
from engine.networks.network import forward
from tests.engine.federated.test_client_masks import SEEDS, WIDTHS, random_masks
from tests.networks import random_network

IMAGES = 40


def share(network, masks, images, labels):
    return float((forward(masks.apply(network), images).argmax(axis=1) == labels).mean())


@given(seed=SEEDS, weights=st.booleans(), units_go=st.booleans())
@settings(max_examples=80, deadline=None)
def test_both_accuracies_are_those_of_the_masked_networks(seed, weights, units_go):
    rng = np.random.default_rng(seed)
    masks = random_masks(rng, weights=weights)
    for units in masks.units:
        units[0] = True  # a client never loses all of a layer
    network = masks.apply(random_network(WIDTHS, seed))
    if units_go:
        fewer = [units & (rng.random(units.shape) < 0.7) for units in masks.units]
        for units in fewer:
            units[0] = True
        candidate = dataclasses.replace(masks, units=tuple(fewer))
    else:
        fewer = [kernel & (rng.random(kernel.shape) < 0.7) for kernel in masks.weights]
        candidate = dataclasses.replace(masks, weights=tuple(fewer))
    images = rng.random((IMAGES, WIDTHS[0]), np.float32)
    labels = rng.integers(0, WIDTHS[-1], IMAGES).astype(np.uint8)
    found = validation.accuracies(network, masks, candidate, images, labels)
    wanted = share(network, masks, images, labels), share(network, candidate, images, labels)
    assert found == pytest.approx(wanted, abs=1 / IMAGES)  # an answer may be a tie but for rounding


def test_a_unit_that_goes_is_silent_though_it_overflows():
    rng = np.random.default_rng(0)
    masks = random_masks(rng, weights=False, units=False)
    network = random_network(WIDTHS, 1)
    network.layers[0].kernel[:, 0] = np.float32(3e38)
    units = (np.arange(6) > 0, *masks.units[1:])
    candidate = dataclasses.replace(masks, units=units)
    images = np.full((IMAGES, WIDTHS[0]), 9, np.float32)
    answer = forward(candidate.apply(network), images)[0].argmax()
    labels = np.full(IMAGES, answer, np.uint8)
    with np.errstate(over="ignore", invalid="ignore"):
        assert validation.accuracies(network, masks, candidate, images, labels)[1] == 1.0
