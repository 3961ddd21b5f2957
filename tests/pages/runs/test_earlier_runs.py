"""Addresses of runs that an earlier version made still open."""

import pytest

from tests.engine.runs.test_earlier_store import IDS, filled


@pytest.fixture
def earlier(home):
    return filled(home)


@pytest.mark.parametrize(("run", "kind"), IDS.items())
def test_a_copied_link_opens(visit, earlier, run, kind):
    page = visit(kind, run=run)
    assert not page.exception
    assert not page.error
    assert page.query_params["run"] == run


def test_all_of_them_are_listed(visit, read, earlier):
    page = visit("runs")
    assert not page.exception
    assert all(run in read(page) for run in IDS)
