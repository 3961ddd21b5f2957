"""Loading data sets: from the cache, else from their source, once for all processes."""

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import cast

from engine.checks import refuse
from engine.datasets import cache, content
from engine.datasets.cache import folder_of
from engine.datasets.content import Content
from engine.datasets.dataset import Dataset
from engine.datasets.reading import reading_of, usual
from engine.datasets.source import ARRAYS, Arrays, Damaged, Progress, Source
from engine.errors import DatasetError, StorageError
from engine.settings import AUTO, CUSTOM_DATASET, DataSettings
from engine.system import registry

USUAL_SCALES = (AUTO, "255")
USUAL_CHANNELS = (AUTO, "last")
"""How built-in data sets are read anyway."""


USUAL_SCALES = (AUTO, "255")
USUAL_CHANNELS = (AUTO, "last")
"""How built-in data sets are read anyway."""


def all_sources() -> Mapping[str, Source]:
    """All built-in data sets and those of extensions, by name, in order.

    Raises:
        InvalidInput: an extension cannot be imported.
    """
    return cast("Mapping[str, Source]", registry.found("sources"))


def source_of(name: str) -> Source:
    """The source of that name.

    Raises:
        InvalidInput: there is none.
    """
    if not isinstance(name, str) or name not in all_sources():
        raise refuse("dataset", f"{', '.join(all_sources())} or an .npz file", name)
    return all_sources()[name]


def is_imported(name: str) -> bool:
    """Whether the name is that of a person's own data set, on this machine or not."""
    return isinstance(name, str) and CUSTOM_DATASET.fullmatch(name) is not None


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
    if read_as_ever(name, scale, channels):
        return Dataset(name, *(arrays[part] for part in ARRAYS))  # nobody has to look
    seen = _seen(name, arrays)
    reading = reading_of(seen, scale=scale, channels=channels)
    if reading.channels_first or reading.scaling != usual(seen.dtype):
        prepared = {
            part: reading.blocks(array) if part.startswith("x") else array
            for part, array in arrays.items()
        }
        arrays = cache.made_once(
            f"{name}.{reading.scaling.name}" + (".first" if reading.channels_first else ""),
            f"{name} as it is read",
            lambda folder: cache.write(folder, prepared),
            waiting=lambda: None,
        )
    return Dataset(
        name,
        *(arrays[part] for part in ARRAYS),
        labels=seen.labels,
        held_out=seen.validation_images,
        by_class=seen.by_class,
    )


def load_for(settings: DataSettings, *, progress: Progress | None = None) -> Dataset:
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


def read_as_ever(name: str, scale: str, channels: str) -> bool:
    """Whether it is built in and read as it always was, so that nobody has to look at it."""
    return scale in USUAL_SCALES and channels in USUAL_CHANNELS and not is_imported(name)


def obtain(source: Source, progress: Progress) -> Arrays:
    """The arrays of a source from the cache, which is built or rebuilt first if need be.

    Raises:
        DatasetError: no mirror served it.
        StorageError: the disk does not take it.
    """
    return cache.made_once(
        source.name,
        source.name,
        lambda folder: cache.write(folder, source.read(folder, progress)),
        waiting=lambda: progress(0.0, f"another process is preparing {source.name}"),
    )


def _stored(name: str, progress: Progress) -> Arrays:
    if not is_imported(name):
        return obtain(source_of(name), progress)
    folder = folder_of(name)
    if not folder.exists():
        raise DatasetError(f"{name} is not on this machine: import its .npz file again")
    try:
        return cache.open_arrays(folder)
    except Damaged as error:
        raise DatasetError(
            f"the stored copy of {name} {error}: import its .npz file again"
        ) from None


def _seen(name: str, arrays: Arrays) -> Content:
    """What the arrays hold; looked at now where they were stored before anyone looked."""
    folder = folder_of(name)
    seen = content.read(folder)
    if seen is None and (folder / content.FILE).exists():
        raise DatasetError(f"what is known of {name} is damaged: import its .npz file again")
    if seen is None:
        highest = max(int(arrays[part].max()) for part in ("y_train", "y_test"))
        seen = content.look(arrays, tuple(map(str, range(highest + 1))))
        seen = dataclasses.replace(seen, by_class=False)  # as when it was imported
        with contextlib.suppress(StorageError):  # the next one looks again, no harm done
            content.write(folder, seen)
    return seen


def _silent(fraction: float, text: str) -> None:
    """Progress that nobody watches."""
