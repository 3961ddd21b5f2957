"""What a client prunes in a round: its candidate masks, and the gates that they have to pass.

Weights as published (Vahidian et al., arXiv 2105.00562): a percentile of the magnitudes that are
left, layer by layer. Units by the L2 norm of the weights that they read, as filters by their scale
there. Of three gates the first that is closed gives the reason. The validation images decide; test
images are never seen here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.arrays import count_nonzero
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.pruning.ranking import lowest
from engine.pruning.scores import column_norms
from engine.settings import FederateSettings

PRUNED, DISTANCE, TARGET, ACCURACY = "pruned", "distance", "target", "accuracy"
REJECTED, DROPPED = "rejected", "dropped"

SHORT_STEP = 0.05
"""Most that the last steps to the target take, as published."""

ROUNDING = 1e-9
"""Far less than the share of a single parameter, far more than the error of a quotient."""

Accuracies: TypeAlias = Callable[[Network, Masks, Masks], tuple[float, float]]
"""Shares of the client's validation images that a network answers right: with its masks, and with
those of a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a client decided about weights or units in a round.

    Attributes:
        name: pruned, or the gate that was closed: target, distance or accuracy.
        reason: finer: pruned, or pruned_to_target by a short step; target_reached, only where it
            is; floor_reached, one more unit of any layer would overshoot the target or be its last;
            layer_empty, no layer has more than one weight left; distance_below, accuracy_below or
            non_finite.
        distance: between the candidates after the first and the last local epoch.
        most: the largest distance that they could have had.
        layers: the distance in each layer; of units none.
        accuracy_before: on the validation images, before pruning; None where it did not get there.
        accuracy_after: after pruning.
    """

    name: str
    reason: str
    distance: float = 0.0
    most: float = 0.0
    layers: tuple[float, ...] = ()
    accuracy_before: float | None = None
    accuracy_after: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The masks that the client goes on with, and why."""

    masks: Masks
    gates: tuple[Gate, ...]


def decide(
    first: Network,
    last: Network,
    masks: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> Decision:
    """Prune weights, then units inside what is left, each behind its own gates.

    Args:
        first: the network after the first local epoch; with one epoch, as it was downloaded.
        last: the network after the last local epoch. Both are zero where the masks keep nothing.
        masks: of the client, as they are.
        settings: steps, targets, thresholds, and the widths that targets are shares of.
        accuracies: of a network and a candidate on the client's validation images.
    """
    gates: list[Gate] = []
    if not last.finite:
        return Decision(masks, (Gate(name=REJECTED, reason="non_finite"),))
    if settings.prunes_weights:
        masks, gate = _prune_weights(first, last, masks, settings, accuracies)
        gates.append(gate)
    if settings.prunes_units:
        if gates and gates[0].name == PRUNED:
            first, last = masks.apply(first), masks.apply(last)
        masks, gate = _prune_units(first, last, masks, settings, accuracies)
        gates.append(gate)
    return Decision(masks, tuple(gates))


def _prune_weights(
    first: Network,
    last: Network,
    masks: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    pruned = 1 - masks.density
    if reached(pruned, settings.target):
        return masks, Gate(name=TARGET, reason="target_reached")
    then = fewer_weights(first, masks, settings.step)
    candidate = fewer_weights(last, masks, settings.step)
    layers = layer_distances(then, candidate)
    distance = sum(layers) / len(layers)  # as published, however large the layers are
    reason, step = "pruned", step_to_target(pruned, settings.step, settings.target)
    if step < settings.step:
        reason, candidate = "pruned_to_target", fewer_weights(last, masks, step)
    if candidate.alive == masks.alive:
        return masks, Gate(name=TARGET, reason="layer_empty", distance=distance, layers=layers)
    most = most_distance(masks, settings.step)
    gate = Gate(name=PRUNED, reason=reason, distance=distance, most=most, layers=layers)
    if distance <= settings.distance_threshold:
        return masks, replace(gate, name=DISTANCE, reason="distance_below")
    return _validated(gate, last, masks, candidate, settings, accuracies)


def _prune_units(
    first: Network,
    last: Network,
    masks: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    alone = settings.pruning == "structured"
    step = settings.step if alone else settings.unit_step
    target = settings.target if alone else settings.unit_target
    least = least_units(settings.hidden, target)
    candidate = fewer_units(last, masks, step, least)
    alive = sum(map(count_nonzero, masks.units))
    if candidate.unit_density == masks.unit_density:
        pruned = 1 - alive / sum(settings.hidden)
        reason = "target_reached" if reached(pruned, target) else "floor_reached"
        return masks, Gate(name=TARGET, reason=reason)
    then = fewer_units(first, masks, step, least)
    pairs = zip(then.units, candidate.units, strict=True)
    distance = sum(count_nonzero(a ^ b) for a, b in pairs) / alive
    most = 2 * (masks.unit_density - candidate.unit_density) / masks.unit_density
    gate = Gate(name=PRUNED, reason="pruned", distance=distance, most=most)
    if distance < settings.unit_distance_threshold:
        return masks, replace(gate, name=DISTANCE, reason="distance_below")
    return _validated(gate, last, masks, candidate, settings, accuracies)


def _validated(
    gate: Gate,
    last: Network,
    masks: Masks,
    candidate: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    """The candidate, if it is accurate enough; the gate with both accuracies."""
    before, after = accuracies(last, masks, candidate)
    gate = replace(gate, accuracy_before=before, accuracy_after=after)
    if after < settings.accuracy_threshold or before - after > settings.most_loss:
        return masks, replace(gate, name=ACCURACY, reason="accuracy_below")
    return candidate, gate


def removed_count(alive: int, step: float) -> int:
    """Weights of a layer that a step takes: those below a linear percentile of the magnitudes."""
    return math.ceil(step * (alive - 1) - ROUNDING) if alive > 1 else 0


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
    """Share of each layer's entries, dead ones counted, on which two candidates differ."""
    pairs = zip(first.kernels, last.kernels, strict=True)
    return tuple(count_nonzero(a ^ b) / a.size for a, b in pairs)


def most_distance(masks: Masks, step: float) -> float:
    """The largest distance, a mean over layers, that two candidates of these masks can have."""
    most = [2 * removed_count(count_nonzero(k), step) / k.size for k in masks.kernels]
    return sum(most) / len(most)
