"""The bell that wakes workers: Huey's queue on SQLite by default, on Redis by setting.

`PRUNESCOPE_QUEUE_URL` names a Redis server (its driver is `pip install redis`). The truth about
who is next stays in the store; a message only says that there is something to do, so a lost or
doubled one does no harm, and nothing in it is ever unpickled.
"""

import contextlib
import logging
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from huey.exceptions import ConfigurationError
from huey.storage import BaseStorage, RedisStorage, SqliteStorage

from engine.errors import StorageError

POLL_SECONDS = 0.1
MESSAGE = b"wake"
SQLITE_HEAD = b"SQLite format 3\0"

_LOG = logging.getLogger("prunescope.bell")


@dataclass(frozen=True, slots=True)
class Bell:
    """A queue of wake-up messages."""

    queue: BaseStorage

    def ring(self) -> None:
        """Wake one worker, if the bell works; workers also look by themselves."""
        try:
            with contextlib.closing(self.queue):
                self.queue.enqueue(MESSAGE)
        except Exception as error:  # of SQLite, Redis or the disk: nothing depends on it
            _LOG.warning("the bell does not ring: %s", error)

    def wait(self, seconds: float) -> bool:
        """Wait for a ring; False if none came in that time."""
        end = time.monotonic() + seconds
        while not self._rang():
            if time.monotonic() >= end:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _rang(self) -> bool:
        try:
            with contextlib.closing(self.queue):
                return self.queue.dequeue() is not None
        except Exception as error:
            _LOG.warning("the bell cannot be heard: %s", error)
            return False


def open_bell(folder: Path) -> Bell:
    """The bell of the store in that folder.

    Raises:
        StorageError: `PRUNESCOPE_QUEUE_URL` cannot be used, or the folder cannot be written.
    """
    url = os.environ.get("PRUNESCOPE_QUEUE_URL")
    try:
        return Bell(RedisStorage("prunescope", url=url) if url else _on_sqlite(folder))
    except (ConfigurationError, ValueError) as error:
        raise StorageError(
            f"PRUNESCOPE_QUEUE_URL must be the URL of a Redis server ({error})"
        ) from None
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"the queue in {folder} cannot be used: {error}") from None


def _on_sqlite(folder: Path) -> SqliteStorage:
    path = folder / "queue.db"
    if path.is_file() and not _may_be_database(path):
        path.unlink()  # damaged: it held nothing but wake-up calls
    try:
        return SqliteStorage("prunescope", filename=str(path), fsync=False)
    except sqlite3.DatabaseError:
        path.unlink()
        return SqliteStorage("prunescope", filename=str(path), fsync=False)


def _may_be_database(path: Path) -> bool:
    """Looked at beforehand, since Huey leaves a connection open to a file that is none."""
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEAD)) in {b"", SQLITE_HEAD}
