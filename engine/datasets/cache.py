"""Decoded arrays on disk: .npy files beside a manifest, memory-mapped, checked at every opening.

The folder of a data set appears whole, by one rename, or not at all.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.datasets.source import ARRAYS, Array, Damaged
from engine.errors import StorageError
from engine.system.home import home, write_atomically
from engine.system.locking import exclusive

MANIFEST = "manifest.json"
BLOCK_VALUES = 4 * 1024**2


class Blocks(NamedTuple):
    """An array in blocks of rows, so that no more than one of them is in memory."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    blocks: Iterable[Array]


@dataclass(frozen=True, slots=True)
class Record:
    """What the manifest says of one array; `sha256` is of its values, without the .npy header."""

    shape: tuple[int, ...]
    dtype: str
    sha256: str
    size: int
    mtime_ns: int


def blocks_of(array: Array) -> Iterator[Array]:
    """The array ``(n, …)`` in blocks ``(rows, …)`` of 4 million values at most."""
    rows = max(1, BLOCK_VALUES // max(array[:1].size, 1))
    for start in range(0, len(array), rows):
        yield array[start : start + rows]


def datasets_home() -> Path:
    """The folder of all data sets, created if need be.

    Raises:
        StorageError: it cannot be created.
    """
    folder = home() / "datasets"
    with storing("data sets"):
        folder.mkdir(exist_ok=True)
    return folder


def folder_of(name: str) -> Path:
    """Where the arrays of a data set lie; raises as `datasets_home`."""
    return datasets_home() / name


def locked(name: str, waiting: Callable[[], None]) -> AbstractContextManager[None]:
    """The lock under which a data set's folder is made or replaced; see `exclusive`."""
    return exclusive(datasets_home() / f".{name}.lock", waiting)


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Turn the disk's refusals inside the block into one line that names `what`.

    Raises:
        StorageError: instead of every OSError.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot store {what}: {error.strerror or error}") from None


def write(folder: Path, arrays: Mapping[str, Array | Blocks]) -> dict[str, Record]:
    """Write arrays and the manifest that makes them a data set into an empty folder.

    Returns:
        What the manifest says of each.

    Raises:
        OSError: the disk is full or refuses; StorageError: it refuses the manifest.
    """
    records = {}
    for name, array in arrays.items():
        whole = array if isinstance(array, Blocks) else Blocks(array.shape, array.dtype, [array])
        path, digest = folder / f"{name}.npy", hashlib.sha256()
        with path.open("wb") as file:
            header = {"descr": whole.dtype.str, "fortran_order": False, "shape": whole.shape}
            np.lib.format.write_array_header_1_0(file, header)
            for block in whole.blocks:
                data = np.ascontiguousarray(block, whole.dtype).data
                file.write(data)
                digest.update(data)
            file.flush()
            os.fsync(file.fileno())
        status = path.stat()
        records[name] = Record(
            shape=whole.shape,
            dtype=whole.dtype.str,
            sha256=digest.hexdigest(),
            size=status.st_size,
            mtime_ns=status.st_mtime_ns,
        )
    _write_manifest(folder, records)
    return records


def install(building: Path, folder: Path) -> None:
    """Move a finished folder to where it is read; what lay there (damaged) goes.

    The caller holds the lock. Whoever has the old arrays mapped keeps them until they let go.

    Raises:
        OSError: the disk refuses.
    """
    old = building.with_name(f"{building.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def made_once(
    key: str, what: str, fill: Callable[[Path], object], *, waiting: Callable[[], None]
) -> dict[str, Array]:
    """The arrays of a folder, which is filled first where they are not intact.

    One process fills it; others that ask meanwhile wait for it and share what it made.

    Args:
        key: name of the folder.
        what: the same in words, for a person whose disk does not take it.
        fill: writes the arrays into an empty folder.
        waiting: called while another process fills it; may raise to stop waiting.

    Raises:
        StorageError: the disk does not take it.
    """
    folder = folder_of(key)
    arrays = intact(folder)
    if arrays is not None:
        return arrays
    with storing(what), locked(key, waiting):
        arrays = intact(folder)  # another process may have been first
        if arrays is not None:
            return arrays
        building = folder.with_name(f".building-{key}")
        shutil.rmtree(building, ignore_errors=True)  # of a process that was killed
        building.mkdir()
        try:
            fill(building)
            install(building, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return open_arrays(folder)


def intact(folder: Path) -> dict[str, Array] | None:
    """The folder's arrays as `open_arrays` gives them, or None where that raises Damaged."""
    try:
        return open_arrays(folder)
    except Damaged:
        return None


def open_arrays(folder: Path) -> dict[str, Array]:
    """The folder's four arrays, memory-mapped read-only.

    Sizes, shapes and types are checked every time; values only when a file's time has changed
    since it was written (a copied home), because that reads all of it.

    Raises:
        Damaged: the manifest or a file is missing, truncated or changed.
    """
    try:
        values = json.loads((folder / MANIFEST).read_bytes())
        shapes = {name: tuple(map(int, values[name]["shape"])) for name in ARRAYS}
        records = {name: Record(**values[name] | {"shape": shapes[name]}) for name in ARRAYS}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise Damaged("has no readable manifest") from None
    opened = {name: _opened(folder / f"{name}.npy", record) for name, record in records.items()}
    arrays = {name: array for name, (array, _) in opened.items()}
    present = {name: record for name, (_, record) in opened.items()}
    if present != records:
        for name, record in records.items():
            if hashlib.sha256(arrays[name].data).hexdigest() != record.sha256:
                raise Damaged(f"has changed values in {name}.npy")
        with contextlib.suppress(StorageError):  # the next opening checks again, no harm done
            _write_manifest(folder, present)
    return arrays


def _write_manifest(folder: Path, records: Mapping[str, Record]) -> None:
    text = json.dumps({name: dataclasses.asdict(record) for name, record in records.items()})
    write_atomically(folder / MANIFEST, text.encode())


def _opened(path: Path, record: Record) -> tuple[Array, Record]:
    """The mapped array, and its record with the time that its file has now."""
    try:
        status = path.stat()
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception:  # a damaged header is parsed as Python literals: anything may be raised
        raise Damaged(f"has no readable {path.name}") from None
    if status.st_size != record.size or not isinstance(array, np.memmap):
        raise Damaged(f"has another file as {path.name}")
    if array.shape != record.shape or array.dtype.str != record.dtype:
        raise Damaged(f"has another array in {path.name}")
    return array, replace(record, mtime_ns=status.st_mtime_ns)
