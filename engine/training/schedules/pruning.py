"""A training that prunes: the loop of `engine.training.baseline` around masks of TFMOT."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.datasets import Dataset, learnt
from engine.networks.architecture import architecture_of
from engine.networks.network import Network, initial_network
from engine.pruning.plan.baselines import small_architecture
from engine.pruning.plan.planning import Plan, plan
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.settings import ScheduleSettings
from engine.training.baseline import Course, EpochReport, StepReport, run
from engine.training.schedules.masking import Masked, masked
from engine.training.steps import Stepper, TrainState, optimizer_of

ORDER = 0x5C4ED
"""Keeps the order of the images apart from the baseline's, which has the same seed."""


@dataclass(frozen=True, slots=True)
class PruningReport:
    """A report of the training, with how sparse the masks are at that moment.

    Attributes:
        report: of the last few steps, or of an epoch.
        sparsities: the zero share of each pruned kernel, by number of layer.
        regrown: after an epoch: entries that were pruned at the end of the one before and are
            kept now, by number of layer; TFMOT lets weights return between two updates.
        zeros: after an epoch: the zero share of each pruned kernel itself.
    """

    report: StepReport | EpochReport
    sparsities: Mapping[int, float]
    regrown: Mapping[int, int]
    zeros: Mapping[int, float]


def prune_during_training(
    planned: Plan, start: Network, dataset: Dataset, *, resume: TrainState | None = None
) -> Iterator[PruningReport]:
    """Train the network and prune it as planned, or go on from the state of an earlier epoch.

    Args:
        planned: for the network's own kernels, see `plan_for`.
        start: the network before the first step; left as it is.
        dataset: to train on; its test images only report.
        resume: where to go on from.

    Yields:
        A report about four times a second and one after each epoch; the state of the last one
        holds the pruned network: weights that are pruned are zero in it.
    """
    settings = planned.settings
    split_seed, order = settings.baseline.seed, (settings.seed, ORDER)
    course = Course(settings.epochs, settings.batch_size, split_seed, order)
    stepper = _MaskedStepper(masked(start, planned), planned, dataset)
    saved = resume.pruning[::3] if resume else ()  # masks: the first of three arrays of each layer
    before = dict(zip((kernel.layer for kernel in planned.pruned), saved, strict=False))
    for report in run(stepper, course, dataset, resume=resume):
        masks = stepper.masked
        if not isinstance(report, EpochReport):
            yield PruningReport(report, masks.sparsities(), {}, {})
            continue
        kept = masks.masks()
        regrown = {n: int(np.count_nonzero(kept[n] & ~before[n])) for n in before}
        yield PruningReport(report, masks.sparsities(), regrown, masks.zeros())
        before = kept


def starting_network(
    settings: ScheduleSettings, baseline: Network | None, dataset: Dataset
) -> Network:
    """The trained baseline, without the units that go first; or random weights.

    Args:
        settings: of the run.
        baseline: the trained network, left as it is; None where the run needs none.
        dataset: what the network is for.
    """
    if baseline is None:
        shape = architecture_of(settings.baseline, dataset.image_shape, dataset.classes)
        if settings.rule == "small":
            shape = small_architecture(settings, shape)
        return initial_network(shape, np.random.default_rng((settings.seed, 0)))
    if not settings.unit_sparsity:
        return baseline
    share = settings.unit_sparsity
    return shrink(prune(baseline, method="unit", sparsity=share, bias="pruned").network)


def plan_for(settings: ScheduleSettings, start: Network, dataset: Dataset) -> Plan:
    """The plan for a network that is there."""
    return plan(settings, images=learnt(dataset), architecture=start.architecture)


class _MaskedStepper(Stepper):
    """Steps of a model with masks."""

    def __init__(self, model: Masked, plan: Plan, dataset: Dataset) -> None:
        self.masked = model
        model.begin()
        settings = plan.settings
        optimizer = optimizer_of(settings, plan.steps)
        images, labels = dataset.x_train, dataset.y_train
        super().__init__(model.wrapped, optimizer, images, labels, size=settings.batch_size)

    def network(self) -> Network:
        """The network with every pruned weight zero."""
        self.masked.mask_weights()
        return self.masked.network()

    def state(self, epoch: int) -> TrainState:
        """A copy of weights, optimizer variables and masks."""
        return replace(super().state(epoch), pruning=self.masked.state())

    def restore(self, state: TrainState) -> None:
        """Go on from that state."""
        super().restore(state)
        self.masked.restore(state.pruning)
