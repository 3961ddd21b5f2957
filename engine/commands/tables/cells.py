"""Tables, and cells that several of them share."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table

DASH = "–"
"""Stands for what was not measured, never ``None``."""


def kilobytes(point: Mapping[str, Any], name: str) -> str:
    """Length of a file of a point in units of 1,000 bytes."""
    return f"{point['bytes'][name] / 1000:,.0f}" if name in point["bytes"] else DASH


def percent(share: float | None) -> str:
    """A share in percent; a dash for what is not measured."""
    return DASH if share is None else f"{100 * share:.2f}"


def number(value: float | None) -> str:
    """A loss; None is what a diverged network leaves."""
    return "diverged" if value is None else f"{value:.4f}"


def table(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    """An empty table with columns of words, then columns of numbers."""
    made = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    for name in words:
        made.add_column(name, no_wrap=True)
    for name in numbers:
        made.add_column(name, justify="right", no_wrap=True)
    return made


def balanced(result: Mapping[str, Any]) -> list[str]:
    """The column of balanced accuracy, where the result says that classes are unequal."""
    unequal = any(notice["code"] == "unequal-classes" for notice in result.get("notices", []))
    return ["balanced %"] if unequal else []


def files(point: Mapping[str, Any]) -> list[str]:
    """The cells of `FILES`: what the files of a point weigh, and how well the last one answers."""
    return [
        *(kilobytes(point, name) for name in ("keras_zip", "tflite_zip", "tflite_dynamic_zip")),
        percent(point["tflite_dynamic_accuracy"]),
    ]


FILES = ("zip", "TFLite", "dyn8", "dyn8 %")
FILES_EXPLAINED = "zip, TFLite, dyn8 (dynamic int8): zipped kB; dyn8 %: its accuracy"
