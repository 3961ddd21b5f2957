"""Start a run and wait for it: what the command line and a person's own scripts use.

from engine import client, settings
result = client.run(settings.SweepSettings(methods=("weight",)))
"""

import contextlib
import getpass
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.errors import Cancelled, InvalidInput, PrunescopeError
from engine.runs import workers
from engine.runs.model import Run, State
from engine.runs.service import Runs, open_runs
from engine.runs.supervisor import supervised
from engine.settings import Settings

POLL_SECONDS = 0.2
START_SECONDS = 30.0
"""How long a worker may take to show up."""

AHEAD = 8
"""Runs of a study that are queued at a time, fewer than one person may have."""

OnLook = Callable[[Run], None]


def run(settings: Settings, *, on_look: OnLook | None = None) -> dict[str, Any]:
    """The result of the run with these settings, as the command line's JSON.

    A run that exists is attached to; otherwise it is started, with a worker of its own for the
    time of the call if none lives.

    Args:
        settings: what to do.
        on_look: called a few times a second with the run's present state.

    Raises:
        PrunescopeError: the run failed; the message says why. InvalidInput, if for a value or a
            file of the person's.
        Cancelled: somebody cancelled it; what was measured is kept.
    """
    return next(run_all([settings], on_look=on_look))


def run_all(
    wanted: Sequence[Settings], *, on_look: OnLook | None = None
) -> Iterator[dict[str, Any]]:
    """The results of several runs in their order, each as it is there; see `run`.

    The next `AHEAD` wait in the queue meanwhile, so that several workers have something to do.

    Raises:
        PrunescopeError, InvalidInput, Cancelled: as `run`, at the first run that is not done.
    """
    runs, waiting = open_runs(), deque(wanted)
    submitted: deque[Run] = deque()
    with _OwnWorkers(runs) as own:
        while waiting or submitted:
            while waiting and len(submitted) < AHEAD:
                submitted.append(runs.submit(waiting.popleft(), owner=operator()))
            ended = _wait(runs, submitted.popleft().id, own, on_look)
            if ended.state is State.CANCELLED:
                raise Cancelled(f"run {ended.id} was cancelled; start it again to go on from there")
            if ended.state is State.FAILED:
                raise (InvalidInput if ended.bad_input else PrunescopeError)(ended.error)
            if ended.state is State.UNKNOWN:
                raise PrunescopeError(
                    f"this version of Prunescope does not know the state of run {ended.id}: "
                    "delete the run to start it anew"
                )
            yield runs.result(ended.id)


def operator() -> str:
    """The owner of runs that are started on this machine rather than in a browser."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a passwd entry
        name = str(os.getuid())
    return f"local-{name}"


class _OwnWorkers(contextlib.ExitStack):
    """A worker for the time of the wait, started once, when it turns out that none lives."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs
        self._started = False

    def ensure(self) -> None:
        """Start it if nobody works; the supervisor then keeps it alive."""
        if self._started or workers.crew(self._runs.database).alive:
            return
        self._started = True
        self.enter_context(supervised(self._runs))
        end = time.monotonic() + START_SECONDS
        while not workers.crew(self._runs.database).alive and time.monotonic() < end:
            time.sleep(POLL_SECONDS)


def _wait(runs: Runs, run_id: str, own: _OwnWorkers, on_look: OnLook | None) -> Run:
    """The run once it has ended, however it ended."""
    while True:
        current = runs.get(run_id)
        if on_look:
            on_look(runs.seen(current))
        if not current.state.active:
            return current
        own.ensure()  # also later: theirs may have ended
        time.sleep(POLL_SECONDS)
