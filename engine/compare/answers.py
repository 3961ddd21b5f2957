"""The two questions of somebody who has to ship one network.

Validation images choose where every candidate was measured on them. Otherwise test images do:
who picks the best of many by the images that it was measured on has used them to choose, and on
new images the pick is expected to be a little worse. `judge` says which; pages say it too.
"""

from collections.abc import Sequence

from engine import checks
from engine.compare.pareto import front
from engine.compare.spread import Group, with_cost

SLACK = 1e-9
"""Losing 0.01 of accuracy must pass a limit of 0.01, whatever floats make of it."""


def judge(found: Sequence[Group]) -> str:
    """Which images choose among these: ``validation`` if all were measured on them, or ``test``."""
    return "validation" if found and all(group.validated for group in found) else "test"


def smallest(found: Sequence[Group], cost: str, *, lose: float) -> Group | None:
    """The cheapest that loses at most a share of accuracy; the more accurate of equal ones.

    Args:
        found: what to choose from.
        cost: by its name in `COSTS`.
        lose: as a share: 0.01 is one point.

    Raises:
        InvalidInput: `lose` is not from 0 to 1.
    """
    limit = checks.real("loss of accuracy", lose, 0, 1, allowed="from 0 to 100 points") + SLACK
    known = with_cost(found, cost)
    by = judge(known)
    fitting = [group for group in known if _lost(group, by) <= limit]
    return min(fitting, key=lambda group: (_cost(group, cost), -_score(group, by)), default=None)


def most_accurate(found: Sequence[Group], cost: str, *, under: float) -> Group | None:
    """The most accurate that costs at most `under`; the cheaper of equal ones.

    Raises:
        InvalidInput: `under` is no number from 0 on.
    """
    limit = checks.real("limit", under, 0, 1e18, allowed="a number from 0 on")
    known = with_cost(found, cost)
    by = judge(known)
    fitting = [group for group in known if _cost(group, cost) <= limit]
    return min(fitting, key=lambda group: (-_score(group, by), _cost(group, cost)), default=None)


def best(found: Sequence[Group], cost: str) -> list[Group]:
    """Those on the Pareto front of cost and accuracy, by rising cost."""
    known = with_cost(found, cost)
    return [known[i] for i in front([(_cost(group, cost), group.accuracy) for group in known])]


def _score(group: Group, by: str) -> float:
    return group.validation if by == "validation" else group.accuracy


def _lost(group: Group, by: str) -> float:
    return group.validation_lost if by == "validation" else group.lost


def _cost(group: Group, name: str) -> float:
    cost = group.cost(name)
    if cost is None:
        raise ValueError(f"{group.first.label} has no {name}")
    return cost
