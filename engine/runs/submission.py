"""Submitting: the same settings are the same run, finished or not, whoever asks."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import QueueFull
from engine.runs.database import RUNS, Database
from engine.runs.lifecycle import get
from engine.runs.model import ACTIVE, Run, State
from engine.settings import Settings, digest, to_json

MAX_UNFINISHED = 20
"""Runs that one owner may have queued or running."""

_FRESH: Mapping[str, Any] = {
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


def submit_all(database: Database, several: Sequence[Settings], *, owner: str) -> list[Run]:
    """The runs of these settings: attached to where they exist, queued otherwise; all or none.

    A failed, cancelled or evicted run is queued again and continues from what it has; it stays
    its first owner's. What a run needs, such as a sweep its baseline, is submitted with it.

    Raises:
        QueueFull: the owner would have more than `MAX_UNFINISHED` runs waiting or running.
    """
    try:
        _submit(database, several, owner)
    except IntegrityError:
        _submit(database, several, owner)  # somebody else was first: attach to theirs
    return [get(database, digest(settings)) for settings in several]


def _submit(database: Database, several: Sequence[Settings], owner: str) -> None:
    with database.write() as connection:
        before = _unfinished(connection, owner)
        for settings in several:
            _submit_chain(connection, settings, owner=owner, implicit=False)
        after = _unfinished(connection, owner)
        if after > MAX_UNFINISHED:
            raise QueueFull(_no_room(before, after - before))


def _submit_chain(
    connection: sa.Connection, settings: Settings, *, owner: str, implicit: bool
) -> None:
    """Submit what the settings need, what that needs and so on, then the settings themselves."""
    needs = settings.needs
    if needs is not None:
        _submit_chain(connection, needs, owner=owner, implicit=True)
    run = None if needs is None else digest(needs)
    _submit_one(connection, settings, owner=owner, implicit=implicit, needs=run)


def _submit_one(
    connection: sa.Connection,
    settings: Settings,
    *,
    owner: str,
    implicit: bool,
    needs: str | None,
) -> None:
    run = digest(settings)
    row = connection.execute(sa.select(RUNS).where(RUNS.c.id == run)).mappings().one_or_none()
    if row is not None and not _restartable(row):
        _attach(connection, run, implicit=implicit)
        return
    values = dict(_FRESH) | {"created": time.time(), "requester": owner}
    if row is not None:
        connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(values))
        return
    values |= {"id": run, "kind": settings.kind, "settings": to_json(settings)}
    values |= {"owner": owner, "name": "", "needs": needs, "implicit": implicit}
    connection.execute(sa.insert(RUNS).values(values))


def _attach(connection: sa.Connection, run: str, *, implicit: bool) -> None:
    """Join a run that exists; one that is being cancelled starts anew when it has stopped."""
    here = RUNS.c.id == run
    if not implicit:
        connection.execute(sa.update(RUNS).where(here).values(implicit=False))
    stopping = here & (RUNS.c.state == State.RUNNING) & RUNS.c.cancel_requested.is_(True)
    connection.execute(sa.update(RUNS).where(stopping).values(again=True))


def _restartable(row: sa.RowMapping) -> bool:
    return State(row["state"]) in {State.FAILED, State.CANCELLED} or bool(row["evicted"])


def _unfinished(connection: sa.Connection, owner: str) -> int:
    mine = (RUNS.c.requester == owner) & RUNS.c.state.in_(ACTIVE)
    return int(connection.execute(sa.select(sa.func.count()).where(mine)).scalar_one())


def _no_room(unfinished: int, more: int) -> str:
    have = f"you have {unfinished} unfinished runs"
    if unfinished >= MAX_UNFINISHED:
        return f"{have}, the most that one person may have: wait for one or cancel one"
    most = f"of {MAX_UNFINISHED} that one person may have"
    return f"{have} {most}, so {more} more do not fit: wait for some or cancel some"
