"""A problem of a plan: a line, and the settings that mend it."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass

from engine.pruning.plan.planning import Plan
from engine.settings import ScheduleSettings


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


def replaced(plan: Plan, text: str, remedy: str, **changes: object) -> Problem:
    """The problem that other values of some settings mend."""
    mended = dataclasses.replace(plan.settings, **changes)  # type: ignore[arg-type]
    return Problem(text, remedy, mended)


def without(plan: Plan, bad: set[int], text: str, **otherwise: object) -> Problem:
    """The problem of some layers: leave them out or, if these are all, give the pattern up."""
    left = tuple(kernel.layer for kernel in plan.pruned if kernel.layer not in bad)
    if not left:
        return replaced(plan, text, "prune single weights", **otherwise)
    targets = tuple(pair for pair in plan.settings.targets if pair[0] in left)
    return replaced(plan, text, f"leave {listed(bad)} out", layers=left, targets=targets)


def points(share: float) -> str:
    """A share in percent, to a tenth of a point."""
    return f"{100 * share:.1f}"


def named(layers: Collection[int]) -> str:
    """Such as "layers 1 and 2 are"."""
    return f"{listed(layers)} {'is' if len(layers) == 1 else 'are'}"


def listed(layers: Collection[int]) -> str:
    """Such as "layers 1, 2 and 3"."""
    names = [str(layer) for layer in sorted(layers)]
    if len(names) == 1:
        return f"layer {names[0]}"
    return f"layers {', '.join(names[:-1])} and {names[-1]}"
