"""Different K that gave the same network: where a layer has few units, K can only ask in steps."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from engine.pruning.method import method_of
from engine.results.points import Point
from engine.settings import percent
from pages.shared.palette import METHODS


def sentences(points: Sequence[Point]) -> list[str]:
    """A sentence for each group of points of one method that removed the same units."""
    methods = [(point, method_of(point.method)) for point in points]
    counted = [point for point, method in methods if method and method.counts_units]
    groups = (list(group) for _, group in groupby(sorted(counted, key=_order), key=_network))
    return [_sentence(group) for group in groups if len(group) > 1]


def _network(point: Point) -> tuple[str, float]:
    # masks of one method are nested, so that equal shares are equal units
    return point.method, point.achieved_sparsity


def _order(point: Point) -> tuple[str, float, float]:
    return (*_network(point), point.sparsity)


def _sentence(points: Sequence[Point]) -> str:
    name = METHODS[points[0].method].label
    levels = _listed(percent(point.sparsity) for point in points)
    reached = f"{100 * points[0].achieved_sparsity:.4g}"
    return (
        f"{name} at K = {levels} % is one and the same network: only whole units can go, here "
        f"{reached} % of them."
    )


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}"
