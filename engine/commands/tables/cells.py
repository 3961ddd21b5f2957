"""Cells that several tables share."""

from collections.abc import Mapping
from typing import Any

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
