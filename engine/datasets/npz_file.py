"""Reading a stranger's .npz without trusting a byte of it.

Nothing is unpickled, nothing is unpacked before its declared size is checked, and no array is
allocated from a header alone: values are read in blocks of rows from a stream that ends where the
zip's directory says.
"""

import io
import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.checks import refuse, shown
from engine.datasets.npz_keys import names_by_role
from engine.datasets.source import Array
from engine.errors import InvalidInput

MAX_FILE_BYTES = 512 * 1024**2
MAX_DECODED_BYTES = 2 * 1024**3
MAX_RATIO = 200
"""Real images shrink 2 to 20 times; a bomb of zeros shrinks 1,000 times."""

RATIO_COUNTS_FROM = 64 * 1024**2
MAX_MEMBERS = 100
MAX_DIRECTORY_BYTES = 100_000
MAX_HEADER_BYTES = 12_000
BLOCK_BYTES = 8 * 1024**2
MAX_FORTRAN_BYTES = 64 * 1024**2
"""Rows of an array in Fortran order lie apart, so the whole of it must be in memory at once."""

NOT_A_ZIP = "the .npz file must be a zip of arrays as numpy.savez writes it"


@dataclass(frozen=True, slots=True)
class Member:
    """One .npy file inside the zip: what its header declares, and where its values start.

    Its name is the one in the file, by which messages call it.
    """

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool
    offset: int

    def blocks(self) -> Iterator[Array]:
        """The values as blocks ``(rows, *shape[1:])``, one after the other.

        Raises:
            InvalidInput: the zip is truncated or changed.
        """
        count, *rest = self.shape
        row = math.prod(rest) * self.dtype.itemsize
        rows = max(1, count if self.fortran_order else BLOCK_BYTES // max(row, 1))
        with _reading(self.name), self.archive.open(self.info) as stream:
            stream.read(self.offset)
            for start in range(0, count, rows):
                shape = (min(rows, count - start), *rest)
                # fewer bytes than that, where the stream ends early, do not fit the shape
                values = np.frombuffer(stream.read(shape[0] * row), self.dtype)
                yield values.reshape(shape, order="F" if self.fortran_order else "C")
            stream.read(1)  # at the end the zip's checksum is compared


@contextmanager
def open_npz(source: Path | bytes) -> Iterator[tuple[dict[str, Member], str]]:
    """Open a .npz file, or the bytes of one, and check what it declares before reading on.

    Gives its arrays by their roles, such as x_train, and a line about what is left aside, if any.

    Raises:
        InvalidInput: it cannot be read, is no plain .npz, is too large, lacks an array, or an
            array is of Python objects or too large for Fortran order; the message says which.
    """
    with _opened(source) as file:
        _check_directory(file)
        try:
            archive = zipfile.ZipFile(file)
        except Exception:  # whatever the zip module makes of hostile bytes
            raise InvalidInput(f"{NOT_A_ZIP}; this one is truncated or damaged") from None
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name in infos:
                raise InvalidInput(f"the .npz file must hold {shown(name)[1:-1]} once, not twice")
            infos[name] = info

        def shape_of(name: str) -> tuple[int, ...]:
            try:
                return _member(archive, name, infos[name]).shape
            except InvalidInput:
                return ()

        names, aside = names_by_role(tuple(infos), shape_of)
        _check_sizes([infos[name] for name in names.values()])
        members = {role: _member(archive, name, infos[name]) for role, name in names.items()}
        for member in members.values():
            _check_header(member)
        yield members, aside


def _opened(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        if source.is_file():  # a pipe would never end
            return source.open("rb")
    except (OSError, ValueError):  # no permission, a zero byte in the name
        pass
    raise refuse("the .npz file", "a file that can be read", str(source))


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a directory of very many members, which the zip module would read into memory."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise InvalidInput(
            f"the .npz file must be at most {MAX_FILE_BYTES >> 20} MB, not {size >> 20} MB"
        )
    record, longest_comment, locator = 22, 0xFFFF, 20  # what a zip ends with, in bytes
    file.seek(max(0, size - record - longest_comment - locator))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < record:
        raise InvalidInput(f"{NOT_A_ZIP}; this one is truncated or no zip")
    members, directory = struct.unpack_from("<HL", tail, end + 10)
    is_zip64 = tail[max(0, end - locator) :].startswith(b"PK\x06\x07")
    if members > MAX_MEMBERS or directory > MAX_DIRECTORY_BYTES or is_zip64:
        raise InvalidInput(f"the .npz file must hold at most {MAX_MEMBERS} arrays")


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse arrays that would take too much once they are unpacked, or packed otherwise."""
    decoded = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if decoded > MAX_DECODED_BYTES:
        raise InvalidInput(
            f"the .npz file must unpack to at most {MAX_DECODED_BYTES >> 20} MB, "
            f"not {decoded >> 20:,} MB"
        )
    if decoded > RATIO_COUNTS_FROM and decoded > MAX_RATIO * packed:
        raise InvalidInput(
            f"the .npz file must not unpack to more than {MAX_RATIO} times its size "
            f"({packed >> 10:,} KB would become {decoded >> 20:,} MB)"
        )
    plain = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if any(info.compress_type not in plain or info.flag_bits & 1 for info in infos):
        raise InvalidInput(f"{NOT_A_ZIP}, stored or deflated, without a password")


def _member(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Member:
    with _reading(name), archive.open(info) as stream:
        head = io.BytesIO(stream.read(MAX_HEADER_BYTES))
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        shape, fortran_order, dtype = readers[np.lib.format.read_magic(head)](head)
        shape, dtype = tuple(int(length) for length in shape), np.dtype(dtype)
    except Exception:  # hostile bytes reach a parser of Python literals: anything may be raised
        raise InvalidInput(f"{name} must be an array as numpy.save writes it") from None
    return Member(name, archive, info, shape, dtype, bool(fortran_order), head.tell())


def _check_header(member: Member) -> None:
    """Refuse headers that lie, and what could only be unpickled or read at once."""
    name, size = member.name, math.prod(member.shape) * member.dtype.itemsize
    if member.dtype.hasobject:
        raise InvalidInput(
            f"{name} must hold numbers, not Python objects: they are never unpickled"
        )
    if size != member.info.file_size - member.offset:
        raise InvalidInput(f"{name} must hold the {size:,} bytes that its header declares")
    if member.fortran_order and size > MAX_FORTRAN_BYTES:
        raise InvalidInput(
            f"{name} must be in C order (numpy.ascontiguousarray) above "
            f"{MAX_FORTRAN_BYTES >> 20} MB, not {size >> 20:,} MB in Fortran order"
        )


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except Exception:  # BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, …
        raise InvalidInput(
            f"{name} cannot be read: the .npz file is truncated or damaged"
        ) from None
