"""At which K does it break?"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.results.paired import TOLERANCE
from engine.results.points import Point


@dataclass(frozen=True, slots=True)
class Break:
    """Where a method breaks.

    Attributes:
        holds: the highest K before the first that breaks it, 0 if none holds.
        breaks: the first K that costs more than a point; None if all hold.
    """

    holds: float
    breaks: float | None


def breaking(baseline: Point, points: Sequence[Point], method: str) -> Break:
    """Between which of the measured K, as fractions, a method loses its first point of accuracy."""
    levels = sorted((p for p in points if p.method == method), key=lambda p: p.sparsity)
    holds = 0.0
    for point in levels:
        if point.accuracy < baseline.accuracy - TOLERANCE:
            return Break(holds, point.sparsity)
        holds = point.sparsity
    return Break(holds, None)
