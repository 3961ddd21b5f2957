"""Scripts take turns: a few run at a time, in the order in which they came.

A rerun sends a hundred messages and asks the store a few times, and at each of these it hands the
interpreter on. Where thirty scripts run at once, each of them then waits for many others to hand it
on again: the same work takes several times as long as in turns.
"""

import contextlib
import threading
import time
from collections.abc import Iterator

AT_ONCE = 2
"""Scripts that run at a time: while one is in the store or computes, another draws."""

PATIENCE_SECONDS = 1.0
"""After this nobody waits any longer, so that two long computations hold up nobody for long."""


class Turns:
    """Turns among the threads of a process; a thread that has one needs no second."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
        """Let so many threads in at a time, and any thread after so many seconds."""
        self._free = threading.Semaphore(at_once)
        self._patience = patience
        self._mine = threading.local()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it for as long as the block runs."""
        if getattr(self._mine, "has", False):
            yield
            return
        self._take()
        self._mine.has = True
        try:
            yield
        finally:
            self._mine.has = False
            self._give_back()

    def rest(self, seconds: float) -> None:
        """Sleep, and let somebody else have this thread's turn meanwhile."""
        has = getattr(self._mine, "has", False)
        if has:
            self._give_back()
        time.sleep(seconds)
        if has:
            self._take()

    def _take(self) -> None:
        self._mine.granted = self._free.acquire(timeout=self._patience)

    def _give_back(self) -> None:
        if self._mine.granted:
            self._mine.granted = False
            self._free.release()
