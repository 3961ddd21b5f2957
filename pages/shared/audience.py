"""Who watches something live in this process, and how often each may look."""

import math
import threading

LOOKS_PER_SECOND = 15
"""Looks of all watchers together that leave the process time for everybody else."""

SLOWEST_SECONDS = 3.0
AWAY_SECONDS = 10.0
"""Who has not looked for so long has gone."""


class Audience:
    """The watchers of one process; safe to share between threads."""

    def __init__(self) -> None:
        self._looked: dict[str, float] = {}
        self._lock = threading.Lock()

    def look(self, visit: str, now: float) -> int:
        """Note that a visit looks now, in seconds of any clock; how many watch."""
        with self._lock:
            self._looked[visit] = now
            self._looked = {v: t for v, t in self._looked.items() if now - t < AWAY_SECONDS}
            return len(self._looked)


def pace(watchers: int) -> float:
    """Whole seconds from one look of a watcher to the next: 1, and more in a crowd."""
    return float(min(max(1, math.ceil(watchers / LOOKS_PER_SECOND)), SLOWEST_SECONDS))
