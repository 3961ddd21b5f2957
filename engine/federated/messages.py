"""One message between a client and the server: masks, and the values of everything that lives.

Both ends know the network's shape, its initial weights, and the client's masks as they were after
its last message; nothing of that travels. Units come as flags over the units that lived before.
Weights come in the cheapest of three forms: flags over all entries whose units live (``full``),
flags over those that lived before (``delta``), or the entries that differ from the mask that the
initial magnitudes alone would give (``initial``), with the number of kept entries per layer. A
checksum ends the message.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray, count_nonzero
from engine.federated import coding
from engine.federated.coding import VALUES, Reader, damaged
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.system.checksum import crc32

MAGIC = b"PSF1"
FULL, DELTA, INITIAL = range(3)
"""The forms of the weights' flags, by the byte in front of them."""


@dataclass(frozen=True)
class Context:
    """What both ends know before the message.

    Attributes:
        initial: the network that everybody started from.
        before: the client's masks after its last message; all ones before the first.
        ranks: of `ranks_of(initial)`, made once for all clients.
    """

    initial: Network
    before: Masks
    ranks: tuple[IntArray, ...] = ()

    def largest(self, layer: int, count: int) -> BoolArray:
        """Flags of a kernel's entries of the largest initial magnitudes, so many of them."""
        kernel = self.initial.layers[layer].kernel
        if count == kernel.size:
            return np.ones(kernel.shape, bool)
        order = self.ranks[layer] if self.ranks else rank(kernel)
        chosen = np.zeros(kernel.size, bool)
        chosen[order[:count]] = True
        return chosen.reshape(kernel.shape)


def rank(magnitudes: FloatArray) -> IntArray:
    """Flat positions ``(n,)`` from the largest magnitude to the smallest; ties by position."""
    return np.argsort(-np.abs(magnitudes).ravel(), kind="stable").astype(np.int32)


def ranks_of(initial: Network) -> tuple[IntArray, ...]:
    """The ranking of each kernel's entries, ``(inputs * units,)``, by initial magnitude."""
    return tuple(rank(layer.kernel) for layer in initial.layers)


def encode(network: Network, masks: Masks, context: Context, form: str) -> bytes:
    """The message that carries a network and its masks.

    Args:
        network: what does not live is left out, whatever it is.
        masks: they keep nothing that `context.before` does not keep.
        context: what both ends know.
        form: of the values, one of `VALUES`.
    """
    parts = [
        MAGIC + bytes([VALUES.index(form)]),
        coding.pack_flags(unit_flags(masks, context)),
        pack_weight_flags(masks, context),
        *(coding.pack_values(values, form) for values in masks.pack(network)),
    ]
    return b"".join([*parts, _checksum(parts)])


def decode(data: bytes, context: Context) -> tuple[Network, Masks, str]:
    """The network, zero where nothing lives, its masks and the form of its values.

    Raises:
        DamagedPayload: the bytes are no such message. What is allocated before all sizes are
            checked is a small multiple of the network.
    """
    body, checksum = memoryview(data)[:-4], data[-4:]
    if checksum != _checksum([body]):
        raise damaged("its checksum is wrong")
    reader = Reader(body)
    if reader.take(len(MAGIC)) != MAGIC:
        raise damaged("it does not begin as one")
    form = reader.byte()
    if form >= len(VALUES):
        raise damaged(f"there is no form {form} of values")
    before = context.before.units
    read = _unpack_parts(reader, [count_nonzero(units) for units in before])
    units = tuple(map(_replaced, before, before, read))
    masks = unpack_weight_flags(reader, replace(context.before, units=units), context)
    taken = [coding.unpack_values(reader, count, VALUES[form]) for count in masks.counts]
    reader.end()
    return masks.unpack(taken), masks, VALUES[form]


def unit_flags(masks: Masks, context: Context) -> BoolArray:
    """Which of the units that lived before still live, all layers in a row, ``(n,)``."""
    pairs = zip(masks.units, context.before.units, strict=True)
    return np.concatenate([np.empty(0, bool), *(now[before] for now, before in pairs)])


def full_flags(masks: Masks) -> BoolArray:
    """Which of the entries whose units live do live, all layers in a row, ``(n,)``."""
    if masks.units_only:
        return np.ones(sum(masks.block_sizes), bool)
    return np.concatenate([w[masks.block(layer)] for layer, w in enumerate(masks.weights)])


def delta_flags(masks: Masks, context: Context) -> BoolArray:
    """Which of the entries that lived before, and whose units live, still live, ``(n,)``."""
    if masks.units_only:
        return np.ones(sum(masks.block_sizes), bool)
    lived = replace(context.before, units=masks.units).kernels
    return np.concatenate([w[places] for w, places in zip(masks.weights, lived, strict=True)])


def pack_initial(masks: Masks, context: Context) -> bytes:
    """How many entries live in each layer, and which differ from the initial magnitudes' choice."""
    counts = masks.counts[::2]
    differ = [
        (kernel ^ context.largest(layer, count))[masks.block(layer)]
        for layer, (kernel, count) in enumerate(zip(masks.kernels, counts, strict=True))
    ]
    flags = coding.pack_flags(np.concatenate(differ))
    return bytes([INITIAL]) + struct.pack(f"<{len(counts)}I", *counts) + flags


def pack_weight_flags(masks: Masks, context: Context) -> bytes:
    """The weights' flags in the form that takes the fewest bytes."""
    still = delta_flags(masks, context)
    delta = bytes([DELTA]) + coding.pack_flags(still)
    if still.all():
        return delta
    full = bytes([FULL]) + coding.pack_flags(full_flags(masks))
    return min(full, delta, pack_initial(masks, context), key=len)


def unpack_weight_flags(reader: Reader, masks: Masks, context: Context) -> Masks:
    """The masks with the flags of the weights that come next in a message.

    Args:
        reader: of the message.
        masks: those before it, but with the new units.
        context: what both ends know.

    Raises:
        DamagedPayload: the bytes are no such flags.
    """
    form = reader.byte()
    if form not in {FULL, DELTA, INITIAL}:
        raise damaged(f"there is no form {form} of masks")
    if form == DELTA:
        read = _unpack_parts(reader, masks.counts[::2])
        if all(still.all() for still in read):
            return masks
        return replace(masks, weights=tuple(map(_replaced, masks.weights, masks.kernels, read)))
    blocks = [masks.block(layer) for layer in range(len(masks.weights))]
    counts = reader.take(4 * len(blocks)) if form == INITIAL else b""
    read = _unpack_parts(reader, masks.block_sizes)
    if form == INITIAL:
        numbers = enumerate(struct.unpack(f"<{len(blocks)}I", counts))
        chosen = (context.largest(layer, count) for layer, count in numbers)
        read = [r ^ c[block] for r, c, block in zip(read, chosen, blocks, strict=True)]
    return replace(masks, weights=tuple(map(_replaced, masks.weights, blocks, read)))


def _unpack_parts(reader: Reader, sizes: Sequence[int]) -> list[BoolArray]:
    return np.split(coding.unpack_flags(reader, sum(sizes)), np.cumsum(sizes)[:-1])


def _replaced(array: BoolArray, places: BoolArray, new: BoolArray) -> BoolArray:
    """A copy with other flags at some places."""
    copy = array.copy()
    copy[places] = new
    return copy


def _checksum(parts: Iterable[bytes | memoryview]) -> bytes:
    return struct.pack("<I", reduce(lambda before, part: crc32(part, before), parts, 0))
