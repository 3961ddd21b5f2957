"""The disk fills in the middle of runs: one clear line each, and they go on when they may."""

import subprocess
import sys

import pytest

from engine import client
from engine.runs.model import State
from engine.runs.supervisor import supervised
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings, digest

pytestmark = pytest.mark.tensorflow

TRAINING = TrainSettings(hidden=(1500,), epochs=1, batch_size=2000)
"""Files of several megabytes after a second of training."""

SCHEDULE = ScheduleSettings(baseline=TRAINING, target=0.8, fine_tune_epochs=1, batch_size=2000)
EXPORT = ExportSettings(source=TRAINING, prunings=(), variants=("float32",), repetitions=10)
FULL = """
import contextlib, resource
from engine import client
from engine.datasets import load
from engine.errors import PrunescopeError
from engine.runs.service import open_runs
from engine.runs.supervisor import supervised
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings
load("mnist")
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
with supervised(open_runs()):
    for settings in {settings!r}:
        try:
            client.run(settings)
        except PrunescopeError as error:
            print(error)
"""
"""A file that may not grow stands for a disk that is full."""


def on_a_full_disk(project, *settings):
    """What the runs' requesters are told, a line each."""
    command = [sys.executable, "-c", FULL.format(settings=settings)]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


@pytest.mark.parametrize("wanted", [(TRAINING,), (SCHEDULE, EXPORT)], ids=["training", "others"])
def test_a_full_disk_is_a_clear_failure_and_the_runs_go_on_later(runs, project, wanted):
    if TRAINING not in wanted:
        client.run(TRAINING)
    told = on_a_full_disk(project, *wanted)
    failed = [runs.get(digest(settings)) for settings in wanted]
    assert [run.state for run in failed] == [State.FAILED] * len(wanted)
    assert [run.error for run in failed] == told
    assert all(line.startswith("cannot write") for line in told)
    assert all(runs.files(run.id) == [] for run in failed)
    if SCHEDULE in wanted:
        assert len(runs.records(digest(SCHEDULE), kinds=("epoch",))) == 1
    with supervised(runs):
        for settings in wanted:
            client.run(settings)
    assert all(runs.get(run.id).state is State.DONE for run in failed)
    assert all(runs.files(run.id) for run in failed)
