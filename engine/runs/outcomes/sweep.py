"""The outcome of a sweep: its baseline and its points."""

from collections.abc import Sequence
from typing import Any

from engine.results.points import BASELINE, ONE_SHOT, START, Point, from_json, to_json
from engine.runs.model import Record, Run


def points(run: Run, rows: Sequence[Record]) -> list[Point]:
    """The measured points: what was there before, then methods as asked, K ascending."""
    order = (BASELINE, START, ONE_SHOT, *run.settings.get("methods", ()))
    found = [from_json(row.payload) for row in rows if row.kind == "point"]
    rank = {method: number for number, method in enumerate(order)}
    return sorted(found, key=lambda point: (rank.get(point.method, len(rank)), point.sparsity))


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """The baseline, None if it is not measured yet, and the pruned points."""
    measured = [to_json(point) for point in points(run, rows)]
    baseline = next((point for point in measured if point["method"] == BASELINE), None)
    return {"baseline": baseline, "points": [p for p in measured if p["method"] != BASELINE]}
