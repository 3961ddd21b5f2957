"""The network that a schedule starts from."""

import numpy as np

from engine.datasets import Dataset
from engine.networks.architecture import architecture_of
from engine.networks.network import Network, initial_network
from engine.pruning.plan.baselines import small_architecture
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.settings import ScheduleSettings


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
