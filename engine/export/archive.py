"""Zip archives of one file, the same bytes for the same content. No TensorFlow here.

A model is zipped at every point of a sweep, so speed matters: libdeflate does in 0.1 s what zlib
does in 0.3 s, at sizes within half a percent. The container around it is written here because
`zipfile` can only deflate with zlib; its fields are fixed, so that it says nothing about when or
where it was made.
"""

import struct

import deflate

from engine.errors import StorageError
from engine.system.checksum import crc32

LEVEL = 6
"""The level that zip programs use when nobody asks for another."""

MOST = 2**32 - 2
"""Largest content without the ZIP64 fields."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20  # 2.0: deflate
_DATE = (1 << 5) | 1  # 1980-01-01, the first day that the format knows
_DEFLATED = 8
_MODE = 0o100644 << 16  # a regular file that everyone may read
_MADE_BY = (3 << 8) | _VERSION  # 3: the mode above is Unix's


def zip_bytes(name: str, data: bytes) -> bytes:
    """A zip archive with one entry `name` that holds `data`.

    Raises:
        ValueError: the name is not 1 to 255 ASCII characters, or the data needs ZIP64.
    """
    if not name.isascii() or not 1 <= len(name) <= 255:
        raise ValueError(f"an entry cannot be called {name!r}")
    if len(data) > MOST:
        raise ValueError(f"{len(data):,} bytes do not fit a plain zip archive")
    packed: bytearray = deflate.deflate_compress(data, LEVEL)
    return _container(name.encode(), packed, checksum=crc32(data), size=len(data))


def unzip_bytes(data: bytes, *, limit: int) -> bytes:
    """The content of an archive that `zip_bytes` wrote.

    Args:
        data: the archive.
        limit: most bytes that the content may have; checked before anything is unpacked.

    Raises:
        StorageError: the archive is damaged, was made by another program, or holds too much.
    """
    damaged = StorageError("the archive is damaged")
    if len(data) < _LOCAL.size:
        raise damaged
    *_, checksum, packed_size, size, name_size, _ = _LOCAL.unpack_from(data)
    if size > limit:
        raise StorageError(f"the archive holds {size:,} bytes, more than the {limit:,} allowed")
    start = _LOCAL.size + name_size
    name, packed = data[_LOCAL.size : start], data[start : start + packed_size]
    # Name, packed bytes, checksum and size determine every other byte of the archive.
    if _container(name, packed, checksum=checksum, size=size) != data:
        raise damaged
    try:
        content = bytes(deflate.deflate_decompress(packed, size))
    except deflate.DeflateError:
        raise damaged from None
    if len(content) != size or crc32(content) != checksum:
        raise damaged
    return content


def _container(name: bytes, packed: bytes | bytearray, *, checksum: int, size: int) -> bytes:
    common = (0, _DEFLATED, 0, _DATE, checksum, len(packed), size, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", _VERSION, *common) + name
    central = _CENTRAL.pack(b"PK\1\2", _MADE_BY, _VERSION, *common, 0, 0, 0, _MODE, 0) + name
    start = len(local) + len(packed)
    end = _END.pack(b"PK\5\6", 0, 0, 1, 1, len(central), start, 0)
    return b"".join((local, packed, central, end))
