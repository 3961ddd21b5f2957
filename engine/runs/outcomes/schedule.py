"""The outcome of a schedule: planned and achieved, history, the network before and after."""

from collections.abc import Sequence
from typing import Any

from engine.results.points import BASELINE, ONE_SHOT, START
from engine.runs.model import Record, Run
from engine.runs.records import payloads

BEFORE = (ONE_SHOT, START)


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """What was planned and measured; None for what is not measured yet.

    `planned` and `achieved` are pairs of step and zero share over all pruned kernels, `layers` the
    same for each kernel at its end, with the least and the most that it could be,
    `history` the epochs of the baseline and of this training.
    """
    del run
    plan = next(iter(payloads(rows, "plan")), {})
    epochs, points = (
        payloads(rows, "epoch"),
        {row["method"]: row for row in payloads(rows, "point")},
    )
    achieved = {row["step"]: row["sparsity"] for row in [*payloads(rows, "step"), *epochs]}
    after = [row for name, row in points.items() if name not in {BASELINE, *BEFORE}]
    return {
        "planned": plan.get("planned", []),
        "achieved": [[step, achieved[step]] for step in sorted(achieved)],
        "agrees": all(row["agrees"] for row in epochs) if epochs else None,
        "layers": [
            {**each, "achieved": epochs[-1]["layers"][str(each["layer"])] if epochs else None}
            for each in plan.get("layers", [])
        ],
        "history": {"before": payloads(rows, "history"), "after": epochs},
        "baseline": points.get(BASELINE),
        "before": next((points[name] for name in BEFORE if name in points), None),
        "after": next(iter(after), None),
    }
