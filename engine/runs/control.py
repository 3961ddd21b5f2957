"""What a person may do with a run: cancel, rename, pin, delete; each within their rights."""

import time

import sqlalchemy as sa

from engine.checks import refuse
from engine.errors import NotYours
from engine.runs.database import RECORDS, RUNS, Database
from engine.runs.lifecycle import get, some, update
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
    theirs = (RUNS.c.needs == run) & RUNS.c.state.in_(ACTIVE) & (RUNS.c.requester != owner)
    if owner is not None and database.has_run(theirs):
        raise NotYours(f"somebody else's run needs {run}: it goes on")
    _stop(database, run)
    while current.needs:
        needed = some(database, [current.needs]).get(current.needs)  # it may have been deleted
        if needed is None or not needed.implicit or not needed.state.active:
            return
        others = (RUNS.c.needs == needed.id) & (RUNS.c.id != current.id) & RUNS.c.state.in_(ACTIVE)
        if database.has_run(others):
            return
        _stop(database, needed.id)
        current = needed


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


def _check_owner(run: Run, owner: str | None) -> None:
    if owner not in {None, run.owner}:
        raise _not_yours(run)


def _not_yours(run: Run) -> NotYours:
    return NotYours(f"run {run.id} belongs to somebody else: start one of your own")
