"""The life of a run in a worker's hands: claimed, alive, ended.

Every transition is one conditional UPDATE, so two processes can never both win it.
"""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.errors import UnknownRun
from engine.runs.database import RUNS, Database
from engine.runs.fairness import RECENT_SECONDS, Waiting, fair_order
from engine.runs.model import Run, State
from engine.settings import check_run_id

_QUEUED = RUNS.c.state == State.QUEUED
_NEEDED = RUNS.alias()
_READY = _QUEUED & (
    RUNS.c.needs.is_(None)
    | RUNS.c.needs.in_(sa.select(_NEEDED.c.id).where(_NEEDED.c.state == State.DONE))
)

FRESH: Mapping[str, Any] = {
    "state": State.QUEUED,
    "stage": "",
    "progress": 0.0,
    "eta": None,
    "error": "",
    "bad_input": False,
    "cancel_requested": False,
    "again": False,
    "attempts": 0,
    "evicted": False,
    "worker": None,
    "started": None,
    "finished": None,
    "heartbeat": None,
}
"""What is so of a run that is queued for the first time, or once more by a person."""


def read(database: Database, query: sa.Select[Any]) -> list[Run]:
    """The runs that a query of whole rows finds, in its order."""
    with database.read() as connection:
        rows = connection.execute(query).mappings()
        return [Run(**{**row, "state": State(row["state"])}) for row in rows]


def get(database: Database, run: str) -> Run:
    """The run of that id.

    Raises:
        UnknownRun: there is none; InvalidInput: it cannot be an id.
    """
    check_run_id(run)
    found = read(database, sa.select(RUNS).where(RUNS.c.id == run))
    if not found:
        raise UnknownRun(f"there is no run {run}: see the page Runs or `python -m engine runs`")
    return found[0]


def queue_order(connection: sa.Connection) -> list[str]:
    """Ids of the runs that wait, in the order in which they will be taken."""
    columns = (RUNS.c.id, RUNS.c.requester, RUNS.c.created)
    waiting = [Waiting(*row) for row in connection.execute(sa.select(*columns).where(_QUEUED))]
    recent = RUNS.c.finished > time.time() - RECENT_SECONDS
    counts = sa.select(RUNS.c.requester).where((RUNS.c.state == State.RUNNING) | recent)
    return fair_order(waiting, Counter(connection.execute(counts).scalars()))


def claim(database: Database, worker: str) -> Run | None:
    """Take the next run that is ready; None if nothing is."""
    if not database.has_run(_READY):
        return None  # idle workers ask four times a second: they take no write lock
    with database.write() as connection:
        ready = set(connection.execute(sa.select(RUNS.c.id).where(_READY)).scalars())
        waiting = (run for run in queue_order(connection) if run in ready)
        taken = next((run for run in waiting if take(connection, run, worker)), None)
    return None if taken is None else get(database, taken)


def take(connection: sa.Connection, run: str, worker: str) -> bool:
    """Give a queued run to the worker; False if it is not queued any more."""
    now = time.time()
    values: dict[str, Any] = {"state": State.RUNNING, "worker": worker, "heartbeat": now}
    values |= {"started": now, "stage": "starts", "attempts": RUNS.c.attempts + 1}
    taken = sa.update(RUNS).where(_QUEUED, RUNS.c.id == run).values(values)
    return connection.execute(taken).rowcount > 0


def beat(database: Database, run: str, worker: str) -> bool:
    """Show that the run is alive; False if it is no longer this worker's."""
    return update(database, held_by(run, worker), heartbeat=time.time())


def progress(
    database: Database, run: str, worker: str, *, stage: str, done: float, eta: float | None
) -> None:
    """Say how far the run is: from 0 to 1, and the seconds that are left, if that is known."""
    now = time.time()
    values = {"stage": stage[:120], "progress": min(max(done, 0.0), 1.0), "eta": eta}
    update(database, held_by(run, worker), heartbeat=now, **values)


def cancel_requested(database: Database, run: str) -> bool:
    """Whether somebody asked the run to stop."""
    return database.has_run((RUNS.c.id == run) & RUNS.c.cancel_requested.is_(True))


def finish(
    database: Database,
    run: str,
    worker: str,
    state: State,
    *,
    error: str = "",
    bad_input: bool = False,
) -> bool:
    """End a run as done, failed or cancelled; False if it is no longer this worker's.

    A cancelled run that was started anew meanwhile is queued instead. Of one that failed, `error`
    is one clear line, and `bad_input` whether that is about a person's setting or file.
    """
    held = held_by(run, worker)
    if state is State.CANCELLED and update(database, held & RUNS.c.again.is_(True), **FRESH):
        return True
    values: dict[str, Any] = {"error": error[:500], "bad_input": bad_input}
    values |= {"eta": None, "finished": time.time()}
    if state is State.DONE:
        values |= {"progress": 1.0, "stage": "done", "evicted": False}
    return update(database, held, state=state, **values)


def held_by(run: str, worker: str) -> sa.ColumnElement[bool]:
    """The condition that the run is running, in the hands of that worker."""
    return (RUNS.c.id == run) & (RUNS.c.worker == worker) & (RUNS.c.state == State.RUNNING)


def update(database: Database, where: sa.ColumnElement[bool], **values: Any) -> bool:
    """One conditional transition; False if no run was in the state that it starts from."""
    with database.write() as connection:
        return connection.execute(sa.update(RUNS).where(where).values(values)).rowcount > 0
