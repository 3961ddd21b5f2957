"""Reading what a federation has recorded: rounds and clients as the JSON that jobs write.

Personal accuracy is measured on a client's own labels, global accuracy on all test images of the
server's network. They answer different questions, so nothing here mixes them.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

from engine.federated.coding import VALUES
from engine.federated.reports import worst_decile
from engine.system.registry import found

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]

FORMS = ("sent", "bitmap", "golomb", "delta", "initial", "bound", "values_only", "dense")
"""Ways to count the bytes of a message, by their names in `message_costs.Costs`."""

FLOATS = VALUES
"""As sent, with values in that form."""


def personal_scores(row: Row, algorithm: str) -> list[float]:
    """Accuracies, as shares, of a round's clients that answered.

    Each with the network that it would use: its own, or the server's as it received it.
    """
    known = found("algorithms").get(algorithm)
    name = "accuracy_after" if known and known.trains_own else "accuracy_before"
    scores = (client[name] for client in row.get("clients", ()))
    return [score for score in scores if score is not None]


def worst(row: Row, algorithm: str) -> float | None:
    """Mean of the lowest tenth of a round's personal accuracies; None where nobody answered."""
    scores = personal_scores(row, algorithm)
    return worst_decile(scores) if scores else None


def mean_accuracy(finals: Rows) -> float | None:
    """Mean personal accuracy, a share, of the clients measured at the end; None without any."""
    return sum(row["accuracy"] for row in finals) / len(finals) if finals else None


def gains(finals: Rows, alone: Rows) -> dict[int, float]:
    """By client, its accuracy at the end minus the one that it reached alone, as shares."""
    before = {row["client"]: row["accuracy"] for row in alone}
    return {
        row["client"]: row["accuracy"] - before[row["client"]]
        for row in finals
        if row["client"] in before
    }


def travelled(rounds: Rows, form: str = "sent") -> list[int]:
    """Bytes both ways from the start to the end of each round, counted in one of the forms."""
    return list(accumulate(sum(message_bytes(row, form)) for row in rounds))


def share_of_bytes(rounds: Rows, against: Rows) -> float:
    """Bytes of all rounds both ways, as a share of those of another federation's rounds.

    Raises:
        ZeroDivisionError: nothing travelled in the other one.
    """
    return travelled(rounds)[-1] / travelled(against)[-1]


def message_bytes(row: Row, encoding: str) -> tuple[int, int]:
    """Bytes up and bytes down of a round, counted in one of the `FORMS` or `FLOATS`."""
    if encoding == "sent":
        return row["bytes_up"], row["bytes_down"]
    up, down = (sum(client[way][encoding] for client in row["clients"]) for way in ("up", "down"))
    return int(up), int(down)


def latest(rounds: Rows) -> dict[int, Row]:
    """The last row of each client, by its number."""
    rows = {client["client"]: client for row in rounds for client in row["clients"]}
    return dict(sorted(rows.items()))


def client_updates(rounds: Rows) -> dict[int, list[tuple[int, Row]]]:
    """By client, the rounds in which it was drawn, each with its row."""
    updates: dict[int, list[tuple[int, Row]]] = {}
    for row in rounds:
        for each in row["clients"]:
            updates.setdefault(each["client"], []).append((row["round"], each))
    return updates
