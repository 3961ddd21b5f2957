"""Real worker processes: killed, cancelled, restarted; the store stays true."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.results.points import FORMATS
from engine.runs import artifacts, reaping, workers
from engine.runs import supervisor as supervisor_module
from engine.runs.model import State
from engine.runs.supervisor import supervised
from engine.runs.workers import crew
from engine.settings import SweepSettings, TrainSettings, digest

pytestmark = pytest.mark.tensorflow


def epochs(runs, run):
    return runs.records(run, kinds=("epoch",))


def without_time(rows):
    return [{k: v for k, v in row.payload.items() if k != "seconds"} for row in rows]


def test_workers_end_with_their_supervisor_and_leave_the_run_queued_for_the_next(
    runs, training, until, request
):
    assert crew(runs.database).alive == 0  # this comes first: nobody has asked for the shared one
    run = runs.submit(training, owner="ann")
    with supervised(runs, count=2) as supervisor:
        until(lambda: crew(runs.database).ready == 2 and len(epochs(runs, run.id)) >= 2)
        pids = supervisor.pids()
    assert len(pids) == 2
    assert runs.get(run.id).state is State.QUEUED
    assert crew(runs.database).alive == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    request.getfixturevalue("supervisor")
    until(lambda: runs.get(run.id).state is State.RUNNING)
    runs.cancel(run.id, owner="ann")
    until(lambda: runs.get(run.id).state is State.CANCELLED)


def test_a_training_killed_twice_ends_as_if_never_killed(runs, supervisor, training, until):
    calm = runs.submit(training, owner="ann")
    until(lambda: not runs.get(calm.id).state.active)
    weights, measured = runs.file(calm.id, "weights.npz"), epochs(runs, calm.id)
    runs.delete(calm.id, owner="ann")

    rough = runs.submit(training, owner="ann")
    for reached in (4, 9):
        until(lambda reached=reached: len(epochs(runs, rough.id)) >= reached)
        assert runs.get(rough.id).state is State.RUNNING
        os.kill(supervisor.pids()[0], signal.SIGKILL)
        begun = time.monotonic()
        until(lambda: runs.get(rough.id).state is not State.RUNNING, seconds=15)
        assert time.monotonic() - begun < 15
    until(lambda: not runs.get(rough.id).state.active)
    ended = runs.get(rough.id)
    assert ended.state is State.DONE
    assert without_time(epochs(runs, rough.id)) == without_time(measured)
    assert runs.file(rough.id, "weights.npz") == weights


def test_cancel_takes_effect_within_two_seconds_and_the_run_goes_on_later(
    runs, supervisor, training, until
):
    run = runs.submit(training, owner="ann")
    until(lambda: len(epochs(runs, run.id)) >= 3)
    asked = time.monotonic()
    runs.cancel(run.id, owner="ann")
    until(lambda: runs.get(run.id).state is State.CANCELLED, seconds=10)
    assert time.monotonic() - asked < 2
    kept = len(epochs(runs, run.id))
    assert 3 <= kept < training.epochs
    runs.submit(training, owner="ann")
    until(lambda: len(epochs(runs, run.id)) > kept)
    assert runs.get(run.id).progress >= kept / training.epochs
    runs.cancel(run.id, owner="ann")


def test_a_sweep_measures_and_exports_every_point_and_resumes_where_it_was(
    runs, supervisor, dataset, until
):
    baseline = TrainSettings.of(dataset=dataset, hidden=(64, 32), epochs=1)
    settings = SweepSettings(baseline=baseline, sparsities=(0.5, 0.9))
    run = runs.submit(settings, owner="ann")
    until(lambda: runs.points(run.id))
    os.kill(supervisor.pids()[0], signal.SIGKILL)
    until(lambda: not runs.get(run.id).state.active)
    assert runs.get(run.id).state is State.DONE
    points = runs.points(run.id)
    assert len(points) == 1 + 3 * 2
    for point in points:
        names = {f"{point.key}.{name}.zip" for name in FORMATS}
        sizes = {file.name: file.size for file in runs.files(run.id)}
        assert names <= set(sizes)
        assert sizes[f"{point.key}.tflite.zip"] == point.bytes["tflite_zip"]
        assert point.tflite_accuracy == pytest.approx(point.accuracy, abs=1 / 400)
        assert bool(point.removed_bytes) == (point.method in {"unit", "hybrid"})
    assert points[0].method == "baseline"
    last = epochs(runs, digest(baseline))[-1].payload
    assert points[0].accuracy == last["test"]["accuracy"]
    _evicted_files_are_made_again(runs, settings, until)


def _evicted_files_are_made_again(runs, settings, until):
    run = runs.submit(settings, owner="ann")
    before = runs.files(run.id)
    assert run.id in artifacts.evict(runs.database, keep=0)
    assert runs.submit(settings, owner="ann").state is State.QUEUED
    until(lambda: not runs.get(run.id).state.active)
    assert runs.get(run.id).state is State.DONE
    assert runs.files(run.id) == before  # names, digests, sizes: the same bytes again


def test_a_diverged_baseline_fails_its_sweep_with_one_clear_line(runs, supervisor, dataset, until):
    wild = TrainSettings.of(
        dataset=dataset, hidden=(64,) * 6, epochs=1, optimizer="sgd", learning_rate=10.0
    )
    run = runs.submit(SweepSettings(baseline=wild, sparsities=(0.5,)), owner="ann")
    until(lambda: not runs.get(run.id).state.active)
    assert runs.get(run.id).error == (
        "the baseline diverged: its weights are not finite; train it with a smaller learning rate"
    )


def test_the_worker_ends_when_its_supervisor_is_killed(runs, dataset, project, until):
    others = crew(runs.database).alive
    script = "import signal\nfrom engine.runs.service import open_runs\n"
    script += "from engine.runs.supervisor import supervised\n"
    script += "with supervised(open_runs()):\n    signal.pause()\n"
    holder = subprocess.Popen([sys.executable, "-c", script], cwd=project)
    until(lambda: crew(runs.database).alive == others + 1)
    holder.kill()
    holder.wait()
    until(lambda: crew(runs.database).alive == others, seconds=20)


def test_a_damaged_checkpoint_means_training_from_the_start(
    runs, supervisor, training, until, home
):
    short = dataclasses.replace(training, epochs=10)
    run = runs.submit(short, owner="ann")
    until(lambda: len(epochs(runs, run.id)) >= 2)
    runs.cancel(run.id, owner="ann")
    until(lambda: runs.get(run.id).state is State.CANCELLED)
    (checkpoint,) = runs.files(run.id)
    path = home / "artifacts" / checkpoint.digest[:2] / checkpoint.digest
    path.write_bytes(np.random.default_rng(0).bytes(1000))
    runs.submit(short, owner="ann")
    until(lambda: not runs.get(run.id).state.active)
    assert runs.get(run.id).state is State.DONE
    assert len(epochs(runs, run.id)) == 10


def test_a_worker_that_is_kept_waiting_is_not_taken_for_dead_unless_it_never_comes_back(
    runs, supervisor, training, until, monkeypatch
):
    monkeypatch.setattr(workers, "ALIVE_SECONDS", 1.0)
    monkeypatch.setattr(reaping, "SILENT_SECONDS", 1.5)
    run = runs.submit(dataclasses.replace(training, seed=41), owner="ann")
    until(lambda: len(epochs(runs, run.id)) >= 1)
    kept_waiting = supervisor.pids()[0]
    with runs.database.write():  # or it may be stopped while it holds everybody's lock
        os.kill(kept_waiting, signal.SIGSTOP)  # as a machine does that has other things to do
    before = runs.get(run.id).heartbeat
    until(lambda: runs.get(run.id).heartbeat > before + 3)
    waiting = runs.get(run.id)
    assert (waiting.state, waiting.attempts) == (State.RUNNING, 1)
    assert crew(runs.database).alive == 1
    monkeypatch.setattr(supervisor_module, "VOUCHED_SECONDS", 0.0)
    until(lambda: runs.get(run.id).state is not State.RUNNING)
    os.kill(kept_waiting, signal.SIGCONT)
    runs.cancel(run.id, owner="ann")
    until(lambda: not runs.get(run.id).state.active)
