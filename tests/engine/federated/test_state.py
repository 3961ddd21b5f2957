"""What is stored between rounds comes back as it was, and as earlier versions stored it."""

import numpy as np
import pytest

from engine.federated.algorithms.local import NETWORK
from engine.federated.state import (
    ClientState,
    ServerState,
    dump_client,
    dump_state,
    load_client,
    load_state,
    pack_masks,
)
from engine.networks.file import dump_network
from engine.networks.network import same, to_arrays
from engine.pruning.masks import ones_like
from tests.engine.federated.test_candidate_masks import WIDTHS, random_masks
from tests.networks import random_network

FULL = ones_like(random_network(WIDTHS))


@pytest.mark.parametrize("pruned", [False, True])
@pytest.mark.parametrize(("remembers", "anything"), [(False, False), (True, True), (True, False)])
def test_a_clients_masks_and_memory_come_back(pruned, remembers, anything):
    masks = random_masks(np.random.default_rng(0)) if pruned else FULL
    arrays = tuple(np.full(2, n, np.float32) for n in range(12))  # more than one digit
    memory = {"drift": arrays, "step": arrays[:1]} if anything else {}
    data = dump_client(ClientState(masks, memory), remembers=remembers)
    read = load_client(data, FULL, remembers=remembers)
    for mine, theirs in zip(read.masks.arrays(), masks.arrays(), strict=True):
        assert np.array_equal(mine, theirs)
    assert read.memory.keys() == memory.keys()
    for name, group in memory.items():
        assert [a.tolist() for a in read.memory[name]] == [a.tolist() for a in group]


def test_clients_are_stored_as_by_earlier_versions():
    network, masks = random_network(WIDTHS), random_masks(np.random.default_rng(0))
    alone = ClientState(FULL, {NETWORK: tuple(to_arrays(network))})
    assert dump_client(alone, remembers=True) == dump_network(network)
    assert dump_client(ClientState(masks), remembers=False) == pack_masks(masks)


def test_a_servers_state_comes_back_with_what_its_algorithm_has():
    network = random_network(WIDTHS)
    extra = {"first": tuple(to_arrays(network)), "second": tuple(to_arrays(network))}
    read = load_state(dump_state(ServerState(3, network, extra, np.arange(4))))
    assert read.round == 3
    assert same(read.network, network)
    assert read.versions.tolist() == [0, 1, 2, 3]
    assert list(read.extra) == ["first", "second"]
    for mine, theirs in zip(read.extra["second"], extra["second"], strict=True):
        assert np.array_equal(mine, theirs)
