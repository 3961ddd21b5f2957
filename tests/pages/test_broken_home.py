"""A home that cannot be used is one line on every page that needs it, never a traceback."""

import pytest

from tests.pages.conftest import charts

PAGES = ["train", "sweep", "federate", "runs"]


@pytest.fixture(params=["damaged store", "no folder"])
def broken(request, home, monkeypatch):
    if request.param == "no folder":
        monkeypatch.setenv("PRUNESCOPE_HOME", "/dev/null/home")
        return "cannot be written"
    home.mkdir(parents=True)
    (home / "runs.db").write_bytes(b"not a database " * 1000)
    return "is damaged"


@pytest.mark.parametrize("name", PAGES)
def test_opening_a_run_says_what_is_wrong(visit, broken, name):
    page = visit(name, run="0" * 24)
    assert not page.exception
    assert [broken in error.value.replace("\\", "") for error in page.error] == [True]


def test_starting_a_sweep_says_what_is_wrong(visit, press, broken):
    page = press(visit(), "start-default")
    assert not page.exception
    assert broken in page.error[0].value.replace("\\", "")
    assert "Test accuracy against file size" not in str(charts(page))
    assert len(page.metric) == 5  # what ships along is shown all the same
