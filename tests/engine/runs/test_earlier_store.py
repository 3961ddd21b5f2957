"""A store of an earlier version is read as it is: its runs keep their ids, settings, results."""

import sqlite3
from pathlib import Path

import pytest

from engine.runs.service import open_runs
from engine.settings import digest

EARLIER = Path(__file__).with_name("store-2026-11.sql")
IDS = {
    "673a7dfc722a5949629b09a4": "train",
    "d0ef3b7b8633e3b9d8bf719d": "sweep",
    "1827cd3e8e41f9a4063e0712": "schedule",
    "91920e204b9c38c0e324574a": "export",
    "d2e54d872d4f7870cda095d6": "federate",
    "3679c08297460e21fde5382f": "federate",
}
"""The runs in it. The sweep, the schedule, the export and the first federation have a setting that
changes nothing (a norm where no unit is ranked): such work has one id today, these keep theirs."""


def filled(home):
    """The runs of a home folder that has a store of November 2026."""
    home.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(home / "runs.db") as store:
        store.executescript(EARLIER.read_text(encoding="utf-8"))
    store.close()
    return open_runs()


@pytest.fixture
def earlier(home):
    return filled(home)


def test_runs_keep_their_ids_settings_and_results(earlier):
    assert {run.id: run.kind for run in earlier.all()} == IDS
    for run in earlier.all():
        assert run.parsed.kind == run.kind
        assert earlier.result(run.id)["run"] == run.id
        assert earlier.result(run.id)["settings"] == run.settings


def test_equal_work_is_found_again_where_every_setting_matters(earlier):
    for run, kind in IDS.items():
        again = earlier.submit(earlier.get(run).parsed, owner="me")
        assert again.id == digest(earlier.get(run).parsed)
        if (kind, run) in {("train", "673a7dfc722a5949629b09a4"), ("federate", [*IDS][-1])}:
            assert again.id == run
