"""A sweep: every point of it."""

from collections.abc import Mapping
from typing import Any

from engine.compare.adapters.points import Origin, of_point
from engine.compare.candidate import Candidate
from engine.compare.seeds import family
from engine.results import from_json
from engine.settings import SweepSettings


def candidates(settings: SweepSettings, result: Mapping[str, Any]) -> list[Candidate]:
    """The baseline and every pruned point, each as float32 and as int8."""
    if result["baseline"] is None:
        return []
    points = [from_json(point) for point in (result["baseline"], *result["points"])]
    origin = Origin(
        result["run"], family(settings), settings.baseline.seed, baseline=points[0].accuracy
    )
    return [each for point in points for each in of_point(point, origin)]
