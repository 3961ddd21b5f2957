"""The outcome of a federation: its rounds, and what the clients have at the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.federated.reports import worst_decile
from engine.runs.model import Record, Run
from engine.runs.records import payloads


def outcome(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """Rounds in order, the split, and the end; None for what is not there yet."""
    del run
    rounds = sorted(payloads(rows, "round"), key=lambda row: row["round"])
    final = sorted(payloads(rows, "final"), key=lambda row: row["client"])
    return {
        "split": next(iter(payloads(rows, "split")), None),
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
        **_on_validation(final),
        "bytes_total": sum(row["bytes_up"] + row["bytes_down"] for row in rounds),
        "client_accuracy": scores,
        "clients": list(final),
    }


def _on_validation(final: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same two accuracies on the clients' validation images, to choose by.

    None where no image was measured, as in runs of earlier versions, and without a server.
    """
    images = [row.get("validation_images", 0) for row in final]
    own = [row["validation_accuracy"] for row in final if "validation_accuracy" in row]
    server = [row.get("global_validation_accuracy") for row in final]
    shared = None
    if all(images) and None not in server:
        right = sum(share * count for share, count in zip(server, images, strict=True))
        shared = right / sum(images)
    return {
        "validation_accuracy": sum(own) / len(own) if len(own) == len(final) else None,
        "validation_images": sum(images),
        "global_validation_accuracy": shared,
    }
