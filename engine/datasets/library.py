"""Loading data sets: from the cache, else from bundle or network, once for all processes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from engine.checks import refuse
from engine.datasets import bundled, cache
from engine.datasets.catalogue import SOURCES, BundledSource, Source
from engine.datasets.damaged import Damaged
from engine.datasets.dataset import Dataset
from engine.datasets.places import folder_of, locked, storing
from engine.errors import DatasetError
from engine.settings import CUSTOM_DATASET

Progress: TypeAlias = Callable[[float, str], None]
"""Called with a fraction from 0 to 1 and a line for a person; may raise to stop."""


def load(name: str, *, progress: Progress | None = None) -> Dataset:
    """The data set of that name, made available first if need be.

    Raises:
        InvalidInput: no data set can have that name.
        DatasetError: it cannot be downloaded, or an imported one is gone or damaged.
        StorageError: the home folder does not take it.
    """
    if is_imported(name):
        return Dataset(name, **_imported(name))
    return Dataset(name, **obtain(source_of(name), progress or _silent))


def obtain(source: Source, progress: Progress) -> dict[str, cache.Array]:
    """The arrays of a source from the cache, which is built or rebuilt first if need be.

    One process builds; others that ask meanwhile wait for it and share what it made.

    Raises:
        DatasetError: no mirror served it.
        StorageError: the disk does not take it.
    """
    folder = folder_of(source.name)
    arrays = cache.intact(folder)
    if arrays is not None:
        return arrays

    def waiting() -> None:
        progress(0.0, f"another process is preparing {source.name}")

    with storing(source.name), locked(source.name, waiting):
        arrays = cache.intact(folder)
        return arrays if arrays is not None else _build(source, folder, progress)


def _build(source: Source, folder: Path, progress: Progress) -> dict[str, cache.Array]:
    building = folder.with_name(f".building-{source.name}")
    shutil.rmtree(building, ignore_errors=True)  # of a process that was killed
    building.mkdir()
    try:
        cache.write(building, _read(source, building, progress))
        cache.place(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return cache.open_arrays(folder)


def _read(source: Source, scratch: Path, progress: Progress) -> dict[str, cache.Array]:
    if isinstance(source, BundledSource):
        progress(0.0, f"unpacking {source.name}")
        return dict(bundled.read(source))
    from engine.datasets import remote  # noqa: PLC0415 - 150 ms that only a download needs

    return remote.read(source, scratch, progress)


def is_imported(name: str) -> bool:
    """Whether the name is that of a person's own data set, on this machine or not."""
    return isinstance(name, str) and CUSTOM_DATASET.fullmatch(name) is not None


def source_of(name: str) -> Source:
    """The built-in source of that name.

    Raises:
        InvalidInput: there is none.
    """
    if not isinstance(name, str) or name not in SOURCES:
        raise refuse("dataset", "mnist, fashion-mnist, cifar-10 or an .npz file", name)
    return SOURCES[name]


def _imported(name: str) -> dict[str, cache.Array]:
    folder = folder_of(name)
    if not folder.exists():
        raise DatasetError(f"{name} is not on this machine: import its .npz file again")
    try:
        return cache.open_arrays(folder)
    except Damaged as error:
        raise DatasetError(
            f"the stored copy of {name} {error}: import its .npz file again"
        ) from None


def _silent(fraction: float, text: str) -> None:
    """Progress that nobody watches."""
