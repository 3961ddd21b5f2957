"""What a person may do with a run: cancel, rename, pin; owners only."""

import time

import sqlalchemy as sa

from engine.checks import refuse
from engine.errors import NotYours
from engine.runs.database import RUNS, Database
from engine.runs.lifecycle import get, update
from engine.runs.model import Run, State


def cancel(database: Database, run: str, *, owner: str | None) -> None:
    """Ask a run to stop; one that only waits stops at once. What was measured is kept.

    A baseline that was only started for this run stops too, unless another run waits for it.

    Args:
        owner: who asks; None stands for the operator of this machine.

    Raises:
        NotYours: the run belongs to somebody else.
    """
    current = get(database, run)
    _check_owner(current, owner)
    _stop(database, run)
    if current.needs and _only_needed_by(database, current):
        _stop(database, current.needs)


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


def check_deletable(database: Database, run: str, *, owner: str | None) -> None:
    """Raise NotYours or InvalidInput where the run may not be deleted now."""
    current = get(database, run)
    _check_owner(current, owner)
    if current.state.active:
        raise refuse("run to delete", "one that has ended (cancel it first)", current.state.value)


def _stop(database: Database, run: str) -> None:
    queued = (RUNS.c.id == run) & RUNS.c.state.in_([State.QUEUED, State.LOST])
    if not update(database, queued, state=State.CANCELLED, finished=time.time(), eta=None):
        running = (RUNS.c.id == run) & (RUNS.c.state == State.RUNNING)
        update(database, running, cancel_requested=True, stage="stops")


def _only_needed_by(database: Database, run: Run) -> bool:
    active = RUNS.c.state.in_([s for s in State if s.active])
    others = (RUNS.c.needs == run.needs) & (RUNS.c.id != run.id) & active
    with database.read() as connection:
        if connection.execute(sa.select(sa.func.count()).where(others)).scalar_one():
            return False
    needed = get(database, run.needs) if run.needs else run
    return needed.implicit and needed.state.active


def _check_owner(run: Run, owner: str | None) -> None:
    if owner is not None and owner != run.owner:
        raise NotYours(f"run {run.id} belongs to somebody else: start one of your own")
