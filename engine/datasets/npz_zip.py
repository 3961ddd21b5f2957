"""The zip around a stranger's arrays: its sizes are checked before anything is unpacked."""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.checks import refuse, shown
from engine.errors import InvalidInput

MAX_FILE_BYTES = 512 * 1024**2
MAX_DECODED_BYTES = 2 * 1024**3
MAX_RATIO = 200
"""Real images shrink 2 to 20 times; a bomb of zeros shrinks 1,000 times."""

RATIO_COUNTS_FROM = 64 * 1024**2
MAX_MEMBERS = 100
MAX_DIRECTORY_BYTES = 100_000

END_RECORD = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
ZIP64_LOCATOR_BYTES = 20
MAX_COMMENT_BYTES = 0xFFFF

NOT_A_ZIP = "the .npz file must be a zip of arrays as numpy.savez writes it"


@contextmanager
def open_zip(source: Path | bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip file, or the bytes of one, that is neither too large nor of too many members.

    Raises:
        InvalidInput: it cannot be read, is no zip, or is too large.
    """
    with _opened(source) as file, _zip(file) as archive:
        yield archive


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Where each array lies, by its name; nothing is unpacked.

    Raises:
        InvalidInput: an array is there twice.
    """
    infos: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in infos:
            raise InvalidInput(f"the .npz file must hold {shown(name)[1:-1]} once, not twice")
        infos[name] = info
    return infos


def check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse arrays that would take too much once they are unpacked.

    Raises:
        InvalidInput: they are too large, grow too much, or are packed as NumPy never packs.
    """
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


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    with io.BytesIO(source) if isinstance(source, bytes) else _opened_path(source) as file:
        yield file


def _opened_path(path: Path) -> IO[bytes]:
    try:
        if path.is_file():  # a pipe would never end
            return path.open("rb")
    except (OSError, ValueError):  # no permission, a zero byte in the name
        pass
    raise refuse("the .npz file", "a file that can be read", str(path))


@contextmanager
def _zip(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    _check_ends(file)
    try:
        archive = zipfile.ZipFile(file)
    except Exception:  # whatever the zip module makes of hostile bytes
        raise InvalidInput(f"{NOT_A_ZIP}; this one is truncated or damaged") from None
    with archive:
        yield archive


def _check_ends(file: IO[bytes]) -> None:
    """Refuse what the zip module would read at length before anyone can look at it."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise InvalidInput(
            f"the .npz file must be at most {MAX_FILE_BYTES // 1024**2} MB, not {size >> 20} MB"
        )
    file.seek(max(0, size - END_RECORD.size - MAX_COMMENT_BYTES - ZIP64_LOCATOR_BYTES))
    tail = file.read()
    end = tail.rfind(END_SIGNATURE)
    if end < 0 or len(tail) - end < END_RECORD.size:
        raise InvalidInput(f"{NOT_A_ZIP}; this one is truncated or no zip")
    *_, members, directory, _start, _comment = END_RECORD.unpack_from(tail, end)
    locator = tail[max(0, end - ZIP64_LOCATOR_BYTES) : end]
    if (
        members > MAX_MEMBERS
        or directory > MAX_DIRECTORY_BYTES
        or locator.startswith(ZIP64_LOCATOR)
    ):
        raise InvalidInput(f"the .npz file must hold at most {MAX_MEMBERS} arrays")
