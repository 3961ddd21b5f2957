"""A kernel of 5 inputs and 4 units, pruned by hand: rank, cut, zero, remove."""

from dataclasses import dataclass

import numpy as np

from engine import checks
from engine.arrays import BoolArray, FloatArray, IntArray
from engine.pruning.ranking import lowest
from engine.pruning.scores import column_norms, magnitudes
from engine.settings import count_of

STEPS = ("kernel", "rank", "cut", "zero", "remove")
WAYS = ("weight", "unit")

KERNEL: FloatArray = np.array(
    [
        [0.9, -0.2, 0.4, 0.1],
        [-0.7, 0.3, 0.8, -0.2],
        [0.1, 0.5, -0.6, 0.3],
        [0.8, -0.1, 0.7, -0.1],
        [-0.4, 0.2, 0.9, 0.6],
    ],
    dtype=np.float32,
)


@dataclass(frozen=True, eq=False, slots=True)
class Pruned:
    """The kernel with its scores, and what a sparsity does to it.

    Attributes:
        kernel: ``(5, 4)``, zeroed where it is pruned.
        norms: ``(4,)``, L2 norm of each column of the whole kernel.
        ranks: 1 is the lowest; ``(5, 4)`` for weights, ``(4,)`` for units.
        gone: ``(5, 4)``, the entries that are pruned.
        removed: what is left once zeros are taken out: fewer columns for units; weights leave
            holes that no array can leave out, so it is the zeroed kernel.
    """

    kernel: FloatArray
    norms: FloatArray
    ranks: IntArray
    gone: BoolArray
    removed: FloatArray


def pruned(way: str, sparsity: float) -> Pruned:
    """The kernel pruned by ``weight`` or by ``unit`` at a sparsity from 0 to 0.99.

    Raises:
        InvalidInput: there is no such way, or no such sparsity.
    """
    by_unit = checks.choice("way", way, WAYS) == "unit"
    checks.real("sparsity", sparsity, 0, 0.99, allowed="a fraction from 0 to 0.99")
    (norms,), (sizes,) = column_norms([KERNEL], "l2"), magnitudes([KERNEL])
    scores = norms if by_unit else sizes
    chosen = lowest(scores, count_of(scores.size, sparsity))
    gone = np.broadcast_to(chosen, KERNEL.shape)
    kernel = np.where(gone, np.float32(0), KERNEL)
    removed = kernel[:, ~chosen] if by_unit else kernel
    ranks = np.empty(scores.shape, np.int64)  # of equal scores the first is the lower one
    ranks.flat[np.argsort(scores, axis=None, kind="stable")] = np.arange(1, scores.size + 1)
    return Pruned(kernel, np.asarray(norms, np.float32), ranks, gone, removed)
