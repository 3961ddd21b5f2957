"""What a plan reaches at its end, where whole blocks are pruned and counts are rounded.

Both are TFMOT's: of a kernel so many blocks stay, and which of them, whole ones or the smaller
ones at its edges, depends on the weights.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

from engine.notices import Notice
from engine.pruning.plan.kernels import Kernel
from engine.pruning.plan.planning import TOLERANCE, Plan, planned_for
from engine.pruning.plan.problem import Problem, listed, points, replaced
from engine.settings import ScheduleSettings, percent
from engine.settings.levels import STEPS_PER_UNIT, on_grid

SINGLE = (1, 1)
"""A block of one weight."""

MOST_TARGET = 0.99


def missed(plan: Plan) -> Iterator[Problem]:
    """The target cannot be met: as many entries as it asks for cannot be pruned at a time."""
    reached = plan.sparsity(plan.steps)
    if abs(reached - plan.target) <= TOLERANCE:
        return
    what, block = "kernels as small as these", plan.settings.block
    if block != SINGLE:
        what = f"kernels of so few blocks of {_block(block)}"
    text = f"sparsity would end at {points(reached)} %, not {points(plan.target)} %: {what}"
    smaller = _tiling(plan)
    if smaller is not None and not list(missed(_with(plan, block=smaller))):
        yield _reblocked(plan, f"{text} cannot be pruned nearer to it", smaller)
        return
    yield _attainable(plan, f"{text} cannot be pruned nearer to it", plan.pruned)


def notices(plan: Plan) -> list[Problem]:
    """What may end far from its target in single layers, though not on the whole.

    Nothing of this keeps a run from starting: it is told beforehand, with what would avoid it.
    """
    if plan.settings.pattern == "2:4":
        return []
    return [*_uncertain(plan), *_rounded(plan)]


def told(plan: Plan) -> tuple[Notice, ...]:
    """The same as lines beside a result."""
    return tuple(Notice("target-unsure", problem.line) for problem in notices(plan))


def _uncertain(plan: Plan) -> Iterator[Problem]:
    bad = [kernel for kernel in plan.pruned if _is_uncertain(plan, kernel)]
    if not bad:
        return
    ends = [(kernel.layer, *map(points, plan.bounds(kernel))) for kernel in bad]
    ranges = ", ".join(f"{low} to {high} % in layer {layer}" for layer, low, high in ends)
    whole = listed({kernel.layer for kernel in bad})
    text = (
        f"blocks of {_block(plan.settings.block)} do not tile the kernel{'s'[: len(bad) - 1]} of "
        f"{whole}: depending on the weights, zeros may end anywhere from {ranges}"
    )
    yield _reblocked(plan, text, _tiling(plan) or SINGLE)


def _rounded(plan: Plan) -> Iterator[Problem]:
    bad = [kernel for kernel in plan.pruned if _is_rounded(plan, kernel)]
    if not bad:
        return
    shares = ", ".join(
        f"layer {kernel.layer} would end at {points(plan.bounds(kernel)[0])} %, "
        f"not {percent(plan.settings.target_of(kernel.layer))} %"
        for kernel in bad
    )
    yield _attainable(plan, f"{shares}: so small a kernel cannot be pruned nearer to it", bad)


def _is_uncertain(plan: Plan, kernel: Kernel) -> bool:
    low, high = plan.bounds(kernel)
    target = plan.settings.target_of(kernel.layer)
    return high > low and max(high - target, target - low) > TOLERANCE


def _is_rounded(plan: Plan, kernel: Kernel) -> bool:
    low, high = plan.bounds(kernel)
    return high == low and abs(low - plan.settings.target_of(kernel.layer)) > TOLERANCE


def _block(block: tuple[int, int]) -> str:
    return f"{block[0]}x{block[1]}"


def _reblocked(plan: Plan, text: str, block: tuple[int, int]) -> Problem:
    remedy = "prune single weights" if block == SINGLE else f"use blocks of {_block(block)}"
    return replaced(plan, text, remedy, block=block)


def _tiling(plan: Plan) -> tuple[int, int] | None:
    """The largest block, none longer than the present one, that leaves nothing to chance.

    None if it is single weights that are pruned already.
    """
    if plan.settings.block == SINGLE:
        return None
    rows, columns = (
        [
            side
            for side in range(1, most + 1)
            if not any(kernel.shape[axis] % side for kernel in plan.pruned)
        ]
        for axis, most in enumerate(plan.settings.block)
    )
    largest = sorted(itertools.product(rows, columns), key=math.prod, reverse=True)
    return next((block for block in largest if _tiles(plan, block)), SINGLE)


def _tiles(plan: Plan, block: tuple[int, int]) -> bool:
    """Whether blocks of that size work, and every layer ends where it should."""
    spans = any(side <= b for k in plan.pruned for side, b in zip(k.shape, block, strict=True))
    if block in {plan.settings.block, SINGLE} or spans:
        return False
    other = _with(plan, block=block)
    return not any(_is_uncertain(other, k) or _is_rounded(other, k) for k in other.pruned)


def _attainable(plan: Plan, text: str, kernels: Sequence[Kernel]) -> Problem:
    """The problem of kernels whose target has to be one that they can reach."""
    wanted = dict(plan.settings.targets)
    wanted |= {kernel.layer: _nearest(plan, kernel) for kernel in kernels}
    mended = dataclasses.replace(plan.settings, targets=tuple(sorted(wanted.items())))
    if mended.targets:
        shares = [f"{percent(wanted[k.layer])} % for layer {k.layer}" for k in kernels]
        return Problem(text, f"set the target to {', '.join(shares)}", mended)
    return Problem(text, f"set the target to {percent(mended.target)} %", mended)


def _nearest(plan: Plan, kernel: Kernel) -> float:
    """The sparsity above zero that the kernel reaches and that is nearest to its target."""
    reached = plan.layer_sparsity(kernel, plan.steps)
    if reached == 0:
        rows, columns = (
            -(-side // length)
            for side, length in zip(kernel.shape[-2:], plan.settings.block, strict=True)
        )
        pieces = kernel.size if plan.settings.block == SINGLE else rows * columns
        reached = 1 / pieces if pieces > 1 else 0.0
    return min(max(on_grid(reached), 1 / STEPS_PER_UNIT), MOST_TARGET)


def _with(plan: Plan, **changes: object) -> Plan:
    """The plan of other settings for the same network."""
    settings: ScheduleSettings = dataclasses.replace(plan.settings, **changes)  # type: ignore[arg-type]
    return planned_for(settings, plan.steps_per_epoch, plan.kernels)
