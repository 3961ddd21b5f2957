"""A network as bytes and back: how trained weights are stored. Nothing is ever unpickled.

The file says all about the network, so it is read without the settings that made it: the arrays
``arr_0``, ``arr_1``, … are kernel, bias, kernel, bias and so on, and where there are convolutions,
``convolutions`` has a row of numbers for each.
"""

import dataclasses
import io

import numpy as np

from engine.networks.convolution import Convolution
from engine.networks.network import Network, from_arrays, to_arrays

CONVOLUTIONS = "convolutions"


def dump_network(network: Network) -> bytes:
    """The network as .npz bytes."""
    places = [dataclasses.astuple(place) for place in network.convolutions]
    named = {CONVOLUTIONS: np.array(places, np.int64)} if places else {}
    file = io.BytesIO()
    np.savez(file, *to_arrays(network), **named)  # type: ignore[arg-type]
    return file.getvalue()


def load_network(data: bytes) -> Network:
    """The network that `dump_network` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        rows = file[CONVOLUTIONS].tolist() if CONVOLUTIONS in file else []
        arrays = [file[f"arr_{i}"] for i in range(len(file.files) - bool(rows))]
    return from_arrays(arrays, [Convolution(*row) for row in rows])
