"""The outcome of a schedule: planned and achieved, history, the network before and after."""

from collections.abc import Sequence
from typing import Any

from engine.results.points import BASELINE, ONE_SHOT, START
from engine.runs.model import Record, Run

BEFORE = (ONE_SHOT, START)


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """What was planned and measured; None for what is not measured yet.

    `planned` and `achieved` are pairs of step and zero share over all pruned kernels, `layers` the
    same for each kernel at its end, with the least and the most that it could be,
    `history` the epochs of the baseline and of this training.
    """
    del run
    plan = next(iter(_of(rows, "plan")), {})
    epochs, points = _of(rows, "epoch"), {row["method"]: row for row in _of(rows, "point")}
    achieved = {row["step"]: row["sparsity"] for row in [*_of(rows, "step"), *epochs]}
    after = [row for name, row in points.items() if name not in {BASELINE, *BEFORE}]
    return {
        "planned": plan.get("planned", []),
        "achieved": [[step, achieved[step]] for step in sorted(achieved)],
        "agrees": all(row["agrees"] for row in epochs) if epochs else None,
        "layers": [_layer(each, epochs) for each in plan.get("layers", [])],
        "history": {"before": _of(rows, "history"), "after": epochs},
        "baseline": points.get(BASELINE),
        "before": next((points[name] for name in BEFORE if name in points), None),
        "after": next(iter(after), None),
    }


def _layer(planned: dict[str, Any], epochs: list[dict[str, Any]]) -> dict[str, Any]:
    achieved = epochs[-1]["layers"][str(planned["layer"])] if epochs else None
    return {**planned, "achieved": achieved}


def _of(rows: Sequence[Record], kind: str) -> list[dict[str, Any]]:
    return [dict(row.payload) for row in rows if row.kind == kind]
