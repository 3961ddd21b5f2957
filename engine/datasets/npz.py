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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.datasets import cache, content
from engine.datasets.cache import Blocks, Record, datasets_home, folder_of, locked, storing
from engine.datasets.content import ONE_HOT, Content
from engine.datasets.labels import MAX_CLASSES, MAX_NAME, Classes, classes_of
from engine.datasets.npz_file import MAX_DECODED_BYTES, Member, open_npz
from engine.datasets.source import ARRAYS, Array
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
    with open_npz(source) as (members, aside), storing("the .npz file's arrays"):
        _check(members)
        labels = {
            role: np.concatenate(list(member.blocks()))
            for role, member in members.items()
            if role.startswith("y")
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
            records = cache.write(building, _arrays(members, classes))
            validation = members["x_val"].shape[0] if "x_val" in members else 0
            seen = content.look(cache.open_arrays(building), classes.names, held_out=validation)
            seen = dataclasses.replace(
                seen,
                understood=_understood(members, aside, classes),
                arrays=(members["x_test"].name, members["y_test"].name),
                written=classes.written["y_test"],
            )
            return _keep(building, records, seen)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _arrays(members: Mapping[str, Member], classes: Classes) -> dict[str, Array | Blocks]:
    """The four arrays as they are kept: validation images stand behind the training images."""
    arrays: dict[str, Array | Blocks] = {}
    for part, roles in (("train", ("train", "val")), ("test", ("test",))):
        images = [members[f"x_{role}"] for role in roles if f"x_{role}" in members]
        labels = [classes.numbers[f"y_{role}"] for role in roles if f"y_{role}" in members]
        shape = (sum(member.shape[0] for member in images), *images[0].shape[1:])
        arrays[f"x_{part}"] = Blocks(shape, _kept_as(images[0].dtype), _finite_blocks(images))
        arrays[f"y_{part}"] = np.concatenate(labels)
    return arrays


def _finite_blocks(images: Sequence[Member]) -> Iterator[Array]:
    for member in images:
        dtype = _kept_as(member.dtype)
        for block in member.blocks():
            with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite: refused
                values = block.astype(dtype, copy=False)
            if dtype != UINT8 and not np.isfinite(values).all():
                raise InvalidInput(
                    f"{member.name} must hold finite numbers, no NaN and nothing infinite"
                )
            yield values


def _understood(members: Mapping[str, Member], aside: str, classes: Classes) -> tuple[Notice, ...]:
    """What was made of the names of the arrays, and of one-hot labels."""
    told: list[str] = []
    notices: list[Notice] = []
    mapped = [f"{member.name} as {role}" for role, member in members.items() if member.name != role]
    if mapped:
        told.append(f"read {', '.join(mapped)}")
    if "x_val" in members:
        count = members["x_val"].shape[0]
        told.append(f"{count:,} images of x_val choose (validation); federations leave them out")
    if aside:
        told.append(aside)
    if told:
        notices.append(Notice("keys-mapped", "; ".join(told)))
    one_hot = [role for role, kind in classes.written.items() if kind == ONE_HOT]
    if one_hot:
        text = f"{' and '.join(one_hot)} one-hot: the class is the place of the 1 (argmax)"
        notices.append(Notice("one-hot", text))
    return tuple(notices)


def _keep(building: Path, records: Mapping[str, Record], seen: Content) -> str:
    """Name the arrays by their content, and keep them and what was seen under that name."""
    text: list[Any] = [
        [name, records[name].shape, records[name].dtype, records[name].sha256] for name in ARRAYS
    ]
    if seen.renumbered:
        text.append(["labels", seen.labels])
    if seen.validation_images:
        text.append(["validation", seen.validation_images])
    name = f"npz-{hashlib.sha256(json.dumps(text).encode()).hexdigest()[:24]}"
    folder = folder_of(name)
    with locked(name, waiting=lambda: None):  # whoever has it only renames a folder
        if cache.intact(folder) is None:
            content.write(building, seen)
            cache.install(building, folder)
        else:  # the same content from a file of other names: what is told is told of the last one
            before = content.read(folder)
            # nobody looked in earlier versions: the runs made with them stay true
            by_class = (folder / content.FILE).exists() if before is None else before.by_class
            content.write(folder, dataclasses.replace(seen, by_class=by_class))
    return name


def _kept_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Bytes and the truth values of bitmaps are kept as bytes; all other numbers as floats."""
    return UINT8 if dtype == UINT8 or dtype.kind == "b" else FLOAT32


def _check(members: Mapping[str, Member]) -> None:
    """Check what the headers declare, before any values are read."""
    images = [member for role, member in members.items() if role.startswith("x")]
    for member in images:
        _check_images(member, members["x_train"])
    for role, member in members.items():
        if role.startswith("y"):
            _check_labels(member, members[role.replace("y", "x", 1)])
    kept = _kept_as(images[0].dtype)
    size = kept.itemsize * sum(math.prod(member.shape) for member in images)
    if size > MAX_DECODED_BYTES:
        raise InvalidInput(
            f"{' and '.join(member.name for member in images)} must take at most "
            f"{MAX_DECODED_BYTES >> 20:,} MB as {kept}, not {size >> 20:,} MB"
        )


def _check_images(member: Member, train: Member) -> None:
    name, shape = member.name, member.shape
    if member.dtype.kind not in "fbiu":
        raise InvalidInput(f"{name} must be numbers, not {member.dtype.name}")
    if not 2 <= len(shape) <= 1 + MAX_AXES or not 1 <= math.prod(shape[1:]) <= MAX_INPUTS:
        raise InvalidInput(
            f"{name} must have a shape (images, …) of 1 to {MAX_INPUTS:,} values an image, "
            f"not {shape}"
        )
    if not MIN_IMAGES <= shape[0] <= MAX_IMAGES:
        raise InvalidInput(
            f"{name} must hold {MIN_IMAGES} to {MAX_IMAGES:,} images, not {shape[0]:,}"
        )
    if shape[1:] != train.shape[1:]:
        raise InvalidInput(
            f"{name} must have images of {train.shape[1:]} as {train.name}, not {shape[1:]}"
        )
    if _kept_as(member.dtype) != _kept_as(train.dtype):
        raise InvalidInput(f"{name} must be {train.dtype} as {train.name}, not {member.dtype}")


def _check_labels(labels: Member, images: Member) -> None:
    name, shape, kind = labels.name, labels.shape, labels.dtype.kind
    if kind not in "iubfUS" or labels.dtype.itemsize > 16 * MAX_NAME:
        raise InvalidInput(f"{name} must be whole numbers or text, not {labels.dtype.name}")
    count = images.shape[0]
    one_hot = len(shape) == 2 and 2 <= shape[1] <= MAX_CLASSES and kind in "iubf"
    if shape not in {(count,), (count, 1)} and not (shape[:1] == (count,) and one_hot):
        raise InvalidInput(
            f"{name} must have one label for each of the {count:,} images of "
            f"{images.name}, not the shape {shape}"
        )
