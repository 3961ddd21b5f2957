"""The job of a federation: rounds with checkpoints, then every client measured."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from engine.errors import StorageError
from engine.export.archive import zip_bytes
from engine.export.conversions import Converters
from engine.export.files import Exporter
from engine.federated import rounds
from engine.federated.federation import Federation
from engine.federated.reports import RoundReport, round_to_json
from engine.federated.rounds import measured_clients
from engine.federated.splits import notices_of_split, split_to_json
from engine.federated.state import ServerState, dump_state, load_state
from engine.networks.file import dump_network
from engine.networks.network import check_finite, diverged
from engine.pruning.masks import compact
from engine.results.files import CHECKPOINT, WEIGHTS, client_file
from engine.settings import FederateSettings
from engine.training.clients import LocalTrainer
from engine.work.jobs.common import intact, load_dataset, say
from engine.work.session import Session

MOST_MODELS = 20
"""Clients whose personal network is kept as a file."""

SERVERS_NETWORK = "the server's network"


@dataclass(frozen=True, slots=True)
class SessionStore:
    """What the server remembers of clients, as files of the run."""

    session: Session

    def __getitem__(self, key: tuple[int, int]) -> bytes:
        """What was saved of a client in a version; raises StorageError if it is gone."""
        data = self.session.load(_name(*key))
        if data is None:
            raise StorageError(f"what client {key[0]} keeps is gone: delete the run and start anew")
        return data

    def __setitem__(self, key: tuple[int, int], data: bytes) -> None:
        """Keep some bytes of a client."""
        self.session.save(_name(*key), data)


def federate_job(session: Session) -> None:
    """Make the rounds, measure the clients; what is left is the server's and some own networks.

    Raises:
        Cancelled: somebody asked the run to stop.
        PrunescopeError: the split cannot be dealt, networks diverged, or the disk refuses.
    """
    settings = session.run.parsed
    assert isinstance(settings, FederateSettings)  # noqa: S101  # narrows the type
    dataset = load_dataset(session, settings.baseline)
    learner = LocalTrainer(dataset, settings)
    federation = Federation(settings, dataset, learner, SessionStore(session))
    owners = federation.owners
    split = split_to_json(owners.split, owners.y_train, dataset.classes)
    session.record("split", {"split": split})
    say(session, "split", notices_of_split(split))
    with Converters() as converters:
        state = _make_rounds(session, federation, converters)
        _measure_clients(session, federation, state, converters)
    session.save(WEIGHTS, dump_network(state.network))
    for name in session.files():
        if name.startswith("client-") or name == CHECKPOINT:
            session.forget(name)


def _make_rounds(session: Session, federation: Federation, converters: Converters) -> ServerState:
    """The server after the last round.

    Raises:
        PrunescopeError: its network diverged, or it had to refuse every client's for that.
    """
    settings, clients = federation.settings, measured_clients(federation)
    data = intact(session, CHECKPOINT)
    state = load_state(data) if data else federation.start()
    check_finite(state.network, SERVERS_NETWORK)
    session.progress("builds the network", _share(federation, clients, rounds=state.round))
    for report in rounds.run(federation, resume=state):
        if isinstance(report, RoundReport):
            _on_round(session, state, report)
            state = report.state
            check_finite(state.network, SERVERS_NETWORK)
            if state.round == settings.rounds - 1:
                converters.start()  # it loads during the last round
        else:
            done = report.round - 1 + report.done / report.of
            stage = (
                f"round {report.round} of {settings.rounds}: client {report.done} of {report.of}"
            )
            session.progress(stage, _share(federation, clients, rounds=done))
    rows = [row for each in session.payloads("round").values() for row in each["clients"]]
    if rows and all(row["problem"] == "non_finite" for row in rows):
        raise diverged("every client's network")
    return state


def _on_round(session: Session, before: ServerState, report: RoundReport) -> None:
    """Put a round on record, and forget what clients kept before it."""
    name = f"{report.round:04}"
    if report.masks.pictures:
        session.save(f"masks-{name}.npz", report.masks.pictures)
    session.record("round", {f"round-{name}": round_to_json(report)})
    session.save(CHECKPOINT, dump_state(report.state))  # last: what it skips is on record
    changed = (before.versions != report.state.versions) & (before.versions > 0)
    for client in changed.nonzero()[0].tolist():
        session.forget(_name(client, int(before.versions[client])))


def _measure_clients(
    session: Session, federation: Federation, state: ServerState, converters: Converters
) -> None:
    """Measure each client with its own network, and keep some of these as files.

    A file is a zipped TFLite file of the network without the units that the client does not keep.
    """
    clients, known = measured_clients(federation), session.payloads("final")
    left = [client for client in clients if _key(client) not in known]
    exporter = Exporter(converters.convert)
    for report in rounds.finish(federation, state, left):
        client = report.row.client
        check_finite(report.network, f"the network of client {client}")
        if client in clients[:MOST_MODELS]:
            small = compact(report.network, report.masks.units)
            file = exporter.tflite(small, "float32")
            session.save(client_file(client), zip_bytes("model.tflite", file))
        session.record("final", {_key(client): asdict(report.row)})
        done = len(clients) - len(left) + report.done
        share = _share(federation, clients, rounds=state.round, measured=done)
        session.progress(f"measures client {done} of {len(clients)}", share)


def _share(
    federation: Federation, clients: Sequence[int], *, rounds: float, measured: int = 0
) -> float:
    """How far the run is; measuring a client takes about as long as training it."""
    settings = federation.settings
    done = rounds * settings.cohort + measured
    return done / (settings.rounds * settings.cohort + len(clients))


def _name(client: int, version: int) -> str:
    return f"client-{client:05}-{version:04}.bin"


def _key(client: int) -> str:
    return f"final-{client:05}"
