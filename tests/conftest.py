"""Every test has a home folder of its own, and no test sees the person's."""

from pathlib import Path

import hypothesis
import pytest

# Deadlines measure the machine: speed lives in benchmarks/.
hypothesis.settings.register_profile("prunescope", deadline=None)
hypothesis.settings.load_profile("prunescope")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def project():
    """The folder of the project, to start processes in."""
    return ROOT


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("PRUNESCOPE_HOME", str(folder))
    for name in ("PRUNESCOPE_STORE_URL", "PRUNESCOPE_QUEUE_URL", "PRUNESCOPE_DATA_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    return folder
