"""The worker process: warm, one run at a time, cancellable within two seconds, killable."""

import contextlib
import logging
import os
import resource
import sys
import threading
import time
from pathlib import Path

from engine.errors import Cancelled, InvalidInput, PrunescopeError, StorageError
from engine.runs import lifecycle, workers
from engine.runs.artifacts import evict
from engine.runs.database import Database
from engine.runs.model import State
from engine.runs.service import Runs, open_runs
from engine.work.session import Session

BEAT_SECONDS = 2.0
POLL_SECONDS = 0.25
"""How often a running run is checked for a request to cancel."""

GRACE_SECONDS = 1.0
"""A job that has not stopped by itself this long after the request is ended the hard way."""

IDLE_SECONDS = 0.25
"""How long an idle worker waits before it looks into the store again."""

RETRY_SECONDS = 2.0
"""How long it waits after the store did not answer."""

WORN_BYTES = 1_500_000_000
"""A worker that holds more memory than this between two runs is replaced."""

NICENESS = 19
"""How far a worker steps back: all the way, so that it takes what pages leave. They leave most."""

_AUTOGROUP = Path("/proc/self/autogroup")  # see sched(7)

_LOG = logging.getLogger("prunescope.worker")


def main(worker: str) -> None:
    """Work until the supervisor's end of the pipe on standard input closes."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    _step_back()
    runs = open_runs()
    watch = threading.Thread(target=_end_with_supervisor, args=(runs.database, worker), daemon=True)
    watch.start()
    presence = Presence(runs.database, worker)
    threading.Thread(target=presence.run, daemon=True).start()
    import engine.work.jobs  # noqa: F401, PLC0415  # loads TensorFlow before a run asks for it

    presence.ready = True
    while not _worn_out():
        _work_once(runs, presence)
    _LOG.info("leaves, and is replaced")
    workers.leave(runs.database, worker)
    os._exit(0)


def _step_back() -> None:
    """Let the pages go first, so that they stay quick while a training runs.

    A worker is a session of its own, and Linux shares the processor out between sessions before it
    looks at the processes in them: the session has to step back too, where the system has them.
    """
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
        _AUTOGROUP.write_text(str(NICENESS))


class Presence:
    """Shows that the worker lives, and carries requests to cancel into the running job."""

    def __init__(self, database: Database, worker: str) -> None:
        self.database = database
        self.worker = worker
        self.ready = False
        self.session: Session | None = None
        self._asked: float | None = None
        workers.enter(database, worker, os.getpid())

    def run(self) -> None:
        """Beat, and pass requests to cancel on, for ever; a store that fails is asked again."""
        last = 0.0
        while True:
            with contextlib.suppress(StorageError):
                if time.monotonic() - last > BEAT_SECONDS:
                    last = time.monotonic()
                    self._beat()
                self._carry_cancel()
            time.sleep(POLL_SECONDS)

    def _beat(self) -> None:
        workers.beat(self.database, self.worker, ready=self.ready)
        session = self.session
        if (
            session
            and not lifecycle.beat(self.database, session.run.id, self.worker)
            and session is self.session
        ):
            _LOG.warning("run %s is no longer ours", session.run.id)
            os._exit(3)  # somebody else has it: nothing more may be written

    def _carry_cancel(self) -> None:
        session = self.session
        if session is None or not lifecycle.cancel_requested(self.database, session.run.id):
            self._asked = None
            return
        session.stop.set()
        self._asked = self._asked or time.monotonic()
        late = time.monotonic() - self._asked > GRACE_SECONDS and session is self.session
        if late and lifecycle.finish(self.database, session.run.id, self.worker, State.CANCELLED):
            os._exit(4)  # a long native call is in the way; the supervisor replaces us


def _work_once(runs: Runs, presence: Presence) -> None:
    """Take the next run and do it; wait a little where there is none, or the store refuses."""
    try:
        run = lifecycle.claim(runs.database, presence.worker)
        if run is None:
            time.sleep(IDLE_SECONDS)
            return
        _LOG.info("takes %s %s", run.kind, run.id)
        state, error, bad_input = _do(Session(runs.database, run, presence.worker), presence)
        lifecycle.finish(
            runs.database, run.id, presence.worker, state, error=error, bad_input=bad_input
        )
        _LOG.info("ends %s as %s %s", run.id, state, error)
        evicted = evict(runs.database)
        _LOG.info("after %s: evicted %s", run.id, evicted or "nothing")
    except StorageError as error:
        _LOG.warning("%s", error)
        time.sleep(RETRY_SECONDS)


def _do(session: Session, presence: Presence) -> tuple[State, str, bool]:
    """Do the job: its state, one line if it failed, and whether a person's input did that."""
    from engine.work.jobs import JOBS  # noqa: PLC0415  # imports TensorFlow

    presence.session = session
    try:
        session.run.parsed  # noqa: B018  # raises for a run that another version made
        JOBS[session.run.kind](session)
    except Cancelled:
        return State.CANCELLED, "", False
    except PrunescopeError as error:
        return State.FAILED, str(error), isinstance(error, InvalidInput)
    except MemoryError:
        line = "there is not enough memory for this run: try a smaller network"
        return State.FAILED, line, False
    except Exception as error:
        _LOG.exception("run %s failed", session.run.id)
        line = f"an unexpected error ended this run: {type(error).__name__}"
        return State.FAILED, line, False
    finally:
        presence.session = None
    return State.DONE, "", False


def _worn_out() -> bool:
    """Whether the process has grown so much that a fresh one is due.

    TensorFlow keeps a few megabytes of every training for ever.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() > WORN_BYTES


def _end_with_supervisor(database: Database, worker: str) -> None:
    sys.stdin.buffer.read()  # returns when the other end closes, however that process ended
    with contextlib.suppress(StorageError):
        workers.leave(database, worker)
    os._exit(0)
