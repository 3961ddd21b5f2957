"""The two questions of somebody who has to ship one network.

Both pick by test accuracy. Who picks the best of many by the images that it was measured on has
used them to choose: on new images the pick is expected to be a little worse. Pages say so.
"""

from collections.abc import Sequence

from engine import checks
from engine.compare.pareto import front
from engine.compare.spread import Group, with_cost

SLACK = 1e-9
"""Losing 0.01 of accuracy must pass a limit of 0.01, whatever floats make of it."""


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
    fitting = [group for group in with_cost(found, cost) if group.lost <= limit]
    return min(fitting, key=lambda group: (_cost(group, cost), -group.accuracy), default=None)


def most_accurate(found: Sequence[Group], cost: str, *, under: float) -> Group | None:
    """The most accurate that costs at most `under`; the cheaper of equal ones.

    Raises:
        InvalidInput: `under` is no number from 0 on.
    """
    limit = checks.real("limit", under, 0, 1e18, allowed="a number from 0 on")
    fitting = [group for group in with_cost(found, cost) if _cost(group, cost) <= limit]
    return min(fitting, key=lambda group: (-group.accuracy, _cost(group, cost)), default=None)


def best(found: Sequence[Group], cost: str) -> list[Group]:
    """Those on the Pareto front of cost and accuracy, by rising cost."""
    known = with_cost(found, cost)
    return [known[i] for i in front([(_cost(group, cost), group.accuracy) for group in known])]


def _cost(group: Group, name: str) -> float:
    cost = group.cost(name)
    if cost is None:
        raise ValueError(f"{group.first.label} has no {name}")
    return cost
