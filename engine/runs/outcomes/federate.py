"""The outcome of a federation: its rounds, and what the clients have at the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.federated.reports import worst_decile
from engine.runs.model import Record, Run


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """Rounds in order, the split, and the end; None for what is not there yet."""
    del run
    rounds = sorted(_of(rows, "round"), key=lambda row: row["round"])
    final = sorted(_of(rows, "final"), key=lambda row: row["client"])
    return {
        "split": next(iter(_of(rows, "split")), None),
        "rounds": rounds,
        "final": _final(rounds, final) if final else None,
    }


def _final(
    rounds: Sequence[Mapping[str, Any]], final: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    scores = [row["accuracy"] for row in final]
    return {
        "mean_accuracy": sum(scores) / len(scores),
        "worst_decile_accuracy": worst_decile(scores),
        "global_accuracy": rounds[-1]["global_accuracy"] if rounds else None,
        "bytes_total": sum(row["bytes_up"] + row["bytes_down"] for row in rounds),
        "client_accuracy": scores,
        "clients": list(final),
    }


def _of(rows: Sequence[Record], kind: str) -> list[dict[str, Any]]:
    return [dict(row.payload) for row in rows if row.kind == kind]
