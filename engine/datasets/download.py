"""Fetching a file from the first mirror that serves it whole.

The only importer of pooch, which keeps a half-fetched file from ever bearing the file's name. A
mirror that sent something useless (broken off, too slow, damaged) is asked once more after the
others; one that sent nothing is not.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pooch

from engine.checks import refuse
from engine.datasets import transfer
from engine.datasets.damaged import Damaged
from engine.datasets.transfer import MirrorFailed, Patience
from engine.errors import DatasetError

MIRROR_VARIABLE = "PRUNESCOPE_DATA_MIRROR"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file to fetch: its name, about how many bytes it has, and its MD5 where one is known."""

    filename: str
    packed: int
    md5: str | None = None

    @property
    def limit(self) -> int:
        """More bytes than this are not the file, however it was compressed."""
        return 2 * self.packed + 1_000_000


def mirrors(folder: str, public: tuple[str, ...]) -> tuple[str, ...]:
    """Base addresses in the order they are asked: the person's own mirror goes first.

    Raises:
        InvalidInput: PRUNESCOPE_DATA_MIRROR is no http, https or file address.
    """
    own = os.environ.get(MIRROR_VARIABLE, "").strip()
    if not own:
        return public
    if not _is_address(own):
        raise refuse(MIRROR_VARIABLE, "an http, https or file address", own)
    return (f"{own.rstrip('/')}/{folder}", *public)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme == "file":
        return parts.path.startswith("/")
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def fetch(
    wanted: Wanted,
    bases: tuple[str, ...],
    *,
    into: Path,
    decode: Callable[[Path], T],
    tell: Callable[[int], None],
    patience: Patience,
) -> tuple[T, tuple[str, ...]]:
    """Fetch a file and decode it; both count: what does not decode is fetched elsewhere.

    Args:
        wanted: the file.
        bases: addresses of the folders that may hold it, in order.
        into: an empty folder for the file.
        decode: reads the fetched file; raises Damaged where it is not what it should be.
        tell: called with the bytes received so far; may raise to stop.
        patience: when to give a mirror up.

    Returns:
        What `decode` returned, and `bases` with the one that served it first.

    Raises:
        DatasetError: no mirror served it.
    """
    reasons: dict[str, str] = {}
    asked = bases
    for slowest in (patience.slowest, patience.slowest_again):
        again = []
        for base in asked:
            try:
                path = _retrieve(wanted, base, into, tell, patience, slowest)
                return _decoded(path, decode), (base, *(b for b in bases if b != base))
            except MirrorFailed as failure:
                reasons[base] = str(failure)
                again += [base] if failure.sent else []
        asked = tuple(again)
    raise DatasetError(_all_failed(wanted, reasons))


def _all_failed(wanted: Wanted, reasons: dict[str, str]) -> str:
    told = "; ".join(f"{_host(base)}: {why}" for base, why in reasons.items())
    return (
        f"{wanted.filename} could not be downloaded ({told}): check the network, or set "
        f"{MIRROR_VARIABLE} to an http, https or file address of a folder that holds the data"
    )


def _host(base: str) -> str:
    """The address's server without a password that may stand before it; a file address whole."""
    return urlsplit(base).netloc.rpartition("@")[2] or base


def _decoded(path: Path, decode: Callable[[Path], T]) -> T:
    try:
        return decode(path)
    except Damaged as error:
        raise MirrorFailed(f"its file {error}", sent=True) from None
    finally:
        path.unlink(missing_ok=True)


def _retrieve(
    wanted: Wanted,
    base: str,
    into: Path,
    tell: Callable[[int], None],
    patience: Patience,
    slowest: float,
) -> Path:
    def save(url: str, output: str, _: Any) -> None:
        pace = transfer.Pace(started=time.monotonic(), grace=patience.grace, slowest=slowest)
        transfer.save(
            url, Path(output), limit=wanted.limit, pace=pace, patience=patience, tell=tell
        )

    pooch.get_logger().setLevel(logging.WARNING)  # progress is told, not logged
    known = f"md5:{wanted.md5}" if wanted.md5 else None
    address = f"{base}/{wanted.filename}"
    try:
        return Path(pooch.retrieve(address, known, wanted.filename, into, downloader=save))
    except ValueError:
        raise MirrorFailed("its file has the wrong digest", sent=True) from None
