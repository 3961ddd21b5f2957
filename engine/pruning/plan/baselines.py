"""The honest baselines of a schedule: what else the same effort and the same size could give."""

import dataclasses

from engine.networks.architecture import Architecture, parameters
from engine.pruning.plan.kernels import kept, kernels_of, pruned_kernels, with_units, without_units
from engine.settings import ScheduleSettings


def unpruned(settings: ScheduleSettings) -> ScheduleSettings:
    """The same training without pruning."""
    return dataclasses.replace(settings, rule="unpruned")


def small(settings: ScheduleSettings) -> ScheduleSettings:
    """A dense network of the pruned one's size, trained from scratch for as long."""
    return dataclasses.replace(settings, rule="small")


def at(settings: ScheduleSettings, target: float) -> ScheduleSettings:
    """The same schedule with another target, the same for all layers."""
    return dataclasses.replace(settings, target=target, targets=())


def nonzero_parameters(settings: ScheduleSettings, architecture: Architecture) -> int:
    """Parameters that are not pruned once the target is reached; biases and other layers count.

    Args:
        settings: of the schedule, or of its small baseline.
        architecture: of the whole network.
    """
    pruning = dataclasses.replace(settings, rule="prune")
    left = without_units(architecture, settings.unit_sparsity)
    chosen = pruned_kernels(pruning, kernels_of(left))
    gone = sum(k.size - kept(k, settings.target_of(k.layer), pruning).expected for k in chosen)
    return round(parameters(left) - gone)


def small_architecture(settings: ScheduleSettings, architecture: Architecture) -> Architecture:
    """The dense network that has as many parameters as the schedule leaves, as nearly as can be.

    Args:
        settings: of the schedule, or of this baseline of it.
        architecture: of the whole network; all its hidden layers are made narrower by one factor.
    """
    goal = nonzero_parameters(settings, architecture)
    units = [layer.units for layer in architecture[:-1]]
    most = max(units, default=1)
    factors = (step / most for step in range(1, most + 1))
    candidates = (with_units(architecture, [max(1, round(f * u)) for u in units]) for f in factors)
    return min(candidates, key=lambda each: abs(parameters(each) - goal))
