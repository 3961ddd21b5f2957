"""A run's result, as the command line writes it, as candidates: one module for each kind.

A new kind is entered in `ADAPTERS`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.compare.adapters import export, federate, schedule, sweep
from engine.compare.candidate import Candidate
from engine.settings import Settings

Result = Mapping[str, Any]

ADAPTERS: Mapping[str, Callable[[Any, Result], list[Candidate]]] = {
    "sweep": sweep.candidates,
    "schedule": schedule.candidates,
    "export": export.candidates,
    "federate": federate.candidates,
}
"""By the kind of run; runs of other kinds have nothing to ship."""


def candidates(settings: Settings, result: Result) -> list[Candidate]:
    """The candidates of a run, none if its kind makes none or nothing is measured yet."""
    adapter = ADAPTERS.get(settings.kind)
    return adapter(settings, result) if adapter else []
