"""The kernels of a network that does not exist yet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.networks.architecture import Architecture, LayerShape
from engine.settings import ScheduleSettings, count_of
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


def kernels_of(shape: Architecture) -> tuple[Kernel, ...]:
    """Every kernel of a network of that shape."""
    return tuple(Kernel(n, layer.keras_kernel) for n, layer in enumerate(shape, start=1))


def without_units(shape: Architecture, share: float) -> Architecture:
    """The shape after a share of each hidden layer's units is removed."""
    return with_units(shape, [layer.units - count_of(layer.units, share) for layer in shape[:-1]])


def with_units(shape: Architecture, units: Sequence[int]) -> Architecture:
    """The same network with other numbers of units in its hidden layers."""
    layers: list[LayerShape] = []
    for layer, count in zip(shape, (*units, shape[-1].units), strict=True):
        if not layers:
            layers.append(replace(layer, units=count))
            continue
        before, where = layers[-1], layer.convolution
        where = where and replace(where, channels=before.units)
        layers.append(LayerShape(before.outputs, count, where))
    return tuple(layers)


def pruned_kernels(settings: ScheduleSettings, kernels: tuple[Kernel, ...]) -> tuple[Kernel, ...]:
    """Those of the kernels that the schedule prunes; none where the rule does not prune."""
    if settings.rule != "prune":
        return ()
    chosen = settings.layers or own_choice(settings.baseline)
    return tuple(kernel for kernel in kernels if kernel.layer in chosen)
