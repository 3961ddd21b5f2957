"""Every test has a home of its own; loopback servers are stopped at its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.datasets.loopback import Mirrors


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRUNESCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRUNESCOPE_DATA_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture
def mirrors() -> Iterator[Mirrors]:
    started = Mirrors()
    yield started
    started.stop()
