"""How many entries of a kernel TFMOT keeps at a sparsity.

Free: max(1, size * (1 - sparsity) rounded half to even, in float32). Blocks: the same for the
number of blocks. 2:4: of every four neighbours along the inputs two go; where fewer than four
are left, they are filled up with zeros first, so that of three one goes and of two none.
"""

from dataclasses import dataclass

import numpy as np

from engine.pruning.plan.kernels import Kernel
from engine.settings import ScheduleSettings


@dataclass(frozen=True, slots=True)
class Kept:
    """How many entries stay: what to expect, and the least and the most that it can be.

    They differ only for blocks that do not tile the kernel: it depends on the weights how many of
    the smaller blocks at its edges stay.
    """

    expected: float
    least: int
    most: int


def kept(kernel: Kernel, sparsity: float, settings: ScheduleSettings) -> Kept:
    """How many entries of the kernel an update to that sparsity keeps."""
    if settings.pattern == "2:4":
        return _exactly(kept_two_of_four(kernel))
    if settings.block == (1, 1):
        return _exactly(_rounded(kernel.size, sparsity))
    return _kept_blocks(kernel, sparsity, settings.block)


def kept_two_of_four(kernel: Kernel) -> int:
    """How many entries a 2:4 pattern keeps."""
    fours, left = divmod(kernel.channels, 4)
    gone = 2 * fours + max(0, left - 2)
    return kernel.size // kernel.channels * (kernel.channels - gone)


def _exactly(count: int) -> Kept:
    return Kept(count, count, count)


def _rounded(size: int, sparsity: float) -> int:
    share = np.float32(1) - np.float32(sparsity)
    return max(1, int(np.round(np.float32(size) * share)))


def _kept_blocks(kernel: Kernel, sparsity: float, block: tuple[int, int]) -> Kept:
    areas = _block_areas(kernel.shape, block)
    total = sum(count for _, count in areas)
    blocks = _rounded(total, sparsity)
    smallest = sorted(areas)
    return Kept(
        expected=kernel.size * blocks / total,
        least=_area(smallest, blocks),
        most=_area(smallest[::-1], blocks),
    )


def _block_areas(shape: tuple[int, ...], block: tuple[int, int]) -> list[tuple[int, int]]:
    """Entries of a block and how many such blocks there are: whole ones and those at the edges."""
    (whole_rows, rows_left), (whole_columns, columns_left) = (
        divmod(side, length) for side, length in zip(shape[-2:], block, strict=True)
    )
    heights = [(block[0], whole_rows), (rows_left, 1 if rows_left else 0)]
    widths = [(block[1], whole_columns), (columns_left, 1 if columns_left else 0)]
    return [(h * w, n * m) for h, n in heights for w, m in widths if n * m]


def _area(areas: list[tuple[int, int]], blocks: int) -> int:
    """Entries of so many blocks, taken in the order of the list."""
    entries = 0
    for area, count in areas:
        taken = min(count, blocks)
        entries, blocks = entries + area * taken, blocks - taken
    return entries
