"""The kernels of a network that does not exist yet."""

import itertools
import math
from dataclasses import dataclass

from engine.settings import ScheduleSettings, TrainSettings, count_of
from engine.settings.schedule import own_choice


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel by what is known before training.

    Attributes:
        layer: number of its layer; 1 is the first.
        shape: as Keras keeps it: (inputs, units), or (height, width, channels, filters).
    """

    layer: int
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of entries."""
        return math.prod(self.shape)

    @property
    def flat(self) -> bool:
        """Whether it is a matrix, as blocks need it."""
        return len(self.shape) == 2

    @property
    def units(self) -> int:
        """Number of units or filters."""
        return self.shape[-1]

    @property
    def channels(self) -> int:
        """Length of the axis along which a 2:4 pattern runs: inputs, or channels of a filter."""
        return self.shape[-2]


def all_kernels(
    training: TrainSettings, *, inputs: int, classes: int, unit_sparsity: float = 0.0
) -> tuple[Kernel, ...]:
    """Every kernel of the network, after a share of each hidden layer's units is removed.

    Args:
        training: the network's settings.
        inputs: values of one image.
        classes: number of labels.
        unit_sparsity: share of each hidden layer's units that goes first.
    """
    hidden = (units - count_of(units, unit_sparsity) for units in training.hidden)
    shapes = itertools.pairwise((inputs, *hidden, classes))
    return tuple(Kernel(number, shape) for number, shape in enumerate(shapes, start=1))


def pruned_kernels(settings: ScheduleSettings, kernels: tuple[Kernel, ...]) -> tuple[Kernel, ...]:
    """Those of the kernels that the schedule prunes; none where the rule does not prune."""
    if settings.rule != "prune":
        return ()
    chosen = settings.layers or own_choice(settings.baseline)
    return tuple(kernel for kernel in kernels if kernel.layer in chosen)
