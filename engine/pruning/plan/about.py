"""The plan of settings on a data set that is only described, not loaded."""

import math

from engine.datasets import DatasetSummary, training_count
from engine.pruning.plan.planning import Plan, plan
from engine.settings import ScheduleSettings


def plan_on(settings: ScheduleSettings, data: DatasetSummary) -> Plan:
    """What the run of these settings will prune, and when."""
    images, inputs = training_count(data.train), math.prod(data.image_shape)
    return plan(settings, images=images, inputs=inputs, classes=data.classes)
