"""The bell that wakes workers: Huey's queue on SQLite by default, on Redis by setting.

`PRUNESCOPE_QUEUE_URL` names a Redis server (its driver is `pip install redis`). The truth about
who is next stays in the store; a message only says that there is something to do, so a lost or
doubled one does no harm, and nothing in it is ever unpickled.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from huey.storage import BaseStorage, RedisStorage, SqliteStorage

POLL_SECONDS = 0.1
MESSAGE = b"wake"


@dataclass(frozen=True, slots=True)
class Bell:
    """A queue of wake-up messages."""

    queue: BaseStorage

    def ring(self) -> None:
        """Wake one worker."""
        with contextlib.closing(self.queue):
            self.queue.enqueue(MESSAGE)

    def wait(self, seconds: float) -> bool:
        """Wait for a ring; False if none came in that time."""
        end = time.monotonic() + seconds
        with contextlib.closing(self.queue):
            while self.queue.dequeue() is None:
                if time.monotonic() >= end:
                    return False
                time.sleep(POLL_SECONDS)
        return True


def open_bell(folder: Path) -> Bell:
    """The bell of the store in that folder."""
    url = os.environ.get("PRUNESCOPE_QUEUE_URL")
    if url:
        return Bell(RedisStorage("prunescope", url=url))
    return Bell(SqliteStorage("prunescope", filename=str(folder / "queue.db"), fsync=False))
