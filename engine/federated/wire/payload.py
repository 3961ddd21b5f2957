"""One message: masks and the values of everything that lives, with a checksum.

Both ends know the network's shape, its initial weights, and the client's masks as they were after
its last message; nothing of that travels. Units come as flags over the units that lived before.
Weights come in the cheapest of three forms: flags over all entries whose units live (``full``),
flags over those that lived before (``delta``), or the entries that differ from the mask that the
initial magnitudes alone would give (``initial``), with the number of kept entries per layer.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.federated.wire import flags, values
from engine.federated.wire.reader import Reader, damaged
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.settings import VALUES
from engine.system.checksum import crc32

MAGIC = b"PSF1"
FORMS = ("full", "delta", "initial")
COUNT = 4
"""Bytes of the number of entries that live in a layer."""


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
    ranks: tuple[IntArray, ...] = field(default=())

    def largest(self, layer: int, count: int) -> BoolArray:
        """Flags of a kernel's entries of the largest initial magnitudes, so many of them."""
        kernel = self.initial.layers[layer].kernel
        if count == kernel.size:
            return np.ones(kernel.shape, bool)
        order = self.ranks[layer] if self.ranks else rank(kernel)
        chosen = np.zeros(kernel.size, bool)
        chosen[order[:count]] = True
        return chosen.reshape(kernel.shape)


def rank(kernel: FloatArray) -> IntArray:
    """Flat positions from the largest magnitude to the smallest; ties by position."""
    return np.argsort(-np.abs(kernel).ravel(), kind="stable").astype(np.int32)


def ranks_of(initial: Network) -> tuple[IntArray, ...]:
    """The ranking of each kernel's entries by initial magnitude."""
    return tuple(rank(layer.kernel) for layer in initial.layers)


def encode(network: Network, masks: Masks, context: Context, form: str) -> bytes:
    """The message that carries a network and its masks, values in `form`.

    The masks keep nothing that `context.before` does not keep.
    """
    units = flags.pack(unit_flags(masks, context))
    head = MAGIC + bytes([VALUES.index(form)])
    packed = (values.pack(taken, form) for taken in masks.pack(network))
    parts = [head, units, cheapest(masks, context), *packed]
    return b"".join([*parts, _checksum(parts)])


def decode(data: bytes, context: Context) -> tuple[Network, Masks, str]:
    """The network, its masks and the form of its values.

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
    form = reader.number("B")
    if form >= len(VALUES):
        raise damaged(f"there is no form {form} of values")
    before = context.before.units
    read = _read_flags(reader, [int(np.count_nonzero(units)) for units in before])
    units = tuple(map(_replaced, before, before, read))
    masks = read_weights(reader, replace(context.before, units=units), context)
    taken = [values.unpack(reader, count, VALUES[form]) for count in masks.counts]
    reader.end()
    return masks.unpack(taken), masks, VALUES[form]


def unit_flags(masks: Masks, context: Context) -> BoolArray:
    """Which of the units that lived before still live, all layers in a row."""
    pairs = zip(masks.units, context.before.units, strict=True)
    return np.concatenate([np.empty(0, bool), *(now[before] for now, before in pairs)])


def cheapest(masks: Masks, context: Context) -> bytes:
    """The weights' flags in the form that takes the fewest bytes."""
    still = delta_flags(masks, context)
    delta = bytes([FORMS.index("delta")]) + flags.pack(still)
    return delta if still.all() else min(full(masks), delta, initial(masks, context), key=len)


def full(masks: Masks) -> bytes:
    """Flags over all entries whose units live."""
    return bytes([FORMS.index("full")]) + flags.pack(full_flags(masks))


def initial(masks: Masks, context: Context) -> bytes:
    """How many entries live in each layer, and which differ from the initial magnitudes' choice."""
    counts = masks.counts[::2]
    differ = [
        (kernel ^ context.largest(layer, count))[masks.block(layer)]
        for layer, (kernel, count) in enumerate(zip(masks.kernels, counts, strict=True))
    ]
    packed = struct.pack(f"<{len(counts)}I", *counts)
    return bytes([FORMS.index("initial")]) + packed + flags.pack(np.concatenate(differ))


def full_flags(masks: Masks) -> BoolArray:
    """Which of the entries whose units live do live, all layers in a row."""
    if masks.units_only:
        return np.ones(sum(masks.block_sizes), bool)
    return np.concatenate([w[masks.block(layer)] for layer, w in enumerate(masks.weights)])


def delta_flags(masks: Masks, context: Context) -> BoolArray:
    """Which of the entries that lived before, and whose units live, still live."""
    if masks.units_only:
        return np.ones(sum(masks.block_sizes), bool)
    lived = replace(context.before, units=masks.units).kernels
    return np.concatenate([w[places] for w, places in zip(masks.weights, lived, strict=True)])


def read_weights(reader: Reader, masks: Masks, context: Context) -> Masks:
    """The masks with the flags of the weights that come next.

    Args:
        reader: of the message.
        masks: those before it, but with the new units.
        context: what both ends know.
    """
    form = reader.number("B")
    if form >= len(FORMS):
        raise damaged(f"there is no form {form} of masks")
    if FORMS[form] == "delta":
        read = _read_flags(reader, masks.counts[::2])
        if all(still.all() for still in read):
            return masks
        return replace(masks, weights=tuple(map(_replaced, masks.weights, masks.kernels, read)))
    blocks = [masks.block(layer) for layer in range(len(masks.weights))]
    counts = reader.take(COUNT * len(blocks)) if FORMS[form] == "initial" else b""
    read = _read_flags(reader, masks.block_sizes)
    if counts:
        numbers = enumerate(struct.unpack(f"<{len(blocks)}I", counts))
        chosen = (context.largest(layer, count) for layer, count in numbers)
        read = [r ^ c[block] for r, c, block in zip(read, chosen, blocks, strict=True)]
    return replace(masks, weights=tuple(map(_replaced, masks.weights, blocks, read)))


def _read_flags(reader: Reader, sizes: Sequence[int]) -> list[BoolArray]:
    return np.split(flags.unpack(reader, sum(sizes)), np.cumsum(sizes)[:-1])


def _replaced(array: BoolArray, places: BoolArray, new: BoolArray) -> BoolArray:
    """A copy with other flags at some places."""
    copy = array.copy()
    copy[places] = new
    return copy


def _checksum(parts: Iterable[bytes | memoryview]) -> bytes:
    return struct.pack("<I", reduce(lambda before, part: crc32(part, before), parts, 0))
