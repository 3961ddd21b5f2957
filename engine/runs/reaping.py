"""Runs whose worker died are noticed, queued again, and resume from their checkpoint."""

import time

import sqlalchemy as sa

from engine.runs.database import RUNS, Database
from engine.runs.lifecycle import update
from engine.runs.model import State

MAX_ATTEMPTS = 3
"""How often a run is taken up again after its worker died."""

SILENT_SECONDS = 10.0
"""A running run whose heartbeat is older is lost."""


def recover(database: Database, *, dead_worker: str | None = None, planned: bool = False) -> None:
    """Queue again what dead workers left (see `reap`), and fail what waits for what failed."""
    reap(database, dead_worker=dead_worker, planned=planned)
    requeue_lost(database)
    fail_orphans(database)


def reap(database: Database, *, dead_worker: str | None = None, planned: bool = False) -> bool:
    """Mark running runs whose worker is gone as lost; whether there was any.

    The run of `dead_worker`, a process known to have ended, is lost however fresh its heartbeat.
    Where it was told to end, which is `planned`, the attempt does not count against the run.
    """
    gone = RUNS.c.heartbeat < time.time() - SILENT_SECONDS
    if dead_worker:
        gone |= RUNS.c.worker == dead_worker
    gone &= RUNS.c.state == State.RUNNING
    if not database.has_run(gone):
        return False  # the common case takes no write lock
    attempts = RUNS.c.attempts - 1 if planned else RUNS.c.attempts
    values = {"stage": "its worker is gone", "eta": None, "attempts": attempts}
    return update(database, gone, state=State.LOST, **values)


def requeue_lost(database: Database) -> bool:
    """Queue lost runs again, unless their worker died `MAX_ATTEMPTS` times; whether any is."""
    lost = RUNS.c.state == State.LOST
    if not database.has_run(lost):
        return False
    ended = {"finished": time.time(), "eta": None}
    update(database, lost & RUNS.c.cancel_requested.is_(True), state=State.CANCELLED, **ended)
    error = f"the worker died {MAX_ATTEMPTS} times on this run: try a smaller network or batch"
    often = lost & (RUNS.c.attempts >= MAX_ATTEMPTS)
    update(database, often, state=State.FAILED, error=error, **ended)
    again = {"state": State.QUEUED, "worker": None, "stage": "waits to resume", "eta": None}
    return update(database, lost, **again)


def fail_orphans(database: Database) -> None:
    """Fail queued runs whose needed run failed, was cancelled or deleted; they would never start.

    Each ends with the error of the run that it needs, and is bad input where that one is.
    """
    needed = RUNS.alias()
    hopeful = sa.select(needed.c.id).where(~needed.c.state.in_([State.FAILED, State.CANCELLED]))
    orphaned = (RUNS.c.state == State.QUEUED) & RUNS.c.needs.not_in(hopeful)
    columns = RUNS.c.id, needed.c.state, needed.c.error, needed.c.bad_input
    query = sa.select(*columns).outerjoin(needed, RUNS.c.needs == needed.c.id).where(orphaned)
    with database.read() as connection:
        orphans = connection.execute(query).all()
    for run, state, error, bad_input in orphans:
        line = "the run that it starts from did not finish: start this one again"
        if state == State.FAILED and error:
            line = f"the run that it starts from failed: {error}"[:500]
        values = {"error": line, "bad_input": bool(bad_input), "finished": time.time()}
        update(database, orphaned & (RUNS.c.id == run), state=State.FAILED, **values)
