"""The IDX format of MNIST: a magic number, the dimensions, then the values, all big-endian.

Reference: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
"""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from engine.datasets.damaged import Damaged

UINT8_CODE = 0x08
GZIP_MAGIC = b"\x1f\x8b"

Array: TypeAlias = npt.NDArray[np.uint8]


def header(shape: tuple[int, ...]) -> bytes:
    """The bytes before the values of a uint8 array of this shape."""
    return struct.pack(f">HBB{len(shape)}I", 0, UINT8_CODE, len(shape), *shape)


def length(shape: tuple[int, ...]) -> int:
    """Bytes of a whole uncompressed IDX file of this shape."""
    return len(header(shape)) + math.prod(shape)


def parse(data: bytes, shape: tuple[int, ...], sha256: str) -> Array:
    """The array ``shape`` of an uncompressed IDX file, as a read-only view of its bytes.

    Raises:
        Damaged: the content has another digest or another shape.
    """
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged("has the wrong digest")
    start = header(shape)
    if not data.startswith(start) or len(data) != length(shape):
        raise Damaged(f"does not hold {shape} bytes")
    return np.frombuffer(data, np.uint8, offset=len(start)).reshape(shape)


def unpack(path: Path, limit: int) -> bytes:
    """The content of a file that may be gzipped; at most `limit` bytes are ever unpacked.

    Raises:
        Damaged: it is truncated, not gzip, or longer than `limit`.
    """
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        content = _read(cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file, limit)
    if len(content) > limit:
        raise Damaged(f"unpacks to more than {limit:,} bytes")
    return content


def _read(stream: BinaryIO, limit: int) -> bytes:
    try:
        return stream.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Damaged("is truncated or not gzip") from None
