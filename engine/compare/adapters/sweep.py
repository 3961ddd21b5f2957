"""A sweep: every point of it."""

from collections.abc import Mapping
from typing import Any

from engine.compare.adapters.points import of_point, origin_of
from engine.compare.candidate import Candidate
from engine.results.points import from_json
from engine.settings import SweepSettings


def candidates(settings: SweepSettings, result: Mapping[str, Any]) -> list[Candidate]:
    """The baseline and every pruned point, each as float32 and as dynamic int8."""
    if result["baseline"] is None:
        return []
    points = [from_json(point) for point in (result["baseline"], *result["points"])]
    origin = origin_of(settings, result["run"], points[0])
    return [each for point in points for each in of_point(point, origin)]
