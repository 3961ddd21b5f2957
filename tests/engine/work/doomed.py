"""A worker that dies before a chosen write: a real process that does real jobs and is killed.

TensorFlow is loaded once: each attempt is a fork of the process that has loaded it, before it has
computed anything. Each line of standard input is an attempt: the name of its worker, then the
kinds of writes that it survives. Before the first write of another kind it kills itself; the
answer is a line with that kind, empty if the job ended.
"""

import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.runs import lifecycle
from engine.runs.model import State
from engine.runs.service import open_runs
from engine.work.jobs import JOBS
from engine.work.session import Session


@dataclass(slots=True)
class Doomed(Session):
    """What the job sees of its run, until it comes to a write that is its end."""

    survives: tuple[str, ...] = ()
    answer: int = 1

    def record(self, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Write rows, or die before."""
        self._reach(kind)
        Session.record(self, kind, rows)

    def save(self, name: str, data: bytes) -> None:
        """Store a file, or die before."""
        self._reach("zip" if name.endswith("zip") else re.sub(r"[-\d.].*", "", name))
        Session.save(self, name, data)

    def files(self) -> set[str]:
        """What is there before files are made; or die before they are."""
        self._reach("files")
        return Session.files(self)

    def _reach(self, kind: str) -> None:
        if kind not in self.survives:
            os.write(self.answer, kind.encode())
            os.kill(os.getpid(), signal.SIGKILL)


def attempt(worker: str, survives: tuple[str, ...], answer: int) -> None:
    """Take the next run and do it, if nothing happens."""
    runs = open_runs()
    run = lifecycle.claim(runs.database, worker)
    assert run is not None
    if "claim" not in survives:
        os.write(answer, b"claim")
        os.kill(os.getpid(), signal.SIGKILL)
    JOBS[run.kind](Doomed(runs.database, run, worker, survives=survives, answer=answer))
    lifecycle.finish(runs.database, run.id, worker, State.DONE)


def main() -> None:
    """Answer lines until there are no more."""
    for line in sys.stdin:
        worker, *survives = line.split()
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            try:
                attempt(worker, tuple(survives), theirs)
            finally:
                os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        sys.stdout.write(os.read(ours, 100).decode() + "\n")
        sys.stdout.flush()
        os.close(ours)


if __name__ == "__main__":
    main()
