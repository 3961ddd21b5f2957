"""Every kind of run, killed at every stage: three times, then a clear end, and the next goes on."""

import dataclasses
import subprocess
import sys
from itertools import count

import pytest

from engine.results.files import WEIGHTS
from engine.runs import artifacts, reaping
from engine.runs.model import State
from engine.runs.service import open_runs
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
)
from tests.conftest import ROOT

pytestmark = pytest.mark.tensorflow

STAGES = {
    "train": "claim,notices,step,epoch,checkpoint,weights,forget,finish",
    "schedule": "claim,history,notices,plan,point,step,epoch,checkpoint,weights,files,zip,"
    "measured files,forget,finish",
    "sweep": "claim,notices,point,files,zip,measured files,finish",
    "export": "claim,notices,files,zip,row,cell,latency,finish",
    "federate": "claim,notices,split,client,masks,round,checkpoint,zip,final,weights,files,"
    "forget,finish",
}
"""What a job of each kind writes or asks for, in the order in which it comes to it first."""

FURTHER = {
    "train": "checkpoint",
    "schedule": "step",
    "sweep": "files",
    "export": "latency",
    "federate": "checkpoint",
}
"""A stage of each kind that has a new record before it, by which the run got further."""


@pytest.fixture(scope="module")
def attempt(home):
    """Take the next run, and die at a stage if one is given; the stages that it came to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.work.doomed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asked, answers, numbers = process.stdin, process.stdout, count()

    def made(runs, stage="-"):
        worker = f"doomed-{next(numbers)}"
        asked.write(f"{worker} {stage}\n")
        asked.flush()
        reached = answers.readline().strip().strip(",").split(",")
        assert reached[-1] == ("finish" if stage == "-" else stage)
        reaping.reap(runs.database, dead_worker=worker)
        reaping.requeue_lost(runs.database)
        return reached

    yield made
    asked.close()
    process.wait()
    answers.close()


@pytest.fixture(scope="module")
def training(dataset):
    return TrainSettings.of(dataset=dataset, hidden=(4,), epochs=1, batch_size=2000)


@pytest.fixture
def kinds(training):
    """The smallest run of each kind."""
    return {
        "train": training,
        "schedule": ScheduleSettings(
            baseline=training, target=0.5, fine_tune_epochs=1, batch_size=2000, frequency=1
        ),
        "sweep": SweepSettings(baseline=training, methods=("weight",), sparsities=(0.5,)),
        "export": ExportSettings(
            source=training, prunings=(), variants=("float32",), repetitions=10
        ),
        "federate": FederateSettings.of(
            dataset=training.dataset, hidden=(4,), clients=2, fraction=1.0, rounds=1, samples=40
        ),
    }


@pytest.fixture
def runs(home):
    """The store; what a run needs is left there for the next test."""
    return open_runs()


@pytest.fixture
def submit(runs, attempt):
    """The settings as a new run, the next one: what it needs is done."""

    def submitted(settings):
        run = runs.submit(settings, owner="ann")
        if not run.state.active:
            runs.delete(run.id, owner=None)
            run = runs.submit(settings, owner="ann")
        if run.needs is not None and runs.get(run.needs).state is not State.DONE:
            attempt(runs)
        return run

    return submitted


@pytest.mark.parametrize("kind", STAGES)
def test_three_deaths_at_any_stage_are_the_end_and_the_next_run_goes_on(
    runs, attempt, submit, kinds, kind
):
    run, stages, seen = submit(kinds[kind]), STAGES[kind].split(","), []
    for number, stage in enumerate(stages, 1):
        runs.submit(kinds[kind], owner="ann")  # again, from where it came to
        behind = almost_done(runs, kinds["train"], seed=number)
        for deaths in range(1, reaping.MAX_ATTEMPTS + 1):
            assert runs.get(run.id).state is State.QUEUED, stage
            seen += attempt(runs, stage)
            assert runs.get(run.id).attempts == deaths, stage
        assert runs.get(run.id).state is State.FAILED, stage
        assert "the worker died 3 times" in runs.get(run.id).error
        attempt(runs)
        assert runs.get(behind.id).state is State.DONE, stage
        runs.delete(behind.id, owner=None)
    assert list(dict.fromkeys(seen)) == stages, "a stage at which nothing was killed"
    runs.submit(kinds[kind], owner="ann")
    attempt(runs)
    assert runs.get(run.id).state is State.DONE


@pytest.mark.parametrize("kind", FURTHER)
def test_deaths_before_a_new_record_no_longer_count(runs, attempt, submit, kinds, kind):
    run = submit(kinds[kind])
    counts = []
    for stage in ("claim", "claim", FURTHER[kind]):
        attempt(runs, stage)
        counts.append(runs.get(run.id).attempts)
    assert counts == [1, 2, 1]
    assert runs.get(run.id).state is State.QUEUED
    runs.cancel(run.id, owner=None)


def almost_done(runs, training, *, seed):
    """A training in the queue of which an earlier attempt has stored the weights."""
    other = runs.submit(dataclasses.replace(training, seed=seed), owner="ann")
    artifacts.save(runs.database, other.id, WEIGHTS, b"weights")
    return other
