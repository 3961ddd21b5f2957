"""One image, asked of several networks at every K."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray
from engine.explore.question import Question, pruned
from engine.networks.network import Network, forward
from engine.pruning.prune import Cached

LEVELS = (0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99)

ROWS = ("dense", "weight", "unit", "quantized", "weight-quantized")
"""The unpruned network, it pruned in two ways, and in dynamic int8: unpruned and pruned."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer and how sure it is: the softmax share of the class, from 0 to 1."""

    answer: int
    share: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The answers to one image.

    Attributes:
        levels: K of each column.
        rows: by the names in `ROWS`; the networks without a K answer the same in each column.
    """

    levels: tuple[float, ...]
    rows: dict[str, tuple[Cell, ...]]

    def lost_at(self, row: str) -> float | None:
        """The first K at which the row answers differently than the dense network; or None."""
        pairs = zip(self.levels, self.rows["dense"], self.rows[row], strict=True)
        return next((k for k, before, now in pairs if now.answer != before.answer), None)


def strip(network: Network, coarse: Network, image: FloatArray, cached: Cached) -> Strip:
    """What all rows answer to an image at every K, ranked inside each layer.

    Args:
        network: the trained one.
        coarse: the same in dynamic int8. Pruning it is the same as quantising the pruned one:
            the largest weight of a unit, which makes its scale, is the last that goes.
        image: ``(inputs,)``, normalised.
        cached: keeps rankings of `network`.
    """
    batch = image.reshape(1, -1)
    rows: dict[str, list[Cell]] = {name: [] for name in ROWS}
    rows["dense"] = [_cell(network, batch)] * len(LEVELS)
    rows["quantized"] = [_cell(coarse, batch)] * len(LEVELS)
    for level in LEVELS:
        for method in ("weight", "unit"):
            found = pruned(network, Question(method=method, sparsities=(level,)), cached)
            rows[method].append(_cell(found.network, batch))
            if method == "weight":
                rows["weight-quantized"].append(_cell(found.masks.apply(coarse), batch))
    return Strip(LEVELS, {name: tuple(row) for name, row in rows.items()})


def _cell(network: Network, batch: FloatArray) -> Cell:
    logits = forward(network, batch)[0].astype(np.float64)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    best = int(np.argmax(shares))
    return Cell(best, float(shares[best]))
