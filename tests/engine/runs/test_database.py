"""Stores that are damaged, unwritable, or used by several processes at once."""

import subprocess
import sys

import pytest

from engine.errors import StorageError
from engine.runs import records
from engine.runs.service import open_runs
from engine.settings import TrainSettings

WRITER = """
import sys
from engine.runs import records
from engine.runs.service import open_runs
runs = open_runs()
for i in range(50):
    records.write(runs.database, "r" * 24, "step", {f"{sys.argv[1]}-{i}": {"i": i}})
"""


def test_a_damaged_store_is_one_clear_line(home):
    home.mkdir()
    (home / "runs.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StorageError, match=r"damaged .*move runs\.db away"):
        open_runs()


def test_a_home_that_cannot_be_made_is_one_clear_line(home, monkeypatch):
    home.write_text("a file")
    monkeypatch.setenv("PRUNESCOPE_HOME", str(home / "below"))
    with pytest.raises(StorageError, match="set PRUNESCOPE_HOME"):
        open_runs()


def test_a_read_only_store_is_one_clear_line(runs, home):
    (home / "runs.db").unlink()
    (home / "runs.db").mkdir()
    with pytest.raises(StorageError, match="run store"):
        open_runs()


def test_a_store_of_an_earlier_version_gets_the_columns_that_it_lacks(runs):
    run = runs.submit(TrainSettings(), owner="ann")
    with runs.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN bad_input")
    again = open_runs()
    assert again.get(run.id) == run
    assert open_runs().submit(TrainSettings(seed=1), owner="ann").bad_input is False


def test_processes_that_write_at_once_lose_nothing_and_share_no_version(runs, project):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=project) for name in "abc"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    rows = runs.records("r" * 24)
    assert len(rows) == 150
    assert [row.version for row in rows] == list(range(1, 151))


def test_a_killed_writer_leaves_a_readable_store(runs, project):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, "a"], cwd=project)
    while not runs.records("r" * 24):
        assert writer.poll() is None
    writer.kill()
    writer.wait()
    before = len(runs.records("r" * 24))
    records.write(runs.database, "r" * 24, "step", {"after": {}})
    assert len(runs.records("r" * 24)) == before + 1


def test_a_reader_asks_only_for_what_is_new(runs):
    run = runs.submit(TrainSettings(), owner="ann").id
    records.write(runs.database, run, "epoch", {"epoch-001": {"v": 1}, "epoch-002": {"v": 1}})
    seen = runs.records(run)[-1].version
    records.write(runs.database, run, "epoch", {"epoch-001": {"v": 2}})
    assert [(r.key, r.payload) for r in runs.records(run, after=seen)] == [("epoch-001", {"v": 2})]
    assert len(runs.records(run)) == 2


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("PRUNESCOPE_STORE_URL", "nonsense"),
        ("PRUNESCOPE_STORE_URL", "oracle://nowhere/x"),
    ],
)
def test_a_server_setting_that_cannot_be_used_is_one_clear_line(home, monkeypatch, name, url):
    monkeypatch.setenv(name, url)
    with pytest.raises(StorageError, match=f"{name} must be"):
        open_runs()
