"""Files of runs: by content, checked when read, evicted past a quota."""

import os
import time

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput, StorageError
from engine.runs import artifacts, lifecycle, records
from engine.runs.model import State
from engine.settings import TrainSettings


def ended(runs, seed):
    run = runs.submit(TrainSettings(seed=seed), owner="ann")
    lifecycle.claim(runs.database, "w")
    lifecycle.finish(runs.database, run.id, "w", State.DONE)
    return run.id


def stored_files(home):
    return [path for path in (home / "artifacts").rglob("*") if path.is_file()]


def test_what_is_saved_is_loaded(runs):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"one")
    artifacts.save(runs.database, run, "a", b"two")
    assert runs.file(run, "a") == b"two"
    assert [file.size for file in runs.files(run)] == [3]


def test_replaced_and_removed_content_leaves_the_disk(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"one")
    artifacts.save(runs.database, run, "a", b"two")
    assert len(stored_files(home)) == 1
    artifacts.remove(runs.database, run)
    assert stored_files(home) == []


def test_the_same_content_is_stored_once_and_kept_while_one_run_has_it(runs, home):
    one, two = ended(runs, 1), ended(runs, 2)
    for run in (one, two):
        artifacts.save(runs.database, run, "a", b"same")
    assert len(stored_files(home)) == 1
    runs.delete(one, owner="ann")
    assert runs.file(two, "a") == b"same"


def test_one_file_of_many_is_asked_for_by_its_name(runs):
    """A federation of 10,000 clients has a file for each, and loads two at every visit."""
    run = ended(runs, 0)
    for number in range(3):
        artifacts.save(runs.database, run, str(number), bytes([number]))
    asked = []
    engine = runs.database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert runs.file(run, "1") == bytes([1])
    (query,) = [text for text in asked if text.startswith("SELECT")]
    assert "artifacts.name = ?" in query


def test_damaged_and_missing_files_are_clear_errors(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"content")
    (path,) = stored_files(home)
    path.write_bytes(b"contenT")
    with pytest.raises(StorageError, match="gone or damaged"):
        runs.file(run, "a")
    with pytest.raises(InvalidInput, match="no file"):
        runs.file(run, "../../etc/passwd")


def test_eviction_takes_the_oldest_unpinned_files_and_keeps_the_records(runs):
    old, pinned, new = (ended(runs, seed) for seed in range(3))
    for number, run in enumerate((old, pinned, new)):
        artifacts.save(runs.database, run, "a", bytes([number]) * 1000)
        records.write(runs.database, run, "epoch", {"epoch-001": {"epoch": 1}})
    runs.pin(pinned, pinned=True, owner="ann")
    assert artifacts.evict(runs.database, keep=2000) == [old]
    assert runs.get(old).evicted
    assert len(runs.records(old)) == 1
    assert artifacts.evict(runs.database, keep=0) == [new]
    assert runs.files(pinned) != []


def test_an_evicted_run_is_made_again_on_request(runs):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"x")
    artifacts.evict(runs.database, keep=0)
    assert runs.submit(TrainSettings(seed=0), owner="ann").state is State.QUEUED


def test_a_disk_that_refuses_is_one_clear_line_and_leaves_the_store_true(runs, home):
    run = ended(runs, 0)
    (home / "artifacts").write_bytes(b"a file where a folder should be")
    with pytest.raises(StorageError, match="cannot write"):
        artifacts.save(runs.database, run, "a", b"x")
    assert runs.files(run) == []


def test_a_damaged_file_is_forgotten_so_that_the_run_makes_it_again(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"content")
    (path,) = stored_files(home)
    path.write_bytes(b"contenT")
    with pytest.raises(StorageError, match="start the run again"):
        runs.file(run, "a")
    assert runs.submit(TrainSettings(seed=0), owner="ann").state is State.QUEUED
    artifacts.save(runs.database, run, "a", b"content")
    assert runs.file(run, "a") == b"content"


def test_saving_over_a_damaged_file_of_the_same_content_repairs_it(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"content")
    (path,) = stored_files(home)
    path.write_bytes(b"contenT")
    artifacts.save(runs.database, run, "b", b"content")
    assert runs.file(run, "b") == b"content"


def test_files_that_a_killed_process_left_are_removed_when_they_are_old(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"held")
    folder = home / "artifacts" / "ab"
    folder.mkdir(exist_ok=True)
    for name, age in (("old", 7200), ("new", 0)):
        (folder / name).write_bytes(b"left")
        os.utime(folder / name, (time.time() - age, time.time() - age))
    artifacts.sweep_orphans(runs.database)
    assert not (folder / "old").exists()
    assert (folder / "new").exists()
    assert runs.file(run, "a") == b"held"


@pytest.mark.parametrize(
    ("text", "size"), [("2", 2 * 10**9), ("0.5", 5 * 10**8), ("lots", 10**10), ("inf", 10**10)]
)
def test_the_quota_is_a_setting_and_nonsense_means_the_default(text, size, monkeypatch):
    monkeypatch.setenv("PRUNESCOPE_QUOTA_GB", text)
    assert artifacts.quota() == size
