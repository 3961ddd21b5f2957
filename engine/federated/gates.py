"""May the client prune now? Three gates, the first that is closed gives the reason.

The validation images decide; test images are never seen here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.federated import candidate_masks
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.settings import FederateSettings

PRUNED, DISTANCE, TARGET, ACCURACY = "pruned", "distance", "target", "accuracy"
REJECTED, DROPPED = "rejected", "dropped"

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
        masks, gate = _weights(first, last, masks, settings, accuracies)
        gates.append(gate)
    if settings.prunes_units:
        if gates and gates[0].name == PRUNED:
            first, last = masks.apply(first), masks.apply(last)
        masks, gate = _units(first, last, masks, settings, accuracies)
        gates.append(gate)
    return Decision(masks, tuple(gates))


def _weights(
    first: Network,
    last: Network,
    masks: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    pruned = 1 - masks.density
    step = candidate_masks.step_to_target(pruned, settings.step, settings.target)
    if candidate_masks.reached(pruned, settings.target):
        return masks, Gate(name=TARGET, reason="target_reached")
    then = candidate_masks.fewer_weights(first, masks, settings.step)
    candidate = candidate_masks.fewer_weights(last, masks, settings.step)
    distance = candidate_masks.weight_distance(then, candidate)
    layers = candidate_masks.layer_distances(then, candidate)
    most = candidate_masks.most_distance(masks, settings.step)
    if step < settings.step:
        candidate = candidate_masks.fewer_weights(last, masks, step)
    if candidate.alive == masks.alive:
        return masks, Gate(name=TARGET, reason="layer_empty", distance=distance, layers=layers)
    reason = "pruned_to_target" if step < settings.step else "pruned"
    gate = Gate(name=PRUNED, reason=reason, distance=distance, most=most, layers=layers)
    if distance <= settings.distance_threshold:
        return masks, replace(gate, name=DISTANCE, reason="distance_below")
    return _validated(gate, last, masks, candidate, settings, accuracies)


def _units(
    first: Network,
    last: Network,
    masks: Masks,
    settings: FederateSettings,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    alone = settings.pruning == "structured"
    step = settings.step if alone else settings.unit_step
    target = settings.target if alone else settings.unit_target
    least = candidate_masks.least_units(settings.hidden, target)
    candidate = candidate_masks.fewer_units(last, masks, step, least)
    if candidate.unit_density == masks.unit_density:
        left = sum(map(np.count_nonzero, masks.units)) / sum(settings.hidden)
        reason = "target_reached" if candidate_masks.reached(1 - left, target) else "floor_reached"
        return masks, Gate(name=TARGET, reason=reason)
    then = candidate_masks.fewer_units(first, masks, step, least)
    distance = candidate_masks.unit_distance(then, candidate, masks)
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
