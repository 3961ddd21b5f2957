"""The plan of a run: what is planned at any step, for each kernel and over all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.datasets import DatasetSummary
from engine.networks.architecture import Architecture, architecture_of
from engine.pruning.plan.kernels import (
    Kept,
    Kernel,
    kept,
    kernels_of,
    pruned_kernels,
    without_units,
)
from engine.pruning.plan.staircase import Staircase, staircase
from engine.settings import ScheduleSettings, on_grid

TOLERANCE = 0.005
"""Half a point of sparsity: more than that between plan and masks is an error."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will prune, and when.

    Attributes:
        settings: of the run.
        steps_per_epoch: optimizer steps of an epoch; the last batch may be smaller.
        kernels: every kernel of the network that is trained.
        pruned: those that are pruned; none where the rule does not prune.
        staircase: when, and to which sparsity where a layer has no target of its own.
    """

    settings: ScheduleSettings
    steps_per_epoch: int
    kernels: tuple[Kernel, ...]
    pruned: tuple[Kernel, ...]
    staircase: Staircase

    @property
    def steps(self) -> int:
        """Optimizer steps of the whole training."""
        return self.staircase.steps

    @property
    def target(self) -> float:
        """The zero share of all pruned kernels that is asked for; that of any without them."""
        if not self.pruned:
            return self.settings.target
        targets = {kernel.layer: self.settings.target_of(kernel.layer) for kernel in self.pruned}
        return on_grid(self.overall(targets))

    def stairs(self, kernel: Kernel) -> Staircase:
        """When, and to which sparsity, this kernel is pruned."""
        return replace(self.staircase, target=self.settings.target_of(kernel.layer))

    def asked(self, step: int) -> float:
        """The zero share of all pruned kernels that the schedule has at a step, updated or not."""
        return self.overall({k.layer: self.stairs(k).sparsity(step) for k in self.pruned})

    def overall(self, shares: Mapping[int, float]) -> float:
        """The zero share of all pruned kernels, from that of each by number of layer; 0 without."""
        size = sum(kernel.size for kernel in self.pruned)
        zeros = sum(kernel.size * shares[kernel.layer] for kernel in self.pruned)
        return zeros / size if size else 0.0

    def kept(self, kernel: Kernel, step: int) -> Kept:
        """How many entries of a pruned kernel are kept at the end of a step."""
        last = self.staircase.last_update(step)
        if last is None:
            return Kept(kernel.size, kernel.size, kernel.size)
        return kept(kernel, self.stairs(kernel).sparsity(last), self.settings)

    def bounds(self, kernel: Kernel, step: int | None = None) -> tuple[float, float]:
        """The least and the largest zero share of a pruned kernel after a step, or at the end."""
        stay = self.kept(kernel, self.steps if step is None else step)
        return 1 - stay.most / kernel.size, 1 - stay.least / kernel.size

    def layer_sparsity(self, kernel: Kernel, step: int) -> float:
        """The zero share of a pruned kernel to expect at the end of a step."""
        return 1 - self.kept(kernel, step).expected / kernel.size

    def sparsity(self, step: int) -> float:
        """The zero share of all pruned kernels to expect at the end of a step; 0 without any."""
        size = sum(kernel.size for kernel in self.pruned)
        stay = sum(self.kept(kernel, step).expected for kernel in self.pruned)
        return 1 - stay / size if size else 0.0

    def agrees(self, step: int, achieved: Mapping[int, float]) -> bool:
        """Whether measured zero shares, by number of layer, are what is planned at that step."""
        for kernel in self.pruned:
            low, high = self.bounds(kernel, step)
            if not low - TOLERANCE <= achieved[kernel.layer] <= high + TOLERANCE:
                return False
        return True

    def points(self, most: int = 400) -> list[tuple[int, float]]:
        """Steps and the sparsity planned from each on: first, last, updates and ends of epochs.

        Of very many updates only so many are told.
        """
        updates = self.staircase.update_steps() if self.pruned else range(0)
        told = updates[:: -(-len(updates) // most) or 1]
        ends = range(self.steps_per_epoch, self.steps, self.steps_per_epoch)
        steps = sorted({0, *told, *updates[-1:], *ends[:most], self.steps})
        return [(step, self.sparsity(step)) for step in steps]


def plan(settings: ScheduleSettings, *, images: int, architecture: Architecture) -> Plan:
    """The plan of the settings.

    Args:
        settings: of the run.
        images: training images that are left after the validation split.
        architecture: of the network that is trained, units removed where the settings say so.
    """
    return planned_for(settings, -(-images // settings.batch_size), kernels_of(architecture))


def plan_on(settings: ScheduleSettings, data: DatasetSummary) -> Plan:
    """The plan of the settings on a data set that is only described, not loaded.

    Raises:
        InvalidInput: the network cannot read the images.
    """
    whole = architecture_of(settings.baseline, data.image_shape, data.classes)
    left = without_units(whole, settings.unit_sparsity)
    return plan(settings, images=data.learnt, architecture=left)


def planned_for(
    settings: ScheduleSettings, steps_per_epoch: int, kernels: tuple[Kernel, ...]
) -> Plan:
    """The plan of the settings for kernels that are known, in epochs of so many steps."""
    stairs = staircase(settings, steps_per_epoch * settings.epochs)
    return Plan(settings, steps_per_epoch, kernels, pruned_kernels(settings, kernels), stairs)


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON: the staircase, and what each pruned kernel will end at."""
    layers = []
    for kernel in plan.pruned:
        least, most = plan.bounds(kernel)
        layers.append(
            {
                "layer": kernel.layer,
                "shape": list(kernel.shape),
                "target": plan.settings.target_of(kernel.layer),
                "planned": plan.layer_sparsity(kernel, plan.steps),
                "least": least,
                "most": most,
            }
        )
    stairs = plan.staircase
    values = {"begin_step": stairs.begin, "end_step": stairs.end, "frequency": stairs.frequency}
    return {**values, "steps": plan.steps, "planned": plan.points(), "layers": layers}
