"""The life of a run in a worker's hands: claimed, alive, ended.

Every transition is one conditional UPDATE, so two processes can never both win it.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from engine.errors import UnknownRun
from engine.runs import records
from engine.runs.database import RUNS, Database
from engine.runs.fairness import RECENT_SECONDS, Waiting, fair_order
from engine.runs.model import Run, State
from engine.settings import check_run_id

FURTHER = frozenset({"epoch", "point", "round", "final", "row", "cell"})
"""Kinds of records of which a new one shows that a run got further.

The others are written again by every attempt, or as often as time passes.
"""

_ANEW: Mapping[str, Any] = {
    "state": State.QUEUED,
    "again": False,
    "cancel_requested": False,
    "worker": None,
    "eta": None,
    "stage": "",
}


def get(database: Database, run: str) -> Run:
    """The run of that id.

    Raises:
        UnknownRun: there is none; InvalidInput: it cannot be an id.
    """
    check_run_id(run)
    with database.read() as connection:
        return _get(connection, run)


def some(database: Database, runs: Collection[str]) -> dict[str, Run]:
    """Those of the runs that there are, by id."""
    query = sa.select(RUNS).where(RUNS.c.id.in_(runs))
    with database.read() as connection:
        return {row["id"]: _run(row) for row in connection.execute(query).mappings()}


def all_runs(database: Database, *, limit: int = 500) -> list[Run]:
    """The newest runs, newest first."""
    query = sa.select(RUNS).order_by(RUNS.c.created.desc(), RUNS.c.id).limit(limit)
    with database.read() as connection:
        return [_run(row) for row in connection.execute(query).mappings()]


def queue_order(database: Database) -> list[str]:
    """Ids of the runs that wait, in the order in which they will be taken."""
    with database.read() as connection:
        return fair_order(_waiting(connection), _load(connection))


def claim(database: Database, worker: str) -> Run | None:
    """Take the next run that is ready; None if nothing is."""
    with database.read() as connection:
        if not _ready(connection):
            return None  # idle workers ask four times a second: they take no write lock
    with database.write() as connection:
        ready = _ready(connection)
        for run in fair_order(_waiting(connection), _load(connection)):
            if run in ready and take(connection, run, worker):
                return _get(connection, run)
    return None


def take(connection: sa.Connection, run: str, worker: str) -> bool:
    """Give a queued run to the worker; False if it is not queued any more."""
    now = time.time()
    values: dict[str, Any] = {"state": State.RUNNING, "worker": worker, "heartbeat": now}
    values |= {"started": now, "stage": "starts", "attempts": RUNS.c.attempts + 1}
    queued = (RUNS.c.id == run) & (RUNS.c.state == State.QUEUED)
    return connection.execute(sa.update(RUNS).where(queued).values(values)).rowcount > 0


def beat(database: Database, run: str, worker: str) -> bool:
    """Show that the run is alive; False if it is no longer this worker's."""
    return update(database, _held_by(run, worker), heartbeat=time.time())


def record(
    database: Database, run: str, worker: str, kind: str, rows: Mapping[str, Mapping[str, Any]]
) -> None:
    """Write measured rows of a run; where one of them is new, the run got further.

    Attempts that failed before then no longer count against it. To write again what an earlier
    attempt has written is no progress, nor is any row of another kind than `FURTHER`.
    """
    with database.write() as connection:
        new = records.put(connection, run, kind, rows)
        if new and kind in FURTHER:
            once = sa.update(RUNS).where(_held_by(run, worker), RUNS.c.attempts > 1)
            connection.execute(once.values(attempts=1))


def progress(
    database: Database, run: str, worker: str, *, stage: str, done: float, eta: float | None
) -> None:
    """Say how far the run is."""
    now = time.time()
    values = {"stage": stage[:120], "progress": min(max(done, 0.0), 1.0), "eta": eta}
    update(database, _held_by(run, worker), heartbeat=now, **values)


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

    A cancelled run that was started anew meanwhile is queued instead.

    Args:
        database: the store.
        run: which run.
        worker: who has it.
        state: how it ended.
        error: one clear line where it failed.
        bad_input: whether the line is about a setting or a file that a person gave.
    """
    held = _held_by(run, worker)
    if state is State.CANCELLED and update(database, held & RUNS.c.again.is_(True), **_ANEW):
        return True
    values: dict[str, Any] = {"error": error[:500], "bad_input": bad_input}
    values |= {"eta": None, "finished": time.time()}
    if state is State.DONE:
        values |= {"progress": 1.0, "stage": "done", "evicted": False}
    return update(database, held, state=state, **values)


def _waiting(connection: sa.Connection) -> list[Waiting]:
    query = sa.select(RUNS.c.id, RUNS.c.requester, RUNS.c.created).where(
        RUNS.c.state == State.QUEUED
    )
    return [Waiting(*row) for row in connection.execute(query)]


def _ready(connection: sa.Connection) -> set[str]:
    needed = RUNS.alias()
    done = sa.select(needed.c.id).where(needed.c.state == State.DONE)
    query = sa.select(RUNS.c.id).where(
        RUNS.c.state == State.QUEUED, RUNS.c.needs.is_(None) | RUNS.c.needs.in_(done)
    )
    return set(connection.execute(query).scalars())


def _load(connection: sa.Connection) -> Counter[str]:
    recent = RUNS.c.finished > time.time() - RECENT_SECONDS
    counts = (RUNS.c.state == State.RUNNING) | recent
    return Counter(connection.execute(sa.select(RUNS.c.requester).where(counts)).scalars())


def _held_by(run: str, worker: str) -> sa.ColumnElement[bool]:
    return (RUNS.c.id == run) & (RUNS.c.worker == worker) & (RUNS.c.state == State.RUNNING)


def update(database: Database, where: sa.ColumnElement[bool], **values: Any) -> bool:
    """One conditional transition; False if no run was in the state that it starts from."""
    with database.write() as connection:
        return connection.execute(sa.update(RUNS).where(where).values(values)).rowcount > 0


def _get(connection: sa.Connection, run: str) -> Run:
    row = connection.execute(sa.select(RUNS).where(RUNS.c.id == run)).mappings().one_or_none()
    if row is None:
        raise UnknownRun(f"there is no run {run}: see the page Runs or `python -m engine runs`")
    return _run(row)


def _run(row: sa.RowMapping) -> Run:
    return Run(**{**row, "state": State(row["state"])})
