"""The binary version of CIFAR-10: records of one label byte and 3 planes of 32 x 32 pixels.

Reference: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009. The other
version of the archive holds pickles, which run code when they are opened: it is never read.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.arrays import LabelArray
from engine.datasets.download import Downloaded, Downloader, RemoteFile
from engine.datasets.source import ARRAYS, Arrays, Damaged, Progress

IMAGE_SHAPE = (32, 32, 3)
CLASSES = 10
RECORD = 1 + 32 * 32 * 3
ARCHIVE_OVERHEAD = 1_000_000
"""Bytes of tar headers and read-me files that are put up with beside the batches."""

Batch: TypeAlias = tuple[npt.NDArray[np.uint8], LabelArray]
"""Images ``(n, 32, 32, 3)`` and labels ``(n,)``."""


@dataclass(frozen=True, kw_only=True)
class CifarBinary(Downloaded):
    """A binary CIFAR archive; it is one gzip stream of a tar, so only its MD5 is published."""

    file: RemoteFile
    md5: str
    batch_images: int
    train_batches: tuple[str, ...] = tuple(f"data_batch_{n}.bin" for n in range(1, 6))
    test_batches: tuple[str, ...] = ("test_batch.bin",)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """So many batches of so many images each."""
        train = len(self.train_batches) * self.batch_images
        test = len(self.test_batches) * self.batch_images
        sizes = ((train, *IMAGE_SHAPE), (train,), (test, *IMAGE_SHAPE), (test,))
        return dict(zip(ARRAYS, sizes, strict=True))

    @property
    def download_bytes(self) -> int:
        """Of the archive."""
        return self.file.packed

    def read(self, scratch: Path, progress: Progress) -> Arrays:
        """Download and unpack the archive; see `Source.read`."""
        return Downloader(self, scratch, progress).fetch(self.file, self._decode)

    def _decode(self, path: Path) -> Arrays:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "md5").hexdigest() != self.md5:
                raise Damaged("has the wrong digest")
        names = self.train_batches + self.test_batches
        batches = read_archive(path, names, self.batch_images)
        count = len(self.train_batches)
        return {
            f"{kind}_{part}": np.concatenate([batch[kind == "y"] for batch in chosen])
            for part, chosen in (("train", batches[:count]), ("test", batches[count:]))
            for kind in ("x", "y")
        }


def parse(data: bytes) -> Batch:
    """Images ``(n, 32, 32, 3)`` and labels ``(n,)`` of one batch file.

    Raises:
        Damaged: there is no whole number of records, or a label is above 9.
    """
    if not data or len(data) % RECORD:
        raise Damaged(f"holds {len(data):,} bytes, which is no whole number of records")
    records = np.frombuffer(data, np.uint8).reshape(-1, RECORD)
    labels = records[:, 0]
    if labels.max() >= CLASSES:
        raise Damaged("holds a label above 9")
    planes = records[:, 1:].reshape(-1, 3, 32, 32)  # (n, channel, row, column)
    return planes.transpose(0, 2, 3, 1), labels


def read_archive(path: Path, names: Sequence[str], images: int) -> list[Batch]:
    """The named batch files of a .tar.gz, in the order of `names`, each of so many images.

    The archive is streamed: nothing is unpacked to disk, so no path in it can lead anywhere.

    Raises:
        Damaged: it is truncated, no such archive, far too long, or a batch is missing or wrong.
    """
    size = images * RECORD
    left = len(names) * size + ARCHIVE_OVERHEAD
    batches: dict[str, Batch] = {}
    try:
        with GzipFile(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                left -= member.size
                if left < 0:
                    raise Damaged("unpacks to far more than its batches")
                name = member.name.rpartition("/")[2]
                if name not in names or not member.isfile():
                    continue
                if member.size != size:
                    raise Damaged(f"holds {member.size:,} bytes as {member.name}, not {size:,}")
                content = archive.extractfile(member)
                batches[name] = parse(content.read() if content else b"")
    except (tarfile.TarError, EOFError, zlib.error, OSError):
        raise Damaged("is truncated or no .tar.gz archive") from None
    missing = [name for name in names if name not in batches]
    if missing:
        raise Damaged(f"lacks {missing[0]}")
    return [batches[name] for name in names]
