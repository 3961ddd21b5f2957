"""Every kind of run, killed at every stage: three times, then a clear end, and the next goes on."""

import dataclasses
import subprocess
import sys
from itertools import count

import pytest

from engine.runs import lifecycle, reaping
from engine.runs.model import State
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
)
from tests.conftest import ROOT

pytestmark = pytest.mark.tensorflow

STAGES = (
    "claim",
    "notices",
    "history",
    "plan",
    "split",
    "point",
    "row",
    "cell",
    "epoch",
    "round",
    "final",
)
FILES = ("checkpoint", "weights", "client", "masks", "files", "zip")
"""What a job writes or asks for: a record of a kind, a file; nothing has happened at a claim."""


@pytest.fixture(scope="module")
def attempt(home):
    """Take the next run, and die before the first write of a kind, if there is one."""
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

    def made(runs, deadly):
        worker = f"doomed-{next(numbers)}"
        survives = (kind for kind in ("step", *STAGES, *FILES) if kind != deadly)
        asked.write(" ".join([worker, *survives]) + "\n")
        asked.flush()
        assert answers.readline().strip() == deadly
        reaping.reap(runs.database, dead_worker=worker)
        reaping.requeue_lost(runs.database)

    yield made
    asked.close()
    process.wait()
    answers.close()


@pytest.fixture(scope="module")
def training(dataset):
    return TrainSettings(dataset=dataset, hidden=(4,), epochs=1, batch_size=2000)


def kinds_of(training):
    """Settings of each kind with the stages at which their attempts die, until they have failed."""
    schedule = ScheduleSettings(
        baseline=training, target=0.5, fine_tune_epochs=1, batch_size=2000, frequency=1
    )
    sweep = SweepSettings(baseline=training, methods=("weight",), sparsities=(0.5,))
    export = ExportSettings(source=training, prunings=(), variants=("float32",), repetitions=10)
    federate = FederateSettings(
        dataset=training.dataset, hidden=(4,), clients=2, fraction=1.0, rounds=1, samples=40
    )
    return {
        training: "claim epoch checkpoint weights weights",
        schedule: "claim history plan point epoch checkpoint weights files files files",
        sweep: "claim point files zip files",
        export: "claim files zip row cell claim claim",
        federate: "claim split client masks round checkpoint final final",
    }


def test_killed_at_every_stage_three_deaths_without_a_new_record_are_the_end_and_the_next_goes_on(
    runs, attempt, training
):
    for settings, stages in kinds_of(training).items():
        deaths = 0
        for stage in stages.split():
            run = runs.submit(settings, owner="ann")
            before = further(runs, run.id)
            attempt(runs, stage)
            deaths = 1 if further(runs, run.id) - before else deaths % reaping.MAX_ATTEMPTS + 1
            ended = runs.get(run.id)
            assert ended.attempts == deaths, stage
            assert (ended.state is State.FAILED) == (deaths == reaping.MAX_ATTEMPTS), stage
            assert ("the worker died 3 times" in ended.error) == (ended.state is State.FAILED)
        assert ended.state is State.FAILED
        if settings is training:
            runs.submit(settings, owner="ann")
            attempt(runs, "")
            assert runs.get(run.id).state is State.DONE
    _the_next_goes_on(runs, attempt, training)


def _the_next_goes_on(runs, attempt, training):
    """What stood behind a run that killed its workers is done."""
    doomed, other = (
        runs.submit(dataclasses.replace(training, seed=seed), owner="ann") for seed in (1, 2)
    )
    for _ in range(reaping.MAX_ATTEMPTS):
        attempt(runs, "claim")
    attempt(runs, "")
    assert runs.get(doomed.id).state is State.FAILED
    assert runs.get(other.id).state is State.DONE


def further(runs, run):
    """Keys of the records that show how far a run got."""
    return {row.key for row in runs.records(run, kinds=tuple(lifecycle.FURTHER))}
