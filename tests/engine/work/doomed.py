"""A worker that dies before a chosen write: a real process that does real jobs and is killed.

TensorFlow is loaded and the loops of federations are compiled once: each attempt is a fork of the
process that has done so, before it has computed anything, and so are the converters of that
attempt. What is traced once is dearer to trace than to run: it is run as it stands.

Each line of standard input is an attempt: the name of its worker, the doomed run, and the stage
before which it kills itself, "-" if it does not. It does what waits in front of that run, too. The
answer is one line: the stages that the run came to, in their order.
"""

import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from engine.export import conversions
from engine.runs import lifecycle
from engine.runs.model import State
from engine.runs.service import open_runs
from engine.training import compiled
from engine.work.jobs import JOBS
from engine.work.session import Session

LAYERS = 2
"""Of the networks of a federation that is as small as possible."""

FILLED = {"tflite_accuracy": "measured files", "latency": "latency"}
"""Fields by which a row that is written a second time is known, and what that stage is called."""


@dataclass(slots=True)
class Doomed(Session):
    """What the job sees of its run, until it comes to a write that is its end."""

    deadly: str = ""
    answer: int | None = None

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
        if self.answer is not None:
            os.write(self.answer, f"{stage},".encode())
        if stage == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def attempt(worker: str, doomed: str, deadly: str, answer: int) -> None:
    """Take runs and do them up to the doomed one, if nothing happens."""
    runs = open_runs()
    fork_converters(conversions.PROCESSES)
    done = ""
    while done != doomed:
        run = lifecycle.claim(runs.database, worker)
        assert run is not None
        session = Doomed(runs.database, run, worker)
        if run.id == doomed:
            session.deadly, session.answer = deadly, answer
        session.reach("claim")
        JOBS[run.kind](session)
        session.reach("finish")
        lifecycle.finish(runs.database, run.id, worker, State.DONE)
        done = run.id


def fork_converters(number: int) -> None:
    """Have the processes that jobs will start: a fork may not follow TensorFlow's threads."""
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
    tf.config.run_functions_eagerly(True)
    compiled.prepare(LAYERS, np.dtype(np.uint8))
    for line in sys.stdin:
        worker, doomed, deadly = line.rstrip("\n").split(maxsplit=2)
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            try:
                attempt(worker, doomed, deadly, theirs)
            finally:
                os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        sys.stdout.write(os.read(ours, 10_000).decode() + "\n")
        sys.stdout.flush()
        os.close(ours)


if __name__ == "__main__":
    main()
