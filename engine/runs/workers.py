"""Which worker processes are alive, as the store knows them."""

import time
from dataclasses import dataclass

import sqlalchemy as sa

from engine.runs.database import RUNS, WORKERS, Database
from engine.runs.model import State

ALIVE_SECONDS = 10.0
"""A worker whose heartbeat is older does not count."""


@dataclass(frozen=True, slots=True)
class Crew:
    """How many workers live, and how many of them have loaded TensorFlow."""

    alive: int
    ready: int


def enter(database: Database, worker: str, pid: int) -> None:
    """A worker process has started."""
    now = time.time()
    with database.write() as connection:
        connection.execute(sa.delete(WORKERS).where(WORKERS.c.heartbeat < now - 60))
        row = {"id": worker, "pid": pid, "started": now, "heartbeat": now, "ready": False}
        connection.execute(sa.insert(WORKERS).values(row))


def beat(database: Database, worker: str, *, ready: bool) -> None:
    """The worker process is alive, and can take runs at once or still loads."""
    values = {"heartbeat": time.time(), "ready": ready}
    with database.write() as connection:
        connection.execute(sa.update(WORKERS).where(WORKERS.c.id == worker).values(values))


def last_heard(database: Database, worker: str) -> float | None:
    """When a worker last beat, or somebody vouched for it, in seconds since the epoch.

    None if it has not entered yet.
    """
    query = sa.select(WORKERS.c.heartbeat).where(WORKERS.c.id == worker)
    with database.read() as connection:
        heard: float | None = connection.execute(query).scalar()
    return heard


def vouch(database: Database, worker: str) -> float:
    """Beat for a worker whose process is known to live, though it does not come to say so.

    Returns:
        The time that is written, in seconds since the epoch.
    """
    now = time.time()
    held = (RUNS.c.worker == worker) & (RUNS.c.state == State.RUNNING)
    with database.write() as connection:
        connection.execute(sa.update(WORKERS).where(WORKERS.c.id == worker).values(heartbeat=now))
        connection.execute(sa.update(RUNS).where(held).values(heartbeat=now))
    return now


def leave(database: Database, worker: str) -> None:
    """The worker process has ended."""
    with database.write() as connection:
        connection.execute(sa.delete(WORKERS).where(WORKERS.c.id == worker))


def crew(database: Database) -> Crew:
    """The workers that are alive now."""
    alive = WORKERS.c.heartbeat > time.time() - ALIVE_SECONDS
    with database.read() as connection:
        ready = connection.execute(sa.select(WORKERS.c.ready).where(alive)).scalars().all()
    return Crew(alive=len(ready), ready=sum(ready))
