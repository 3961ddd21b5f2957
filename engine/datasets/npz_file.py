"""Reading a stranger's .npz without trusting a byte of it.

Nothing is unpickled, nothing is unpacked before its declared size is checked, and no array is
allocated from a header alone: values are read in blocks of rows from a stream that ends where the
zip's directory says.
"""

import io
import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.datasets.cache import Array
from engine.datasets.npz_keys import lonely, roles
from engine.datasets.npz_zip import check_sizes, members, open_zip
from engine.errors import InvalidInput

MAX_HEADER_BYTES = 12_000
BLOCK_BYTES = 8 * 1024**2
MAX_FORTRAN_BYTES = 64 * 1024**2
"""Rows of an array in Fortran order lie apart, so the whole of it must be in memory at once."""


@dataclass(frozen=True, slots=True)
class Member:
    """One .npy file inside the zip: where its values start, and what its header declares.

    Its name is the one in the file, by which messages call it.
    """

    name: str
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool
    offset: int

    @property
    def nbytes(self) -> int:
        """Bytes of the values, by the header."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class NpzFile:
    """An open .npz whose sizes have been checked; its arrays by their roles, such as x_train.

    Of validation images without labels, or labels without images, `aside` names what there is and
    what is missing.
    """

    archive: zipfile.ZipFile
    members: dict[str, Member]
    aside: tuple[str, str] | None = None

    def blocks(self, role: str, rows: int | None = None) -> Iterator[Array]:
        """The values of an array as blocks ``(rows, *shape[1:])``, one after the other.

        Raises:
            InvalidInput: the zip is truncated or changed.
        """
        member = self.members[role]
        with _reading(member.name), self.archive.open(member.info) as stream:
            _exactly(stream, member.offset)
            yield from _rows(stream, member, rows or _block_rows(member))
            stream.read(1)  # at the end the zip's checksum is compared


@contextmanager
def open_npz(source: Path | bytes) -> Iterator[NpzFile]:
    """Open a .npz file, or the bytes of one, and check what it declares before reading on.

    Raises:
        InvalidInput: it cannot be read, is no plain .npz, is too large, lacks an array, or an
            array is of Python objects or too large for Fortran order; the message says which.
    """
    with open_zip(source) as archive:
        infos = members(archive)
        found = roles(tuple(infos), lambda name: _shape(archive, name, infos[name]))
        check_sizes([infos[name] for name in found.values()])
        read = {role: _member(archive, name, infos[name]) for role, name in found.items()}
        yield NpzFile(archive, read, lonely(tuple(infos)))


def _shape(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> tuple[int, ...]:
    """What the header of an array declares; nothing of one that cannot be read."""
    try:
        with _reading(name), archive.open(info) as stream:
            return _header(name, io.BytesIO(stream.read(MAX_HEADER_BYTES)))[0]
    except InvalidInput:
        return ()


def _member(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Member:
    with _reading(name), archive.open(info) as stream:
        head = io.BytesIO(stream.read(MAX_HEADER_BYTES))
    shape, fortran_order, dtype = _header(name, head)
    member = Member(name, info, shape, dtype, fortran_order, head.tell())
    if dtype.hasobject:
        raise InvalidInput(
            f"{name} must hold numbers, not Python objects: they are never unpickled"
        )
    if member.nbytes != info.file_size - member.offset:
        raise InvalidInput(f"{name} must hold the {member.nbytes:,} bytes that its header declares")
    if fortran_order and member.nbytes > MAX_FORTRAN_BYTES:
        raise InvalidInput(
            f"{name} must be in C order (numpy.ascontiguousarray) above "
            f"{MAX_FORTRAN_BYTES >> 20} MB, not {member.nbytes >> 20:,} MB in Fortran order"
        )
    return member


def _header(name: str, head: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        shape, fortran_order, dtype = readers[np.lib.format.read_magic(head)](head)
        return tuple(int(length) for length in shape), bool(fortran_order), np.dtype(dtype)
    except Exception:  # hostile bytes reach a parser of Python literals: anything may be raised
        raise InvalidInput(f"{name} must be an array as numpy.save writes it") from None


def _block_rows(member: Member) -> int:
    row = math.prod(member.shape[1:]) * member.dtype.itemsize
    return max(1, BLOCK_BYTES // max(row, 1))


def _rows(stream: IO[bytes], member: Member, rows: int) -> Iterator[Array]:
    if member.fortran_order:  # its rows lie apart, so all of it is needed for the first one
        values = np.frombuffer(_exactly(stream, member.nbytes), member.dtype)
        yield values.reshape(member.shape, order="F")
        return
    row = math.prod(member.shape[1:])
    for start in range(0, member.shape[0], rows):
        count = min(rows, member.shape[0] - start)
        data = _exactly(stream, count * row * member.dtype.itemsize)
        yield np.frombuffer(data, member.dtype).reshape(count, *member.shape[1:])


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except (InvalidInput, MemoryError, GeneratorExit):
        raise
    except Exception:  # BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, …
        raise InvalidInput(
            f"{name} cannot be read: the .npz file is truncated or damaged"
        ) from None
