"""What a run measured, as the command line writes it: one module for each kind of run.

Functions of a run and its records; a new kind is entered in `OUTCOMES`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
    """The outcome of a run: its id, its settings, and what its kind adds."""
    common = {"run": run.id, "settings": dict(run.settings)}
    return common | OUTCOMES[run.kind](run, rows)
