"""Submitting: the same settings are the same run, finished or not, whoever asks."""

import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import QueueFull
from engine.runs.database import RUNS, Database
from engine.runs.lifecycle import FRESH, get
from engine.runs.model import ACTIVE, Run, State
from engine.settings import Settings, digest, to_json

MAX_UNFINISHED = 20
"""Runs that one owner may have queued or running."""


def submit_all(database: Database, several: Sequence[Settings], *, owner: str) -> list[Run]:
    """The runs of these settings: attached to where they exist, queued otherwise; all or none.

    A failed, cancelled or evicted run is queued again and continues from what it has; it stays
    its first owner's. What a run needs, such as a sweep its baseline, is submitted with it.

    Raises:
        QueueFull: the owner would have more than `MAX_UNFINISHED` runs waiting or running.
    """
    try:
        _submit_all(database, several, owner)
    except IntegrityError:
        _submit_all(database, several, owner)  # somebody else was first: attach to theirs
    return [get(database, digest(settings)) for settings in several]


def _submit_all(database: Database, several: Sequence[Settings], owner: str) -> None:
    mine = (RUNS.c.requester == owner) & RUNS.c.state.in_(ACTIVE)
    unfinished = sa.select(sa.func.count()).where(mine)
    with database.write() as connection:
        before = connection.execute(unfinished).scalar_one()
        for settings in several:
            _submit(connection, settings, owner=owner, implicit=False)
        more = connection.execute(unfinished).scalar_one() - before
        if before + more <= MAX_UNFINISHED:
            return
        have = f"you have {before} unfinished runs"
        if before >= MAX_UNFINISHED:
            raise QueueFull(
                f"{have}, the most that one person may have: wait for one or cancel one"
            )
        raise QueueFull(
            f"{have} of {MAX_UNFINISHED} that one person may have, so {more} more do not fit: "
            "wait for some or cancel some"
        )


def _submit(connection: sa.Connection, settings: Settings, *, owner: str, implicit: bool) -> str:
    """Submit what the settings need, what that needs and so on, then the settings; their id."""
    needs, run = settings.needs, digest(settings)
    needed = None if needs is None else _submit(connection, needs, owner=owner, implicit=True)
    here = RUNS.c.id == run
    row = connection.execute(sa.select(RUNS.c.state, RUNS.c.evicted).where(here)).one_or_none()
    values = dict(FRESH) | {"created": time.time(), "requester": owner}
    if row is None:
        values |= {"id": run, "kind": settings.kind, "settings": to_json(settings)}
        values |= {"owner": owner, "name": "", "needs": needed, "implicit": implicit}
        connection.execute(sa.insert(RUNS).values(values))
    elif row.state in {State.FAILED, State.CANCELLED} or row.evicted:
        connection.execute(sa.update(RUNS).where(here).values(values))
    else:
        if not implicit:
            connection.execute(sa.update(RUNS).where(here).values(implicit=False))
        # one that is being cancelled starts anew when it has stopped
        stopping = here & (RUNS.c.state == State.RUNNING) & RUNS.c.cancel_requested.is_(True)
        connection.execute(sa.update(RUNS).where(stopping).values(again=True))
    return run
