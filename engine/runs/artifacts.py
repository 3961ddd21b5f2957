"""Files of runs, stored once by the SHA-256 of their content and checked when read."""

import contextlib
import dataclasses
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from engine.errors import StorageError
from engine.runs.database import ARTIFACTS, RUNS, Database
from engine.runs.model import ACTIVE, ENDED, Artifact
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
    artifact = Artifact(name=name, digest=hashlib.sha256(data).hexdigest(), size=len(data))
    path = _path(database, artifact.digest)
    _ensure_stored(path, data)
    here = (ARTIFACTS.c.run == run) & (ARTIFACTS.c.name == name)
    with database.write() as connection:
        replaced = connection.execute(sa.select(ARTIFACTS.c.digest).where(here)).scalars().all()
        connection.execute(sa.delete(ARTIFACTS).where(here))
        connection.execute(sa.insert(ARTIFACTS).values(run=run, **dataclasses.asdict(artifact)))
    _ensure_stored(path, data)  # another process may have dropped the same content meanwhile
    _drop_unused(database, set(replaced) - {artifact.digest})
    return artifact


def load(database: Database, run: str, name: str) -> bytes | None:
    """The content of a file, checked against its digest; None if the run has no such file.

    A file that is gone or damaged marks its run, so that starting it again makes the file anew.

    Raises:
        StorageError: the file is gone or damaged.
    """
    where = (ARTIFACTS.c.run == run) & (ARTIFACTS.c.name == name)
    with database.read() as connection:
        digest = connection.execute(sa.select(ARTIFACTS.c.digest).where(where)).scalar_one_or_none()
    if digest is None:
        return None
    try:
        data = _path(database, digest).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != digest:
        remove(database, run, names=[name], evicted=True)
        raise StorageError(f"the file {name} of run {run} is gone or damaged: start the run again")
    return data


def of_run(database: Database, run: str) -> list[Artifact]:
    """All files of a run, by name."""
    columns = (ARTIFACTS.c.name, ARTIFACTS.c.digest, ARTIFACTS.c.size)
    query = sa.select(*columns).where(ARTIFACTS.c.run == run).order_by(ARTIFACTS.c.name)
    with database.read() as connection:
        return [Artifact(**row) for row in connection.execute(query).mappings()]


def remove(
    database: Database, run: str, *, names: Iterable[str] | None = None, evicted: bool = False
) -> None:
    """Forget those files of a run, or all, and free what no other run holds.

    `evicted` marks the run, in the same transaction, as one whose files are gone.
    """
    where = ARTIFACTS.c.run == run
    if names is not None:
        where &= ARTIFACTS.c.name.in_(list(names))
    with database.write() as connection:
        digests = connection.execute(sa.select(ARTIFACTS.c.digest).where(where)).scalars().all()
        connection.execute(sa.delete(ARTIFACTS).where(where))
        if evicted:
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(evicted=True))
    _drop_unused(database, digests)


def stored_bytes(database: Database) -> int:
    """Bytes of all files, each content counted once."""
    unique = sa.select(ARTIFACTS.c.digest, ARTIFACTS.c.size).distinct().subquery()
    total = sa.select(sa.func.coalesce(sa.func.sum(unique.c.size), 0))
    with database.read() as connection:
        return int(connection.execute(total).scalar_one())


def quota() -> int:
    """Bytes of artifacts to keep: `PRUNESCOPE_QUOTA_GB`, or the default where it is no number."""
    try:
        return max(0, int(float(os.environ["PRUNESCOPE_QUOTA_GB"]) * 1000**3))
    except (KeyError, ValueError, OverflowError):
        return DEFAULT_QUOTA


def evict(database: Database, *, keep: int | None = None) -> list[str]:
    """Remove the files of the oldest unpinned ended runs until `keep` bytes, or the quota, remain.

    Returns:
        Ids of the runs whose files went; their rows and records stay.
    """
    most = quota() if keep is None else keep
    needed = sa.select(RUNS.c.needs).where(RUNS.c.needs.is_not(None), RUNS.c.state.in_(ACTIVE))
    evictable = sa.select(RUNS.c.id).where(
        RUNS.c.state.in_(ENDED),
        RUNS.c.pinned.is_(False),
        RUNS.c.id.in_(sa.select(ARTIFACTS.c.run)),
        RUNS.c.id.not_in(needed),
    )
    with database.read() as connection:
        oldest_first = connection.execute(evictable.order_by(RUNS.c.finished)).scalars().all()
    evicted: list[str] = []
    for run in oldest_first:
        if stored_bytes(database) <= most:
            break
        remove(database, run, evicted=True)
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
