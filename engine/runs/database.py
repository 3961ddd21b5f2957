"""Tables and connections of the run store: SQLite in WAL mode, or any SQLAlchemy URL.

`PRUNESCOPE_STORE_URL` names another database, such as PostgreSQL.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError
from sqlalchemy.schema import CreateColumn

from engine.errors import StorageError
from engine.system.home import home, writable

METADATA = sa.MetaData()

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.String(24), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("requester", sa.String(64), nullable=False),
    sa.Column("name", sa.String(60), nullable=False, default=""),
    sa.Column("pinned", sa.Boolean, nullable=False, default=False),
    sa.Column("needs", sa.String(24)),
    sa.Column("implicit", sa.Boolean, nullable=False, default=False),
    sa.Column("stage", sa.String(120), nullable=False, default=""),
    sa.Column("progress", sa.Float, nullable=False, default=0.0),
    sa.Column("eta", sa.Float),
    sa.Column("error", sa.String(500), nullable=False, default=""),
    sa.Column("bad_input", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, default=False),
    sa.Column("again", sa.Boolean, nullable=False, default=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("evicted", sa.Boolean, nullable=False, default=False),
    sa.Column("worker", sa.String(64)),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("started", sa.Float),
    sa.Column("finished", sa.Float),
    sa.Column("heartbeat", sa.Float),
)

RECORDS = sa.Table(
    "records",
    METADATA,
    sa.Column("run", sa.String(24), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Index("records_by_version", "run", "version"),
)

ARTIFACTS = sa.Table(
    "artifacts",
    METADATA,
    sa.Column("run", sa.String(24), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
)

WORKERS = sa.Table(
    "workers",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("heartbeat", sa.Float, nullable=False),
    sa.Column("ready", sa.Boolean, nullable=False, default=False),
)


@dataclass(frozen=True, slots=True)
class Database:
    """An open store: where it is, and the folder of its artifacts."""

    engine: sa.Engine
    folder: Path

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading; it sees what has been committed."""
        with _explained(self), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that takes the write lock at once, so that it never deadlocks later."""
        with _explained(self), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    def has_run(self, where: sa.ColumnElement[bool]) -> bool:
        """Whether the condition is true of any run."""
        query = sa.select(RUNS.c.id).where(where).limit(1)
        with self.read() as connection:
            return connection.execute(query).first() is not None


def open_database(folder: Path | None = None) -> Database:
    """The store in a folder (default: the home folder), created if need be.

    Raises:
        StorageError: the folder cannot be written, or the store file is damaged.
    """
    place = writable(folder) if folder else home()
    url = os.environ.get("PRUNESCOPE_STORE_URL") or f"sqlite:///{place / 'runs.db'}"
    options: dict[str, Any] = {"pool_pre_ping": True}
    if url.startswith("sqlite"):
        # A connection per use costs 0.2 ms and never outlives it, whatever thread or process ends.
        options = {"connect_args": {"timeout": 20}, "poolclass": sa.NullPool}
    try:
        engine = sa.create_engine(url, **options)
    except (ArgumentError, ImportError) as error:
        wanted = "the URL of a database whose driver is installed"
        raise StorageError(f"PRUNESCOPE_STORE_URL must be {wanted} ({error})") from None
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    database = Database(engine, place)
    with _explained(database):
        METADATA.create_all(engine)
        if _lacking(engine):
            with database.write() as connection:
                for column in _lacking(connection):  # again: another process may have been first
                    words = CreateColumn(column).compile(dialect=engine.dialect)
                    connection.exec_driver_sql(f"ALTER TABLE {RUNS.name} ADD COLUMN {words}")
    return database


def _lacking(bind: sa.Engine | sa.Connection) -> list[sa.Column[Any]]:
    """The columns that a store of an earlier version lacks; they have defaults there."""
    there = {column["name"] for column in sa.inspect(bind).get_columns(RUNS.name)}
    return [column for column in RUNS.columns if column.name not in there]


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, begins transactions
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    """Turn a driver's error into one line that says what to do."""
    try:
        yield
    except IntegrityError:
        raise  # two processes inserted the same: the caller looks again
    except DBAPIError as error:
        cause = str(error.orig).splitlines()[0]
        if type(error) is not DatabaseError:  # SQLite's words for a file that is no database
            raise StorageError(f"the run store cannot be used: {cause}") from error
        raise StorageError(
            f"the run store in {database.folder} is damaged ({cause}): "
            "move runs.db away to start a new one, or put a copy back"
        ) from error
