"""What the command line prints of a result: one module for each kind of run.

A new kind is entered in `TABLES`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.commands.tables import export, federate, schedule, sweep, train

TABLES: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "train": train.show,
    "sweep": sweep.show,
    "schedule": schedule.show,
    "export": export.show,
    "federate": federate.show,
}


def show(kind: str, result: Mapping[str, Any]) -> None:
    """Print the result of a run of that kind."""
    TABLES[kind](result)
