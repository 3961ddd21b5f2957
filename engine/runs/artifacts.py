"""Files of runs, stored once by the SHA-256 of their content and checked when read."""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from engine.errors import InvalidInput, StorageError
from engine.runs.database import ARTIFACTS, RUNS, Database
from engine.runs.model import ACTIVE, Artifact
from engine.system.home import write_atomically

DEFAULT_QUOTA = 10 * 1000**3
"""Bytes of artifacts that are kept; older unpinned ones beyond it are evicted."""

ORPHAN_SECONDS = 3600.0
"""A file without a row may be about to get one; after this long it was left by a killed process."""


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

    A file that is gone or damaged marks its run, so that starting it again makes the file anew.

    Raises:
        InvalidInput: the run has no file of that name.
        StorageError: the file is gone or damaged.
    """
    artifact = find(database, run, name)
    if artifact is None:
        raise InvalidInput(f"run {run} has no file {name[:80]!r}")
    try:
        data = _path(database, artifact.digest).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != artifact.digest:
        _forget(database, run, [name])
        raise StorageError(f"the file {name} of run {run} is gone or damaged: start the run again")
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


def quota() -> int:
    """Bytes of artifacts to keep: `PRUNESCOPE_QUOTA_GB`, or the default where it is no number."""
    try:
        return max(0, int(float(os.environ["PRUNESCOPE_QUOTA_GB"]) * 1000**3))
    except (KeyError, ValueError, OverflowError):
        return DEFAULT_QUOTA


def evict(database: Database, *, keep: int | None = None) -> list[str]:
    """Remove the files of the oldest unpinned ended runs until the rest fits the quota.

    Returns:
        Ids of the runs whose files went; their rows and records stay.
    """
    most = quota() if keep is None else keep
    evicted = []
    for run in _evictable(database):
        if stored_bytes(database) <= most:
            break
        _forget(database, run)
        evicted.append(run)
    return evicted


def sweep_orphans(database: Database) -> None:
    """Remove files that a killed process left without a row: older than an hour, held by none."""
    old = time.time() - ORPHAN_SECONDS
    with database.read() as connection:
        held = set(connection.execute(sa.select(ARTIFACTS.c.digest)).scalars())
    for path in (database.folder / "artifacts").glob("*/*"):
        with contextlib.suppress(OSError):  # another process may clean up too
            if path.name not in held and path.stat().st_mtime < old:
                path.unlink()


def _evictable(database: Database) -> list[str]:
    needed = sa.select(RUNS.c.needs).where(RUNS.c.needs.is_not(None), RUNS.c.state.in_(ACTIVE))
    query = sa.select(RUNS.c.id).where(
        RUNS.c.state.not_in(ACTIVE),
        RUNS.c.pinned.is_(False),
        RUNS.c.id.in_(sa.select(ARTIFACTS.c.run)),
        RUNS.c.id.not_in(needed),
    )
    with database.read() as connection:
        return list(connection.execute(query.order_by(RUNS.c.finished)).scalars())


def _forget(database: Database, run: str, names: list[str] | None = None) -> None:
    """Drop files of a run and mark it, in one transaction: it is never without both."""
    where = ARTIFACTS.c.run == run
    if names is not None:
        where &= ARTIFACTS.c.name.in_(names)
    with database.write() as connection:
        digests = connection.execute(sa.select(ARTIFACTS.c.digest).where(where)).scalars().all()
        connection.execute(sa.delete(ARTIFACTS).where(where))
        connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(evicted=True))
    _drop_unused(database, digests)


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
    if not path.exists() or path.read_bytes() != data:
        write_atomically(path, data)


def _path(database: Database, digest: str) -> Path:
    return database.folder / "artifacts" / digest[:2] / digest  # digests come from the store only
