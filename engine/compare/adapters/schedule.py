"""A schedule: the network before and after fine-tuning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.compare.adapters.points import of_point, origin_of
from engine.compare.candidate import Candidate
from engine.results.points import from_json
from engine.settings import ScheduleSettings

STAGES = ("before", "after")


def candidates(settings: ScheduleSettings, result: Mapping[str, Any]) -> list[Candidate]:
    """What was pruned at once and what fine-tuning made of it; the unpruned network too.

    From scratch there is no unpruned network to compare with, and what was there before training is
    nothing that anybody would ship.
    """
    stages = {name: from_json(result[name]) for name in STAGES if result[name] is not None}
    unpruned = [from_json(result["baseline"])] if result["baseline"] is not None else []
    if not unpruned:
        stages.pop("before", None)
    first = next(iter([*unpruned, *stages.values()]), None)
    if first is None:
        return []
    origin = replace(origin_of(settings, result["run"], first), alone=not unpruned)
    tuned = [c for stage, point in stages.items() for c in of_point(point, origin, stage=stage)]
    return [c for point in unpruned for c in of_point(point, origin)] + tuned
