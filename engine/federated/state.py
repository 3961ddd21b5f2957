"""What the server knows between two rounds: the checkpoint; and clients' masks as packed bits."""

import io
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from engine.arrays import BoolArray, IntArray
from engine.federated.masks import ClientMasks
from engine.federated.server_optimizers import Moments
from engine.networks.network import Network, from_arrays, to_arrays

Flags: TypeAlias = tuple[BoolArray, ...]


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
    """The flags as a bit each; those of units alone where no weight is pruned by itself.

    Unless that is no shorter: the length tells which of both it is.
    """
    units = _packed(masks.units)
    if all(masks.whole) and len(units) < _length((*masks.weights, *masks.units)):
        return units
    return _packed((*masks.weights, *masks.units))


def unpack_masks(data: bytes, full: ClientMasks) -> ClientMasks:
    """The masks that `pack_masks` packed; `full` are those that keep everything."""
    everything = (*full.weights, *full.units)
    if len(data) < _length(everything):
        return ClientMasks(full.weights, _unpacked(data, full.units))
    flags = _unpacked(data, everything)
    return ClientMasks(flags[: len(full.weights)], flags[len(full.weights) :])


def _packed(arrays: Flags) -> bytes:
    return np.packbits(np.concatenate([flags.ravel() for flags in arrays])).tobytes()


def _length(arrays: Flags) -> int:
    return -(-sum(flags.size for flags in arrays) // 8)


def _unpacked(data: bytes, like: Flags) -> Flags:
    """Flags of the same shapes."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8)).astype(bool)
    parts = np.split(bits, np.cumsum([flags.size for flags in like]))
    return tuple(part.reshape(flags.shape) for part, flags in zip(parts, like, strict=False))
