"""The drawing of the overview: one small kernel, dense and pruned in three ways.

The cells are pruned as the engine prunes: by magnitude, by the L2 norm of a column, by both.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from engine.arrays import BoolArray, FloatArray
from pages.shared.palette import METHODS

SIDE, CELL, GAP = 10, 16, 3
"""Cells in a row; pixels of a cell, and between two."""

DENSE_COLOUR = "#6E67F5"


@cache
def drawings() -> Mapping[str, str]:
    """An SVG for dense, weight, unit and hybrid, in this order; drawn once."""
    rng = np.random.default_rng(11)
    strength = rng.permutation(np.linspace(0.45, 1.3, SIDE))  # some units are weaker than others
    kernel = np.asarray(rng.normal(size=(SIDE, SIDE)) * strength, dtype=np.float32)
    weight, unit = _by_magnitude(kernel, 50), _by_norm(kernel, 5)
    hybrid = _by_norm(kernel, 3) & _by_magnitude(kernel * _by_norm(kernel, 3), 60)
    masks = {"dense": np.ones_like(weight), "weight": weight, "unit": unit, "hybrid": hybrid}
    return {name: _svg(name, kernel, mask) for name, mask in masks.items()}


def _by_magnitude(kernel: FloatArray, count: int) -> BoolArray:
    kept = np.ones(kernel.size, dtype=np.bool_)
    kept[np.argsort(np.abs(kernel), axis=None, kind="stable")[:count]] = False
    return kept.reshape(kernel.shape)


def _by_norm(kernel: FloatArray, count: int) -> BoolArray:
    kept = np.ones(kernel.shape, dtype=np.bool_)
    kept[:, np.argsort(np.linalg.norm(kernel, axis=0), kind="stable")[:count]] = False
    return kept


def _svg(name: str, kernel: FloatArray, mask: BoolArray) -> str:
    colour = METHODS[name].colour if name in METHODS else DENSE_COLOUR
    pruned = 'fill="none" stroke="#8A8F98" stroke-opacity="0.35" stroke-dasharray="2 3"'
    shade, step, cells = 0.3 + 0.7 * np.abs(kernel) / np.abs(kernel).max(), CELL + GAP, []
    for row, column in np.ndindex(kernel.shape):
        kept = f'fill="{colour}" fill-opacity="{float(shade[row, column]):.2f}"'
        cells.append(
            f'<rect x="{column * step}" y="{row * step}" width="{CELL}" height="{CELL}" rx="3.5" '
            f"{kept if mask[row, column] else pruned}/>"
        )
    side = SIDE * step - GAP + 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {side} {side}" '
        f'width="{side}" height="{side}">{"".join(cells)}</svg>'
    )
