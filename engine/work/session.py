"""What a job sees of its run: records, files, progress, and whether it was asked to stop."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Cancelled
from engine.results.points import Point, from_json
from engine.runs import artifacts, lifecycle, records
from engine.runs.database import Database
from engine.runs.model import Run

PROGRESS_SECONDS = 0.3
"""Progress is written at most this often."""


@dataclass(slots=True)
class Session:
    """One run in the hands of one worker."""

    database: Database
    run: Run
    worker: str
    stop: threading.Event = field(default_factory=threading.Event)
    _written: float = 0.0
    _begun: float = field(default_factory=time.monotonic)
    _base: float | None = None

    def check(self) -> None:
        """Raise Cancelled if somebody asked the run to stop."""
        if self.stop.is_set():
            raise Cancelled(f"run {self.run.id} was cancelled")

    def progress(self, stage: str, done: float) -> None:
        """Say how far the run is (0 to 1); the remaining time is estimated from its pace.

        Raises:
            Cancelled: somebody asked the run to stop.
        """
        self.check()
        now = time.monotonic()
        if self._base is None:
            self._base, self._begun = done, now  # a resumed run starts in the middle
        if now - self._written < PROGRESS_SECONDS and done < 1:
            return
        self._written = now
        gained = done - self._base
        eta = (now - self._begun) * (1 - done) / gained if gained > 0.01 else None
        lifecycle.progress(self.database, self.run.id, self.worker, stage=stage, done=done, eta=eta)

    def record(self, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Write measured rows by key."""
        records.write(self.database, self.run.id, kind, rows, worker=self.worker)

    def payloads(self, kind: str, *, run: str | None = None) -> dict[str, Mapping[str, Any]]:
        """Rows of that kind of this run, or of another, by key, oldest first."""
        rows = records.read(self.database, run or self.run.id, kinds=(kind,))
        return {row.key: row.payload for row in rows}

    def points(self) -> dict[str, Point]:
        """The points that are measured, by key, oldest first."""
        return {key: from_json(payload) for key, payload in self.payloads("point").items()}

    def save(self, name: str, data: bytes) -> None:
        """Store a file of the run; raises StorageError where the disk refuses."""
        artifacts.save(self.database, self.run.id, name, data)

    def load(self, name: str, *, run: str | None = None) -> bytes | None:
        """A file of this run, or of the run it needs; None if there is none.

        Raises:
            StorageError: it is gone or damaged.
        """
        return artifacts.load(self.database, run or self.run.id, name)

    def files(self) -> set[str]:
        """Names of the files that the run has."""
        return {file.name for file in artifacts.of_run(self.database, self.run.id)}

    def forget(self, name: str) -> None:
        """Remove a file of the run that is no longer needed."""
        artifacts.remove(self.database, self.run.id, names=[name])
