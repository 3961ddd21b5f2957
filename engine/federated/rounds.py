"""The course of a federation: rounds, each with a report, then what every client ends up with."""

import os
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from engine.federated.aggregation import Average, Keepers, treat_orphans
from engine.federated.client_update import Round, Visit, adapts, personal, visit
from engine.federated.federation import Federation
from engine.federated.mask_statistics import Told, told
from engine.federated.masks import ClientMasks
from engine.federated.owned import Owned
from engine.federated.reports import ClientRow, FinalRow, RoundReport
from engine.federated.rng import Purpose, stream
from engine.federated.server_optimizers import Moments, follow
from engine.federated.state import ServerState, pack_masks
from engine.networks.file import dump_network
from engine.networks.network import Network
from engine.settings import MOST_MEASURED
from engine.system.blas import one_thread
from engine.system.threads import map_in_order

Made = TypeVar("Made")

THREADS = min(2, os.cpu_count() or 1)
"""Clients that are visited at the same time: small steps leave a second core idle.
Each is a function of the state before the round, so their number changes nothing."""

MOST_SIDE_BY_SIDE = 20_000_000
"""Parameters of the largest network that is trained in two clients at the same time: each training
holds half a dozen arrays of that size."""

MOST_SHOWN = 100
"""Clients of a round whose masks are drawn."""


@dataclass(frozen=True, slots=True)
class VisitReport:
    """A client of a round is done.

    Attributes:
        round: the round.
        done: clients that are done, of the round.
        of: clients of the round.
        row: what is told of the last one.
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
        row: what is told of the last one.
        network: its own; the server's where it has none.
        masks: what the client keeps of it.
    """

    done: int
    of: int
    row: FinalRow
    network: Network
    masks: ClientMasks


def run(
    federation: Federation, *, resume: ServerState | None = None
) -> Iterator[VisitReport | RoundReport]:
    """Make the rounds, from the start or from the state of an earlier one.

    Yields:
        A VisitReport after each client and a RoundReport after each round.
    """
    state = resume or federation.start()
    for number in range(state.round + 1, federation.settings.rounds + 1):
        report = yield from _round(federation, state, number)
        state = report.state
        yield report


def measured_clients(federation: Federation) -> list[int]:
    """The clients that are measured at the end: all that own images, or as many by chance."""
    members = federation.members
    order = stream(federation.settings.seed, Purpose.MEASURED).permutation(len(members))
    return sorted(members[order[:MOST_MEASURED]].tolist())


def finish(federation: Federation, state: ServerState, clients: list[int]) -> Iterator[FinalReport]:
    """Measure those clients, each with the network that it would use from now on."""
    cohorts = [federation.cohort(number) for number in range(1, state.round + 1)]
    coming = Round(federation, state, state.round + 1)
    drawn = np.bincount(np.concatenate(cohorts), minlength=federation.settings.clients)

    def measured(client: int) -> tuple[FinalRow, Network, ClientMasks]:
        network, owned = personal(coming, client)
        masks = federation.masks(state, client)
        validation = federation.evaluate_train(network, masks, owned.validation)
        row = FinalRow(
            client=client,
            labels=owned.labels,
            drawn=int(drawn[client]),
            accuracy=coming.score(network, masks, owned).accuracy,
            density=masks.density,
            validation_accuracy=validation.accuracy,
            validation_images=len(owned.validation),
            global_validation_accuracy=_server_on(federation, state, owned),
        )
        return row, network, masks

    for done, found in enumerate(_side_by_side(federation, measured, clients), 1):
        yield FinalReport(done, len(clients), *found)


def _server_on(federation: Federation, state: ServerState, owned: Owned) -> float | None:
    """Accuracy of the server's network on a client's validation images."""
    if federation.settings.algorithm == "local":
        return None
    return federation.evaluate_train(state.network, federation.full, owned.validation).accuracy


def _round(
    federation: Federation, state: ServerState, number: int
) -> Generator[VisitReport, None, RoundReport]:
    begun = time.monotonic()
    average, rows = Average(state.network), []
    shown: dict[int, ClientMasks] = {}
    versions = state.versions.copy()
    cohort = federation.cohort(number)
    coming = partial(visit, Round(federation, state, number))
    for done, each in enumerate(_side_by_side(federation, coming, cohort.tolist()), 1):
        client = each.row.client
        _count(federation, average, each)
        if _remember(federation, each, client, number):
            versions[client] = number
        if len(shown) < MOST_SHOWN and federation.settings.prunes:
            shown[client] = each.masks.bare()
        rows.append(each.row)
        yield VisitReport(number, done, len(cohort), each.row)
    keepers = average.keepers()
    with ThreadPoolExecutor(1) as aside:
        looked = aside.submit(told, federation, rows, shown, keepers)
        after = ServerState(number, *_aggregate(federation, state, average, keepers), versions)
    return _report(federation, tuple(rows), looked.result(), keepers, after, begun=begun)


def _side_by_side(
    federation: Federation, work: Callable[[int], Made], clients: list[int]
) -> Iterator[Made]:
    """`work` of each client, in their order, some at a time."""
    federation.prepare()
    threads = THREADS if federation.full.size <= MOST_SIDE_BY_SIDE else 1
    with one_thread():
        yield from map_in_order(work, clients, threads=threads)


def _count(federation: Federation, average: Average, each: Visit) -> None:
    if each.network is None or federation.settings.algorithm == "local":
        return
    equal = federation.settings.weighting == "equal"
    units = each.shape.masks.units if each.shape.smaller else None
    average.add(each.network, each.masks, 1.0 if equal else float(each.row.samples), units)


def _remember(federation: Federation, each: Visit, client: int, number: int) -> bool:
    """Keep what has to be known of the client in its next round; whether there is anything."""
    if each.network is None:
        return False
    if federation.settings.algorithm == "local":
        federation.store.save(client, number, dump_network(each.network))
        return True
    if each.masks is each.shape.masks:  # what was kept of it is still true
        return False
    federation.store.save(client, number, pack_masks(each.masks))
    return True


def _aggregate(
    federation: Federation, state: ServerState, average: Average, keepers: Keepers
) -> tuple[Network, Moments]:
    settings = federation.settings
    if average.uploads == 0:
        return state.network, state.moments
    mean = average.mean(state.network)
    network, moments = follow(state.network, mean, keepers.orphans, state.moments, settings)
    policy = settings.orphans, settings.orphan_decay
    return treat_orphans(network, keepers.orphans, *policy), moments


def _report(
    federation: Federation,
    rows: tuple[ClientRow, ...],
    looked: Told,
    keepers: Keepers,
    state: ServerState,
    *,
    begun: float,
) -> RoundReport:
    alone = federation.settings.algorithm == "local"
    score = None if alone else federation.evaluate_server(state.network)
    return RoundReport(
        round=state.round,
        global_accuracy=None if score is None else score.accuracy,
        mean_accuracy=_mean(rows, after=adapts(federation)),
        orphan_fraction=keepers.orphan_share,
        keepers=looked.keepers,
        overlap=looked.overlap,
        clients=rows,
        seconds=time.monotonic() - begun,
        state=state,
        pictures=looked.pictures,
    )


def _mean(rows: tuple[ClientRow, ...], *, after: bool) -> float | None:
    """Over the clients that answered, each with the network that it would use."""
    scores = [row.accuracy_after if after else row.accuracy_before for row in rows]
    found = [score for score in scores if score is not None]
    return sum(found) / len(found) if found else None
