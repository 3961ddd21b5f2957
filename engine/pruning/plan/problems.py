"""What is wrong with a plan: each a line, with the settings that mend it.

Every one of these was seen to happen: TFMOT prunes nothing, stops early, divides by zero or
fails in the middle of a training, mostly without a word.
"""

from collections.abc import Callable, Iterator

from engine.errors import InvalidInput
from engine.pruning.plan.counts import kept_two_of_four
from engine.pruning.plan.planning import TOLERANCE, Plan
from engine.pruning.plan.problem import Problem, listed, named, points, replaced, without
from engine.pruning.plan.reach import missed
from engine.pruning.plan.staircase import Staircase
from engine.settings import percent


def problems(plan: Plan) -> list[Problem]:
    """Everything that is wrong with the plan, the worst first; empty for a plan that works."""
    if not plan.pruned:
        return []
    checks = _TWO_OF_FOUR if plan.settings.pattern == "2:4" else (*_BLOCKS, *_LEVELS)
    found = [problem for check in checks for problem in check(plan)]
    if plan.settings.pattern != "2:4":
        found += list(_steps(plan))[:1]
    return found or list(missed(plan))


def check(plan: Plan) -> None:
    """Refuse a plan that does not work.

    Raises:
        InvalidInput: with the line of the worst problem.
    """
    for problem in problems(plan):
        raise InvalidInput(problem.line)


def _steps(plan: Plan) -> Iterator[Problem]:
    """What is wrong with the steps; the first one found explains the others."""
    stairs, settings = plan.staircase, plan.settings
    begin, end, steps = stairs.begin, stairs.end, stairs.steps
    given = "end step" if settings.end_step else "automatic end step"
    if begin >= steps:
        text = f"pruning would begin at step {begin:,}, but the training ends at step {steps:,}"
        yield replaced(plan, text, "begin at step 0", begin_step=0, end_step=0, frequency=0)
    if end < begin or (end == begin and settings.schedule == "polynomial"):
        text = f"the begin step, {begin:,}, must lie before the {given}, {end:,}"
        yield replaced(plan, text, "use the automatic end step", end_step=0, frequency=0)
    if not stairs.update_steps():
        last = f"the training ends at step {steps:,}"
        if end < steps:
            last = f"the end step is {end:,}"
        text = (
            f"nothing would be pruned: the first update would be at step "
            f"{begin or stairs.frequency:,}, but {last}"
        )
        yield replaced(plan, text, "use the automatic frequency", end_step=0, frequency=0)
    if settings.schedule == "polynomial" and end > steps:
        reached = points(_furthest(plan).at(steps))
        text = (
            f"the {given} is {end:,}, but the training ends at step {steps:,}: "
            f"sparsity would stop at {reached} %"
        )
        yield replaced(plan, text, "use the automatic end step", end_step=0, frequency=0)
    yield from _between(plan)


def _between(plan: Plan) -> Iterator[Problem]:
    stairs = _furthest(plan)
    reached = stairs.at(stairs.steps)
    if stairs.update_steps() and abs(reached - stairs.target) > TOLERANCE:
        text = (
            f"the last update would be at step {stairs.update_steps()[-1]:,} and reach "
            f"{points(reached)} %, not {percent(stairs.target)} %: updates every "
            f"{stairs.frequency:,} steps miss the end step, {stairs.end:,}"
        )
        yield replaced(plan, text, "use the automatic frequency", frequency=0)


def _furthest(plan: Plan) -> Staircase:
    """Of the schedules of the pruned kernels the one that ends furthest from its target."""
    each = [plan.stairs(kernel) for kernel in plan.pruned]
    return max(each, key=lambda stairs: abs(stairs.at(stairs.steps) - stairs.target))


def _falling(plan: Plan) -> Iterator[Problem]:
    initial = plan.settings.initial
    target = min(plan.settings.target_of(kernel.layer) for kernel in plan.pruned)
    if initial > target:
        text = (
            f"the initial sparsity, {percent(initial)} %, is above the target, "
            f"{percent(target)} %: pruned weights would grow back"
        )
        yield replaced(plan, text, "start at 0 %", initial=0.0)


def _convolution(plan: Plan) -> Iterator[Problem]:
    bad = {kernel.layer for kernel in plan.pruned if not kernel.flat}
    if bad and plan.settings.block != (1, 1):
        text = f"blocks need a kernel of inputs and units; {named(bad)} a convolution"
        yield without(plan, bad, text, block=(1, 1))


def _spanning(plan: Plan) -> Iterator[Problem]:
    block = plan.settings.block
    bad = {
        kernel.layer
        for kernel in plan.pruned
        if kernel.flat and block != (1, 1)
        if any(side <= length for side, length in zip(kernel.shape, block, strict=True))
    }
    if bad:
        text = (
            f"a block of {block[0]}x{block[1]} spans a whole side of the kernel of "
            f"{listed(bad)}, which TFMOT cannot prune"
        )
        yield without(plan, bad, text, block=(1, 1))


def _two_patterns(plan: Plan) -> Iterator[Problem]:
    if plan.settings.block != (1, 1):
        text = "a 2:4 pattern and blocks exclude each other"
        yield replaced(plan, text, "use no blocks", block=(1, 1))


def _other_target(plan: Plan) -> Iterator[Problem]:
    others = [t for k in plan.pruned if (t := plan.settings.target_of(k.layer)) != 0.5]
    if others:
        text = (
            "a 2:4 pattern zeroes two of every four neighbouring inputs, once, at the first "
            f"step: 50 %, not {percent(others[0])} %"
        )
        yield replaced(plan, text, "set the target to 50 %", target=0.5, targets=())


def _no_fours(plan: Plan) -> Iterator[Problem]:
    reached = {k.layer: 1 - kept_two_of_four(k) / k.size for k in plan.pruned}
    bad = {layer for layer, share in reached.items() if share < 0.5 - TOLERANCE}
    if bad:
        shares = ", ".join(f"{points(reached[layer])} %" for layer in sorted(bad))
        text = f"a 2:4 pattern would prune only {shares} of {listed(bad)}: too few inputs"
        yield without(plan, bad, text, pattern="free")


_TWO_OF_FOUR: tuple[Callable[[Plan], Iterator[Problem]], ...] = (
    _two_patterns,
    _other_target,
    _no_fours,
)
_BLOCKS: tuple[Callable[[Plan], Iterator[Problem]], ...] = (_convolution, _spanning)
_LEVELS: tuple[Callable[[Plan], Iterator[Problem]], ...] = (_falling,)
