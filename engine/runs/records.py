"""The measured rows of a run, written as it goes and read incrementally."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.runs.database import RECORDS, Database
from engine.runs.model import Record


def write(database: Database, run: str, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Store rows by key; a row whose key exists is replaced and counts as new."""
    with database.write() as connection:
        put(connection, run, kind, rows)


def put(
    connection: sa.Connection, run: str, kind: str, rows: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Store rows by key inside a transaction; the keys that were not there before."""
    return [key for key, row in rows.items() if _upsert(connection, run, key, kind, row)]


def read(
    database: Database, run: str, *, after: int = 0, kinds: Iterable[str] = ()
) -> list[Record]:
    """Rows with a version above `after`, oldest first."""
    query = sa.select(RECORDS).where(RECORDS.c.run == run, RECORDS.c.version > after)
    wanted = tuple(kinds)
    if wanted:
        query = query.where(RECORDS.c.kind.in_(wanted))
    with database.read() as connection:
        rows = connection.execute(query.order_by(RECORDS.c.version)).mappings()
        return [Record(**{n: v for n, v in row.items() if n != "run"}) for row in rows]


def payloads(rows: Iterable[Record], kind: str) -> list[dict[str, Any]]:
    """The measured values of the rows of that kind, in the order of the rows."""
    return [dict(row.payload) for row in rows if row.kind == kind]


def _upsert(
    connection: sa.Connection, run: str, key: str, kind: str, payload: Mapping[str, Any]
) -> bool:
    """Store a row; whether its key is new."""
    newest = sa.select(sa.func.coalesce(sa.func.max(RECORDS.c.version), 0))
    version = connection.execute(newest.where(RECORDS.c.run == run)).scalar_one() + 1
    values = {"kind": kind, "version": version, "payload": dict(payload)}
    here = (RECORDS.c.run == run) & (RECORDS.c.key == key)
    if connection.execute(sa.update(RECORDS).where(here).values(values)).rowcount:
        return False
    connection.execute(sa.insert(RECORDS).values(run=run, key=key, **values))
    return True
