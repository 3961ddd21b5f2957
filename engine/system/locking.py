"""One process at a time: a lock on a file, freed by the system whatever happens to its holder."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.1


@contextmanager
def exclusive(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock on `path` for the block; a killed holder's lock is free at once.

    Args:
        path: the lock's own file, created if need be and never removed (a removed one would let
            two processes hold "the" lock on two different files).
        waiting: called about ten times a second while another process or thread holds the lock;
            it may raise to stop waiting.
    """
    with path.open("a") as file:
        while True:
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(POLL_SECONDS)
        yield  # closing the file frees the lock
