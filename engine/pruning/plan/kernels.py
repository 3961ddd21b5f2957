"""The kernels of a network that does not exist yet, and how many of their entries TFMOT keeps.

Free: max(1, size * (1 - sparsity) rounded half to even, in float32). Blocks: the same for the
number of blocks. 2:4: of every four neighbours along the inputs two go; where fewer than four
are left, they are filled up with zeros first, so that of three one goes and of two none.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.networks.architecture import Architecture, LayerShape
from engine.settings import ScheduleSettings, count_of
from engine.settings.schedule import SINGLE, own_choice


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


@dataclass(frozen=True, slots=True)
class Kept:
    """How many entries stay: what to expect, and the least and the most that it can be.

    They differ only for blocks that do not tile the kernel: it depends on the weights how many of
    the smaller blocks at its edges stay.
    """

    expected: float
    least: int
    most: int


def kernels_of(architecture: Architecture) -> tuple[Kernel, ...]:
    """Every kernel of a network, by number of its layer."""
    return tuple(Kernel(n, layer.keras_kernel) for n, layer in enumerate(architecture, start=1))


def pruned_kernels(settings: ScheduleSettings, kernels: tuple[Kernel, ...]) -> tuple[Kernel, ...]:
    """Those of the kernels that the schedule prunes; none where the rule does not prune."""
    if settings.rule != "prune":
        return ()
    chosen = settings.layers or own_choice(settings.baseline)
    return tuple(kernel for kernel in kernels if kernel.layer in chosen)


def without_units(architecture: Architecture, share: float) -> Architecture:
    """The network after a share, 0 to 0.99, of each hidden layer's units is removed."""
    hidden = architecture[:-1]
    return with_units(architecture, [each.units - count_of(each.units, share) for each in hidden])


def with_units(architecture: Architecture, units: Sequence[int]) -> Architecture:
    """The same network with other numbers of units in its hidden layers.

    Raises:
        ValueError: there is not a number above 0 for each hidden layer.
    """
    layers: list[LayerShape] = []
    for layer, count in zip(architecture, (*units, architecture[-1].units), strict=True):
        if not layers:
            layers.append(replace(layer, units=count))
            continue
        before, where = layers[-1], layer.convolution
        where = where and replace(where, channels=before.units)
        layers.append(LayerShape(before.outputs, count, where))
    return tuple(layers)


def kept(kernel: Kernel, sparsity: float, settings: ScheduleSettings) -> Kept:
    """How many entries of the kernel an update to that sparsity, a fraction, keeps.

    Source: `_update_mask` and `_maybe_update_block_mask` in TFMOT's pruning_impl.py,
    `generate_m_by_n_mask` in its pruning_utils.py.
    """
    if settings.pattern == "2:4":
        count = kept_two_of_four(kernel)
        return Kept(count, count, count)
    if settings.block == SINGLE:
        count = _rounded(kernel.size, sparsity)
        return Kept(count, count, count)
    # entries of a block and how many such blocks there are: whole ones and those at the edges
    (whole_rows, rows_left), (whole_columns, columns_left) = map(
        divmod, kernel.shape[-2:], settings.block
    )
    heights = [(settings.block[0], whole_rows), (rows_left, 1 if rows_left else 0)]
    widths = [(settings.block[1], whole_columns), (columns_left, 1 if columns_left else 0)]
    areas = sorted((h * w, n * m) for h, n in heights for w, m in widths if n * m)
    total = sum(count for _, count in areas)
    blocks = _rounded(total, sparsity)
    return Kept(
        expected=kernel.size * blocks / total,
        least=_area(areas, blocks),
        most=_area(reversed(areas), blocks),
    )


def kept_two_of_four(kernel: Kernel) -> int:
    """How many entries a 2:4 pattern keeps."""
    inputs = kernel.shape[-2]  # of a filter its channels
    fours, left = divmod(inputs, 4)
    gone = 2 * fours + max(0, left - 2)
    return kernel.size // inputs * (inputs - gone)


def _rounded(size: int, sparsity: float) -> int:
    share = np.float32(1) - np.float32(sparsity)
    return max(1, int(np.round(np.float32(size) * share)))


def _area(areas: Iterable[tuple[int, int]], blocks: int) -> int:
    """Entries of so many blocks, taken in that order."""
    entries = 0
    for area, count in areas:
        taken = min(count, blocks)
        entries, blocks = entries + area * taken, blocks - taken
    return entries
