"""Files of runs: by content, checked when read, evicted past a quota."""

import pytest

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


def test_damaged_and_missing_files_are_clear_errors(runs, home):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"content")
    (path,) = stored_files(home)
    path.write_bytes(b"contenT")
    with pytest.raises(StorageError, match="damaged"):
        runs.file(run, "a")
    path.unlink()
    with pytest.raises(StorageError, match="gone"):
        runs.file(run, "a")
    with pytest.raises(InvalidInput, match="no file"):
        runs.file(run, "../../etc/passwd")


def test_eviction_takes_the_oldest_unpinned_files_and_keeps_the_records(runs):
    old, pinned, new = (ended(runs, seed) for seed in range(3))
    for number, run in enumerate((old, pinned, new)):
        artifacts.save(runs.database, run, "a", bytes([number]) * 1000)
        records.write(runs.database, run, "epoch", {"epoch-001": {"epoch": 1}})
    runs.pin(pinned, pinned=True, owner="ann")
    assert artifacts.evict(runs.database, quota=2000) == [old]
    assert runs.get(old).evicted
    assert len(runs.records(old)) == 1
    assert artifacts.evict(runs.database, quota=0) == [new]
    assert runs.files(pinned) != []


def test_an_evicted_run_is_made_again_on_request(runs):
    run = ended(runs, 0)
    artifacts.save(runs.database, run, "a", b"x")
    artifacts.evict(runs.database, quota=0)
    assert runs.submit(TrainSettings(seed=0), owner="ann").state is State.QUEUED


def test_a_disk_that_refuses_is_one_clear_line_and_leaves_the_store_true(runs, home):
    run = ended(runs, 0)
    (home / "artifacts").write_bytes(b"a file where a folder should be")
    with pytest.raises(StorageError, match="cannot write"):
        artifacts.save(runs.database, run, "a", b"x")
    assert runs.files(run) == []
