"""Which weights or units go next, and how far apart two candidates are.

Weights as published (Vahidian et al., arXiv 2105.00562): a percentile of the magnitudes that are
left, layer by layer. Units by the L2 norm of the weights that they read, as filters by their scale
there.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.pruning.ranking import lowest
from engine.pruning.scores import column_norms

SHORT_STEP = 0.05
"""Most that the last steps to the target take, as published."""

ROUNDING = 1e-9
"""Far less than the share of a single parameter, far more than the error of a quotient."""


def removed_count(alive: int, step: float) -> int:
    """Weights of a layer that a step takes: those below a linear percentile of the magnitudes."""
    return math.ceil(step * (alive - 1) - 1e-9) if alive > 1 else 0


def fewer_weights(network: Network, masks: Masks, step: float) -> Masks:
    """The masks without the smallest share of the weights that are left, ties by position."""
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
        least: units of each layer that stay.
    """
    units = []
    all_norms = column_norms([layer.kernel for layer in network.hidden], "l2")
    for norms, alive, fewest in zip(all_norms, masks.units, least, strict=True):
        positions = np.flatnonzero(alive)
        count = max(int(step * len(positions) + 1e-9), 1)
        count = min(count, max(len(positions) - fewest, 0))
        left = alive.copy()
        left[positions[lowest(norms[positions], count)]] = False
        units.append(left)
    return replace(masks, units=tuple(units))


def least_units(widths: Sequence[int], target: float) -> tuple[int, ...]:
    """Units of each layer that a target leaves: as near as whole ones come; one at least."""
    return tuple(max(width - int(target * width + 1e-9), 1) for width in widths)


def reached(pruned: float, target: float) -> bool:
    """Whether a pruned share is the target or more, but for rounding in its last digits."""
    return pruned >= target - ROUNDING


def step_to_target(pruned: float, step: float, target: float) -> float:
    """The step to take: the last ones before the target are short.

    Args:
        pruned: share of all parameters that is pruned.
        step: share of what is left that a usual step takes.
        target: share of all parameters to stop at.
    """
    if target - pruned >= step:
        return step
    return min(max(target - pruned, 0.0) / (1 - pruned), SHORT_STEP)


def layer_distances(first: Masks, last: Masks) -> tuple[float, ...]:
    """Share of each layer's entries, dead ones counted, on which two candidates differ."""
    pairs = zip(first.kernels, last.kernels, strict=True)
    return tuple(float(np.count_nonzero(a != b) / a.size) for a, b in pairs)


def weight_distance(first: Masks, last: Masks) -> float:
    """The published distance: the plain mean over layers, however large they are."""
    distances = layer_distances(first, last)
    return sum(distances) / len(distances)


def most_distance(masks: Masks, step: float) -> float:
    """The largest distance that two candidates of these masks can have."""
    kernels = masks.kernels
    counts = [removed_count(int(np.count_nonzero(k)), step) for k in kernels]
    most = [2 * count / k.size for count, k in zip(counts, kernels, strict=True)]
    return sum(most) / len(most)


def unit_distance(first: Masks, last: Masks, before: Masks) -> float:
    """Share of the units that lived before on which two candidates differ."""
    pairs = zip(first.units, last.units, strict=True)
    differ = sum(int(np.count_nonzero(a != b)) for a, b in pairs)
    return differ / max(sum(int(np.count_nonzero(units)) for units in before.units), 1)
