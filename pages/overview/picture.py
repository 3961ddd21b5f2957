"""The drawing of the overview: one small kernel, dense and pruned in three ways.

The cells are pruned as the engine prunes: by magnitude, by the L2 norm of a column, by both.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from engine.arrays import BoolArray, FloatArray
from pages.shared.palette import METHODS

SIDE = 10
CELL = 16
GAP = 3
DENSE_COLOUR = "#6E67F5"


@cache
def drawings() -> Mapping[str, str]:
    """An SVG for dense, weight, unit and hybrid, in this order; drawn once."""
    kernel = _kernel()
    weight, unit = _by_magnitude(kernel, 50), _by_norm(kernel, 5)
    hybrid = _by_norm(kernel, 3) & _by_magnitude(kernel * _by_norm(kernel, 3), 60)
    masks = {"dense": np.ones_like(weight), "weight": weight, "unit": unit, "hybrid": hybrid}
    return {name: _svg(name, kernel, mask) for name, mask in masks.items()}


def _kernel() -> FloatArray:
    rng = np.random.default_rng(11)
    strength = rng.permutation(np.linspace(0.45, 1.3, SIDE))  # some units are weaker than others
    return np.asarray(rng.normal(size=(SIDE, SIDE)) * strength, dtype=np.float32)


def _by_magnitude(kernel: FloatArray, count: int) -> BoolArray:
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    kept = np.ones(kernel.size, dtype=np.bool_)
    kept[order[:count]] = False
    return kept.reshape(kernel.shape)


def _by_norm(kernel: FloatArray, count: int) -> BoolArray:
    weakest = np.argsort(np.linalg.norm(kernel, axis=0), kind="stable")[:count]
    kept = np.ones(kernel.shape, dtype=np.bool_)
    kept[:, weakest] = False
    return kept


def _svg(name: str, kernel: FloatArray, mask: BoolArray) -> str:
    colour = METHODS[name].colour if name in METHODS else DENSE_COLOUR
    shade = 0.3 + 0.7 * np.abs(kernel) / np.abs(kernel).max()
    cells = [
        _cell(row, column, colour, float(shade[row, column]), kept=bool(mask[row, column]))
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    side = SIDE * (CELL + GAP) - GAP + 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {side} {side}" '
        f'width="{side}" height="{side}">{"".join(cells)}</svg>'
    )


def _cell(row: int, column: int, colour: str, shade: float, *, kept: bool) -> str:
    outline = f'x="{column * (CELL + GAP)}" y="{row * (CELL + GAP)}" width="{CELL}" height="{CELL}"'
    paint = (
        f'fill="{colour}" fill-opacity="{shade:.2f}"'
        if kept
        else 'fill="none" stroke="#8A8F98" stroke-opacity="0.35" stroke-dasharray="2 3"'
    )
    return f'<rect {outline} rx="3.5" {paint}/>'
