"""The outcome of a training: its epochs."""

from collections.abc import Sequence
from typing import Any

from engine.runs.model import Record, Run
from engine.runs.records import payloads


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """Scores of each epoch, in order."""
    del run
    return {"epochs": payloads(rows, "epoch")}
