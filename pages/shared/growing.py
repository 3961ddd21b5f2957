"""The rows of a run that still grows: every look reads only what is new."""

import threading
from collections.abc import Mapping
from typing import Any

from engine.runs.service import Runs


class Growing:
    """Rows of one kind of one run, shared by all who watch it."""

    def __init__(self, run: str, kind: str) -> None:
        self._run = run
        self._kind = kind
        self._version = 0
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._lock = threading.Lock()

    def rows(self, runs: Runs) -> list[Mapping[str, Any]]:
        """All rows in the order of their step or epoch; a row that was written again counts once.

        Rows of other kinds come as they were written.

        Raises:
            StorageError: the store cannot be read.
        """
        with self._lock:
            for record in runs.records(self._run, after=self._version, kinds=(self._kind,)):
                self._rows[record.key] = record.payload
                self._version = record.version
            rows = list(self._rows.values())
        return sorted(rows, key=lambda row: float(row.get(self._kind, 0)))
