"""What a client may prune, and whether it prunes now: candidates that have to pass three gates.

The first gate that is closed gives the reason. The validation images decide; test images are never
seen here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from engine.arrays import count_nonzero
from engine.federated.candidate_masks import (
    fewer_units,
    fewer_weights,
    layer_distances,
    least_units,
    most_distance,
    reached,
    step_to_target,
)
from engine.networks.network import Network
from engine.pruning.masks import Masks
from engine.settings.declare import Declared, option
from engine.settings.values import Real, Sparsity

SHARE = Real(0, 1, percent=True, step=0.05)
DISTANCE_VALUE = Real(0, 1, step=0.0001)
STEP = Sparsity(most=0.9, above=True)


@dataclass(frozen=True, kw_only=True)
class ClientPruning(Declared):
    """What a client prunes, how far, and behind which gates.

    Attributes:
        name: as in JSON and on a command line.
    """

    name: ClassVar[str]

    target: float = option(
        0.5,
        Sparsity(),
        label="Pruned at the end, %",
        help="Share of the weights, or of the hidden units, at which a client stops pruning.",
    )
    step: float = option(
        0.1,
        STEP,
        label="Pruned at a time, %",
        help="Share of what is left that one pruning takes.",
    )
    accuracy_threshold: float = option(
        0.5,
        SHARE,
        label="Least accuracy, %",
        help="Validation accuracy that the pruned network has to reach.",
    )
    max_accuracy_drop: float = option(
        1.0,
        SHARE,
        name="most_loss",
        label="Most accuracy lost, %",
        help="Validation accuracy that pruning may cost; all of it allows everything.",
    )


UNIT_DISTANCE = option(
    0.0,
    DISTANCE_VALUE,
    label="Units: least distance",
    help="A client prunes units only where its choice after the first and after the last "
    "local epoch differs by more than this share.",
)


@dataclass(frozen=True, kw_only=True)
class Unstructured(ClientPruning):
    """Single weights."""

    name: ClassVar[str] = "unstructured"

    distance_threshold: float = option(
        1e-4,
        DISTANCE_VALUE,
        label="Weights: least distance",
        help="A client prunes weights only where its choice after the first and after the last "
        "local epoch differs by more than this share.",
    )


@dataclass(frozen=True, kw_only=True)
class Structured(ClientPruning):
    """Whole units; target and step count units."""

    name: ClassVar[str] = "structured"

    unit_distance_threshold: float = UNIT_DISTANCE


@dataclass(frozen=True, kw_only=True)
class Hybrid(Unstructured):
    """Single weights, then units inside what is left, each to a target of its own."""

    name: ClassVar[str] = "hybrid"

    unit_target: float = option(
        0.25,
        Sparsity(),
        label="Hybrid: units at the end, %",
        help="Hybrid only: share of the hidden units at which a client stops removing them.",
    )
    unit_step: float = option(
        0.1,
        STEP,
        label="Hybrid: units at a time, %",
        help="Hybrid only: share of the units that are left which one pruning takes.",
    )
    unit_distance_threshold: float = UNIT_DISTANCE


PRUNINGS: Mapping[str, type[ClientPruning]] = {
    each.name: each for each in (Unstructured, Structured, Hybrid)
}

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
    first: Network, last: Network, masks: Masks, pruning: ClientPruning, accuracies: Accuracies
) -> Decision:
    """Prune weights, then units inside what is left, each behind its own gates.

    Args:
        first: the network after the first local epoch; with one epoch, as it was downloaded.
        last: the network after the last local epoch. Both are zero where the masks keep nothing.
        masks: of the client, as they are.
        pruning: steps, targets and thresholds.
        accuracies: of a network and a candidate on the client's validation images.
    """
    gates: list[Gate] = []
    if not last.finite:
        return Decision(masks, (Gate(name=REJECTED, reason="non_finite"),))
    if isinstance(pruning, Unstructured):
        masks, gate = _prune_weights(first, last, masks, pruning, accuracies)
        gates.append(gate)
    if isinstance(pruning, Structured | Hybrid):
        if gates and gates[0].name == PRUNED:
            first, last = masks.apply(first), masks.apply(last)
        masks, gate = _prune_units(first, last, masks, pruning, accuracies)
        gates.append(gate)
    return Decision(masks, tuple(gates))


def _prune_weights(
    first: Network, last: Network, masks: Masks, pruning: Unstructured, accuracies: Accuracies
) -> tuple[Masks, Gate]:
    pruned = 1 - masks.density
    if reached(pruned, pruning.target):
        return masks, Gate(name=TARGET, reason="target_reached")
    then = fewer_weights(first, masks, pruning.step)
    candidate = fewer_weights(last, masks, pruning.step)
    layers = layer_distances(then, candidate)
    distance = sum(layers) / len(layers)  # as published, however large the layers are
    reason, step = "pruned", step_to_target(pruned, pruning.step, pruning.target)
    if step < pruning.step:
        reason, candidate = "pruned_to_target", fewer_weights(last, masks, step)
    if candidate.alive == masks.alive:
        return masks, Gate(name=TARGET, reason="layer_empty", distance=distance, layers=layers)
    most = most_distance(masks, pruning.step)
    gate = Gate(name=PRUNED, reason=reason, distance=distance, most=most, layers=layers)
    if distance <= pruning.distance_threshold:
        return masks, replace(gate, name=DISTANCE, reason="distance_below")
    return _validated(gate, last, masks, candidate, pruning, accuracies)


def _prune_units(
    first: Network,
    last: Network,
    masks: Masks,
    pruning: Structured | Hybrid,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    step, target = pruning.step, pruning.target
    if isinstance(pruning, Hybrid):
        step, target = pruning.unit_step, pruning.unit_target
    widths = tuple(map(len, masks.units))
    least = least_units(widths, target)
    candidate = fewer_units(last, masks, step, least)
    alive = sum(map(count_nonzero, masks.units))
    if candidate.unit_density == masks.unit_density:
        pruned = 1 - alive / sum(widths)
        reason = "target_reached" if reached(pruned, target) else "floor_reached"
        return masks, Gate(name=TARGET, reason=reason)
    then = fewer_units(first, masks, step, least)
    pairs = zip(then.units, candidate.units, strict=True)
    distance = sum(count_nonzero(a ^ b) for a, b in pairs) / alive
    most = 2 * (masks.unit_density - candidate.unit_density) / masks.unit_density
    gate = Gate(name=PRUNED, reason="pruned", distance=distance, most=most)
    if distance < pruning.unit_distance_threshold:
        return masks, replace(gate, name=DISTANCE, reason="distance_below")
    return _validated(gate, last, masks, candidate, pruning, accuracies)


def _validated(
    gate: Gate,
    last: Network,
    masks: Masks,
    candidate: Masks,
    pruning: ClientPruning,
    accuracies: Accuracies,
) -> tuple[Masks, Gate]:
    """The candidate, if it is accurate enough; the gate with both accuracies."""
    before, after = accuracies(last, masks, candidate)
    gate = replace(gate, accuracy_before=before, accuracy_after=after)
    if after < pruning.accuracy_threshold or before - after > pruning.max_accuracy_drop:
        return masks, replace(gate, name=ACCURACY, reason="accuracy_below")
    return candidate, gate
