"""Flags and values as bytes, and both read back from a buffer that may be damaged or made up.

Flags are a bitmap, or the gaps between the rarer flags in Golomb-Rice code: of a gap g, g >> b in
unary and the lowest b bits as they are (Golomb 1966; Rice 1979); b is the one that makes the fewest
bits. Unary parts and low bits are two streams one after the other, so both ends work on whole
arrays. The first byte names the form. Values are float32, float16, or int8 with a scale.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray, count_nonzero
from engine.errors import PrunescopeError
from engine.settings.declare import Declared, option
from engine.settings.values import Choice

BITMAP, ONES, ZEROS = 0, 1, 2
"""The bits themselves; the gaps between ones; the gaps between zeros."""

MOST_LOW = 31
GAPS_HEAD = struct.Struct("<IBI")
"""How many gaps, bits of a low part, bytes of the unary stream."""

VALUES = ("float32", "float16", "int8")
LEVELS = 127
"""Steps of int8 on either side of zero."""

FLOATS: Mapping[str, np.dtype[np.floating[Any]]] = {
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding(Declared):
    """How a network is written into a message, as a setting."""

    values: str = option(
        "float32",
        Choice(VALUES, tuple((name, name) for name in VALUES)),
        label="Weights travel as",
        help="How weights travel: in 4, 2 or 1 bytes each.",
    )


class DamagedPayload(PrunescopeError):
    """Bytes that cannot be a message of this network: cut off, damaged or made up."""


def damaged(what: str) -> DamagedPayload:
    """The error, to be raised by the caller."""
    return DamagedPayload(f"a message cannot be read: {what}")


@dataclass(slots=True)
class Reader:
    """A buffer and how far it is read; what is taken from it is not copied."""

    data: memoryview
    position: int = 0

    def take(self, count: int) -> memoryview:
        """The next `count` bytes.

        Raises:
            DamagedPayload: there are not so many.
        """
        if count < 0 or count > len(self.data) - self.position:
            raise damaged(f"{count:,} bytes are missing at byte {self.position:,}")
        begin, self.position = self.position, self.position + count
        return self.data[begin : self.position]

    def byte(self) -> int:
        """The next byte as a number, or DamagedPayload."""
        return self.take(1)[0]

    def end(self) -> None:
        """Raise DamagedPayload if anything is left."""
        if self.position != len(self.data):
            raise damaged(f"{len(self.data) - self.position:,} bytes too many")


def pack_flags(flags: BoolArray) -> bytes:
    """The flags ``(n,)`` in the shorter of both forms."""
    return min(pack_bitmap(flags), pack_gaps(flags), key=len)


def pack_bitmap(flags: BoolArray) -> bytes:
    """The flags ``(n,)`` as a bit each, behind the byte that says so."""
    return bytes([BITMAP]) + np.packbits(flags).tobytes()


def pack_gaps(flags: BoolArray) -> bytes:
    """The flags ``(n,)`` as Golomb-Rice coded gaps between the rarer ones, behind a head.

    Source: Golomb, "Run-length encodings" (1966), with Rice's powers of two (1979).
    """
    form = ONES if count_nonzero(flags) * 2 <= flags.size else ZEROS
    positions = np.flatnonzero(flags if form == ONES else ~flags)
    gaps = np.diff(positions, prepend=-1) - 1
    low = 0
    if gaps.size:
        top = min(int(gaps.max()).bit_length(), MOST_LOW)
        guess = min(int(gaps.mean() + 1).bit_length(), top)
        near = range(max(guess - 2, 0), min(guess + 2, top) + 1)
        low = min(near, key=lambda bits: int((gaps >> bits).sum()) + gaps.size * bits)
    high = gaps >> low
    unary = np.zeros(int(high.sum()) + gaps.size, bool)
    unary[np.cumsum(high + 1) - 1] = True
    packed = np.packbits(unary).tobytes()
    lowest = (gaps[:, np.newaxis] >> np.arange(low)) & 1
    head = bytes([form]) + GAPS_HEAD.pack(gaps.size, low, len(packed))
    return head + packed + np.packbits(lowest.astype(bool)).tobytes()


def unpack_flags(reader: Reader, size: int) -> BoolArray:
    """The next flags of a message, ``(size,)``.

    Raises:
        DamagedPayload: the bytes cannot be flags of that size. Nothing larger than a few times
            `size` is ever allocated.
    """
    form = reader.byte()
    if form == BITMAP:
        bits = np.unpackbits(np.frombuffer(reader.take(-(-size // 8)), np.uint8)).astype(bool)
        if bits[size:].any():
            raise damaged("bits behind the last flag")
        return bits[:size]
    if form not in {ONES, ZEROS}:
        raise damaged(f"there is no form {form} of flags")
    flags = np.full(size, form == ZEROS)
    flags[_unpack_positions(reader, size)] = form == ONES
    return flags


def _unpack_positions(reader: Reader, size: int) -> IntArray:
    """Where the rarer flags are, read from their gaps."""
    count, low, length = GAPS_HEAD.unpack(reader.take(GAPS_HEAD.size))
    if count > size or low > MOST_LOW or length > (size + count) // 8 + 1:
        raise damaged(f"{count:,} gaps of {low} low bits among {size:,} flags")
    ends = np.flatnonzero(np.unpackbits(np.frombuffer(reader.take(length), np.uint8)))
    if ends.size != count:
        raise damaged(f"{ends.size:,} gaps instead of {count:,}")
    gaps: IntArray = (np.diff(ends, prepend=-1) - 1).astype(np.int64) << low
    packed = np.frombuffer(reader.take(-(-count * low // 8)), np.uint8)
    bits = np.unpackbits(packed)[: count * low].reshape(count, low)
    for bit in range(low):  # not a product: bits as wide as numbers would take 64 times as much
        gaps |= bits[:, bit].astype(np.int64) << bit
    positions: IntArray = np.cumsum(gaps + 1) - 1
    if count and (gaps.max() >= size or positions[-1] >= size):
        raise damaged("a flag behind the last one")
    return positions


def pack_values(values: FloatArray, form: str) -> bytes | memoryview:
    """Values ``(n,)`` in little-endian order; what is no number stays none.

    Args:
        values: float32; what need not be changed is not copied.
        form: one of `VALUES`.
    """
    if form != "int8":
        with np.errstate(over="ignore"):  # becomes infinite: the upload is refused
            return np.ascontiguousarray(values, FLOATS[form]).view(np.uint8).data
    most = np.abs(values).max(initial=0)
    scale = np.float32(most / LEVELS)  # not finite where a value is not: so is all that is read
    steps = np.rint(values / scale) if scale > 0 and np.isfinite(scale) else np.zeros(values.shape)
    return bytes(scale.astype("<f4").tobytes() + steps.astype(np.int8).tobytes())


def unpack_values(reader: Reader, count: int, form: str) -> FloatArray:
    """The next values of a message, float32 ``(count,)``.

    Raises:
        DamagedPayload: there are not so many bytes.
    """
    if form == "int8":
        scale = np.frombuffer(reader.take(4), "<f4")
        with np.errstate(invalid="ignore", over="ignore"):
            values: FloatArray = np.frombuffer(reader.take(count), np.int8) * scale
            return values
    kind = FLOATS[form]
    return np.frombuffer(reader.take(count * kind.itemsize), kind).astype(np.float32)


def values_length(count: int, form: str) -> int:
    """Bytes of so many values of one array."""
    return count + 4 if form == "int8" else count * FLOATS[form].itemsize
