"""The plan of settings on a data set that is only described, not loaded."""

from engine.datasets import DatasetSummary
from engine.networks.architecture import architecture_of
from engine.pruning.plan.kernels import without_units
from engine.pruning.plan.planning import Plan, plan
from engine.settings import ScheduleSettings


def plan_on(settings: ScheduleSettings, data: DatasetSummary) -> Plan:
    """What the run of these settings will prune, and when.

    Raises:
        InvalidInput: the network cannot read the images.
    """
    whole = architecture_of(settings.baseline, data.image_shape, data.classes)
    shape = without_units(whole, settings.unit_sparsity)
    return plan(settings, images=data.learnt, shape=shape)
