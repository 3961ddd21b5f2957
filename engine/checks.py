"""Checks of values that a person gave, with one wording everywhere.

Each function returns the checked value and raises `InvalidInput` with a line of the form
``NAME must be ALLOWED, not VALUE``.
"""

from collections.abc import Sequence
from typing import Any

from engine.errors import InvalidInput

MAX_SHOWN = 60
"""Longer values are cut in messages: input is hostile and lines must stay lines."""


def shown(value: object) -> str:
    """The value as it appears in a message: quoted, on one line, never long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # Python writes no numbers of thousands of digits
        text = "one that is too long to show"
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def refuse(name: str, allowed: str, value: object) -> InvalidInput:
    """The error for a bad value, to be raised by the caller."""
    return InvalidInput(f"{name} must be {allowed}, not {shown(value)}")


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number from `low` to `high`; raises InvalidInput for anything else."""
    allowed = f"a whole number from {low:,} to {high:,}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(name, allowed, value)
    if not low <= value <= high:
        raise refuse(name, allowed, value)
    return value


def real(name: str, value: Any, low: float, high: float, *, allowed: str) -> float:
    """A finite number from `low` to `high`, both included; raises InvalidInput for others."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(name, allowed, value)
    if not low <= value <= high:  # compares whole numbers of any length; NaN is never inside
        raise refuse(name, allowed, value)
    return float(value) + 0.0  # -0.0 becomes 0.0: equal values are written alike


def choice(name: str, value: Any, options: Sequence[str]) -> str:
    """One of the named options; raises InvalidInput for anything else."""
    if not isinstance(value, str) or value not in options:
        raise refuse(name, "one of " + ", ".join(options), value)
    return value


def distinct(name: str, values: Any, *, of: str, most: int) -> tuple[Any, ...]:
    """A list of 1 to `most` values, none of them twice; raises InvalidInput for anything else."""
    allowed = f"a list of 1 to {most} {of}"
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise refuse(name, allowed, values)
    if not 1 <= len(values) <= most:
        raise refuse(name, allowed, values)
    if any(values.count(value) > 1 for value in values):  # not a set: entries may be anything
        raise refuse(name, f"{allowed} without repetition", values)
    return tuple(values)
