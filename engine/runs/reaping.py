"""Runs whose worker died are noticed, queued again, and resume from their checkpoint."""

import time
from typing import Any

import sqlalchemy as sa

from engine.runs.database import RUNS, Database
from engine.runs.lifecycle import update
from engine.runs.model import State

MAX_ATTEMPTS = 3
"""How often a run is taken up again after its worker died."""

SILENT_SECONDS = 10.0
"""A running run whose heartbeat is older is lost."""


def reap(database: Database, *, dead_worker: str | None = None, planned: bool = False) -> list[str]:
    """Find running runs whose worker is gone, mark them lost and queue them again.

    Args:
        dead_worker: a worker known to have ended; its run is lost however fresh its heartbeat.
        planned: it was told to end, so the attempt does not count against its run.

    Returns:
        The runs that were lost.
    """
    silent = RUNS.c.heartbeat < time.time() - SILENT_SECONDS
    gone = silent | (RUNS.c.worker == dead_worker) if dead_worker else silent
    with database.read() as connection:
        query = sa.select(RUNS.c.id).where(RUNS.c.state == State.RUNNING, gone)
        lost = list(connection.execute(query).scalars())
    return [run for run in lost if _lose(database, run, gone, planned=planned)]


def requeue_lost(database: Database) -> bool:
    """Queue lost runs again; one whose worker died `MAX_ATTEMPTS` times fails instead.

    Returns:
        Whether any run is queued again.
    """
    lost = RUNS.c.state == State.LOST
    if not _any(database, lost):
        return False  # the common case takes no write lock
    ended = {"finished": time.time(), "eta": None}
    update(database, lost & RUNS.c.cancel_requested.is_(True), state=State.CANCELLED, **ended)
    error = f"the worker died {MAX_ATTEMPTS} times on this run: try a smaller network or batch"
    often = lost & (RUNS.c.attempts >= MAX_ATTEMPTS)
    update(database, often, state=State.FAILED, error=error, **ended)
    again = {"state": State.QUEUED, "worker": None, "stage": "waits to resume", "eta": None}
    return update(database, lost, **again)


def fail_orphans(database: Database) -> None:
    """End queued runs whose needed run failed, was cancelled or deleted: they wait for ever."""
    needed = RUNS.alias()
    ended = needed.c.state.in_([State.FAILED, State.CANCELLED])
    hopeful = sa.select(needed.c.id).where(~ended)
    waits = (RUNS.c.state == State.QUEUED) & RUNS.c.needs.is_not(None)
    waits &= RUNS.c.needs.not_in(hopeful)
    if not _any(database, waits):
        return
    for run, values in _reasons(database, waits).items():
        update(database, waits & (RUNS.c.id == run), state=State.FAILED, **values)


def _reasons(database: Database, waits: sa.ColumnElement[bool]) -> dict[str, dict[str, Any]]:
    """For each run that waits in vain, what it ends with: the line of the run that it needs."""
    needed = RUNS.alias()
    both = RUNS.outerjoin(needed, RUNS.c.needs == needed.c.id)
    columns = needed.c.state, needed.c.error, needed.c.bad_input
    query = sa.select(RUNS.c.id.label("waiting"), *columns).select_from(both).where(waits)
    with database.read() as connection:
        return {row["waiting"]: _in_vain(row) for row in connection.execute(query).mappings()}


def _in_vain(needed: sa.RowMapping) -> dict[str, Any]:
    line = "the run that it starts from did not finish: start this one again"
    if needed["state"] == State.FAILED and needed["error"]:
        line = f"the run that it starts from failed: {needed['error']}"[:500]
    return {"error": line, "bad_input": bool(needed["bad_input"]), "finished": time.time()}


def _lose(database: Database, run: str, gone: sa.ColumnElement[bool], *, planned: bool) -> bool:
    attempts = RUNS.c.attempts - 1 if planned else RUNS.c.attempts
    where = (RUNS.c.id == run) & (RUNS.c.state == State.RUNNING) & gone
    stage = "its worker is gone"
    return update(database, where, state=State.LOST, stage=stage, eta=None, attempts=attempts)


def _any(database: Database, where: sa.ColumnElement[bool]) -> bool:
    with database.read() as connection:
        return connection.execute(sa.select(RUNS.c.id).where(where).limit(1)).first() is not None
