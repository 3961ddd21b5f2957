"""The two questions of somebody who has to ship one network.

Validation images choose, test images only report: who picks the best of many by the images that
it was measured on is expected to be disappointed by new ones. An answer says how many images chose
it, and where they are too few there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine import checks
from engine.compare.pareto import front
from engine.compare.spread import Evidence, Group, with_cost
from engine.results.paired import SLACK, tells, too_few


@dataclass(frozen=True, slots=True)
class Advice:
    """An answer, or why there is none.

    Attributes:
        pick: the network; None where nothing can be picked.
        reason: why nothing can; empty with a pick.
        left_out: how many networks were not measured on validation images.
    """

    pick: Group | None
    reason: str = ""
    left_out: int = 0

    @property
    def evidence(self) -> Evidence | None:
        """What the pick rests on."""
        return None if self.pick is None else self.pick.evidence


def smallest(found: Sequence[Group], cost: str, *, lose: float) -> Advice:
    """The cheapest that loses at most a share of accuracy; the more accurate of equal ones.

    Args:
        found: what to choose from.
        cost: by its name in `COSTS`.
        lose: as a share: 0.01 is one point. With 0 nothing may be lost, however many images say so.

    Raises:
        InvalidInput: `lose` is not from 0 to 1.
    """
    limit = checks.real("loss of accuracy", lose, 0, 1, allowed="from 0 to 100 points")
    known, left_out = _known(found, cost)
    if not known:
        return Advice(None, _nothing(left_out), left_out)
    images = min(group.evidence.images for group in known)
    if limit and not tells(images, limit):
        return Advice(None, too_few(images, limit), left_out)
    best_one = max(group.evidence.accuracy for group in known)
    fitting = [group for group in known if _lost(group, best_one) <= limit + SLACK]
    pick = min(fitting, key=lambda each: (_cost(each, cost), -each.evidence.accuracy), default=None)
    return Advice(pick, "" if pick else _none(f"loses at most {100 * limit:g} points"), left_out)


def most_accurate(found: Sequence[Group], cost: str, *, under: float) -> Advice:
    """The most accurate that costs at most `under`; the cheaper of equal ones.

    Raises:
        InvalidInput: `under` is no number from 0 on.
    """
    limit = checks.real("limit", under, 0, 1e18, allowed="a number from 0 on")
    known, left_out = _known(found, cost)
    if not known:
        return Advice(None, _nothing(left_out), left_out)
    fitting = [group for group in known if _cost(group, cost) <= limit]
    pick = min(fitting, key=lambda each: (-each.evidence.accuracy, _cost(each, cost)), default=None)
    return Advice(pick, "" if pick else _none("costs so little"), left_out)


def best(found: Sequence[Group], cost: str) -> list[Group]:
    """Those on the Pareto front of cost and test accuracy, by rising cost: what was measured."""
    known = with_cost(found, cost)
    return [known[i] for i in front([(_cost(group, cost), group.accuracy) for group in known])]


def _known(found: Sequence[Group], cost: str) -> tuple[list[Group], int]:
    """Those that can be chosen, and how many cannot for want of validation images."""
    costly = with_cost(found, cost)
    known = [group for group in costly if group.validated]
    return known, len(costly) - len(known)


def _lost(group: Group, best_one: float) -> float:
    """What a network loses: against its unpruned one, or against the best of those compared."""
    told = group.evidence
    return best_one - told.accuracy if told.alone else told.loss


def _nothing(left_out: int) -> str:
    if left_out:
        return "measured before networks were compared on validation images: start the runs again"
    return "this cost was not measured for any of these networks"


def _none(what: str) -> str:
    return f"nothing here {what}"


def _cost(group: Group, name: str) -> float:
    cost = group.cost(name)
    if cost is None:
        raise ValueError(f"{group.first.label} has no {name}")
    return cost
