"""What jobs of every kind have to go through: being killed, and being cancelled."""

import os
import signal
import time

from engine.runs.model import State


def killed_in_the_middle(runs, supervisor, settings, until, *, reached, without_time):
    """Run it once in peace, then killed once `reached` is true of it; its result and its files.

    Everything but times has to be the same.
    """
    calm = runs.submit(settings, owner="ann")
    until(lambda: not runs.get(calm.id).state.active)
    weights, result = runs.file(calm.id, "weights.npz"), runs.result(calm.id)
    files = {file.name: file.digest for file in runs.files(calm.id)}
    runs.delete(calm.id, owner="ann")

    rough = runs.submit(settings, owner="ann")
    until(lambda: reached(rough.id))
    assert runs.get(rough.id).state is State.RUNNING
    os.kill(supervisor.pids()[0], signal.SIGKILL)
    until(lambda: not runs.get(rough.id).state.active)
    assert runs.get(rough.id).state is State.DONE
    assert runs.file(rough.id, "weights.npz") == weights
    assert without_time(runs.result(rough.id)) == without_time(result)
    assert {file.name: file.digest for file in runs.files(rough.id)} == files
    return result, files


def cancelled_within_two_seconds(runs, settings, until, *, reached):
    """Start it, and cancel it once `reached` is true of it; the run."""
    run = runs.submit(settings, owner="ann")
    until(lambda: reached(run.id))
    asked = time.monotonic()
    runs.cancel(run.id, owner="ann")
    until(lambda: runs.get(run.id).state is State.CANCELLED, seconds=10)
    assert time.monotonic() - asked < 2
    return run
