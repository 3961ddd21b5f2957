"""Starts worker processes, watches them, replaces the dead, ends them.

The process that holds the supervisor (the web process, or `python -m engine worker`) never
imports TensorFlow. A worker reads a pipe from its supervisor, so it ends when that process does,
however it ends.
"""

import contextlib
import logging
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
from engine.runs.artifacts import sweep_orphans
from engine.runs.reaping import recover
from engine.runs.service import Runs

ROOT = Path(__file__).resolve().parents[2]
WATCH_SECONDS = 0.5
REST_SECONDS = 5.0
"""A worker that dies sooner than this after its start is not replaced at once."""

STOP_SECONDS = 3.0
VOUCHED_SECONDS = 300.0
"""For so long a worker may say nothing while its process lives: an overloaded machine lets it wait,
and that is no death. One that hangs for longer has lost its run."""

LOG_BYTES = 5_000_000

_LOG = logging.getLogger("prunescope.supervisor")


@dataclass(slots=True)
class _Child:
    worker: str
    process: subprocess.Popen[bytes]
    started: float
    silent_since: float = 0.0
    vouched: float = 0.0
    """The heartbeats that the worker wrote itself last, and that was written for it."""


@dataclass(slots=True)
class Supervisor:
    """Keeps `count` workers alive between `start` and `stop`."""

    runs: Runs
    count: int = 1
    _children: list[_Child] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _rest_until: float = 0.0

    def start(self) -> None:
        """Take up runs that an earlier process left, and start the workers."""
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the workers; their runs are queued again for the next start."""
        self._ending.set()
        if self._thread:
            self._thread.join()
        living = [child for child in self._children if child.process.poll() is None]
        for child in living:
            child.process.terminate()
        for child in list(self._children):
            try:
                child.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            with contextlib.suppress(StorageError):  # the next start finds what is left
                self._bury(child, planned=child in living)

    def pids(self) -> list[int]:
        """Process ids of the living workers."""
        return [child.process.pid for child in self._children if child.process.poll() is None]

    def _watch(self) -> None:
        with contextlib.suppress(StorageError):
            sweep_orphans(self.runs.database)
        while not self._ending.is_set():
            try:
                self._tend()
            except Exception:  # a full disk now may have room later: nobody else would tend
                _LOG.exception("the supervisor goes on after an error")
            self._ending.wait(WATCH_SECONDS)

    def _tend(self) -> None:
        for child in [c for c in self._children if c.process.poll() is not None]:
            if time.monotonic() - child.started < REST_SECONDS:
                self._rest_until = time.monotonic() + REST_SECONDS
            self._bury(child)
        if time.monotonic() >= self._rest_until:
            while len(self._children) < self.count and not self._ending.is_set():
                self._children.append(_spawn(self.runs))
        for child in self._children:
            self._vouch(child)
        recover(self.runs.database)

    def _vouch(self, child: _Child) -> None:
        """Say of a silent worker that it lives: nobody else knows its process."""
        heard = workers.last_heard(self.runs.database, child.worker)
        if heard is None or time.time() - heard < workers.ALIVE_SECONDS / 2:
            return
        if heard != child.vouched:
            child.silent_since = heard
        if heard - child.silent_since < VOUCHED_SECONDS:
            child.vouched = workers.vouch(self.runs.database, child.worker)

    def _bury(self, child: _Child, *, planned: bool = False) -> None:
        self._children.remove(child)
        if child.process.stdin:
            child.process.stdin.close()
        workers.leave(self.runs.database, child.worker)
        recover(self.runs.database, dead_worker=child.worker, planned=planned)


@contextlib.contextmanager
def supervised(runs: Runs, *, count: int = 1) -> Iterator[Supervisor]:
    """Workers for as long as the block runs."""
    supervisor = Supervisor(runs, count)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def _spawn(runs: Runs) -> _Child:
    worker, log = uuid.uuid4().hex, runs.database.folder / "worker.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name("worker.log.1"))  # so that it never grows for ever
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
