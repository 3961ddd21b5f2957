"""The measured rows of a run, written as it goes and read incrementally."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.runs.database import RECORDS, RUNS, Database
from engine.runs.lifecycle import held_by
from engine.runs.model import Record

FURTHER = frozenset({"epoch", "point", "round", "final", "row", "cell"})
"""Kinds of records of which a new one shows that a run got further.

The others are written again by every attempt, or as often as time passes.
"""


def write(
    database: Database,
    run: str,
    kind: str,
    rows: Mapping[str, Mapping[str, Any]],
    *,
    worker: str = "",
) -> None:
    """Store rows by key; a row whose key exists is replaced and is read as new.

    Where a row of a kind in `FURTHER` has a new key, the run got further: attempts of it that
    failed before then no longer count, if the worker still has it.
    """
    newest = sa.select(sa.func.coalesce(sa.func.max(RECORDS.c.version), 0))
    further = False
    with database.write() as connection:
        for key, payload in rows.items():
            version = connection.execute(newest.where(RECORDS.c.run == run)).scalar_one() + 1
            values = {"kind": kind, "version": version, "payload": dict(payload)}
            here = (RECORDS.c.run == run) & (RECORDS.c.key == key)
            if not connection.execute(sa.update(RECORDS).where(here).values(values)).rowcount:
                connection.execute(sa.insert(RECORDS).values(run=run, key=key, **values))
                further = kind in FURTHER
        if further:
            once = sa.update(RUNS).where(held_by(run, worker), RUNS.c.attempts > 1)
            connection.execute(once.values(attempts=1))


def read(
    database: Database, run: str, *, after: int = 0, kinds: Iterable[str] = ()
) -> list[Record]:
    """Rows with a version above `after`, oldest first; of those kinds, if any is named."""
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
