"""Many visitors of one process: scripts take turns, and in a crowd each watcher looks less often.

A rerun sends a hundred messages and asks the store a few times, and at each of these it hands the
interpreter on. Where thirty scripts run at once, each of them then waits for many others to hand it
on again: the same work takes several times as long as in turns.
"""

import contextlib
import functools
import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

import streamlit as st

AT_ONCE = 2
"""Scripts that run at a time: while one is in the store or computes, another draws."""

PATIENCE_SECONDS = 1.0
"""After this nobody waits any longer, so that two long computations hold up nobody for long."""

LOOKS_PER_SECOND = 15
"""Looks of all watchers together that leave the process time for everybody else."""

SLOWEST_SECONDS = 3.0
AWAY_SECONDS = 10.0
"""Who has not looked for so long has gone."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Turns:
    """Turns among the threads of a process, in the order in which they came.

    A few threads are let in at a time, and any thread after some seconds; who has a turn needs no
    second.
    """

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
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


class Audience:
    """Who watches something live in a process; safe to share between threads."""

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


@st.cache_resource(show_spinner=False)
def turns() -> Turns:
    """The turns that the scripts of this process take."""
    return Turns()


@st.cache_resource(show_spinner=False)
def audience() -> Audience:
    """Who watches something live in this process."""
    return Audience()


def fragment(
    draw: Callable[Arguments, Result], *, key: str, run_every: float | None = None
) -> Callable[Arguments, Result]:
    """A part of a page that is drawn again without the rest; its reruns take turns as pages do."""

    @functools.wraps(draw)
    def in_turn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with turns().turn():
            return draw(*args, **kwargs)

    return st.fragment(in_turn, run_every=run_every, key=key)
