import pytest

from engine.runs.service import open_runs


@pytest.fixture
def runs(home):
    return open_runs()
