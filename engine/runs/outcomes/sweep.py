"""The outcome of a sweep: its baseline and its points."""

from collections.abc import Sequence
from typing import Any

from engine.results import BASELINE, Point, from_json, to_json
from engine.runs.model import Record, Run


def points(run: Run, rows: Sequence[Record]) -> list[Point]:
    """The measured points: the baseline, then methods as asked, K ascending."""
    order = (BASELINE, *run.settings.get("methods", ()))
    found = [from_json(row.payload) for row in rows if row.kind == "point"]
    return sorted(found, key=lambda point: (order.index(point.method), point.sparsity))


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """The baseline, None if it is not measured yet, and the pruned points."""
    measured = [to_json(point) for point in points(run, rows)]
    baseline = next((point for point in measured if point["method"] == BASELINE), None)
    return {"baseline": baseline, "points": [p for p in measured if p["method"] != BASELINE]}
