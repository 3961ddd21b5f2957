"""Loading data sets: from the cache, else from bundle or network, once for all processes."""

import contextlib
import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

from engine.checks import refuse
from engine.datasets import bundled, cache, content, preparation
from engine.datasets.catalogue import ARRAYS, SOURCES, BundledSource, Source
from engine.datasets.content import Content
from engine.datasets.damaged import Damaged
from engine.datasets.dataset import Dataset
from engine.datasets.places import folder_of, locked, storing
from engine.datasets.reading import Reading, reading_of
from engine.errors import DatasetError, StorageError
from engine.settings import AUTO, CUSTOM_DATASET

Progress: TypeAlias = Callable[[float, str], None]
"""Called with a fraction from 0 to 1 and a line for a person; may raise to stop."""


class Read(Protocol):
    """What of some settings says how a data set is read."""

    @property
    def dataset(self) -> str: ...  # noqa: D102
    @property
    def scale(self) -> str: ...  # noqa: D102
    @property
    def channels(self) -> str: ...  # noqa: D102


USUAL_SCALES = (AUTO, "255")
USUAL_CHANNELS = (AUTO, "last")
"""How the built-in data sets are read anyway."""


def load(
    name: str, *, scale: str = AUTO, channels: str = AUTO, progress: Progress | None = None
) -> Dataset:
    """The data set of that name, read as its settings say, made available first if need be.

    Arrays that are not read as they are stored are kept a second time as they are read.

    Args:
        name: of the data set.
        scale: one of `engine.settings.SCALES`.
        channels: one of `engine.settings.CHANNELS`.
        progress: see `Progress`.

    Raises:
        InvalidInput: no data set can have that name, or it cannot be read in this way.
        DatasetError: it cannot be downloaded, or an imported one is gone or damaged.
        StorageError: the home folder does not take it.
    """
    arrays = _stored(name, progress or _silent)
    if not is_imported(name) and scale in USUAL_SCALES and channels in USUAL_CHANNELS:
        return _dataset(name, arrays)  # of bytes with channels last; nobody has to look
    seen = _seen(name, arrays)
    reading = reading_of(seen, scale=scale, channels=channels)
    found = _dataset(name, arrays if reading.plain else _prepared(name, arrays, reading))
    return dataclasses.replace(
        found,
        labels=seen.labels,
        held_out=seen.validation_images,
        by_class=seen.by_class,
        stored=reading.scaling,
    )


def _dataset(name: str, arrays: dict[str, cache.Array]) -> Dataset:
    x_train, y_train, x_test, y_test = (arrays[part] for part in ARRAYS)
    return Dataset(name, x_train, y_train, x_test, y_test)


def load_for(settings: Read, *, progress: Progress | None = None) -> Dataset:
    """The data set of some settings, read as they say; raises as `load`."""
    return load(
        settings.dataset, scale=settings.scale, channels=settings.channels, progress=progress
    )


def content_of(name: str) -> Content:
    """What the data set of that name holds; a built-in one is made available first.

    Raises:
        InvalidInput, DatasetError, StorageError: as `load`.
    """
    return _seen(name, _stored(name, _silent))


def _stored(name: str, progress: Progress) -> dict[str, cache.Array]:
    return _imported(name) if is_imported(name) else obtain(source_of(name), progress)


def _seen(name: str, arrays: dict[str, cache.Array]) -> Content:
    """What the arrays hold; looked at now where they were stored before anyone looked."""
    folder = folder_of(name)
    seen = content.read(folder)
    if seen is None and (folder / content.FILE).exists():
        raise DatasetError(f"what is known of {name} is damaged: import its .npz file again")
    if seen is None:
        highest = max(int(arrays[part].max()) for part in ("y_train", "y_test"))
        seen = content.content_of(arrays, tuple(map(str, range(highest + 1))))
        seen = dataclasses.replace(seen, by_class=False)  # as when it was imported
        with contextlib.suppress(StorageError):  # the next one looks again, no harm done
            content.write(folder, seen)
    return seen


def _prepared(
    name: str, arrays: dict[str, cache.Array], reading: Reading
) -> dict[str, cache.Array]:
    """The arrays as they are read, from the disk, where one process writes them."""
    key = f"{name}.{reading.scaling.name}{'.first' if reading.channels_first else ''}"
    folder = folder_of(key)
    found = cache.intact(folder)
    if found is not None:
        return found
    with storing(f"{name} as it is read"), locked(key, lambda: None):
        found = cache.intact(folder)
        if found is not None:
            return found
        building = folder.with_name(f".building-{key}")
        shutil.rmtree(building, ignore_errors=True)  # of a process that was killed
        building.mkdir()
        try:
            preparation.write(building, arrays, reading)
            cache.place(building, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return cache.open_arrays(folder)


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
