"""What a data set holds: ranges of its numbers, images of each class. Looked at once, kept beside.

From this alone, without the arrays, a scaling is proposed and every notice is written.
"""

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import notices
from engine.datasets.cache import blocks_of
from engine.datasets.source import Array
from engine.notices import Notice
from engine.system.home import write_atomically

FILE = "content.json"
NUMBERS, TEXT, BYTES, ONE_HOT = "numbers", "text", "bytes", "one-hot"
Sums = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of some images; their spread is the standard deviation."""

    low: float
    high: float
    mean: float
    spread: float

    @property
    def constant(self) -> bool:
        """Whether all are the same number."""
        return self.low == self.high

    @property
    def reach(self) -> float:
        """The largest magnitude."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a data set holds.

    Attributes:
        dtype: of the images: uint8 or float32.
        image_shape: of one image, as it is stored.
        train: numbers of the training images, those held out for validation left aside.
        test: numbers of the test images.
        inverted: whether test images look like negatives of the training images.
        labels: names of the classes.
        train_images: of each class.
        test_images: of each class.
        validation_images: training images at the end that are the person's own validation images.
        understood: what the import made of the file.
        arrays: what the file calls its test images and their labels.
        written: how it writes labels: ``numbers``, ``text``, ``bytes`` or ``one-hot``.
        held_out: numbers of the person's own validation images.
        by_class: whether validation images are cut by class; see `Dataset`.
    """

    dtype: str
    image_shape: tuple[int, ...]
    train: Numbers
    test: Numbers
    inverted: bool
    labels: tuple[str, ...]
    train_images: tuple[int, ...]
    test_images: tuple[int, ...]
    validation_images: int = 0
    understood: tuple[Notice, ...] = ()
    arrays: tuple[str, ...] = ("x_test", "y_test")
    written: str = NUMBERS
    held_out: Numbers | None = None
    by_class: bool = True

    @property
    def renumbered(self) -> bool:
        """Whether the labels are not simply 0 to classes - 1."""
        return self.labels != tuple(map(str, range(len(self.labels))))


def look(arrays: Mapping[str, Array], labels: tuple[str, ...], *, held_out: int = 0) -> Content:
    """Look at the arrays x_train, y_train, x_test and y_test, in blocks of images.

    Args:
        arrays: of the data set, as they are stored: images ``(n, …)``, labels ``(n,)``.
        labels: names of the classes.
        held_out: so many of the last training images are for validation.
    """
    learnt = len(arrays["y_train"]) - held_out
    train, train_mean, train_error = _numbers(arrays["x_train"][:learnt])
    test, test_mean, test_error = _numbers(arrays["x_test"])
    train_images, test_images = (
        tuple(np.bincount(np.asarray(numbers), minlength=len(labels)).tolist())
        for numbers in (arrays["y_train"][:learnt], arrays["y_test"])
    )
    means = ((train_mean, train_error), (test_mean, test_error))
    # mean images of few images are noise: their correlation tells nothing
    telling = all(mean.std() > 0 and mean.std() >= 3 * error for mean, error in means)
    return Content(
        dtype=arrays["x_train"].dtype.name,
        image_shape=arrays["x_train"].shape[1:],
        train=train,
        test=test,
        inverted=telling and bool(np.corrcoef(train_mean, test_mean)[0, 1] < -0.5),
        labels=labels,
        train_images=train_images,
        test_images=test_images,
        validation_images=held_out,
        held_out=_numbers(arrays["x_train"][learnt:])[0] if held_out else None,
    )


def _numbers(images: Array) -> tuple[Numbers, Sums, float]:
    """Of all values together; the mean image ``(inputs,)``, and the standard error of its values.

    Computed in float64, block by block.
    """

    def blocks() -> Iterator[Sums]:
        for block in blocks_of(images):
            yield np.asarray(block, np.float64).reshape(len(block), -1)

    low, high, squares = math.inf, -math.inf, 0.0
    sums = np.zeros(math.prod(images.shape[1:]))
    for block in blocks():
        low, high = min(low, float(block.min())), max(high, float(block.max()))
        sums += block.sum(axis=0)
    mean = float(sums.sum()) / images.size
    for block in blocks():
        squares += float(np.square(block - mean).sum())
    spread = math.sqrt(squares / images.size)
    return Numbers(low, high, mean, spread), sums / len(images), spread / math.sqrt(len(images))


def write(folder: Path, content: Content) -> None:
    """Keep what was seen beside the arrays.

    Raises:
        StorageError: the disk refuses.
    """
    values = dataclasses.asdict(content) | {"understood": notices.to_json(content.understood)}
    write_atomically(folder / FILE, json.dumps(values).encode())


def read(folder: Path) -> Content | None:
    """What was seen of the arrays of a folder; None where nobody looked yet, or it is damaged."""
    try:
        values: dict[str, Any] = json.loads((folder / FILE).read_bytes())
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        numbers = {name: Numbers(**values[name]) for name in ("train", "test")}
        if values.get("held_out") is not None:
            numbers["held_out"] = Numbers(**values["held_out"])
        told = {"understood": notices.from_json(values["understood"])}
        return Content(**(values | lists | numbers | told))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
