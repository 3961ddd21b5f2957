"""What is on record of a round and of the end, as the command line writes it as JSON."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.federated.client_pruning import Gate
from engine.federated.mask_statistics import MaskStatistics
from engine.federated.message_costs import Costs
from engine.federated.state import ServerState


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """A client in a round.

    Attributes:
        client: its number.
        labels: those that it has images of.
        samples: images that it trains with.
        accuracy_before: of the network as received, on its test images; None of a client that
            never answered.
        accuracy_after: after training and pruning.
        loss: of its training, in nats; None where it is no number.
        density: kept share of all parameters, after the round.
        unit_density: kept share of the hidden units.
        macs: share of the multiply-accumulates left without the units that it does not keep.
        layers: kept share of each kernel.
        mask_distance: published distance between its two candidates.
        gate: pruned, distance, target, accuracy, rejected, dropped, or None where nothing prunes.
        gates: the details, weights before units.
        problem: why its upload was refused; empty where it was not.
        up, down: what its messages weigh.
        seconds: of its training here.
        confusion: for each of its labels, how often which label was answered.
    """

    client: int
    labels: tuple[int, ...]
    samples: int
    accuracy_before: float | None = None
    accuracy_after: float | None = None
    loss: float | None = None
    density: float
    unit_density: float
    macs: float
    layers: tuple[float, ...]
    mask_distance: float = 0.0
    gate: str | None = None
    gates: tuple[Gate, ...] = ()
    problem: str = ""
    up: Costs = field(default_factory=Costs)
    down: Costs = field(default_factory=Costs)
    seconds: float = 0.0
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """A round has ended.

    Attributes:
        round: its number, 1 is the first.
        global_accuracy: of the server's network on all test images; None without a server.
        mean_accuracy: over the cohort, each client with the network that it would use.
        masks: figures and pictures of the cohort's masks.
        clients: the cohort.
        seconds: of the whole round.
        state: the checkpoint.
    """

    round: int
    global_accuracy: float | None
    mean_accuracy: float | None
    masks: MaskStatistics
    clients: tuple[ClientRow, ...]
    seconds: float
    state: ServerState


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalRow:
    """A client at the end.

    Attributes:
        client: its number.
        labels: those that it has images of.
        drawn: in how many rounds it took part.
        accuracy: of its personal network on its test images.
        density: kept share of all parameters.
        validation_accuracy: of its personal network on its validation images; choosing by it needs
            no test image.
        validation_images: how many these are.
        global_validation_accuracy: of the server's network on the same; None without a server.
    """

    client: int
    labels: tuple[int, ...]
    drawn: int
    accuracy: float
    density: float
    validation_accuracy: float
    validation_images: int
    global_validation_accuracy: float | None


def round_to_json(report: RoundReport) -> dict[str, Any]:
    """A round as JSON values; bytes of messages also as what was sent, of a client and of all."""
    clients = [
        dataclasses.asdict(row) | {"bytes_up": row.up.sent, "bytes_down": row.down.sent}
        for row in report.clients
    ]
    return {
        "round": report.round,
        "global_accuracy": report.global_accuracy,
        "mean_accuracy": report.mean_accuracy,
        "orphan_fraction": report.masks.orphan_fraction,
        "seconds": report.seconds,
        "keepers": report.masks.keepers,
        "overlap": [dataclasses.asdict(pair) for pair in report.masks.overlap],
        "bytes_up": sum(row["bytes_up"] for row in clients),
        "bytes_down": sum(row["bytes_down"] for row in clients),
        "clients": clients,
    }


def worst_decile(accuracies: Sequence[float]) -> float:
    """Mean of the lowest tenth of accuracies, of at least one; there has to be one."""
    count = max(len(accuracies) // 10, 1)
    return sum(sorted(accuracies)[:count]) / count
