"""Labels as people write them, as the numbers 0 to classes - 1 with a name each.

Whole numbers of any type (floats too, if they are whole), truth values, text, columns ``(n, 1)``
and one-hot rows ``(n, classes)``. The classes are the labels that occur, in ascending order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import LabelArray
from engine.checks import shown
from engine.datasets.content import BYTES, NUMBERS, ONE_HOT, TEXT
from engine.errors import InvalidInput

MAX_CLASSES = 100
MAX_NAME = 60
"""Characters of a label that is text."""

Array = npt.NDArray[Any]


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

    @property
    def one_hot(self) -> tuple[str, ...]:
        """Names of the arrays that were one-hot."""
        return tuple(name for name, kind in self.written.items() if kind == ONE_HOT)

    @property
    def renumbered(self) -> bool:
        """Whether the labels are not simply 0 to classes - 1."""
        return self.names != tuple(map(str, range(len(self.names))))


def classes_of(labels: Mapping[str, Array]) -> Classes:
    """The classes of some arrays of labels; those of the first have to be two at least.

    Raises:
        InvalidInput: an array holds no labels, or there are too few or too many classes.
    """
    plain = {name: _plain(name, array) for name, array in labels.items()}
    kinds = {array.dtype.kind == "U" for array in plain.values()}
    if len(kinds) > 1:
        raise InvalidInput(f"{', '.join(plain)} must be all text or all numbers")
    _check_one_hot(labels, plain)
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
    written = {name: _written(array) for name, array in labels.items()}
    return Classes(tuple(str(label) for label in found.tolist()), numbers, written)


def _check_one_hot(labels: Mapping[str, Array], plain: Mapping[str, Array]) -> None:
    """Refuse labels that are no columns of a one-hot array beside them: they may start at 1."""
    widths = {name: array.shape[1] for name, array in labels.items() if _is_table(array)}
    for name, width in widths.items():
        for other, values in plain.items():
            if other not in widths and (values.min() < 0 or values.max() >= width):
                bad = values.min() if values.min() < 0 else values.max()
                raise InvalidInput(
                    f"{other} must hold labels from 0 to {width - 1}, the columns of the one-hot "
                    f"{name}, not {bad}"
                )


def unused(names: tuple[str, ...]) -> tuple[str, ...]:
    """Whole numbers between the lowest and the highest label that are no label."""
    try:
        numbers = [int(name) for name in names]
    except ValueError:
        return ()
    if max(numbers) - min(numbers) > 10 * MAX_CLASSES:
        return ()  # numbers like years or postcodes: nobody meant what lies between
    return tuple(str(n) for n in range(min(numbers), max(numbers)) if n not in set(numbers))


def _written(array: Array) -> str:
    if _is_table(array):
        return ONE_HOT
    return {"U": TEXT, "S": BYTES}.get(array.dtype.kind, NUMBERS)


def _is_table(array: Array) -> bool:
    return array.ndim == 2 and array.shape[1] > 1


def _plain(name: str, array: Array) -> Array:
    """The labels as int64 or text ``(n,)``."""
    if _is_table(array):
        return _hottest(name, array)
    flat = array.reshape(-1)
    if flat.dtype.kind == "S":
        flat = np.char.decode(flat, "utf-8", "replace")
    if flat.dtype.kind == "U":
        return _words(name, flat)
    return _whole(name, flat)


def _hottest(name: str, rows: Array) -> Array:
    is_hot = rows == 1
    if not np.all(is_hot | (rows == 0)) or not np.all(is_hot.sum(axis=1) == 1):
        raise InvalidInput(
            f"{name} must hold one label for each image, or rows with a single 1 (one-hot), "
            f"not the shape {tuple(rows.shape)} with other numbers"
        )
    return np.asarray(rows.argmax(axis=1), np.int64)


def _words(name: str, labels: Array) -> Array:
    stripped = np.char.strip(labels)
    longest = int(np.char.str_len(stripped).max())
    if longest > MAX_NAME:
        raise InvalidInput(
            f"{name} must hold labels of at most {MAX_NAME} characters, not {longest}"
        )
    if not np.char.str_len(stripped).min():
        raise InvalidInput(f"{name} must hold a label for each image, not an empty text")
    return np.asarray(stripped)


def _whole(name: str, labels: Array) -> Array:
    with np.errstate(invalid="ignore"):
        numbers = labels.astype(np.int64)
    if labels.dtype.kind == "f":
        wrong = ~np.isfinite(labels) | (np.abs(labels) > 2**53) | (numbers != labels)
        if wrong.any():
            raise InvalidInput(
                f"{name} must hold whole numbers or text, not {shown(labels[wrong][0].item())}"
            )
    elif labels.dtype.kind == "u" and labels.size and int(labels.max()) > np.iinfo(np.int64).max:
        raise InvalidInput(f"{name} must hold whole numbers below 2**63, not {labels.max()}")
    return numbers
