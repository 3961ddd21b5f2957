"""The course of a federation: rounds, each with a report, then what every client ends up with.

Nothing here knows an algorithm: see `engine.federated.algorithms`.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from engine.federated.aggregation import Average
from engine.federated.client_update import Round, update_client
from engine.federated.federation import Federation
from engine.federated.mask_statistics import mask_statistics
from engine.federated.reports import ClientRow, FinalRow, RoundReport
from engine.federated.rng import Purpose, generator
from engine.federated.state import ServerState, dump_client
from engine.networks.network import Network, to_arrays
from engine.pruning.masks import Masks
from engine.settings import MOST_MEASURED
from engine.system.threads import map_in_order, one_thread

Made = TypeVar("Made")

THREADS = min(2, os.cpu_count() or 1)
"""Clients that train at the same time: small steps leave a second core idle.
Each is a function of the state before the round, so their number changes nothing."""

MOST_SIDE_BY_SIDE = 20_000_000
"""Parameters of the largest network that is trained in two clients at the same time: each training
holds half a dozen arrays of that size."""

MOST_SHOWN = 100
"""Clients of a round whose masks are drawn."""


@dataclass(frozen=True, slots=True)
class ClientReport:
    """A client of a round is done.

    Attributes:
        round: the round.
        done: clients that are done, of the round.
        of: clients of the round.
        row: what is on record of the last one.
    """

    round: int
    done: int
    of: int
    row: ClientRow


@dataclass(frozen=True, slots=True)
class FinalReport:
    """A client is measured at the end, with the network that it would use.

    Attributes:
        done: clients that are done.
        of: clients that will be.
        row: what is on record of the last one.
        network: its own; the server's where it has none.
        masks: what the client keeps of it.
    """

    done: int
    of: int
    row: FinalRow
    network: Network
    masks: Masks


def run(
    federation: Federation, *, resume: ServerState | None = None
) -> Iterator[ClientReport | RoundReport]:
    """Make the rounds, from the start or from the state of an earlier one.

    Yields:
        A ClientReport after each client and a RoundReport after each round.
    """
    state = resume or federation.start()
    for number in range(state.round + 1, federation.settings.rounds + 1):
        report = yield from _round(federation, state, number)
        state = report.state
        yield report


def measured_clients(federation: Federation) -> list[int]:
    """The clients that are measured at the end: all that own images, or as many by chance."""
    members = federation.members
    order = generator(federation.settings.seed, Purpose.MEASURED).permutation(len(members))
    return sorted(members[order[:MOST_MEASURED]].tolist())


def finish(federation: Federation, state: ServerState, clients: list[int]) -> Iterator[FinalReport]:
    """Measure those clients, each with the network that it would use from now on.

    Clients that have something of their own train it once more; the others take the server's.
    """
    algorithm = federation.algorithm
    cohorts = [federation.cohort(number) for number in range(1, state.round + 1)]
    context = Round(federation, state, state.round + 1)
    drawn = np.bincount(np.concatenate(cohorts), minlength=federation.settings.clients)

    def measure(client: int) -> tuple[FinalRow, Network, Masks]:
        task, owned, _ = context.download(client)
        network, masks = task.network, task.masks
        if algorithm.trains_own:
            network = algorithm.train(task).last
        validation = federation.evaluate_train(network, masks, owned.validation)
        server = None
        if algorithm.communicates:
            server = federation.evaluate_train(state.network, federation.full, owned.validation)
        row = FinalRow(
            client=client,
            labels=owned.labels,
            drawn=int(drawn[client]),
            accuracy=context.score(network, masks, owned).accuracy,
            density=masks.density,
            validation_accuracy=validation.accuracy,
            validation_images=len(owned.validation),
            global_validation_accuracy=server.accuracy if server else None,
        )
        return row, network, masks

    for done, measured in enumerate(_side_by_side(federation, measure, clients), 1):
        yield FinalReport(done, len(clients), *measured)


def _round(
    federation: Federation, state: ServerState, number: int
) -> Generator[ClientReport, None, RoundReport]:
    begun = time.monotonic()
    algorithm = federation.algorithm
    average, versions = Average(to_arrays(state.network)), state.versions.copy()
    rows: list[ClientRow] = []
    shown: dict[int, Masks] = {}
    cohort = federation.cohort(number).tolist()
    update = partial(update_client, Round(federation, state, number))
    for done, each in enumerate(_side_by_side(federation, update, cohort), 1):
        client = each.row.client
        if each.network is not None:
            weight = algorithm.weight(each.row.samples)
            average.add(to_arrays(each.network), each.masks.arrays(), weight)
        if each.changed is not None:
            federation.store[client, number] = dump_client(
                each.changed, remembers=algorithm.remembers
            )
            versions[client] = number
        if len(shown) < MOST_SHOWN and algorithm.prunes:
            shown[client] = each.masks.without_cache()
        rows.append(each.row)
        yield ClientReport(number, done, len(cohort), each.row)
    network, extra = state.network, state.extra
    if average.uploads:
        network, extra = algorithm.server_update(state, average)
    labels = {row.client: row.labels for row in rows}
    masks = mask_statistics(shown, labels, federation.by_magnitude, average)
    server = federation.evaluate_server(network) if algorithm.communicates else None
    used = (row.accuracy_after if algorithm.trains_own else row.accuracy_before for row in rows)
    accuracies = [accuracy for accuracy in used if accuracy is not None]
    return RoundReport(
        round=number,
        global_accuracy=server.accuracy if server else None,
        mean_accuracy=sum(accuracies) / len(accuracies) if accuracies else None,
        masks=masks,
        clients=tuple(rows),
        seconds=time.monotonic() - begun,
        state=ServerState(number, network, extra, versions),
    )


def _side_by_side(
    federation: Federation, work: Callable[[int], Made], clients: list[int]
) -> Iterator[Made]:
    """`work` of each client, in their order, some at a time."""
    federation.prepare()
    threads = THREADS if federation.full.size <= MOST_SIDE_BY_SIDE else 1
    with one_thread():
        yield from map_in_order(work, clients, threads=threads)
