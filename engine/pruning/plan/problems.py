"""What is wrong with a plan, or may end otherwise than asked: a line, and settings that mend it.

Every one of these was seen to happen: TFMOT prunes nothing, stops early, divides by zero or
fails in the middle of a training, mostly without a word. And of a kernel so many blocks stay, but
which of them, whole ones or the smaller ones at its edges, depends on the weights.
"""

import dataclasses
import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.notices import Notice
from engine.pruning.plan.kernels import Kernel, kept_two_of_four
from engine.pruning.plan.planning import TOLERANCE, Plan, planned_for
from engine.settings import ScheduleSettings, on_grid, percent
from engine.settings.levels import MOST_SPARSITY, STEPS_PER_UNIT
from engine.settings.schedule import SINGLE


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a plan from reaching its target, or may do so.

    Attributes:
        text: what would happen, in a line.
        remedy: what `mended` does about it, in a few words.
        mended: the settings without this problem.
    """

    text: str
    remedy: str
    mended: ScheduleSettings

    @property
    def line(self) -> str:
        """Both in one line, for the command line and for a run that cannot start."""
        return f"{self.text}; {self.remedy}"


def problems(plan: Plan) -> list[Problem]:
    """Everything that is wrong with the plan, the worst first; empty for a plan that works."""
    if not plan.pruned:
        return []
    if plan.settings.pattern == "2:4":
        found = list(_two_of_four(plan))
    else:
        first_of_steps = list(_steps(plan))[:1]  # it explains the others
        found = [*_blocks(plan), *_falling(plan), *first_of_steps]
    return found or list(_missed(plan))


def check(plan: Plan) -> None:
    """Refuse a plan that does not work.

    Raises:
        InvalidInput: with the line of the worst problem.
    """
    for problem in problems(plan):
        raise InvalidInput(problem.line)


def notices(plan: Plan) -> list[Problem]:
    """What may end far from its target in single layers, though not on the whole.

    Nothing of this keeps a run from starting: it is told beforehand, with what would avoid it.
    """
    if plan.settings.pattern == "2:4":
        return []
    found = []
    uncertain = [kernel for kernel in plan.pruned if _is_uncertain(plan, kernel)]
    if uncertain:
        ends = [(kernel.layer, *map(_points, plan.bounds(kernel))) for kernel in uncertain]
        ranges = ", ".join(f"{low} to {high} % in layer {layer}" for layer, low, high in ends)
        text = (
            f"blocks of {_size(plan.settings.block)} do not tile the "
            f"kernel{'s'[: len(uncertain) - 1]} of {_listed([k.layer for k in uncertain])}: "
            f"depending on the weights, zeros may end anywhere from {ranges}"
        )
        found.append(_reblocked(plan, text, _tiling(plan) or SINGLE))
    rounded = [kernel for kernel in plan.pruned if _is_rounded(plan, kernel)]
    if rounded:
        shares = ", ".join(
            f"layer {kernel.layer} would end at {_points(plan.bounds(kernel)[0])} %, "
            f"not {percent(plan.settings.target_of(kernel.layer))} %"
            for kernel in rounded
        )
        text = f"{shares}: so small a kernel cannot be pruned nearer to it"
        found.append(_attainable(plan, text, rounded))
    return found


def told(plan: Plan) -> tuple[Notice, ...]:
    """The same as lines beside a result."""
    return tuple(Notice("target-unsure", problem.line) for problem in notices(plan))


def _two_of_four(plan: Plan) -> Iterator[Problem]:
    if plan.settings.block != SINGLE:
        text = "a 2:4 pattern and blocks exclude each other"
        yield _replaced(plan, text, "use no blocks", block=SINGLE)
    others = [t for k in plan.pruned if (t := plan.settings.target_of(k.layer)) != 0.5]
    if others:
        text = (
            "a 2:4 pattern zeroes two of every four neighbouring inputs, once, at the first "
            f"step: 50 %, not {percent(others[0])} %"
        )
        yield _replaced(plan, text, "set the target to 50 %", target=0.5, targets=())
    reached = {k.layer: 1 - kept_two_of_four(k) / k.size for k in plan.pruned}
    bad = {layer for layer, share in reached.items() if share < 0.5 - TOLERANCE}
    if bad:
        shares = ", ".join(f"{_points(reached[layer])} %" for layer in sorted(bad))
        text = f"a 2:4 pattern would prune only {shares} of {_listed(bad)}: too few inputs"
        yield _without(plan, bad, text, pattern="free")


def _blocks(plan: Plan) -> Iterator[Problem]:
    block = plan.settings.block
    if block == SINGLE:
        return
    curved = {kernel.layer for kernel in plan.pruned if not kernel.flat}
    if curved:
        are = "is" if len(curved) == 1 else "are"
        text = f"blocks need a kernel of inputs and units; {_listed(curved)} {are} a convolution"
        yield _without(plan, curved, text, block=SINGLE)
    spanned = {k.layer for k in plan.pruned if k.flat and _spans(block, k)}
    if spanned:
        text = (
            f"a block of {_size(block)} spans a whole side of the kernel of "
            f"{_listed(spanned)}, which TFMOT cannot prune"
        )
        yield _without(plan, spanned, text, block=SINGLE)


def _falling(plan: Plan) -> Iterator[Problem]:
    initial = plan.settings.initial
    target = min(plan.settings.target_of(kernel.layer) for kernel in plan.pruned)
    if initial > target:
        text = (
            f"the initial sparsity, {percent(initial)} %, is above the target, "
            f"{percent(target)} %: pruned weights would grow back"
        )
        yield _replaced(plan, text, "start at 0 %", initial=0.0)


def _steps(plan: Plan) -> Iterator[Problem]:
    stairs, settings = plan.staircase, plan.settings
    begin, end, steps, updates = stairs.begin, stairs.end, stairs.steps, stairs.update_steps()
    given = "end step" if settings.end_step else "automatic end step"
    each = [plan.stairs(kernel) for kernel in plan.pruned]
    furthest = max(each, key=lambda stairs: abs(stairs.at(steps) - stairs.target))
    reached = furthest.at(steps)
    if begin >= steps:
        text = f"pruning would begin at step {begin:,}, but the training ends at step {steps:,}"
        yield _replaced(plan, text, "begin at step 0", begin_step=0, end_step=0, frequency=0)
    if end < begin or (end == begin and settings.schedule == "polynomial"):
        text = f"the begin step, {begin:,}, must lie before the {given}, {end:,}"
        yield _replaced(plan, text, "use the automatic end step", end_step=0, frequency=0)
    if not updates:
        first = f"the first update would be at step {begin or stairs.frequency:,}"
        last = f"the end step is {end:,}" if end < steps else f"the training ends at step {steps:,}"
        text = f"nothing would be pruned: {first}, but {last}"
        yield _replaced(plan, text, "use the automatic frequency", end_step=0, frequency=0)
    if settings.schedule == "polynomial" and end > steps:
        text = (
            f"the {given} is {end:,}, but the training ends at step {steps:,}: "
            f"sparsity would stop at {_points(reached)} %"
        )
        yield _replaced(plan, text, "use the automatic end step", end_step=0, frequency=0)
    if updates and abs(reached - furthest.target) > TOLERANCE:
        text = (
            f"the last update would be at step {updates[-1]:,} and reach "
            f"{_points(reached)} %, not {percent(furthest.target)} %: updates every "
            f"{stairs.frequency:,} steps miss the end step, {end:,}"
        )
        yield _replaced(plan, text, "use the automatic frequency", frequency=0)


def _missed(plan: Plan) -> Iterator[Problem]:
    """The target cannot be met: as many entries as it asks for cannot be pruned at a time."""
    reached, block = plan.sparsity(plan.steps), plan.settings.block
    if abs(reached - plan.target) <= TOLERANCE:
        return
    what = "kernels as small as these"
    if block != SINGLE:
        what = f"kernels of so few blocks of {_size(block)}"
    text = (
        f"sparsity would end at {_points(reached)} %, not {_points(plan.target)} %: {what} "
        "cannot be pruned nearer to it"
    )
    smaller = _tiling(plan)
    if smaller is not None and not list(_missed(_with(plan, block=smaller))):
        yield _reblocked(plan, text, smaller)
    else:
        yield _attainable(plan, text, plan.pruned)


def _is_uncertain(plan: Plan, kernel: Kernel) -> bool:
    low, high = plan.bounds(kernel)
    target = plan.settings.target_of(kernel.layer)
    return high > low and max(high - target, target - low) > TOLERANCE


def _is_rounded(plan: Plan, kernel: Kernel) -> bool:
    low, high = plan.bounds(kernel)
    return high == low and abs(low - plan.settings.target_of(kernel.layer)) > TOLERANCE


def _spans(block: tuple[int, int], kernel: Kernel) -> bool:
    """Whether a block is as long as a side of the kernel, or longer."""
    return any(side <= length for side, length in zip(kernel.shape, block, strict=True))


def _tiling(plan: Plan) -> tuple[int, int] | None:
    """The largest block, none longer than the present one, that leaves nothing to chance.

    With it every layer ends where it should. None if single weights are pruned already.
    """
    if plan.settings.block == SINGLE:
        return None
    sides = (
        [
            side
            for side in range(1, most + 1)
            if not any(kernel.shape[axis] % side for kernel in plan.pruned)
        ]
        for axis, most in enumerate(plan.settings.block)
    )
    for rows, columns in sorted(itertools.product(*sides), key=math.prod, reverse=True):
        block = (rows, columns)
        if block in {plan.settings.block, SINGLE} or any(_spans(block, k) for k in plan.pruned):
            continue
        other = _with(plan, block=block)
        if not any(_is_uncertain(other, k) or _is_rounded(other, k) for k in other.pruned):
            return block
    return SINGLE


def _attainable(plan: Plan, text: str, kernels: Sequence[Kernel]) -> Problem:
    """The problem of kernels whose target has to be one that they can reach."""
    nearest = {kernel.layer: _nearest(plan, kernel) for kernel in kernels}
    targets = dict(plan.settings.targets) | nearest
    mended = dataclasses.replace(plan.settings, targets=tuple(sorted(targets.items())))
    if mended.targets:
        shares = [f"{percent(share)} % for layer {layer}" for layer, share in nearest.items()]
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
    return min(max(on_grid(reached), 1 / STEPS_PER_UNIT), MOST_SPARSITY)


def _replaced(plan: Plan, text: str, remedy: str, **changes: object) -> Problem:
    """The problem that other values of some settings mend."""
    return Problem(text, remedy, dataclasses.replace(plan.settings, **changes))  # type: ignore[arg-type]


def _reblocked(plan: Plan, text: str, block: tuple[int, int]) -> Problem:
    remedy = "prune single weights" if block == SINGLE else f"use blocks of {_size(block)}"
    return _replaced(plan, text, remedy, block=block)


def _without(plan: Plan, bad: set[int], text: str, **otherwise: object) -> Problem:
    """The problem of some layers: leave them out or, if these are all, give the pattern up."""
    left = tuple(kernel.layer for kernel in plan.pruned if kernel.layer not in bad)
    if not left:
        return _replaced(plan, text, "prune single weights", **otherwise)
    targets = tuple(pair for pair in plan.settings.targets if pair[0] in left)
    return _replaced(plan, text, f"leave {_listed(bad)} out", layers=left, targets=targets)


def _with(plan: Plan, **changes: object) -> Plan:
    """The plan of other settings for the same network."""
    settings: ScheduleSettings = dataclasses.replace(plan.settings, **changes)  # type: ignore[arg-type]
    return planned_for(settings, plan.steps_per_epoch, plan.kernels)


def _points(share: float) -> str:
    """A share in percent, to a tenth of a point."""
    return f"{100 * share:.1f}"


def _size(block: tuple[int, int]) -> str:
    return f"{block[0]}x{block[1]}"


def _listed(layers: Collection[int]) -> str:
    """Such as "layers 1, 2 and 3"."""
    *names, last = map(str, sorted(layers))
    return f"layers {', '.join(names)} and {last}" if names else f"layer {last}"
