"""Stored networks."""

import io

import numpy as np
from hypothesis import given

from engine.networks.file import dump_network, load_network
from engine.networks.network import Network, to_arrays
from tests.networks import any_values, convolutional_networks, networks, random_network


@given(convolutional_networks(any_values) | networks(any_values))
def test_a_network_comes_back_from_its_bytes_with_its_places(net: Network) -> None:
    back = load_network(dump_network(net))
    assert back.architecture == net.architecture
    assert all(np.array_equal(a, b) for a, b in zip(to_arrays(back), to_arrays(net), strict=True))


def test_a_file_of_arrays_alone_is_a_dense_network() -> None:
    """What was stored before there were convolutions stays readable, and is still written so."""
    net = random_network((6, 5, 4))
    file = io.BytesIO()
    np.savez(file, *to_arrays(net))
    assert load_network(file.getvalue()).architecture == net.architecture
    with np.load(io.BytesIO(dump_network(net))) as stored:
        assert stored.files == ["arr_0", "arr_1", "arr_2", "arr_3"]
