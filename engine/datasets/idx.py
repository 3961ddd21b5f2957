"""The IDX format of MNIST: a magic number, the dimensions, then the values, all big-endian.

Reference: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
"""

import gzip
import hashlib
import lzma
import math
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from engine.datasets.download import Downloaded, Downloader, RemoteFile
from engine.datasets.source import ARRAYS, Arrays, Damaged, Progress, Source
from engine.errors import DatasetError

UINT8_CODE = 0x08
GZIP_MAGIC = b"\x1f\x8b"

Array: TypeAlias = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True)
class IdxPart(RemoteFile):
    """One IDX file, with the shape of its array and the digest of its content.

    The digest is that of the *uncompressed* content: it holds for any recompression, so every
    honest mirror is accepted and every damaged one refused.
    """

    shape: tuple[int, ...]
    sha256: str

    def decode(self, path: Path) -> Array:
        """The array of the file, gzipped or not; raises Damaged as `unpack` and `parse`."""
        return parse(unpack(path, length(self.shape)), self.shape, self.sha256)


def mnist_parts(
    digests: tuple[str, ...], packed: tuple[int, ...] = (0, 0, 0, 0)
) -> dict[str, IdxPart]:
    """The four files of MNIST and of what is published in its form.

    Args:
        digests: SHA-256 of the uncompressed files, in the order of `ARRAYS`.
        packed: bytes of the compressed ones.
    """
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    sizes = ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,))
    rows = zip(ARRAYS, names, sizes, digests, packed, strict=True)
    return {
        array: IdxPart(filename=f"{name}-ubyte.gz", shape=shape, sha256=digest, packed=size)
        for array, name, shape, digest, size in rows
    }


@dataclass(frozen=True, kw_only=True)
class _IdxSource(Source):
    """IDX files, one for each array."""

    parts: Mapping[str, IdxPart]

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Those of the parts."""
        return {name: part.shape for name, part in self.parts.items()}


@dataclass(frozen=True, kw_only=True)
class BundledIdx(_IdxSource):
    """IDX files that ship with the project: one .xz of their contents, one after the other."""

    path: Path

    def read(self, scratch: Path, progress: Progress) -> Arrays:  # noqa: ARG002  # needs none
        """Unpack the shipped file; see `Source.read`.

        Raises:
            DatasetError: the file is damaged.
        """
        progress(0.0, f"unpacking {self.name}")
        try:
            with lzma.open(self.path) as stream:  # one part at a time in memory
                return {
                    name: parse(stream.read(length(part.shape)), part.shape, part.sha256)
                    for name, part in self.parts.items()
                }
        except (OSError, lzma.LZMAError, EOFError, Damaged):
            raise DatasetError(
                f"the {self.name} that ships with Prunescope is missing or damaged: "
                f"get {self.path.name} from the project again"
            ) from None


@dataclass(frozen=True, kw_only=True)
class DownloadedIdx(_IdxSource, Downloaded):
    """IDX files, gzipped or not, below each of the mirrors."""

    @property
    def download_bytes(self) -> int:
        """Of all parts."""
        return sum(part.packed for part in self.parts.values())

    def read(self, scratch: Path, progress: Progress) -> Arrays:
        """Download and unpack the parts; see `Source.read`."""
        downloader = Downloader(self, scratch, progress)
        return {name: downloader.fetch(part, part.decode) for name, part in self.parts.items()}


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
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file
        try:
            content = stream.read(limit + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise Damaged("is truncated or not gzip") from None
    if len(content) > limit:
        raise Damaged(f"unpacks to more than {limit:,} bytes")
    return content
