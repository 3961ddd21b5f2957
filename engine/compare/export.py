"""Candidates as rows, CSV and JSON."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.compare.candidate import COSTS, Candidate
from engine.compare.reproduce import command
from engine.settings import Settings, to_json

PLAIN = (
    "run",
    "seed",
    "key",
    "label",
    "method",
    "numbers",
    "stage",
    "accuracy",
    "baseline",
    "images",
)
VALIDATION = ("accuracy", "baseline", "images", "lost", "gained")
"""Of the answers to validation images; in columns such as validation_lost."""


def row(candidate: Candidate) -> dict[str, Any]:
    """One candidate with all costs, None where one was not measured."""
    plain = {name: getattr(candidate, name) for name in PLAIN}
    chosen = {f"validation_{n}": getattr(candidate.validation, n, None) for n in VALIDATION}
    return plain | chosen | {name: candidate.costs.get(name) for name in COSTS}


def csv_text(candidates: Iterable[Candidate]) -> str:
    """A table with a head; costs are in bytes, parameters, MACs and microseconds."""
    file = io.StringIO()
    columns = [*PLAIN, *(f"validation_{name}" for name in VALIDATION), *COSTS]
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(row, candidates))
    return file.getvalue()


def document(
    runs: Mapping[str, Settings],
    candidates: Sequence[Candidate],
    notices: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Runs by id with settings and command, candidates, and what the costs are counted in.

    Args:
        runs: settings by id.
        candidates: what the runs offer.
        notices: what was understood of their data, and what limits their results.
    """
    told = [
        {"run": run, "kind": value.kind, "settings": to_json(value), "command": command(value)}
        for run, value in runs.items()
    ]
    units = {name: cost.unit for name, cost in COSTS.items()}
    rows = [row(each) for each in candidates]
    return {"runs": told, "units": units, "candidates": rows, "notices": list(notices)}
