"""The honest baselines of a schedule: what else the same effort and the same size could give."""

import dataclasses
from collections.abc import Sequence

from engine.pruning.plan.counts import kept
from engine.pruning.plan.kernels import Kernel, all_kernels, pruned_kernels
from engine.settings import ScheduleSettings


def unpruned(settings: ScheduleSettings) -> ScheduleSettings:
    """The same training without pruning."""
    return dataclasses.replace(settings, rule="unpruned")


def small(settings: ScheduleSettings) -> ScheduleSettings:
    """A dense network of the pruned one's size, trained from scratch for as long."""
    return dataclasses.replace(settings, rule="small")


def at(settings: ScheduleSettings, target: float) -> ScheduleSettings:
    """The same schedule with another target."""
    return dataclasses.replace(settings, target=target)


def nonzero_parameters(settings: ScheduleSettings, *, inputs: int, classes: int) -> int:
    """Parameters that are not pruned once the target is reached; biases and other layers count."""
    pruning = dataclasses.replace(settings, rule="prune")
    kernels = all_kernels(
        settings.baseline, inputs=inputs, classes=classes, unit_sparsity=settings.unit_sparsity
    )
    chosen = pruned_kernels(pruning, kernels)
    gone = sum(k.size - kept(k, settings.target, pruning).expected for k in chosen)
    return round(sum(kernel.size + kernel.units for kernel in kernels) - gone)


def small_hidden(settings: ScheduleSettings, *, inputs: int, classes: int) -> tuple[int, ...]:
    """Hidden widths, all scaled alike, of the dense network that is nearest in parameters."""
    goal = nonzero_parameters(settings, inputs=inputs, classes=classes)
    hidden = settings.baseline.hidden
    steps = range(1, max(hidden) + 1)
    candidates = (_scaled(hidden, step / max(hidden)) for step in steps)
    return min(candidates, key=lambda widths: abs(_parameters(inputs, widths, classes) - goal))


def _scaled(hidden: Sequence[int], factor: float) -> tuple[int, ...]:
    return tuple(max(1, round(factor * units)) for units in hidden)


def _parameters(inputs: int, hidden: tuple[int, ...], classes: int) -> int:
    shapes = zip((inputs, *hidden), (*hidden, classes), strict=True)
    return sum(Kernel(0, shape).size + shape[1] for shape in shapes)
