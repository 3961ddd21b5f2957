"""The two questions of somebody who has to ship one network, and the front that both lie on.

Validation images choose, test images only report: who picks the best of many by the images that
it was measured on is expected to be disappointed by new ones. An answer says how many images chose
it, and where they are too few there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine import checks
from engine.compare.spread import Group
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


def smallest(found: Sequence[Group], cost: str, *, lose: float) -> Advice:
    """The cheapest that loses at most a share of accuracy; the more accurate of equal ones.

    What a network loses, it loses against its unpruned one, or where there is none against the best
    of those compared.

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
        return _nothing(left_out)
    images = min(group.evidence.images for _, group in known)
    if limit and not tells(images, limit):
        return Advice(None, too_few(images, limit), left_out)
    best_accuracy = max(group.evidence.accuracy for _, group in known)
    fitting = []
    for price, group in known:
        told = group.evidence
        lost = best_accuracy - told.accuracy if told.alone else told.loss
        if lost <= limit + SLACK:
            fitting.append((price, -told.accuracy, group))
    if not fitting:
        return Advice(None, f"nothing here loses at most {100 * limit:g} points", left_out)
    return Advice(min(fitting, key=lambda each: each[:2])[-1], left_out=left_out)


def most_accurate(found: Sequence[Group], cost: str, *, under: float) -> Advice:
    """The most accurate that costs at most `under`, in the unit of the cost; the cheaper of equals.

    Raises:
        InvalidInput: `under` is no number from 0 on.
    """
    limit = checks.real("limit", under, 0, 1e18, allowed="a number from 0 on")
    known, left_out = _known(found, cost)
    if not known:
        return _nothing(left_out)
    fitting = [(-group.evidence.accuracy, price, group) for price, group in known if price <= limit]
    if not fitting:
        return Advice(None, "nothing here costs so little", left_out)
    return Advice(min(fitting, key=lambda each: each[:2])[-1], left_out=left_out)


def best(found: Sequence[Group], cost: str) -> list[Group]:
    """Those on the Pareto front of a cost in `COSTS` and test accuracy, by rising cost."""
    known = _priced(found, cost)
    return [known[i][1] for i in front([(price, group.accuracy) for price, group in known])]


def front(places: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the (cost, gain) pairs that are on the Pareto front, by rising cost.

    A place is on the front if no other one costs no more and gains no less, with one of the two
    strictly better. Equal places are all on it or all off it.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i][0], -places[i][1]))
    kept: list[int] = []
    for i in order:
        if not kept or places[i][1] > places[kept[-1]][1] or places[i] == places[kept[-1]]:
            kept.append(i)
    return kept


def _priced(found: Sequence[Group], cost: str) -> list[tuple[float, Group]]:
    """Those for which the cost was measured, each with it."""
    prices = [(group.cost(cost), group) for group in found]
    return [(price, group) for price, group in prices if price is not None]


def _known(found: Sequence[Group], cost: str) -> tuple[list[tuple[float, Group]], int]:
    """Those that can be chosen, and how many cannot for want of validation images."""
    priced = _priced(found, cost)
    known = [(price, group) for price, group in priced if group.validated]
    return known, len(priced) - len(known)


def _nothing(left_out: int) -> Advice:
    reason = "this cost was not measured for any of these networks"
    if left_out:
        reason = "measured before networks were compared on validation images: start the runs again"
    return Advice(None, reason, left_out)
