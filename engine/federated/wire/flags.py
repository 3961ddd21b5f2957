"""Flags as bytes: a bitmap, or the gaps between the rarer flags in Golomb-Rice code.

The Golomb-Rice code of a gap g is g >> b in unary and the lowest b bits as they are (Golomb 1966;
Rice 1979); b is the one that makes the fewest bits. Unary parts and low bits are two streams one
after the other, so both ends work on whole arrays. The first byte names the form.
"""

import struct

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, IntArray
from engine.federated.wire.reader import Reader, damaged

BITMAP, ONES, ZEROS = 0, 1, 2
"""The bits themselves; the gaps between ones; the gaps between zeros."""

MOST_LOW = 31
_HEAD = struct.Struct("<IBI")
"""How many gaps, bits of a low part, bytes of the unary stream."""


def pack(flags: BoolArray) -> bytes:
    """The flags ``(n,)`` in the shorter of both forms."""
    plain, gaps = pack_bitmap(flags), pack_gaps(flags)
    return gaps if len(gaps) < len(plain) else plain


def pack_bitmap(flags: BoolArray) -> bytes:
    """The flags as a bit each, behind the byte that says so."""
    return bytes([BITMAP]) + np.packbits(flags).tobytes()


def pack_gaps(flags: BoolArray) -> bytes:
    """The flags ``(n,)`` as Golomb-Rice coded gaps between the rarer ones, behind a head."""
    ones = int(np.count_nonzero(flags))
    form = ONES if ones * 2 <= flags.size else ZEROS
    positions = np.flatnonzero(flags if form == ONES else ~flags)
    gaps = np.diff(positions, prepend=-1) - 1
    low = _best_low(gaps)
    unary = np.zeros(int((gaps >> low).sum()) + gaps.size, bool)
    unary[np.cumsum((gaps >> low) + 1) - 1] = True
    packed = np.packbits(unary).tobytes()
    head = bytes([form]) + _HEAD.pack(gaps.size, low, len(packed))
    lowest = (gaps[:, np.newaxis] >> np.arange(low)) & 1
    return head + packed + np.packbits(lowest.astype(bool)).tobytes()


def unpack(reader: Reader, size: int) -> BoolArray:
    """The next `size` flags of a message.

    Raises:
        DamagedPayload: the bytes cannot be flags of that size. Nothing larger than a few times
            `size` is ever allocated.
    """
    form = reader.number("B")
    if form == BITMAP:
        bits = np.unpackbits(np.frombuffer(reader.take(-(-size // 8)), np.uint8)).astype(bool)
        if bits[size:].any():
            raise damaged("bits behind the last flag")
        return bits[:size]
    if form not in {ONES, ZEROS}:
        raise damaged(f"there is no form {form} of flags")
    flags = np.full(size, form == ZEROS)
    flags[_positions(reader, size)] = form == ONES
    return flags


def _positions(reader: Reader, size: int) -> IntArray:
    """Where the rarer flags are, read from their gaps."""
    count, low, length = _HEAD.unpack(reader.take(_HEAD.size))
    if count > size or low > MOST_LOW or length > (size + count) // 8 + 1:
        raise damaged(f"{count:,} gaps of {low} low bits among {size:,} flags")
    unary = np.unpackbits(np.frombuffer(reader.take(length), np.uint8))
    ends = np.flatnonzero(unary)
    if ends.size != count:
        raise damaged(f"{ends.size:,} gaps instead of {count:,}")
    high = np.diff(ends, prepend=-1) - 1
    gaps = (high.astype(np.int64) << low) + _unpack_low(reader, count, low)
    positions: IntArray = np.cumsum(gaps + 1) - 1
    if count and (gaps.max() >= size or positions[-1] >= size):
        raise damaged("a flag behind the last one")
    return positions


def _best_low(gaps: IntArray) -> int:
    """Bits of the low part that make the code shortest."""
    if gaps.size == 0:
        return 0
    top = min(int(gaps.max()).bit_length(), MOST_LOW)
    guess = min(int(gaps.mean() + 1).bit_length(), top)
    near = range(max(guess - 2, 0), min(guess + 2, top) + 1)
    return min(near, key=lambda low: int((gaps >> low).sum()) + gaps.size * low)


def _unpack_low(reader: Reader, count: int, low: int) -> npt.NDArray[np.int64]:
    packed = np.frombuffer(reader.take(-(-count * low // 8)), np.uint8)
    bits = np.unpackbits(packed)[: count * low].reshape(count, low)
    numbers = np.zeros(count, np.int64)
    for bit in range(low):  # not a product: bits as wide as numbers would take 64 times as much
        numbers |= bits[:, bit].astype(np.int64) << bit
    return numbers
