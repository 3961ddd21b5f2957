"""What a run measured, as the command line writes it: one module for each kind of run.

Functions of a run and its records; a new kind is entered in `OUTCOMES`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.checks import choice
from engine.runs.model import Record, Run
from engine.runs.outcomes import export, federate, schedule, sweep, train
from engine.runs.outcomes.export import export_matrix as export_matrix
from engine.runs.outcomes.sweep import points as points

OUTCOMES: Mapping[str, Callable[[Run, Sequence[Record]], dict[str, Any]]] = {
    "train": train.outcome,
    "sweep": sweep.outcome,
    "schedule": schedule.outcome,
    "export": export.outcome,
    "federate": federate.outcome,
}


def of(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """The outcome of a run: its id, its settings, what its kind adds, and the notices.

    Raises:
        InvalidInput: this version does not know the run's kind.
    """
    choice(f"the kind of run {run.id}", run.kind, tuple(OUTCOMES))
    common = {"run": run.id, "settings": dict(run.settings)}
    return common | OUTCOMES[run.kind](run, rows) | {"notices": notices(rows)}


def notices(rows: Sequence[Record]) -> list[dict[str, str]]:
    """What a person should know of the data and of what limits the result, oldest first."""
    return [each for row in rows if row.kind == "notices" for each in row.payload["told"]]
