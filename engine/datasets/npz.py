"""A person's own data: an .npz file with images and labels for training and test.

The data set is named by the digest of its content, so the same content imported twice, by whomever
and in whatever packing, is the same data set. Images are kept as they are; labels are kept as the
numbers of the classes that occur. What was seen of both is kept beside them.
"""

import contextlib
import dataclasses
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

from engine.datasets import cache, content
from engine.datasets.folders import datasets_home, folder_of, locked, storing
from engine.datasets.labels import MAX_CLASSES, MAX_NAME, Classes, classes_of
from engine.datasets.npz_file import MAX_DECODED_BYTES, Member, NpzFile, open_npz
from engine.datasets.source import ARRAYS
from engine.errors import InvalidInput
from engine.notices import Notice

MIN_IMAGES, MAX_IMAGES = 10, 1_000_000
MAX_INPUTS = 65_536
MAX_AXES = 4
FLOAT32 = np.dtype("<f4")
UINT8 = np.dtype("u1")
ABANDONED_SECONDS = 3600.0
IMPORTING = ".importing-"


def import_npz(source: Path | bytes) -> str:
    """Check a person's own .npz file and keep its arrays as a data set.

    Images ``(n, …)`` of any shape or flat, uint8 or float (kept as float32). Labels: see
    `engine.datasets.labels`. Names of arrays: see `engine.datasets.npz_keys`; images x_val with
    labels y_val are held out for validation.

    Args:
        source: the file, or its bytes.

    Returns:
        The data set's name, ``npz-`` and 24 hex digits, for `load` and the settings.

    Raises:
        InvalidInput: the file cannot be used; one line names the array and what is allowed.
        StorageError: the home folder does not take it.
    """
    with open_npz(source) as file, storing("the .npz file's arrays"):
        dtype = _check_shapes(file.members)
        labels = {
            role: np.concatenate(list(file.blocks(role))) for role in file.members if role[0] == "y"
        }
        classes = classes_of(labels)
        folder = datasets_home()
        for path in folder.glob(f"{IMPORTING}*"):
            with contextlib.suppress(FileNotFoundError):  # another import has just ended
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
        building = folder / f"{IMPORTING}{uuid.uuid4().hex}"
        building.mkdir()
        try:
            records = _write(building, file, dtype, classes)
            return _keep(building, file, records, classes)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _write(
    building: Path, file: NpzFile, dtype: np.dtype[Any], classes: Classes
) -> dict[str, cache.Record]:
    """Write the four arrays; validation images are kept behind the training images."""
    records = {}
    for name in ARRAYS:
        own = name.replace("train", "val")
        parts = [name, own] if own != name and own in file.members else [name]
        path = building / f"{name}.npy"
        if name.startswith("y"):
            labels = np.concatenate([classes.numbers[part] for part in parts])
            records[name] = cache.write_array(path, labels.shape, UINT8, [labels])
        else:
            count = sum(file.members[part].shape[0] for part in parts)
            blocks = (block for part in parts for block in _images(file, part, dtype))
            shape = (count, *file.members[name].shape[1:])
            records[name] = cache.write_array(path, shape, dtype, blocks)
    cache.write_manifest(building, records)
    return records


def _keep(building: Path, file: NpzFile, records: dict[str, cache.Record], classes: Classes) -> str:
    """Name the arrays by their content, look at them, and keep them under that name."""
    validation = file.members["x_val"].shape[0] if "x_val" in file.members else 0
    text: list[Any] = [
        [name, records[name].shape, records[name].dtype, records[name].sha256] for name in ARRAYS
    ]
    if classes.renumbered:
        text.append(["labels", classes.names])
    if validation:
        text.append(["validation", validation])
    name = f"npz-{hashlib.sha256(json.dumps(text).encode()).hexdigest()[:24]}"
    folder = folder_of(name)
    with locked(name, waiting=lambda: None):  # whoever has it only renames a folder
        seen = content.content_of(
            cache.open_arrays(building),
            classes.names,
            held_out=validation,
            understood=_understood(file, classes, validation),
        )
        tested = tuple(file.members[role].name for role in ("x_test", "y_test"))
        seen = dataclasses.replace(seen, arrays=tested, written=classes.written["y_test"])
        content.write(building, seen)
        if cache.intact(folder) is None:
            cache.install(building, folder)
        elif not (folder / content.FILE).exists():  # of an earlier version, whose runs stay true
            content.write(folder, dataclasses.replace(seen, by_class=False))
        else:  # the same content from a file of other names: what is told is told of the last one
            before = content.read(folder)
            kept = seen.by_class if before is None else before.by_class
            content.write(folder, dataclasses.replace(seen, by_class=kept))
    return name


def _understood(file: NpzFile, classes: Classes, validation: int) -> tuple[Notice, ...]:
    """What was made of the names of the arrays, and of one-hot labels."""
    mapped = [f"{m.name} as {role}" for role, m in file.members.items() if m.name != role]
    own = f"{validation:,} images of x_val choose (validation); federations leave them out"
    parts = [f"read {', '.join(mapped)}"] if mapped else []
    parts += [own] if validation else []
    parts += ["{} is left aside without its {}".format(*file.aside)] if file.aside else []
    notices = [Notice("keys-mapped", "; ".join(parts))] if parts else []
    if classes.one_hot:
        names = " and ".join(classes.one_hot)
        notices.append(
            Notice("one-hot", f"{names} one-hot: the class is the place of the 1 (argmax)")
        )
    return tuple(notices)


def _check_shapes(members: dict[str, Member]) -> np.dtype[Any]:
    """Check what the headers declare; the type in which the images will be kept."""
    images = [member for role, member in members.items() if role.startswith("x")]
    train = members["x_train"]
    for member in images:
        _check_images(member)
        if member.shape[1:] != train.shape[1:]:
            raise InvalidInput(
                f"{member.name} must have images of {train.shape[1:]} as {train.name}, "
                f"not {member.shape[1:]}"
            )
        if _is_bytes(member) != _is_bytes(train):
            raise InvalidInput(
                f"{member.name} must be {train.dtype} as {train.name}, not {member.dtype}"
            )
    for role, member in members.items():
        if role.startswith("y"):
            _check_count(members[role.replace("y", "x", 1)], member)
    kept = UINT8 if _is_bytes(train) else FLOAT32
    values = sum(math.prod(member.shape) for member in images)
    if values * kept.itemsize > MAX_DECODED_BYTES:
        raise InvalidInput(
            f"{' and '.join(member.name for member in images)} must take at most "
            f"{MAX_DECODED_BYTES >> 20:,} MB as {kept}, not {values * kept.itemsize >> 20:,} MB"
        )
    return kept


def _is_bytes(member: Member) -> bool:
    """Whether its numbers are kept as bytes: those of bitmaps too; all others become floats."""
    return member.dtype == UINT8 or member.dtype.kind == "b"


def _check_images(member: Member) -> None:
    name, shape = member.name, member.shape
    if member.dtype.kind not in "fbiu":
        raise InvalidInput(f"{name} must be numbers, not {_type_name(member.dtype)}")
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
    if labels.dtype.kind not in "iubfUS" or labels.dtype.itemsize > 16 * MAX_NAME:
        raise InvalidInput(
            f"{labels.name} must be whole numbers or text, not {_type_name(labels.dtype)}"
        )
    count = images.shape[0]
    one_each = labels.shape in {(count,), (count, 1)}
    one_hot = len(labels.shape) == 2 and labels.shape[0] == count and labels.dtype.kind in "iubf"
    if not one_each and not (one_hot and 2 <= labels.shape[1] <= MAX_CLASSES):
        raise InvalidInput(
            f"{labels.name} must have one label for each of the {count:,} images of "
            f"{images.name}, not the shape {labels.shape}"
        )


def _type_name(dtype: np.dtype[Any]) -> str:
    return dtype.name if len(dtype.name) <= 20 else dtype.kind


def _images(file: NpzFile, role: str, dtype: np.dtype[Any]) -> Iterator[cache.Array]:
    for block in file.blocks(role):
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite: refused
            values = block.astype(dtype, copy=False)
        if dtype != UINT8 and not np.isfinite(values).all():
            raise InvalidInput(
                f"{file.members[role].name} must hold finite numbers, no NaN and nothing infinite"
            )
        yield values
