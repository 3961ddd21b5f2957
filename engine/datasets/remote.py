"""Data sets that are downloaded: from mirrors to checked arrays."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from engine.datasets import cifar, idx
from engine.datasets.catalogue import CifarSource, IdxPart, IdxSource, download_bytes
from engine.datasets.download import Wanted, fetch, mirrors
from engine.datasets.transfer import Patience

Arrays = dict[str, idx.Array]
TELL_SECONDS = 0.2


def read(
    source: IdxSource | CifarSource,
    scratch: Path,
    progress: Callable[[float, str], None],
    patience: Patience | None = None,
) -> Arrays:
    """Fetch and decode a source.

    Args:
        source: what to fetch and from where; PRUNESCOPE_DATA_MIRROR goes first.
        scratch: an existing folder for the files while they are decoded.
        progress: called a few times a second with the fraction received and a line.
        patience: when a mirror is given up.

    Raises:
        DatasetError: no mirror served a file.
        InvalidInput: PRUNESCOPE_DATA_MIRROR is no address.
    """
    bases = mirrors(source.name, source.mirrors)
    teller = _Teller(source.name, download_bytes(source), progress)
    if isinstance(source, CifarSource):
        return _cifar(source, bases, scratch, teller, patience or Patience())
    return _idx(source, bases, scratch, teller, patience or Patience())


def _idx(
    source: IdxSource, bases: tuple[str, ...], scratch: Path, teller: "_Teller", patience: Patience
) -> Arrays:
    arrays, done = {}, 0
    for name, part in source.parts.items():
        arrays[name], bases = fetch(
            Wanted(filename=part.filename, packed=part.packed),
            bases,
            into=scratch,
            decode=partial(_part, part),
            tell=partial(teller.tell, done),
            patience=patience,
        )
        done += part.packed
    return arrays


def _part(part: IdxPart, path: Path) -> idx.Array:
    return idx.parse(idx.unpack(path, idx.length(part.shape)), part.shape, part.sha256)


def _cifar(
    source: CifarSource,
    bases: tuple[str, ...],
    scratch: Path,
    teller: "_Teller",
    patience: Patience,
) -> Arrays:
    wanted = Wanted(filename=source.filename, packed=source.packed, md5=source.md5)
    arrays, _ = fetch(
        wanted,
        bases,
        into=scratch,
        decode=partial(_archive, source),
        tell=partial(teller.tell, 0),
        patience=patience,
    )
    return arrays


def _archive(source: CifarSource, path: Path) -> Arrays:
    names = source.train_batches + source.test_batches
    batches = cifar.read_archive(path, names, source.batch_images)
    count = len(source.train_batches)
    return {
        "x_train": np.concatenate([images for images, _ in batches[:count]]),
        "y_train": np.concatenate([labels for _, labels in batches[:count]]),
        "x_test": np.concatenate([images for images, _ in batches[count:]]),
        "y_test": np.concatenate([labels for _, labels in batches[count:]]),
    }


class _Teller:
    """Tells bytes as a fraction and a line, not more often than a person can read."""

    def __init__(self, name: str, total: int, progress: Callable[[float, str], None]) -> None:
        self._name = name
        self._total = max(total, 1)
        self._progress = progress
        self._next = 0.0

    def tell(self, before: int, received: int) -> None:
        """Report `received` bytes of the present file after `before` bytes of those before it."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + TELL_SECONDS
        done = min(before + received, self._total)
        text = f"downloading {self._name}: {done / 1e6:.1f} of {self._total / 1e6:.1f} MB"
        self._progress(done / self._total, text)
