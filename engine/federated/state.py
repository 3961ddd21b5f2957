"""What the server knows between two rounds: the checkpoint; and clients' masks as packed bits."""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from engine.arrays import BoolArray, IntArray
from engine.federated.masks import ClientMasks
from engine.federated.servers import Moments
from engine.network import Network, from_arrays, to_arrays
from engine.shape import Shape


@dataclass(frozen=True, slots=True, eq=False)
class ServerState:
    """Everything that the next round starts from, but what clients keep in the store.

    Attributes:
        round: the last one that was made; 0 before the first.
        network: of the server.
        moments: of an adaptive server.
        versions: ``(clients,)``; the round in which a client's entry of the store was written, 0
            where it has none. So a round that is made again reads what it read before.
    """

    round: int
    network: Network
    moments: Moments
    versions: IntArray


class ClientStore(Protocol):
    """Where the server keeps what it remembers of clients: on a disk, not in memory."""

    def load(self, client: int, version: int) -> bytes:
        """What was saved under that client and version."""

    def save(self, client: int, version: int, data: bytes) -> None:
        """Keep some bytes of a client."""


def dump_state(state: ServerState) -> bytes:
    """The state as .npz bytes, read back by `load_state`."""
    file = io.BytesIO()
    groups = {
        "network": to_arrays(state.network),
        "first": state.moments.first,
        "second": state.moments.second,
    }
    arrays = {f"{name}{i:03}": a for name, group in groups.items() for i, a in enumerate(group)}
    numbers = {"round": np.int64(state.round), "versions": state.versions}
    np.savez(file, **numbers, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def load_state(data: bytes) -> ServerState:
    """The state that `dump_state` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        names = sorted(file.files)
        network, first, second = (
            [file[name] for name in names if name.startswith(group)]
            for group in ("network", "first", "second")
        )
        moments = Moments(tuple(first), tuple(second))
        return ServerState(int(file["round"]), from_arrays(network), moments, file["versions"])


def pack_masks(masks: ClientMasks) -> bytes:
    """The flags as a bit each."""
    flags = [kernel.ravel() for kernel in masks.weights] + list(masks.units)
    return np.packbits(np.concatenate(flags)).tobytes()


def unpack_masks(data: bytes, shape: Shape) -> ClientMasks:
    """The masks that `pack_masks` packed, of networks of that shape."""
    sizes = [layer.kernel[0] * layer.units for layer in shape] + [s.units for s in shape[:-1]]
    bits = np.unpackbits(np.frombuffer(data, np.uint8), count=sum(sizes)).astype(bool)
    ends = np.cumsum([0, *sizes])
    parts = [bits[begin:end] for begin, end in pairwise(ends)]
    kernels = zip(parts[: len(shape)], shape, strict=True)
    weights: tuple[BoolArray, ...] = tuple(part.reshape(s.kernel) for part, s in kernels)
    return ClientMasks(weights, tuple(parts[len(shape) :]))
