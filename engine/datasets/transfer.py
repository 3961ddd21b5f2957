"""Bytes from an address to a file, with limits on time, speed and length."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
import urllib3

CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """When a mirror is given up, in seconds and bytes per second.

    Attributes:
        connect: seconds until a connection stands.
        silence: seconds without a single byte.
        grace: seconds before the speed counts.
        slowest: bytes per second, on average, that a mirror must reach at the first asking.
        slowest_again: the same at the second asking: the line itself may be slow.
    """

    connect: float = 5.0
    silence: float = 10.0
    grace: float = 8.0
    slowest: float = 30_000.0
    slowest_again: float = 2_000.0


class MirrorFailed(Exception):
    """A mirror did not serve the file; `sent` tells whether any of it came."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Pace:
    """The speed that a transfer must keep, in bytes and seconds since it started."""

    started: float
    grace: float
    slowest: float

    def kept(self, received: int) -> bool:
        """Whether that many bytes by now are fast enough."""
        seconds = time.monotonic() - self.started
        return seconds < self.grace or received >= seconds * self.slowest


def save(
    url: str, path: Path, *, limit: int, pace: Pace, patience: Patience, tell: Callable[[int], None]
) -> None:
    """Save what an http, https or file address holds.

    Args:
        url: the address.
        path: the file to write.
        limit: bytes; more are refused.
        pace: the speed to keep.
        patience: when to give up.
        tell: called with the bytes received so far; may raise to stop.

    Raises:
        MirrorFailed: nothing came, or it broke off, was too slow or too long.
    """
    received = 0
    with closing(_chunks(url, patience)) as chunks, path.open("wb") as file:
        for chunk in _named_failures(chunks):
            received += len(chunk)
            if received > limit:
                raise MirrorFailed("its file is far too long", sent=True)
            if not pace.kept(received):
                raise MirrorFailed("too slow", sent=True)
            file.write(chunk)
            tell(received)


def _named_failures(chunks: Iterator[bytes]) -> Iterator[bytes]:
    sent = False
    try:
        for chunk in chunks:
            sent = True
            yield chunk
    except (requests.RequestException, urllib3.exceptions.HTTPError, _NoFile) as error:
        raise MirrorFailed(_reason(error), sent=sent) from None


def _reason(error: Exception) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP {error.response.status_code}"
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    if isinstance(error, urllib3.exceptions.HTTPError):
        return "the transfer broke off"
    return str(error)


class _NoFile(Exception):
    """A file address that leads to nothing readable."""


def _chunks(url: str, patience: Patience) -> Generator[bytes]:
    if url.startswith("file://"):
        return _file_chunks(Path(unquote(urlsplit(url).path)))
    return _http_chunks(url, patience)


def _file_chunks(path: Path) -> Generator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise _NoFile(error.strerror or "not readable") from None


def _http_chunks(url: str, patience: Patience) -> Generator[bytes]:
    """The body as it comes: `read1` returns what has arrived, so that a trickle is noticed."""
    with requests.get(
        url,
        stream=True,
        timeout=(patience.connect, patience.silence),
        headers={"Accept-Encoding": "identity"},  # the file as it lies there, not packed again
    ) as response:
        response.raise_for_status()
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            yield chunk
