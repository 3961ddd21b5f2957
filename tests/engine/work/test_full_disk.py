"""The disk fills in the middle of runs: one clear line each, and they go on when they may."""

import contextlib

import psutil
import pytest

from engine import client
from engine.errors import PrunescopeError
from engine.runs.model import State
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings, digest

pytestmark = pytest.mark.tensorflow


@contextlib.contextmanager
def full_disk():
    """Files of the workers may not grow beyond 3 MB, which stands for a disk that is full."""
    workers = psutil.Process().children(recursive=True)
    before = [worker.rlimit(psutil.RLIMIT_FSIZE) for worker in workers]
    for worker, (_, hard) in zip(workers, before, strict=True):
        worker.rlimit(psutil.RLIMIT_FSIZE, (3_000_000, hard))
    try:
        yield
    finally:
        for worker, limits in zip(workers, before, strict=True):
            worker.rlimit(psutil.RLIMIT_FSIZE, limits)


@pytest.fixture
def worked(runs, supervisor, dataset):
    """The store, with a worker that has done something: it is there."""
    client.run(TrainSettings.of(dataset=dataset, hidden=(8,), epochs=1, batch_size=2000))
    return runs


def kinds_of(dataset):
    """Runs whose files have several megabytes after a second."""
    training = TrainSettings.of(dataset=dataset, hidden=(4000, 250), epochs=1, batch_size=2000)
    schedule = ScheduleSettings(
        baseline=training, target=0.8, fine_tune_epochs=1, batch_size=2000, frequency=1
    )
    export = ExportSettings(source=training, prunings=(), variants=("float32",), repetitions=10)
    return training, export, schedule  # this way none finds another one's files


def test_a_full_disk_is_a_clear_failure_and_the_runs_go_on_later(worked, dataset):
    for settings in kinds_of(dataset):
        with full_disk(), pytest.raises(PrunescopeError, match=r"^cannot write") as told:
            client.run(settings)
        failed = worked.get(digest(settings))
        assert failed.state is State.FAILED
        assert failed.error == str(told.value)
        assert worked.files(failed.id) == []
        kept = worked.records(failed.id, kinds=("epoch",))
        assert len(kept) == (settings.kind != "export")
        client.run(settings)
        assert worked.get(failed.id).state is State.DONE
        assert worked.files(failed.id)
