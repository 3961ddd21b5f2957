"""A network as bytes and back: how trained weights are stored. Nothing is ever unpickled."""

import io

import numpy as np

from engine.network import Network, from_arrays, to_arrays


def dump_network(network: Network) -> bytes:
    """The network as .npz bytes: kernel, bias, kernel, bias and so on."""
    file = io.BytesIO()
    np.savez(file, *to_arrays(network))
    return file.getvalue()


def load_network(data: bytes) -> Network:
    """The network that `dump_network` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return from_arrays([file[f"arr_{i}"] for i in range(len(file.files))])
