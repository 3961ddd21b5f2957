"""What a person may do with a run: cancel, rename, pin, delete; each within their rights."""

import time

import sqlalchemy as sa

from engine.checks import refuse
from engine.errors import NotYours, UnknownRun
from engine.runs.database import RECORDS, RUNS, Database
from engine.runs.lifecycle import get, update
from engine.runs.model import ACTIVE, Run, State


def cancel(database: Database, run: str, *, owner: str | None) -> None:
    """Ask a run to stop; one that only waits stops at once. What was measured is kept.

    What was only started for this run, such as its baseline, stops too, unless another run waits
    for it.

    Args:
        owner: who asks: its owner, or who started it last; None stands for the operator.

    Raises:
        NotYours: the run belongs to somebody else, or somebody else's run needs it.
    """
    current = get(database, run)
    if owner not in {None, current.owner, current.requester}:
        raise _not_yours(current)
    if owner is not None and _needed_by_others(database, run, owner):
        raise NotYours(f"somebody else's run needs {run}: it goes on")
    _stop(database, run)
    while current.needs and _only_needed_by(database, current):
        _stop(database, current.needs)
        current = get(database, current.needs)


def cancel_requested(database: Database, run: str) -> bool:
    """Whether somebody asked the run to stop."""
    query = sa.select(RUNS.c.cancel_requested).where(RUNS.c.id == run)
    with database.read() as connection:
        return bool(connection.execute(query).scalar_one_or_none())


def rename(database: Database, run: str, name: str, *, owner: str | None) -> None:
    """Give the run a name of up to 60 letters, digits, spaces, dots, dashes and underscores."""
    _check_owner(get(database, run), owner)
    if len(name) > 60 or not all(c.isalnum() or c in " ._-" for c in name):
        raise refuse("name", "up to 60 letters, digits, spaces, dots and dashes", name)
    update(database, RUNS.c.id == run, name=name.strip())


def pin(database: Database, run: str, *, pinned: bool, owner: str | None) -> None:
    """Keep the files of the run when space is made, or no longer."""
    _check_owner(get(database, run), owner)
    update(database, RUNS.c.id == run, pinned=pinned)


def delete(database: Database, run: str, *, owner: str | None) -> None:
    """Remove an ended run that nothing waits for, and its records; its files are not touched.

    Raises:
        InvalidInput: it has not ended, or a run that has not ended needs it.
    """
    current = get(database, run)
    _check_owner(current, owner)
    waiting = RUNS.alias()
    needed = sa.select(waiting.c.needs).where(waiting.c.needs == run, waiting.c.state.in_(ACTIVE))
    free = (RUNS.c.id == run) & RUNS.c.state.not_in(ACTIVE) & RUNS.c.id.not_in(needed)
    with database.write() as connection:
        if not connection.execute(sa.delete(RUNS).where(free)).rowcount:
            allowed = "one that has ended and that no other run needs (cancel those first)"
            raise refuse("run to delete", allowed, run)
        connection.execute(sa.delete(RECORDS).where(RECORDS.c.run == run))


def _stop(database: Database, run: str) -> None:
    queued = (RUNS.c.id == run) & RUNS.c.state.in_([State.QUEUED, State.LOST])
    if not update(database, queued, state=State.CANCELLED, finished=time.time(), eta=None):
        running = (RUNS.c.id == run) & (RUNS.c.state == State.RUNNING)
        update(database, running, cancel_requested=True, again=False, stage="stops")


def _needed_by_others(database: Database, run: str, owner: str) -> bool:
    others = (RUNS.c.needs == run) & RUNS.c.state.in_(ACTIVE) & (RUNS.c.requester != owner)
    return _count(database, others) > 0


def _only_needed_by(database: Database, run: Run) -> bool:
    others = (RUNS.c.needs == run.needs) & (RUNS.c.id != run.id) & RUNS.c.state.in_(ACTIVE)
    if _count(database, others):
        return False
    try:
        needed = get(database, run.needs or "")
    except UnknownRun:
        return False  # it was deleted
    return needed.implicit and needed.state.active


def _count(database: Database, where: sa.ColumnElement[bool]) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).where(where)).scalar_one())


def _check_owner(run: Run, owner: str | None) -> None:
    if owner not in {None, run.owner}:
        raise _not_yours(run)


def _not_yours(run: Run) -> NotYours:
    return NotYours(f"run {run.id} belongs to somebody else: start one of your own")
