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
from engine.arrays import ImageArray, LabelArray
from engine.notices import Notice
from engine.system.home import write_atomically

FILE = "content.json"
NUMBERS, TEXT, BYTES, ONE_HOT = "numbers", "text", "bytes", "one-hot"
BLOCK_VALUES = 4 * 1024**2

Sums = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of some images.

    Attributes:
        low: the lowest.
        high: the highest.
        mean: of all of them.
        spread: their standard deviation.
    """

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


def content_of(
    arrays: Mapping[str, Any],
    labels: tuple[str, ...],
    *,
    held_out: int = 0,
    understood: tuple[Notice, ...] = (),
) -> Content:
    """Look at the arrays x_train, y_train, x_test and y_test, in blocks of images.

    Args:
        arrays: of the data set, as they are stored.
        labels: names of the classes.
        held_out: so many of the last training images are for validation.
        understood: what the import made of the file.
    """
    learnt = len(arrays["y_train"]) - held_out
    train, train_sums = _numbers(arrays["x_train"][:learnt])
    test, test_sums = _numbers(arrays["x_test"])
    return Content(
        dtype=np.dtype(arrays["x_train"].dtype).name,
        image_shape=tuple(arrays["x_train"].shape[1:]),
        train=train,
        test=test,
        inverted=_inverted(
            (train_sums / learnt, train.spread / math.sqrt(learnt)),
            (test_sums / len(arrays["y_test"]), test.spread / math.sqrt(len(arrays["y_test"]))),
        ),
        labels=labels,
        train_images=_counts(arrays["y_train"][:learnt], len(labels)),
        test_images=_counts(arrays["y_test"], len(labels)),
        validation_images=held_out,
        understood=understood,
        held_out=_numbers(arrays["x_train"][learnt:])[0] if held_out else None,
    )


def write(folder: Path, content: Content) -> None:
    """Keep what was seen beside the arrays."""
    values = dataclasses.asdict(content) | {"understood": notices.to_json(content.understood)}
    write_atomically(folder / FILE, json.dumps(values).encode())


def read(folder: Path) -> Content | None:
    """What was seen of the arrays of a folder; None where nobody looked yet, or it is damaged."""
    try:
        values: dict[str, Any] = json.loads((folder / FILE).read_bytes())
        lists = {n: tuple(v) for n, v in values.items() if isinstance(v, list)}
        numbers = {name: Numbers(**values[name]) for name in ("train", "test")}
        told = {"understood": notices.from_json(values["understood"])}
        if values.get("held_out") is not None:
            numbers["held_out"] = Numbers(**values["held_out"])
        return Content(**(values | lists | numbers | told))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _counts(labels: LabelArray, classes: int) -> tuple[int, ...]:
    return tuple(np.bincount(np.asarray(labels), minlength=classes).tolist())


def _numbers(images: ImageArray) -> tuple[Numbers, Sums]:
    """Of all values together; and the sum of each pixel ``(inputs,)``."""
    low, high, squares = math.inf, -math.inf, 0.0
    sums = np.zeros(math.prod(images.shape[1:]))
    for block in _blocks(images):
        low, high = min(low, float(block.min())), max(high, float(block.max()))
        sums += block.sum(axis=0)
    count = images.size
    mean = float(sums.sum()) / count
    for block in _blocks(images):
        squares += float(np.square(block - mean).sum())
    return Numbers(low, high, mean, math.sqrt(squares / count)), sums


def _blocks(images: ImageArray) -> Iterator[Sums]:
    rows = max(1, BLOCK_VALUES // max(math.prod(images.shape[1:]), 1))
    for start in range(0, len(images), rows):
        block = np.asarray(images[start : start + rows], np.float64)
        yield block.reshape(len(block), -1)


def _inverted(train: tuple[Sums, float], test: tuple[Sums, float]) -> bool:
    """Whether the mean images are each other's negatives, beyond what few images would show.

    Each is the mean of every pixel, and the standard error of such a mean.
    """
    if any(mean.std() < 3 * error or not mean.std() for mean, error in (train, test)):
        return False
    return bool(np.corrcoef(train[0], test[0])[0, 1] < -0.5)
