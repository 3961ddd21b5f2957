"""One message: masks and the values of everything that lives, with a checksum.

Both ends know the network's shape, its initial weights, and the client's masks as they were after
its last message; nothing of that travels. Units come as flags over the units that lived before.
Weights come in the cheapest of three forms: flags over all entries whose units live (``full``),
flags over those that lived before (``delta``), or the entries that differ from the mask that the
initial magnitudes alone would give (``initial``), with the number of kept entries per layer.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.federated.masks import ClientMasks
from engine.federated.wire import flags, values
from engine.federated.wire.damaged import damaged
from engine.federated.wire.reader import Reader
from engine.networks.network import Network
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
    before: ClientMasks
    ranks: tuple[IntArray, ...] = field(default=())

    @cached_property
    def lived(self) -> tuple[BoolArray, ...]:
        """Entries of each kernel that lived before."""
        return self.before.kernels()

    def order(self, layer: int) -> IntArray:
        """Entries of a kernel from the largest initial magnitude to the smallest."""
        return self.ranks[layer] if self.ranks else rank(self.initial.layers[layer].kernel)


def rank(kernel: FloatArray) -> IntArray:
    """Flat positions from the largest magnitude to the smallest; ties by position."""
    return np.argsort(-np.abs(kernel).ravel(), kind="stable").astype(np.int32)


def ranks_of(initial: Network) -> tuple[IntArray, ...]:
    """The ranking of each kernel's entries by initial magnitude."""
    return tuple(rank(layer.kernel) for layer in initial.layers)


def encode(network: Network, masks: ClientMasks, context: Context, form: str) -> bytes:
    """The message that carries a network and its masks, values in `form`.

    The masks keep nothing that `context.before` does not keep.
    """
    units = flags.pack(units_before(masks, context))
    weights = cheapest(masks, context)
    head = MAGIC + bytes([VALUES.index(form)])
    parts = [head, units, weights, *_packed_values(network, masks, form)]
    return b"".join([*parts, _checksum(parts)])


def decode(data: bytes, context: Context) -> tuple[Network, ClientMasks, str]:
    """The network, its masks and the form of its values.

    Raises:
        DamagedPayload: the bytes are no such message. What is allocated before all sizes are
            checked is a small multiple of the network.
    """
    reader = Reader(_checked(data))
    if reader.take(len(MAGIC)) != MAGIC:
        raise damaged("it does not begin as one")
    form = reader.number("B")
    if form >= len(VALUES):
        raise damaged(f"there is no form {form} of values")
    units = _read_units(reader, context)
    masks = read_weights(reader, replace(context.before, units=units), context)
    taken = [values.unpack(reader, count, VALUES[form]) for count in masks.counts]
    reader.end()
    return masks.scatter(taken), masks, VALUES[form]


def cheapest(masks: ClientMasks, context: Context) -> bytes:
    """The weights' flags in the form that takes the fewest bytes."""
    head = bytes([FORMS.index("delta")])
    if all(masks.whole):  # nothing is shorter: the other forms need not be tried
        return head + flags.pack_all(masks.rooms)
    still = delta_flags(masks, context)
    delta = head + flags.pack(still)
    return delta if still.all() else min(full(masks), delta, initial(masks, context), key=len)


def full(masks: ClientMasks) -> bytes:
    """Flags over all entries whose units live."""
    return bytes([FORMS.index("full")]) + flags.pack(full_flags(masks))


def initial(masks: ClientMasks, context: Context) -> bytes:
    """How many entries live in each layer, and which differ from the initial magnitudes' choice."""
    kernels = masks.kernels()
    counts = [int(np.count_nonzero(kernel)) for kernel in kernels]
    differ = [
        (kernel ^ _by_magnitude(context, layer, count))[masks.structure(layer)]
        for layer, (kernel, count) in enumerate(zip(kernels, counts, strict=True))
    ]
    packed = struct.pack(f"<{len(counts)}I", *counts)
    return bytes([FORMS.index("initial")]) + packed + flags.pack(np.concatenate(differ))


def full_flags(masks: ClientMasks) -> BoolArray:
    """Which of the entries whose units live do live, all layers in a row."""
    return np.concatenate([_full_flags(masks, i) for i in range(len(masks.weights))])


def _full_flags(masks: ClientMasks, layer: int) -> BoolArray:
    if masks.whole[layer]:
        return np.ones(masks.room(layer), bool)
    return masks.weights[layer][masks.structure(layer)]


def delta_flags(masks: ClientMasks, context: Context) -> BoolArray:
    """Which of the entries that lived before, and whose units live, still live."""
    return np.concatenate([_delta_flags(masks, context, i) for i in range(len(masks.weights))])


def _delta_flags(masks: ClientMasks, context: Context, layer: int) -> BoolArray:
    if context.before.whole[layer]:
        return _full_flags(masks, layer)
    return masks.weights[layer][context.lived[layer] & masks.structure(layer)]


def units_before(masks: ClientMasks, context: Context) -> BoolArray:
    """Which of the units that lived before still live, all layers in a row."""
    pairs = zip(masks.units, context.before.units, strict=True)
    return np.concatenate([np.empty(0, bool), *(now[before] for now, before in pairs)])


def _by_magnitude(context: Context, layer: int, count: int) -> BoolArray:
    kernel = context.initial.layers[layer].kernel
    chosen = np.zeros(kernel.size, bool)
    chosen[context.order(layer)[:count]] = True
    return np.asarray(chosen.reshape(kernel.shape))


def _packed_values(network: Network, masks: ClientMasks, form: str) -> list[bytes | memoryview]:
    return [values.pack(taken, form) for taken in masks.gather(network)]


def _checksum(parts: Iterable[bytes | memoryview]) -> bytes:
    return struct.pack("<I", reduce(lambda before, part: crc32(part, before), parts, 0))


def _checked(data: bytes) -> memoryview:
    body, checksum = memoryview(data)[:-4], data[-4:]
    if checksum != _checksum([body]):
        raise damaged("its checksum is wrong")
    return body


def _read_units(reader: Reader, context: Context) -> tuple[BoolArray, ...]:
    before = context.before.units
    lived = [int(np.count_nonzero(units)) for units in before]
    read = np.split(flags.unpack(reader, sum(lived)), np.cumsum(lived)[:-1])
    return tuple(_spread(units, part) for units, part in zip(before, read, strict=False))


def read_weights(reader: Reader, masks: ClientMasks, context: Context) -> ClientMasks:
    """The masks with the flags of the weights that come next; `masks` has the new units."""
    form = reader.number("B")
    if form >= len(FORMS):
        raise damaged(f"there is no form {form} of masks")
    if FORMS[form] == "delta":
        return _read_delta(masks, reader, context)
    layers = range(len(masks.weights))
    structures = [masks.structure(layer) for layer in layers]
    counts = reader.take(COUNT * len(structures)) if FORMS[form] == "initial" else b""
    read = _read_flags(reader, [masks.room(layer) for layer in layers])
    whole = replace(masks, weights=tuple(map(_spread, structures, read)))
    if not counts:
        return whole
    numbers = struct.unpack(f"<{len(structures)}I", counts)
    chosen = [_by_magnitude(context, i, count) for i, count in enumerate(numbers)]
    parts = zip(whole.weights, chosen, structures, strict=True)
    return replace(whole, weights=tuple((w ^ c) & s for w, c, s in parts))


def _read_delta(masks: ClientMasks, reader: Reader, context: Context) -> ClientMasks:
    places = [_lived(masks, context, layer) for layer in range(len(masks.weights))]
    sizes = [
        masks.room(layer) if place is None else int(np.count_nonzero(place))
        for layer, place in enumerate(places)
    ]
    read = _read_flags(reader, sizes)
    weights = []
    for layer, (place, still) in enumerate(zip(places, read, strict=True)):
        if place is None and still.all():
            weights.append(masks.weights[layer])
        else:
            weights.append(_spread(masks.structure(layer) if place is None else place, still))
    return replace(masks, weights=tuple(weights))


def _lived(masks: ClientMasks, context: Context, layer: int) -> BoolArray | None:
    """Entries that lived before and whose units live; None where those are all such entries."""
    if context.before.whole[layer]:
        return None
    return np.asarray(context.lived[layer] & masks.structure(layer))


def _read_flags(reader: Reader, sizes: list[int]) -> list[BoolArray]:
    return np.split(flags.unpack(reader, sum(sizes)), np.cumsum(sizes)[:-1])


def _spread(places: BoolArray, flags_of_places: BoolArray) -> BoolArray:
    spread = np.zeros(places.shape, bool)
    spread[places] = flags_of_places
    return spread
