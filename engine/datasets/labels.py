"""Labels as people write them, as the numbers 0 to classes - 1 with a name each.

Whole numbers of any type (floats too, if they are whole), truth values, text, columns ``(n, 1)``
and one-hot rows ``(n, classes)``. The classes are the labels that occur, in ascending order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import LabelArray
from engine.checks import shown
from engine.datasets.content import BYTES, NUMBERS, ONE_HOT, TEXT
from engine.datasets.source import Array
from engine.errors import InvalidInput

MAX_CLASSES = 100
MAX_NAME = 60
"""Characters of a label that is text."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The labels of a data set, renumbered.

    Attributes:
        names: of the classes, in their order.
        numbers: for each array of labels, the number of each image's class.
        written: how each array wrote its labels: ``numbers``, ``text``, ``bytes`` or
            ``one-hot``.
    """

    names: tuple[str, ...]
    numbers: Mapping[str, LabelArray]
    written: Mapping[str, str]


def classes_of(labels: Mapping[str, Array]) -> Classes:
    """The classes of some arrays of labels; those of the first have to be two at least.

    Args:
        labels: by the names of the arrays, ``(n,)``, ``(n, 1)`` or, one-hot, ``(n, classes)``.

    Raises:
        InvalidInput: an array holds no labels, or there are too few or too many classes.
    """
    plain, written = {}, {}
    for name, array in labels.items():
        plain[name], written[name] = _plain(name, array)
    if len({array.dtype.kind == "U" for array in plain.values()}) > 1:
        raise InvalidInput(f"{', '.join(plain)} must be all text or all numbers")
    for name, kind in written.items():
        if kind == ONE_HOT:
            others = {other: plain[other] for other in plain if written[other] != ONE_HOT}
            _check_columns(name, labels[name].shape[1], others)
    first = next(iter(plain))
    trained = np.unique(plain[first])
    if len(trained) < 2:
        raise InvalidInput(f"{first} must hold at least 2 classes, not only {trained[0]}")
    found = np.unique(np.concatenate(list(plain.values())))
    if len(found) > MAX_CLASSES:
        raise InvalidInput(
            f"the labels must be of at most {MAX_CLASSES} classes, not {len(found):,}, "
            f"from {shown(found[0].item())} to {shown(found[-1].item())}"
        )
    numbers = {
        name: np.searchsorted(found, array).astype(np.uint8) for name, array in plain.items()
    }
    return Classes(tuple(str(label) for label in found.tolist()), numbers, written)


def _check_columns(name: str, width: int, others: Mapping[str, Array]) -> None:
    """Refuse labels that are no columns of a one-hot array beside them: they may start at 1."""
    for other, values in others.items():
        low, high = values.min(), values.max()
        if low < 0 or high >= width:
            raise InvalidInput(
                f"{other} must hold labels from 0 to {width - 1}, the columns of the one-hot "
                f"{name}, not {low if low < 0 else high}"
            )


def _plain(name: str, array: Array) -> tuple[Array, str]:
    """The labels as int64 or text ``(n,)``, and how they were written."""
    if array.ndim == 2 and array.shape[1] > 1:
        is_hot = array == 1
        if not np.all(is_hot | (array == 0)) or not np.all(is_hot.sum(axis=1) == 1):
            raise InvalidInput(
                f"{name} must hold one label for each image, or rows with a single 1 (one-hot), "
                f"not the shape {array.shape} with other numbers"
            )
        return is_hot.argmax(axis=1), ONE_HOT
    labels = array.reshape(-1)
    if labels.dtype.kind not in "SU":
        return _whole(name, labels), NUMBERS
    is_bytes = labels.dtype.kind == "S"
    words = np.char.strip(np.char.decode(labels, "utf-8", "replace") if is_bytes else labels)
    lengths = np.char.str_len(words)
    if lengths.max() > MAX_NAME:
        raise InvalidInput(
            f"{name} must hold labels of at most {MAX_NAME} characters, not {lengths.max()}"
        )
    if not lengths.min():
        raise InvalidInput(f"{name} must hold a label for each image, not an empty text")
    return words, BYTES if is_bytes else TEXT


def _whole(name: str, labels: Array) -> Array:
    with np.errstate(invalid="ignore"):
        numbers = labels.astype(np.int64)
    if labels.dtype.kind == "f":
        wrong = ~np.isfinite(labels) | (np.abs(labels) > 2**53) | (numbers != labels)
        if wrong.any():
            raise InvalidInput(
                f"{name} must hold whole numbers or text, not {shown(labels[wrong][0].item())}"
            )
    elif labels.dtype.kind == "u" and int(labels.max()) > np.iinfo(np.int64).max:
        raise InvalidInput(f"{name} must hold whole numbers below 2**63, not {labels.max()}")
    return numbers
