"""A person's own data: an .npz file with x_train, y_train, x_test and y_test.

The data set is named by the digest of its content, so the same content imported twice, by whomever
and in whatever packing, is the same data set.
"""

import contextlib
import hashlib
import json
import math
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.datasets import cache
from engine.datasets.catalogue import ARRAYS
from engine.datasets.npz_file import Member, NpzFile, open_npz
from engine.datasets.npz_zip import MAX_DECODED_BYTES
from engine.datasets.places import datasets_home, folder_of, locked, storing
from engine.errors import InvalidInput

MIN_IMAGES, MAX_IMAGES = 10, 1_000_000
MAX_INPUTS = 65_536
MAX_AXES = 4
MAX_CLASSES = 100
FLOAT32 = np.dtype("<f4")
UINT8 = np.dtype("u1")
ABANDONED_SECONDS = 3600.0
IMPORTING = ".importing-"


def import_npz(source: Path | bytes) -> str:
    """Check a person's own .npz file and keep its arrays as a data set.

    Images ``(n, …)`` of any shape or flat, uint8 or float (kept as float32); labels whole numbers
    ``(n,)`` or ``(n, 1)`` from 0 to classes - 1, where classes is the highest training label + 1.

    Args:
        source: the file, or its bytes.

    Returns:
        The data set's name, ``npz-`` and 24 hex digits, for `load` and the settings.

    Raises:
        InvalidInput: the file cannot be used; one line names the array and what is allowed.
        StorageError: the home folder does not take it.
    """
    with open_npz(source) as file, storing("the .npz file's arrays"):
        images = _check_shapes(file.members)
        labels = _check_labels(file)
        folder = datasets_home()
        _clear_abandoned(folder)
        building = folder / f"{IMPORTING}{uuid.uuid4().hex}"
        building.mkdir()
        try:
            return _keep(building, _write(building, file, images, labels))
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _write(
    building: Path, file: NpzFile, dtype: np.dtype[Any], labels: dict[str, cache.Array]
) -> dict[str, cache.Record]:
    records = {}
    for name in ARRAYS:
        path = building / f"{name}.npy"
        if name in labels:
            records[name] = cache.write_array(path, labels[name].shape, UINT8, [labels[name]])
        else:
            shape = file.members[name].shape
            records[name] = cache.write_array(path, shape, dtype, _images(file, name, dtype))
    cache.write_manifest(building, records)
    return records


def _keep(building: Path, records: dict[str, cache.Record]) -> str:
    content = [
        [name, records[name].shape, records[name].dtype, records[name].sha256] for name in ARRAYS
    ]
    name = f"npz-{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]}"
    folder = folder_of(name)
    with locked(name, waiting=_wait):
        if cache.intact(folder) is None:
            cache.place(building, folder)
    return name


def _wait() -> None:
    """Nothing to tell: the other process only renames a folder."""


def _clear_abandoned(folder: Path) -> None:
    for path in folder.glob(f"{IMPORTING}*"):
        with contextlib.suppress(FileNotFoundError):  # another import has just ended
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _check_shapes(members: dict[str, Member]) -> np.dtype[Any]:
    """Check what the headers declare; the type in which the images will be kept."""
    for split in ("train", "test"):
        _check_images(members[f"x_{split}"])
        _check_count(members[f"x_{split}"], members[f"y_{split}"])
    train, test = members["x_train"], members["x_test"]
    if test.shape[1:] != train.shape[1:]:
        raise InvalidInput(
            f"x_test must have images of {train.shape[1:]} as x_train, not {test.shape[1:]}"
        )
    if (test.dtype == UINT8) != (train.dtype == UINT8):
        raise InvalidInput(f"x_test must be {train.dtype} as x_train, not {test.dtype}")
    kept = UINT8 if train.dtype == UINT8 else FLOAT32
    values = math.prod(train.shape) + math.prod(test.shape)
    if values * kept.itemsize > MAX_DECODED_BYTES:
        raise InvalidInput(
            f"x_train and x_test must take at most {MAX_DECODED_BYTES >> 20:,} MB as {kept}, "
            f"not {values * kept.itemsize >> 20:,} MB"
        )
    return kept


def _check_images(member: Member) -> None:
    name, shape = member.name, member.shape
    if member.dtype != UINT8 and member.dtype.kind != "f":
        raise InvalidInput(f"{name} must be uint8 or float, not {_type_name(member.dtype)}")
    if not 2 <= len(shape) <= 1 + MAX_AXES or not 1 <= math.prod(shape[1:]) <= MAX_INPUTS:
        raise InvalidInput(
            f"{name} must have a shape (images, …) of 1 to {MAX_INPUTS:,} values an image, "
            f"not {shape}"
        )
    if not MIN_IMAGES <= shape[0] <= MAX_IMAGES:
        raise InvalidInput(
            f"{name} must hold {MIN_IMAGES} to {MAX_IMAGES:,} images, not {shape[0]:,}"
        )


def _check_count(images: Member, labels: Member) -> None:
    if labels.dtype.kind not in "iu":
        raise InvalidInput(f"{labels.name} must be whole numbers, not {_type_name(labels.dtype)}")
    count = images.shape[0]
    if labels.shape not in {(count,), (count, 1)}:
        raise InvalidInput(
            f"{labels.name} must have one label for each of the {count:,} images of "
            f"{images.name}, not the shape {labels.shape}"
        )


def _type_name(dtype: np.dtype[Any]) -> str:
    return dtype.name if len(dtype.name) <= 20 else dtype.kind


def _check_labels(file: NpzFile) -> dict[str, cache.Array]:
    train, test = _labels(file, "y_train"), _labels(file, "y_test")
    _check_range("y_train", train, MAX_CLASSES - 1, f"from 0 to {MAX_CLASSES - 1}")
    highest = int(train.max())
    if highest < 1:
        raise InvalidInput("y_train must hold at least 2 classes, labels 0 and 1, not only 0")
    _check_range("y_test", test, highest, f"from 0 to {highest}, the highest of y_train")
    return {"y_train": train.astype(UINT8), "y_test": test.astype(UINT8)}


def _labels(file: NpzFile, name: str) -> cache.Array:
    return np.concatenate([block.reshape(-1) for block in file.blocks(name)])


def _check_range(name: str, labels: cache.Array, highest: int, allowed: str) -> None:
    for label in (labels.min(), labels.max()):
        if not 0 <= label <= highest:
            raise InvalidInput(f"{name} must hold labels {allowed}, not {label}")


def _images(file: NpzFile, name: str, dtype: np.dtype[Any]) -> Iterator[cache.Array]:
    for block in file.blocks(name):
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite: refused
            values = block.astype(dtype, copy=False)
        if dtype != UINT8 and not np.isfinite(values).all():
            raise InvalidInput(f"{name} must hold finite numbers, no NaN and nothing infinite")
        yield values
