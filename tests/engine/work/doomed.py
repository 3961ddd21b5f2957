"""A worker that dies before a chosen write: a real process that does real jobs and is killed.

TensorFlow is loaded once: each attempt is a fork of the process that has loaded it, before it has
computed anything, and so are the converters of that attempt. Each line of standard input is an
attempt: the name of its worker and the stage before which it kills itself, "-" if it does not. The
answer is one line: the stages that it came to, in their order.
"""

import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.export import conversions
from engine.runs import lifecycle
from engine.runs.model import State
from engine.runs.service import open_runs
from engine.work.jobs import JOBS
from engine.work.session import Session

FILLED = {"tflite_accuracy": "measured files", "latency": "latency"}
"""Fields by which a row that is written a second time is known, and what that stage is called."""

CONVERTERS = {"schedule": 1, "sweep": 1, "export": conversions.PROCESSES, "federate": 1}
"""How many processes a job of each kind starts, at most."""


@dataclass(slots=True)
class Doomed(Session):
    """What the job sees of its run, until it comes to a write that is its end."""

    deadly: str = ""
    answer: int = 1

    def record(self, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Write rows, or die before."""
        filled = {FILLED[name] for row in rows.values() for name in FILLED if row.get(name)}
        self.reach(filled.pop() if filled else kind)
        Session.record(self, kind, rows)

    def save(self, name: str, data: bytes) -> None:
        """Store a file, or die before."""
        self.reach("zip" if name.endswith("zip") else re.sub(r"[-\d.].*", "", name))
        Session.save(self, name, data)

    def files(self) -> set[str]:
        """What is there before files are made; or die before they are."""
        self.reach("files")
        return Session.files(self)

    def forget(self, name: str) -> None:
        """Remove a file, or die before."""
        self.reach("forget")
        Session.forget(self, name)

    def reach(self, stage: str) -> None:
        """Tell that the stage has come, and survive it or not."""
        os.write(self.answer, f"{stage},".encode())
        if stage == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def attempt(worker: str, deadly: str, answer: int) -> None:
    """Take the next run and do it, if nothing happens."""
    runs = open_runs()
    run = lifecycle.claim(runs.database, worker)
    assert run is not None
    fork_converters(CONVERTERS.get(run.kind, 0))
    session = Doomed(runs.database, run, worker, deadly=deadly, answer=answer)
    session.reach("claim")
    JOBS[run.kind](session)
    session.reach("finish")
    lifecycle.finish(runs.database, run.id, worker, State.DONE)


def fork_converters(number: int) -> None:
    """Have the processes that a job will start: a fork may not follow TensorFlow's threads."""
    context = multiprocessing.get_context("fork")
    ready = []
    for _ in range(number):
        ours, theirs = context.Pipe()
        process = context.Process(target=conversions._serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        ready.append(conversions._Child(process, ours))  # type: ignore[arg-type]
    conversions._run = ready.pop


def main() -> None:
    """Answer lines until there are no more."""
    for line in sys.stdin:
        worker, deadly = line.rstrip("\n").split(maxsplit=1)
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            try:
                attempt(worker, deadly, theirs)
            finally:
                os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        sys.stdout.write(os.read(ours, 10_000).decode() + "\n")
        sys.stdout.flush()
        os.close(ours)


if __name__ == "__main__":
    main()
