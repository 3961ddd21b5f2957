"""Runs on a small data set of the test's own, done by real worker processes."""

import io
import time

import numpy as np
import pytest

from engine.datasets import import_npz
from engine.runs.service import open_runs
from engine.runs.supervisor import supervised
from engine.settings import TrainSettings
from tests.conftest import at_home


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """One for a module, so that its tests can share a worker."""
    with at_home(tmp_path_factory.mktemp("work") / "home") as folder:
        yield folder


@pytest.fixture(scope="module")
def supervisor(home):
    """Keeps the worker that the tests of a module share: to start one costs 5 seconds."""
    with supervised(open_runs()) as supervisor:
        yield supervisor


@pytest.fixture
def runs(home, until):
    """The store; what a test leaves there is deleted, since the next may ask for the same run."""
    runs = open_runs()
    yield runs
    for run in runs.all():
        runs.cancel(run.id, owner=None)
    until(lambda: not any(run.state.active for run in runs.all()))
    for run in runs.all():
        runs.delete(run.id, owner=None)


@pytest.fixture(scope="module")
def dataset(home):
    """Name of an imported data set: 4 classes around random centres of 64 values."""
    rng = np.random.default_rng(0)
    centres = rng.integers(0, 256, (4, 64))
    arrays: dict[str, np.ndarray] = {}
    for part, count in (("train", 6000), ("test", 400)):
        labels = rng.integers(0, 4, count)
        images = np.clip(centres[labels] + rng.normal(0, 60, (count, 64)), 0, 255)
        arrays |= {f"x_{part}": images.astype(np.uint8), f"y_{part}": labels.astype(np.uint8)}
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return import_npz(file.getvalue())


@pytest.fixture
def training(dataset):
    """Long enough to be killed in the middle: some 7 seconds in all."""
    return TrainSettings.of(dataset=dataset, hidden=(64, 32), epochs=20, batch_size=4)


@pytest.fixture(scope="session")
def until():
    def wait(condition, *, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError("it did not happen in time")

    return wait
