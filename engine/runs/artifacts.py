"""Files of runs, stored once by the SHA-256 of their content and checked when read."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from engine.errors import InvalidInput, StorageError
from engine.home import write_atomically
from engine.runs.database import ARTIFACTS, RUNS, Database
from engine.runs.model import Artifact, State

DEFAULT_QUOTA = 10 * 1000**3
"""Bytes of artifacts that are kept; older unpinned ones beyond it are evicted."""


def save(database: Database, run: str, name: str, data: bytes) -> Artifact:
    """Store a file of a run under a name; the same name again replaces it.

    Raises:
        StorageError: the disk is full or refuses; nothing has changed then.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = _path(database, digest)
    _ensure_stored(path, data)
    with database.write() as connection:
        replaced = _remember(connection, run, name, digest, len(data))
    _ensure_stored(path, data)  # another process may have dropped the same content meanwhile
    _drop_unused(database, [old for old in replaced if old != digest])
    return Artifact(name=name, digest=digest, size=len(data))


def load(database: Database, run: str, name: str) -> bytes:
    """The content of a file, checked against its digest.

    Raises:
        InvalidInput: the run has no file of that name.
        StorageError: the file is gone or damaged.
    """
    artifact = find(database, run, name)
    if artifact is None:
        raise InvalidInput(f"run {run} has no file {name[:80]!r}")
    try:
        data = _path(database, artifact.digest).read_bytes()
    except OSError as error:
        raise StorageError(f"the file {name} of run {run} is gone: start the run again") from error
    if hashlib.sha256(data).hexdigest() != artifact.digest:
        raise StorageError(f"the file {name} of run {run} is damaged: start the run again")
    return data


def find(database: Database, run: str, name: str) -> Artifact | None:
    """The file of that name, if the run has it."""
    return next((artifact for artifact in of_run(database, run) if artifact.name == name), None)


def of_run(database: Database, run: str) -> list[Artifact]:
    """All files of a run, by name."""
    query = sa.select(ARTIFACTS).where(ARTIFACTS.c.run == run).order_by(ARTIFACTS.c.name)
    with database.read() as connection:
        rows = connection.execute(query).mappings()
        return [Artifact(name=r["name"], digest=r["digest"], size=r["size"]) for r in rows]


def remove(database: Database, run: str, *, names: Iterable[str] | None = None) -> None:
    """Forget the files of a run (all, or those named) and free what no other run holds."""
    where = ARTIFACTS.c.run == run
    if names is not None:
        where &= ARTIFACTS.c.name.in_(list(names))
    with database.write() as connection:
        digests = connection.execute(sa.select(ARTIFACTS.c.digest).where(where)).scalars().all()
        connection.execute(sa.delete(ARTIFACTS).where(where))
    _drop_unused(database, digests)


def stored_bytes(database: Database) -> int:
    """Bytes of all files, each content counted once."""
    each = sa.select(ARTIFACTS.c.digest, sa.func.max(ARTIFACTS.c.size).label("size"))
    unique = each.group_by(ARTIFACTS.c.digest).subquery()
    with database.read() as connection:
        total = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(unique.c.size), 0)))
        return int(total.scalar_one())


def evict(database: Database, *, quota: int = DEFAULT_QUOTA) -> list[str]:
    """Remove the files of the oldest unpinned ended runs until the rest fits the quota.

    Returns:
        Ids of the runs whose files went; their rows and records stay.
    """
    evicted = []
    for run in _evictable(database):
        if stored_bytes(database) <= quota:
            break
        remove(database, run)
        with database.write() as connection:
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(evicted=True))
        evicted.append(run)
    return evicted


def _evictable(database: Database) -> list[str]:
    needed = sa.select(RUNS.c.needs).where(
        RUNS.c.needs.is_not(None), RUNS.c.state.in_([s for s in State if s.active])
    )
    query = sa.select(RUNS.c.id).where(
        RUNS.c.state.in_([s for s in State if not s.active]),
        RUNS.c.pinned.is_(False),
        RUNS.c.evicted.is_(False),
        RUNS.c.id.not_in(needed),
    )
    with database.read() as connection:
        return list(connection.execute(query.order_by(RUNS.c.finished)).scalars())


def _remember(connection: sa.Connection, run: str, name: str, digest: str, size: int) -> list[str]:
    here = (ARTIFACTS.c.run == run) & (ARTIFACTS.c.name == name)
    replaced = connection.execute(sa.select(ARTIFACTS.c.digest).where(here)).scalars().all()
    connection.execute(sa.delete(ARTIFACTS).where(here))
    row = {"run": run, "name": name, "digest": digest, "size": size}
    connection.execute(sa.insert(ARTIFACTS).values(row))
    return list(replaced)


def _drop_unused(database: Database, digests: Iterable[str]) -> None:
    for digest in set(digests):
        with database.write() as connection:  # the lock keeps a new holder out until it is gone
            holders = sa.select(sa.func.count()).where(ARTIFACTS.c.digest == digest)
            if not connection.execute(holders).scalar_one():
                _path(database, digest).unlink(missing_ok=True)


def _ensure_stored(path: Path, data: bytes) -> None:
    if not path.exists() or path.stat().st_size != len(data):
        write_atomically(path, data)


def _path(database: Database, digest: str) -> Path:
    return database.folder / "artifacts" / digest[:2] / digest  # digests come from the store only
