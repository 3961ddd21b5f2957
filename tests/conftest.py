"""Every test has a home folder of its own, and no test sees the person's."""

import contextlib
import gc
import os
import shutil
from pathlib import Path

import hypothesis
import pytest

from engine.datasets import load

# Deadlines measure the machine: speed lives in benchmarks/.
hypothesis.settings.register_profile("prunescope", deadline=None)
hypothesis.settings.load_profile("prunescope")

ROOT = Path(__file__).resolve().parents[1]
BROWSER = "tests/browser/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A process takes files whole, and all that share the server of the browser."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid):
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return Scheduling(config, log)


@pytest.fixture(autouse=True, scope="module")
def _little_to_collect():
    """What earlier modules have loaded is not looked through for garbage any more.

    AppTest and the converter collect after every run: a fifth of a second each where TensorFlow is
    loaded. Nothing is given back in the end: to look through all of it once costs as much.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture
def project():
    """The folder of the project, to start processes in."""
    return ROOT


@pytest.fixture(autouse=True)
def home(tmp_path):
    with at_home(tmp_path / "home") as folder:
        yield folder


@contextlib.contextmanager
def at_home(folder):
    """The surroundings of a person who has that home folder and has set nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRUNESCOPE_HOME", str(folder))
        for name in ("PRUNESCOPE_STORE_URL", "PRUNESCOPE_DATA_MIRROR"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """The folder that MNIST is unpacked to."""
    with at_home(tmp_path_factory.mktemp("unpacked") / "home") as folder:
        load("mnist")
    return folder / "datasets" / "mnist"


@pytest.fixture
def mnist(home, unpacked):
    """The home folder has MNIST already: to unpack it takes a second."""
    shutil.copytree(unpacked, home / "datasets" / "mnist", copy_function=os.link)
