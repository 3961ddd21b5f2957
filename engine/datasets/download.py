"""Fetching the files of a data set, each from the first mirror that serves it whole.

A file counts once it decodes, and decoding checks its digest; until then nobody sees it. A mirror
that sent something useless (broken off, too slow, damaged) is asked once more after the others;
one that sent nothing is not.
"""

import os
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from engine.checks import refuse
from engine.datasets.source import Damaged, Progress, Source
from engine.errors import DatasetError

MIRROR_VARIABLE = "PRUNESCOPE_DATA_MIRROR"
CHUNK = 1 << 16
CONNECT_SECONDS, SILENCE_SECONDS = 5.0, 10.0
"""A mirror is given up that does not answer, or sends nothing, for so long."""

SLOWEST = (30_000.0, 2_000.0)
"""Bytes per second, on average, that a mirror must reach at the first asking and at the second:
the line itself may be slow."""

GRACE_SECONDS = 8.0
"""The speed counts after so long."""

TELL_SECONDS = 0.2
"""Progress is not told more often than a person can read."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """A file to fetch: its name below a mirror's address, and about how many bytes it has."""

    filename: str
    packed: int


@dataclass(frozen=True, kw_only=True)
class Downloaded(Source):
    """A source whose files lie below each of the mirrors; see `Downloader`.

    Attributes:
        mirrors: addresses of the folders that hold the files, in the order they are asked; the
            person's own goes first.
    """

    mirrors: tuple[str, ...]


class MirrorFailed(Exception):
    """A mirror did not serve the file."""


class Downloader:
    """Fetches the files of one data set, one after the other, and tells how far it is."""

    def __init__(self, source: Downloaded, scratch: Path, progress: Progress) -> None:
        """Nothing is fetched yet.

        Args:
            source: what to fetch and from where.
            scratch: an empty folder for the files while they are decoded.
            progress: told the share of the source's bytes that has come, a few times a second.

        Raises:
            InvalidInput: PRUNESCOPE_DATA_MIRROR is no http, https or file address.
        """
        self._source, self._scratch, self._progress = source, scratch, progress
        self._done, self._received, self._next_tell = 0, 0, 0.0
        self._bases = source.mirrors
        own = os.environ.get(MIRROR_VARIABLE, "").strip()
        if own:
            if not _is_address(own):
                raise refuse(MIRROR_VARIABLE, "an http, https or file address", own)
            self._bases = (f"{own.rstrip('/')}/{source.name}", *source.mirrors)

    def fetch(self, file: RemoteFile, decode: Callable[[Path], T]) -> T:
        """Fetch a file and return what `decode` makes of it.

        Both count: what does not decode is fetched elsewhere. The mirror that served the file is
        the first to be asked for the next one.

        Args:
            file: which one.
            decode: reads the fetched file; raises Damaged where it is not what it should be.

        Raises:
            DatasetError: no mirror served it.
        """
        reasons: dict[str, str] = {}
        path, asked = self._scratch / file.filename, self._bases
        for slowest in SLOWEST:
            again: list[str] = []
            for base in asked:
                try:
                    self._save(file, f"{base}/{file.filename}", path, slowest)
                    decoded = decode(path)
                except Damaged as error:
                    reasons[base] = f"its file {error}"
                    again.append(base)
                except MirrorFailed as error:
                    reasons[base] = str(error)
                    again += [base] if self._received else []
                else:
                    self._done += file.packed
                    self._bases = (base, *(each for each in self._bases if each != base))
                    return decoded
                finally:
                    path.unlink(missing_ok=True)
            asked = tuple(again)
        # an address may hold a password before its server, and a file address has no server
        hosts = {base: urlsplit(base).netloc.rpartition("@")[2] or base for base in reasons}
        told = "; ".join(f"{hosts[base]}: {why}" for base, why in reasons.items())
        raise DatasetError(
            f"{file.filename} could not be downloaded ({told}): check the network, or set "
            f"{MIRROR_VARIABLE} to an http, https or file address of a folder that holds the data"
        )

    def _save(self, file: RemoteFile, url: str, path: Path, slowest: float) -> None:
        size = max(self._source.download_bytes, 1)
        begun, self._received = time.monotonic(), 0
        with closing(_chunks(url)) as chunks, path.open("wb") as output:
            for chunk in chunks:
                self._received += len(chunk)
                if self._received > 2 * file.packed + 1_000_000:  # however it was compressed
                    raise MirrorFailed("its file is far too long")
                now = time.monotonic()
                if now - begun >= GRACE_SECONDS and self._received < (now - begun) * slowest:
                    raise MirrorFailed("too slow")
                output.write(chunk)
                if now >= self._next_tell:
                    self._next_tell = now + TELL_SECONDS
                    done = min(self._done + self._received, size)
                    text = f"{done / 1e6:.1f} of {size / 1e6:.1f} MB"
                    self._progress(done / size, f"downloading {self._source.name}: {text}")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme == "file":
        return parts.path.startswith("/")
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _chunks(url: str) -> Generator[bytes]:
    """What an http, https or file address holds, as it comes; raises MirrorFailed."""
    import requests  # noqa: PLC0415  # 150 ms that only a download needs
    import urllib3  # noqa: PLC0415

    try:
        if url.startswith("file://"):
            with Path(unquote(urlsplit(url).path)).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
            return
        with requests.get(
            url,
            stream=True,
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            headers={"Accept-Encoding": "identity"},  # the file as it lies there, not packed again
        ) as response:
            response.raise_for_status()
            # `read1` returns what has arrived, so that a trickle is noticed
            while chunk := response.raw.read1(CHUNK, decode_content=False):
                yield chunk
    except requests.HTTPError as error:
        raise MirrorFailed(f"HTTP {error.response.status_code}") from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise MirrorFailed("no answer in time") from None
    except requests.ConnectionError:
        raise MirrorFailed("no connection") from None
    except urllib3.exceptions.HTTPError:
        raise MirrorFailed("the transfer broke off") from None
    except OSError as error:  # of a file, or another error of requests, which are OSErrors too
        raise MirrorFailed(error.strerror or str(error)) from None
