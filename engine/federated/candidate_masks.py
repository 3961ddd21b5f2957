"""Which weights or units go next, and how far apart two candidates are.

Weights as published (Vahidian et al., arXiv 2105.00562): a percentile of the magnitudes that are
left, layer by layer. Units by the L2 norm of the weights that they read, as filters by their scale
there.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import count_nonzero
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.pruning.ranking import lowest
from engine.pruning.scores import column_norms

SHORT_STEP = 0.05
"""Most that the last steps to the target take, as published."""

ROUNDING = 1e-9
"""Far less than the share of a single parameter, far more than the error of a quotient."""


def removed_count(alive: int, step: float) -> int:
    """Weights of a layer that a step takes: those below a linear percentile of the magnitudes.

    Args:
        alive: weights that are left of the layer.
        step: the percentile as a share.
    """
    return math.ceil(step * (alive - 1) - ROUNDING) if alive > 1 else 0


def fewer_weights(network: Network, masks: Masks, step: float) -> Masks:
    """The masks without the smallest share of each layer's weights that are left, ties by position.

    Source: Vahidian et al., algorithm 1, whose percentile `step` is as a share.
    """
    weights = []
    for layer, alive, flags in zip(network.layers, masks.kernels, masks.weights, strict=True):
        positions = np.flatnonzero(alive)
        magnitudes = np.abs(layer.kernel.ravel()[positions])
        left = flags.copy().ravel()
        left[positions[lowest(magnitudes, removed_count(len(positions), step))]] = False
        weights.append(left.reshape(flags.shape))
    return replace(masks, weights=tuple(weights))


def fewer_units(network: Network, masks: Masks, step: float, least: Sequence[int]) -> Masks:
    """The masks without the weakest share of the units that are left.

    Of a layer that has more units than stay, one at least goes: a share of few units is none.

    Args:
        network: masked: what its units do not read any more is zero.
        masks: of the network.
        step: share of the units to take, of each layer.
        least: units of each hidden layer that stay.
    """
    units = []
    all_norms = column_norms([layer.kernel for layer in network.hidden], "l2")
    for norms, alive, fewest in zip(all_norms, masks.units, least, strict=True):
        positions = np.flatnonzero(alive)
        count = max(int(step * len(positions) + ROUNDING), 1)
        count = min(count, max(len(positions) - fewest, 0))
        left = alive.copy()
        left[positions[lowest(norms[positions], count)]] = False
        units.append(left)
    return replace(masks, units=tuple(units))


def least_units(widths: Sequence[int], target: float) -> tuple[int, ...]:
    """Units of each layer that a target leaves: as near as whole ones come; one at least."""
    return tuple(max(width - int(target * width + ROUNDING), 1) for width in widths)


def reached(pruned: float, target: float) -> bool:
    """Whether a pruned share is the target or more, but for rounding in its last digits."""
    return pruned >= target - ROUNDING


def step_to_target(pruned: float, step: float, target: float) -> float:
    """The step to take, a share of what is left: the last ones before the target are short.

    Args:
        pruned: share of all parameters that is pruned.
        step: share of what is left that a usual step takes.
        target: share of all parameters to stop at.
    """
    if target - pruned >= step:
        return step
    return min(max(target - pruned, 0.0) / (1 - pruned), SHORT_STEP)


def layer_distances(first: Masks, last: Masks) -> tuple[float, ...]:
    """Share of each layer's entries, dead ones counted, on which two candidates differ.

    Their plain mean is the published distance.
    """
    pairs = zip(first.kernels, last.kernels, strict=True)
    return tuple(count_nonzero(a ^ b) / a.size for a, b in pairs)


def most_distance(masks: Masks, step: float) -> float:
    """The largest distance, a mean over layers, that two candidates of these masks can have."""
    most = [2 * removed_count(count_nonzero(k), step) / k.size for k in masks.kernels]
    return sum(most) / len(most)
