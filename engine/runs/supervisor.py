"""Starts worker processes, watches them, replaces the dead, ends them.

The process that holds the supervisor (the web process, or `python -m engine worker`) never
imports TensorFlow. A worker reads a pipe from its supervisor, so it ends when that process does,
however it ends.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import StorageError
from engine.runs import workers
from engine.runs.reaping import fail_orphans, reap, requeue_lost
from engine.runs.service import Runs

ROOT = Path(__file__).resolve().parents[2]
WATCH_SECONDS = 0.5
REST_SECONDS = 5.0
"""A worker that dies sooner than this after its start is not replaced at once."""

STOP_SECONDS = 3.0


@dataclass(slots=True)
class _Child:
    worker: str
    process: subprocess.Popen[bytes]
    started: float


@dataclass(slots=True)
class Supervisor:
    """Keeps `count` workers alive between `start` and `stop`."""

    runs: Runs
    count: int = 1
    _children: list[_Child] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Take up runs that an earlier process left, and start the workers."""
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the workers; their runs are queued again for the next start."""
        self._ending.set()
        if self._thread:
            self._thread.join()
        for child in self._children:
            child.process.terminate()
        for child in self._children:
            _end(child.process)
            self._bury(child)

    def pids(self) -> list[int]:
        """Process ids of the living workers."""
        return [child.process.pid for child in self._children if child.process.poll() is None]

    def _watch(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(StorageError):  # a full disk now may have room later
                self._tend()
            self._ending.wait(WATCH_SECONDS)

    def _tend(self) -> None:
        for child in [c for c in self._children if c.process.poll() is not None]:
            self._bury(child)
            if time.monotonic() - child.started < REST_SECONDS:
                self._ending.wait(REST_SECONDS)
        while len(self._children) < self.count and not self._ending.is_set():
            self._children.append(_spawn(self.runs))
        keep_true(self.runs)

    def _bury(self, child: _Child) -> None:
        self._children.remove(child)
        if child.process.stdin:
            child.process.stdin.close()
        workers.leave(self.runs.database, child.worker)
        reap(self.runs.database, dead_worker=child.worker)
        keep_true(self.runs)


@contextlib.contextmanager
def supervised(runs: Runs, *, count: int = 1) -> Iterator[Supervisor]:
    """Workers for as long as the block runs."""
    supervisor = Supervisor(runs, count)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def keep_true(runs: Runs) -> None:
    """Queue again what was lost and wake workers for it, fail what waits in vain."""
    database = runs.database
    reap(database)
    if requeue_lost(database):
        runs.bell.ring()
    fail_orphans(database)


def _spawn(runs: Runs) -> _Child:
    worker = uuid.uuid4().hex
    log = runs.database.folder / "worker.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "engine.work", worker],
            cwd=ROOT,
            env=os.environ | {"PRUNESCOPE_HOME": str(runs.database.folder)},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return _Child(worker, process, time.monotonic())


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
