"""What is known between two rounds: the server's checkpoint, and what is stored of each client."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray, IntArray
from engine.networks.network import Network, from_arrays, to_arrays
from engine.pruning.masks import Masks

ArrayGroups: TypeAlias = Mapping[str, tuple[FloatArray, ...]]
"""Arrays that an algorithm keeps, by the name of what they are; names do not end in a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class ServerState:
    """Everything that the next round starts from, but what clients keep in the store.

    Attributes:
        round: the last one that was made; 0 before the first.
        network: of the server.
        extra: what the algorithm has beside it, for instance the moments of an optimizer.
        versions: ``(clients,)``; the round in which a client's entry of the store was written, 0
            where it has none. So a round that is made again reads what it read before.
    """

    round: int
    network: Network
    extra: ArrayGroups
    versions: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ClientState:
    """What is kept of a client between the rounds in which it takes part.

    Attributes:
        masks: what it keeps of the network, in the server's shape.
        memory: what its algorithm remembers.
    """

    masks: Masks
    memory: ArrayGroups = field(default_factory=dict)


class ClientStore(Protocol):
    """Where the server keeps what it remembers of clients, by client and version; a dict is one."""

    def __getitem__(self, key: tuple[int, int], /) -> bytes:
        """What was saved of that client in that version."""

    def __setitem__(self, key: tuple[int, int], data: bytes, /) -> None:
        """Keep some bytes of a client."""


def dump_state(state: ServerState) -> bytes:
    """The state as .npz bytes, read back by `load_state`."""
    groups = {"network": to_arrays(state.network), **state.extra}
    arrays = {f"{name}{i:03}": a for name, group in groups.items() for i, a in enumerate(group)}
    return _npz({"round": np.int64(state.round), "versions": state.versions, **arrays})


def load_state(data: bytes) -> ServerState:
    """The state that `dump_state` wrote; nothing in it is ever unpickled."""
    arrays = _arrays(data)
    number, versions = int(arrays.pop("round")), arrays.pop("versions")
    groups = _groups(arrays)
    return ServerState(number, from_arrays(groups.pop("network")), groups, versions)


def dump_client(state: ClientState, *, remembers: bool) -> bytes:
    """The state of a client, read back by `load_client`: its masks alone, or .npz bytes."""
    if not remembers:
        return pack_masks(state.masks)
    arrays = {f"{name}{i}": a for name, group in state.memory.items() for i, a in enumerate(group)}
    if not state.masks.is_full:
        arrays["masks"] = np.frombuffer(pack_masks(state.masks), np.uint8)
    return _npz(arrays)


def load_client(data: bytes, full: Masks, *, remembers: bool) -> ClientState:
    """The state that `dump_client` wrote; nothing in it is ever unpickled.

    Args:
        data: its bytes.
        full: the masks that keep everything.
        remembers: whether the client's algorithm has something to remember.
    """
    if not remembers:
        return ClientState(unpack_masks(data, full))
    arrays = _arrays(data)
    packed = arrays.pop("masks", None)
    masks = full if packed is None else unpack_masks(packed.tobytes(), full)
    return ClientState(masks, _groups(arrays))


def pack_masks(masks: Masks) -> bytes:
    """The flags as a bit each; those of units alone where no weight is pruned by itself.

    Unless that is no shorter: the length tells which of both it is.
    """
    units, everything = (
        np.packbits(np.concatenate([each.ravel() for each in flags])).tobytes()
        for flags in (masks.units, (*masks.weights, *masks.units))
    )
    return units if masks.units_only and len(units) < len(everything) else everything


def unpack_masks(data: bytes, full: Masks) -> Masks:
    """The masks that `pack_masks` packed; `full` are those that keep everything."""
    flags = (*full.weights, *full.units)
    if 8 * len(data) < sum(each.size for each in flags):
        flags = full.units
    bits = np.unpackbits(np.frombuffer(data, np.uint8)).astype(bool)
    parts = np.split(bits, np.cumsum([each.size for each in flags]))[:-1]  # the last one fills up
    read = tuple(part.reshape(each.shape) for part, each in zip(parts, flags, strict=True))
    weights = len(read) - len(full.units)
    return Masks(read[:weights] or full.weights, read[weights:])


def _npz(arrays: Mapping[str, npt.ArrayLike]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _arrays(data: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def _groups(arrays: Mapping[str, FloatArray]) -> dict[str, tuple[FloatArray, ...]]:
    """The arrays by their names without a number, in the order in which they were saved."""
    groups: dict[str, list[FloatArray]] = {}
    for name, array in arrays.items():
        groups.setdefault(name.rstrip("0123456789"), []).append(array)
    return {name: tuple(group) for name, group in groups.items()}
