"""Every kind of run, killed at every stage: three times, then a clear end, and the next goes on.

Twice at the stage itself, since the second attempt finds what the first has written, and once when
it has only been taken: the third finds what the second found.
"""

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
    digest,
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
"""The stage of each kind that has a new record before it: deaths before that no longer count."""


@pytest.fixture(scope="module")
def attempt(home):
    """Do what waits up to that run, and die at a stage of it if one is given; where it came to."""
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

    def made(runs, run, stage="-"):
        worker = f"doomed-{next(numbers)}"
        asked.write(f"{worker} {run} {stage}\n")
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
            dataset=training.data.dataset,
            hidden=(4,),
            clients=2,
            fraction=1.0,
            rounds=1,
            samples=40,
        ),
    }


@pytest.fixture
def runs(home):
    """The store; what a run needs is left there for the next test."""
    return open_runs()


@pytest.mark.parametrize("kind", STAGES)
def test_three_deaths_at_any_stage_are_the_end_and_the_next_run_goes_on(runs, attempt, kinds, kind):
    settings, stages, seen = kinds[kind], STAGES[kind].split(","), []
    run = digest(settings)
    if run in runs.some([run]):  # what another kind needed
        runs.delete(run, owner=None)

    def die(*at):
        """An attempt for each stage, which is its end; how many of them count after each."""
        counts = []
        for stage in at:
            assert runs.get(run).state is State.QUEUED, stage
            seen.extend(attempt(runs, run, stage))
            counts.append(runs.get(run).attempts)
        return counts

    behind: list[str] = []
    for number, stage in enumerate(stages, 1):
        runs.submit(settings, owner="ann")  # again, from where it came to
        if stage == FURTHER[kind]:
            assert die("claim", "claim", stage) == [1, 2, 1], stage
            assert die(stage, "claim") == [2, 3], stage
        else:
            assert die(stage, stage, "claim") == [1, 2, 3], stage
        ended = runs.get(run)
        assert ended.state is State.FAILED, stage
        assert "the worker died 3 times" in ended.error
        assert all(runs.get(each).state is State.DONE for each in behind), stage
        behind.append(almost_done(runs, kinds["train"], seed=number))
    assert list(dict.fromkeys(seen)) == stages, "a stage at which nothing was killed"
    runs.submit(settings, owner="ann")
    attempt(runs, run)
    assert {runs.get(each).state for each in (run, *behind)} == {State.DONE}
    for each in behind:
        runs.delete(each, owner=None)


def almost_done(runs, training, *, seed):
    """A training in the queue of which an earlier attempt has stored the weights; its id."""
    other = runs.submit(dataclasses.replace(training, seed=seed), owner="ann")
    artifacts.save(runs.database, other.id, WEIGHTS, b"weights")
    return other.id
