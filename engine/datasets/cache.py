"""Decoded arrays on disk: .npy files beside a manifest, memory-mapped, checked at every opening.

A folder holds ``x_train.npy y_train.npy x_test.npy y_test.npy`` and ``manifest.json`` with each
array's shape, type, digest of its values, and the size and time of its file. It appears whole, by
one rename, or not at all.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.source import ARRAYS, Damaged
from engine.errors import StorageError
from engine.system.home import write_atomically

MANIFEST = "manifest.json"
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Record:
    """What the manifest says of one array; `sha256` is of its values, without the .npy header."""

    shape: tuple[int, ...]
    dtype: str
    sha256: str
    size: int
    mtime_ns: int


def write_array(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[Any], blocks: Iterable[Array]
) -> Record:
    """Write a .npy file from blocks of rows, so that no more than one block is in memory.

    Raises:
        OSError: the disk is full or refuses.
    """
    digest = hashlib.sha256()
    with path.open("wb") as file:
        header = {"descr": dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            data = np.ascontiguousarray(block, dtype).data
            file.write(data)
            digest.update(data)
        file.flush()
        os.fsync(file.fileno())
    status = path.stat()
    return Record(shape, dtype.str, digest.hexdigest(), status.st_size, status.st_mtime_ns)


def write_manifest(folder: Path, records: Mapping[str, Record]) -> None:
    """Write the manifest that makes the folder a data set."""
    text = json.dumps({name: dataclasses.asdict(record) for name, record in records.items()})
    write_atomically(folder / MANIFEST, text.encode())


def write(folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays that are in memory, and their manifest, into an empty folder."""
    records = {
        name: write_array(folder / f"{name}.npy", array.shape, array.dtype, [array])
        for name, array in arrays.items()
    }
    write_manifest(folder, records)


def install(building: Path, folder: Path) -> None:
    """Move a finished folder to where it is read; what lay there (damaged) goes.

    The caller holds the lock. Whoever has the old arrays mapped keeps them until they let go.
    """
    old = building.with_name(f"{building.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def intact(folder: Path) -> dict[str, Array] | None:
    """The folder's arrays as `open_arrays` gives them, or None where that raises Damaged."""
    try:
        return open_arrays(folder)
    except Damaged:
        return None


def open_arrays(folder: Path) -> dict[str, Array]:
    """The folder's arrays, memory-mapped read-only.

    Sizes, shapes and types are checked every time; values only when a file's time has changed
    since it was written (a copied home), because that reads all of it.

    Raises:
        Damaged: a file is missing, truncated or changed.
    """
    records = read_manifest(folder)
    opened = {name: _open(folder / f"{name}.npy", record) for name, record in records.items()}
    arrays = {name: array for name, (array, _) in opened.items()}
    if any(records[name].mtime_ns != time for name, (_, time) in opened.items()):
        for name, record in records.items():
            if hashlib.sha256(arrays[name].data).hexdigest() != record.sha256:
                raise Damaged(f"has changed values in {name}.npy")
        with contextlib.suppress(StorageError):  # the next opening checks again, no harm done
            write_manifest(
                folder, {n: replace(r, mtime_ns=opened[n][1]) for n, r in records.items()}
            )
    return arrays


def read_manifest(folder: Path) -> dict[str, Record]:
    """The records of a folder's arrays.

    Raises:
        Damaged: there is no manifest or it does not describe the four arrays.
    """
    try:
        values = json.loads((folder / MANIFEST).read_bytes())
        shapes = {name: tuple(map(int, values[name]["shape"])) for name in ARRAYS}
        return {name: Record(**values[name] | {"shape": shapes[name]}) for name in ARRAYS}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise Damaged("has no readable manifest") from None


def _open(path: Path, record: Record) -> tuple[Array, int]:
    try:
        status = path.stat()
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception:  # a damaged header is parsed as Python literals: anything may be raised
        raise Damaged(f"has no readable {path.name}") from None
    if status.st_size != record.size or not isinstance(array, np.memmap):
        raise Damaged(f"has another file as {path.name}")
    if array.shape != record.shape or array.dtype.str != record.dtype:
        raise Damaged(f"has another array in {path.name}")
    return array, status.st_mtime_ns
