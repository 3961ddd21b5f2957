"""The job of a federation: rounds with checkpoints, then every client measured."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from engine.errors import StorageError
from engine.export.archive import zip_bytes
from engine.export.conversions import Converters
from engine.export.files import Exporter
from engine.federated import rounds
from engine.federated.federation import Federation
from engine.federated.owned import owners_of
from engine.federated.reports import RoundReport, round_to_json
from engine.federated.rounds import ClientReport, FinalReport
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

    def load(self, client: int, version: int) -> bytes:
        """What was saved; raises StorageError if it is gone."""
        data = self.session.load(_name(client, version))
        if data is None:
            raise StorageError(f"what client {client} keeps is gone: delete the run and start anew")
        return data

    def save(self, client: int, version: int, data: bytes) -> None:
        """Keep some bytes of a client."""
        self.session.save(_name(client, version), data)


def federate_job(session: Session) -> None:
    """Make the rounds, measure the clients; what is left is the server's and some own networks."""
    settings = session.run.parsed
    assert isinstance(settings, FederateSettings)  # noqa: S101  # narrows the type
    dataset = load_dataset(session, settings.baseline)
    owners = owners_of(dataset, settings)
    split = split_to_json(owners.split, owners.y_train, dataset.classes)
    session.record("split", {"split": split})
    say(session, "split", notices_of_split(split))
    learner = LocalTrainer(dataset, settings)
    federation = Federation(settings, dataset, owners, learner, SessionStore(session))
    state = _resumed(session) or federation.start()
    check_finite(state.network, SERVERS_NETWORK)
    clients = rounds.measured_clients(federation)
    session.progress("builds the network", _share(federation, clients, rounds=state.round))
    with Converters() as converters:
        for report in rounds.run(federation, resume=state):
            if not isinstance(report, RoundReport):
                _on_client(session, federation, clients, report)
                continue
            _on_round(session, state, report)
            state = report.state
            check_finite(state.network, SERVERS_NETWORK)
            if state.round == settings.rounds - 1:
                converters.start()  # it loads during the last round
        _check_answers(session)
        _measure(session, federation, state, clients, converters)
    session.save(WEIGHTS, dump_network(state.network))
    _clean(session)


def _resumed(session: Session) -> ServerState | None:
    data = intact(session, CHECKPOINT)
    return load_state(data) if data else None


def _on_client(
    session: Session, federation: Federation, clients: Sequence[int], report: ClientReport
) -> None:
    stage = f"round {report.round} of {federation.settings.rounds}"
    done = report.round - 1 + report.done / report.of
    text = f"{stage}: client {report.done} of {report.of}"
    session.progress(text, _share(federation, clients, rounds=done))


def _on_round(session: Session, before: ServerState, report: RoundReport) -> None:
    name = f"{report.round:04}"
    if report.masks.pictures:
        session.save(f"masks-{name}.npz", report.masks.pictures)
    session.record("round", {f"round-{name}": round_to_json(report)})
    session.save(CHECKPOINT, dump_state(report.state))  # last: what it skips is on record
    changed = (before.versions != report.state.versions) & (before.versions > 0)
    for client in changed.nonzero()[0].tolist():
        session.forget(_name(client, int(before.versions[client])))


def _check_answers(session: Session) -> None:
    """Raise PrunescopeError if the server had to refuse every network for having diverged."""
    rows = [row for each in session.payloads("round").values() for row in each["clients"]]
    if rows and all(row["problem"] == "non_finite" for row in rows):
        raise diverged("every client's network")


def _measure(
    session: Session,
    federation: Federation,
    state: ServerState,
    clients: list[int],
    converters: Converters,
) -> None:
    known = session.payloads("final")
    left = [client for client in clients if _key(client) not in known]
    exporter = Exporter(converters.convert)
    for report in rounds.finish(federation, state, left):
        client = report.row.client
        check_finite(report.network, f"the network of client {client}")
        if client in clients[:MOST_MODELS]:
            session.save(client_file(client), _model(report, exporter))
        session.record("final", {_key(client): asdict(report.row)})
        done = len(clients) - len(left) + report.done
        text = f"measures client {done} of {len(clients)}"
        share = _share(federation, clients, rounds=state.round, measured=done)
        session.progress(text, share)


def _model(report: FinalReport, exporter: Exporter) -> bytes:
    """A client's own network as a zipped TFLite file, without the units that it does not keep."""
    small = compact(report.network, report.masks.units)
    return zip_bytes("model.tflite", exporter.tflite(small, dynamic=False))


def _share(
    federation: Federation, clients: Sequence[int], *, rounds: float, measured: int = 0
) -> float:
    """How far the run is; measuring a client takes about as long as training it."""
    visits = federation.settings.rounds * federation.settings.cohort
    done = rounds * federation.settings.cohort + measured
    return done / (visits + len(clients))


def _clean(session: Session) -> None:
    for name in session.files():
        if name.startswith("client-") or name == CHECKPOINT:
            session.forget(name)


def _name(client: int, version: int) -> str:
    return f"client-{client:05}-{version:04}.bin"


def _key(client: int) -> str:
    return f"final-{client:05}"
