"""The life of runs in a real SQLite store."""

import time

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput, NotYours, QueueFull, UnknownRun
from engine.runs import lifecycle, reaping, records
from engine.runs.database import RUNS
from engine.runs.model import State
from engine.runs.submission import MAX_UNFINISHED
from engine.settings import (
    ExportSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    digest,
)


def training(seed=0):
    return TrainSettings(seed=seed)


def claim(runs, worker):
    taken = lifecycle.claim(runs.database, worker)
    assert taken is not None
    return taken


def age(runs, seconds):
    with runs.database.write() as connection:
        connection.execute(sa.update(RUNS).values(heartbeat=time.time() - seconds))


def test_the_same_settings_are_the_same_run_for_everybody(runs):
    first = runs.submit(training(), owner="ann")
    second = runs.submit(training(), owner="bob")
    assert first.id == second.id == digest(training())
    assert second.owner == "ann"
    assert len(runs.all()) == 1


def test_what_waits_for_its_baseline_is_seen_as_what_is_done_there(runs):
    sweep = runs.submit(SweepSettings(baseline=training()), owner="a")
    export = runs.submit(ExportSettings(source=ScheduleSettings(baseline=training())), owner="a")
    assert [runs.seen(run) for run in (sweep, export)] == [sweep, export]  # nobody works yet
    taken = claim(runs, "w")
    assert taken.id == digest(training())
    lifecycle.progress(runs.database, taken.id, "w", stage="epoch 2 of 3", done=0.4, eta=7)
    for run in (sweep, export):
        seen = runs.seen(runs.get(run.id))
        assert (seen.id, seen.state) == (run.id, State.RUNNING)
        assert seen.stage == "trains its baseline: epoch 2 of 3"
        assert (seen.progress, seen.eta) == (0.4, 7)
        assert runs.get(run.id).state is State.QUEUED
    lifecycle.finish(runs.database, taken.id, "w", State.DONE)
    assert runs.seen(runs.get(sweep.id)).state is State.QUEUED


def test_many_runs_are_looked_up_at_once(runs):
    made = [runs.submit(TrainSettings(seed=seed), owner="a") for seed in (1, 2)]
    found = runs.some([made[1].id, "0" * 24, made[0].id])
    assert found == {run.id: run for run in made}
    assert runs.some([]) == {}


def test_a_sweep_brings_its_training_along_and_waits_for_it(runs):
    sweep = runs.submit(SweepSettings(), owner="ann")
    taken = claim(runs, "w1")
    assert (taken.kind, taken.id, taken.implicit) == ("train", sweep.needs, True)
    assert lifecycle.claim(runs.database, "w2") is None
    lifecycle.finish(runs.database, taken.id, "w1", State.DONE)
    assert claim(runs, "w2").id == sweep.id


def test_a_sweep_reuses_a_finished_training(runs):
    train = runs.submit(training(), owner="ann")
    lifecycle.claim(runs.database, "w1")
    lifecycle.finish(runs.database, train.id, "w1", State.DONE)
    sweep = runs.submit(SweepSettings(), owner="bob")
    assert claim(runs, "w1").id == sweep.id


def test_a_failed_training_fails_the_sweep_that_waits_for_it(runs):
    sweep = runs.submit(SweepSettings(), owner="ann")
    lifecycle.claim(runs.database, "w1")
    lifecycle.finish(runs.database, sweep.needs, "w1", State.FAILED, error="no disk")
    reaping.fail_orphans(runs.database)
    assert runs.get(sweep.id).state is State.FAILED
    again = runs.submit(SweepSettings(), owner="ann")
    assert (again.state, runs.get(sweep.needs).state) == (State.QUEUED, State.QUEUED)


def test_only_one_worker_gets_a_run(runs):
    runs.submit(training(), owner="ann")
    assert lifecycle.claim(runs.database, "w1") is not None
    assert lifecycle.claim(runs.database, "w2") is None


def test_an_idle_worker_waits_for_nobody_who_writes(runs):
    begun = time.monotonic()
    with runs.database.write():
        assert lifecycle.claim(runs.database, "w1") is None
    assert time.monotonic() - begun < 10  # a second writer would have waited for twice as long


def test_a_worker_that_lost_its_run_cannot_write_its_state(runs):
    run = runs.submit(training(), owner="ann")
    lifecycle.claim(runs.database, "w1")
    reaping.reap(runs.database, dead_worker="w1")
    reaping.requeue_lost(runs.database)
    lifecycle.claim(runs.database, "w2")
    assert not lifecycle.beat(runs.database, run.id, "w1")
    assert not lifecycle.finish(runs.database, run.id, "w1", State.DONE)
    assert runs.get(run.id).worker == "w2"


def test_a_silent_run_is_lost_and_queued_again(runs):
    run = runs.submit(training(), owner="ann")
    lifecycle.claim(runs.database, "w1")
    assert not reaping.reap(runs.database)
    age(runs, 11)
    assert reaping.reap(runs.database)
    assert runs.get(run.id).state is State.LOST
    assert reaping.requeue_lost(runs.database)
    assert runs.get(run.id).state is State.QUEUED


def test_a_run_that_kills_its_worker_three_times_fails(runs):
    run = runs.submit(training(), owner="ann")
    for attempt in range(reaping.MAX_ATTEMPTS):
        worker = f"w{attempt}"
        assert claim(runs, worker).id == run.id
        reaping.reap(runs.database, dead_worker=worker)
        reaping.requeue_lost(runs.database)
    ended = runs.get(run.id)
    assert ended.state is State.FAILED
    assert "3 times" in ended.error


def test_a_run_cancelled_while_its_worker_died_stays_cancelled(runs):
    run = runs.submit(training(), owner="ann")
    lifecycle.claim(runs.database, "w1")
    runs.cancel(run.id, owner="ann")
    reaping.reap(runs.database, dead_worker="w1")
    reaping.requeue_lost(runs.database)
    assert runs.get(run.id).state is State.CANCELLED


def test_cancelling_a_waiting_sweep_also_stops_the_training_it_brought(runs):
    sweep = runs.submit(SweepSettings(), owner="ann")
    runs.cancel(sweep.id, owner="ann")
    assert runs.get(sweep.id).state is State.CANCELLED
    assert runs.get(sweep.needs).state is State.CANCELLED


def test_cancelling_a_sweep_leaves_a_training_that_another_sweep_needs(runs):
    one = runs.submit(SweepSettings(), owner="ann")
    runs.submit(SweepSettings(methods=("unit",)), owner="bob")
    runs.cancel(one.id, owner="ann")
    assert runs.get(one.needs).state is State.QUEUED


def test_a_cancelled_run_is_queued_again_by_submitting_it_again(runs):
    run = runs.submit(training(), owner="ann")
    runs.cancel(run.id, owner="ann")
    assert runs.submit(training(), owner="bob").state is State.QUEUED


def test_only_the_owner_or_the_operator_cancels_and_deletes(runs):
    run = runs.submit(training(), owner="ann")
    with pytest.raises(NotYours):
        runs.cancel(run.id, owner="bob")
    with pytest.raises(InvalidInput, match="one that has ended"):
        runs.delete(run.id, owner="ann")
    runs.cancel(run.id, owner=None)
    with pytest.raises(NotYours):
        runs.delete(run.id, owner="bob")
    runs.delete(run.id, owner="ann")
    with pytest.raises(UnknownRun):
        runs.get(run.id)


def test_one_person_cannot_fill_the_queue(runs):
    for seed in range(MAX_UNFINISHED):
        runs.submit(training(seed), owner="ann")
    with pytest.raises(QueueFull, match="20 unfinished runs"):
        runs.submit(training(999), owner="ann")
    assert runs.submit(training(999), owner="bob").state is State.QUEUED


def test_of_several_runs_all_are_submitted_or_none(runs):
    runs.submit_all([training(seed) for seed in range(15)], owner="ann")
    with pytest.raises(QueueFull, match=r"you have 15 unfinished runs of 20 .* 6 more do not fit"):
        runs.submit_all([training(seed) for seed in range(10, 21)], owner="ann")
    assert len(runs.all()) == 15
    begun = runs.submit_all([training(seed) for seed in range(10, 20)], owner="ann")
    assert [run.parsed.seed for run in begun] == list(range(10, 20))
    assert len(runs.all()) == 20


def test_ten_runs_of_one_owner_do_not_starve_another(runs):
    for seed in range(10):
        runs.submit(training(seed), owner="ann")
    late = runs.submit(training(99), owner="bob")
    assert runs.queue_position(late.id).position == 2
    lifecycle.claim(runs.database, "w1")
    assert claim(runs, "w2").id == late.id


def test_names_are_plain_text(runs):
    run = runs.submit(training(), owner="ann")
    runs.rename(run.id, "My first run 1.0", owner="ann")
    assert runs.get(run.id).name == "My first run 1.0"
    for name in ("<script>alert(1)</script>", "x" * 61, "a\nb"):
        with pytest.raises(InvalidInput, match="name must be"):
            runs.rename(run.id, name, owner="ann")


def test_an_unknown_id_is_an_error_that_says_what_to_do(runs):
    with pytest.raises(UnknownRun, match="no run 000000000000000000000000"):
        runs.get("0" * 24)
    with pytest.raises(InvalidInput, match="24 characters"):
        runs.get("../../etc/passwd")


def test_a_run_stays_its_first_owners_when_somebody_else_goes_on_with_it(runs):
    run = runs.submit(training(), owner="ann")
    runs.cancel(run.id, owner="ann")
    again = runs.submit(training(), owner="bob")
    assert (again.owner, again.requester) == ("ann", "bob")
    runs.cancel(run.id, owner="bob")
    with pytest.raises(NotYours):
        runs.delete(run.id, owner="bob")


def test_a_training_that_somebody_elses_sweep_needs_is_not_cancelled(runs):
    train = runs.submit(training(), owner="ann")
    sweep = runs.submit(SweepSettings(), owner="bob")
    assert sweep.needs == train.id
    with pytest.raises(NotYours, match="goes on"):
        runs.cancel(train.id, owner="ann")
    assert runs.get(train.id).state is State.QUEUED


def test_a_baseline_that_a_waiting_sweep_needs_is_not_deleted(runs):
    train = runs.submit(training(), owner="ann")
    claim(runs, "w1")
    lifecycle.finish(runs.database, train.id, "w1", State.DONE)
    sweep = runs.submit(SweepSettings(), owner="bob")
    with pytest.raises(InvalidInput, match="no other run needs"):
        runs.delete(train.id, owner="ann")
    runs.cancel(sweep.id, owner="bob")
    runs.delete(train.id, owner="ann")


def test_a_sweep_whose_baseline_is_gone_fails_instead_of_waiting_for_ever(runs):
    sweep = runs.submit(SweepSettings(), owner="ann")
    with runs.database.write() as connection:
        connection.execute(sa.delete(RUNS).where(RUNS.c.id == sweep.needs))
    reaping.fail_orphans(runs.database)
    assert runs.get(sweep.id).state is State.FAILED


def test_a_run_started_anew_while_it_stops_is_queued_again(runs):
    run = runs.submit(training(), owner="ann")
    claim(runs, "w1")
    runs.cancel(run.id, owner="ann")
    runs.submit(training(), owner="bob")
    assert lifecycle.finish(runs.database, run.id, "w1", State.CANCELLED)
    again = runs.get(run.id)
    assert (again.state, again.cancel_requested) == (State.QUEUED, False)


def test_restarts_of_the_server_do_not_count_as_deaths(runs):
    run = runs.submit(training(), owner="ann")
    for restart in range(2 * reaping.MAX_ATTEMPTS):
        worker = f"w{restart}"
        assert claim(runs, worker).id == run.id
        reaping.reap(runs.database, dead_worker=worker, planned=True)
        reaping.requeue_lost(runs.database)
    assert runs.get(run.id).state is State.QUEUED


def die(runs, run, attempt, rows):
    """An attempt that writes those rows, by kind, and takes its worker with it."""
    worker = f"w{attempt}"
    assert claim(runs, worker).id == run.id
    for kind, keys in rows.items():
        measured = {key: {"attempt": attempt} for key in keys}
        records.write(runs.database, run.id, kind, measured, worker=worker)
    reaping.reap(runs.database, dead_worker=worker)
    reaping.requeue_lost(runs.database)


def test_deaths_count_only_as_long_as_the_run_gets_no_further(runs):
    run = runs.submit(training(), owner="ann")
    for attempt in range(2 * reaping.MAX_ATTEMPTS):
        die(runs, run, attempt, {"epoch": [f"epoch-{attempt}"]})
    assert runs.get(run.id).state is State.QUEUED
    assert runs.get(run.id).attempts == 1


def test_what_every_attempt_writes_again_is_no_progress(runs):
    run = runs.submit(training(), owner="ann")
    again = {"plan": ["plan"], "history": ["history-001"], "split": ["split"]}
    for attempt in range(reaping.MAX_ATTEMPTS):
        assert runs.get(run.id).state is State.QUEUED
        steps = {"step": [f"step-{attempt}"], "epoch": ["epoch-001"]}
        die(runs, run, attempt, again | steps)
    ended = runs.get(run.id)
    assert (ended.state, "3 times" in ended.error) == (State.FAILED, True)
    assert len(runs.records(run.id, kinds=("step",))) == reaping.MAX_ATTEMPTS


def test_a_worker_that_lost_its_run_clears_nothing(runs):
    run = runs.submit(training(), owner="ann")
    die(runs, run, 0, {})
    claim(runs, "w1")
    records.write(runs.database, run.id, "epoch", {"epoch-001": {}}, worker="w0")
    assert runs.get(run.id).attempts == 2


def test_a_line_about_a_persons_input_is_known_as_such_also_by_what_waits_for_it(runs):
    sweep = runs.submit(SweepSettings(), owner="ann")
    claim(runs, "w1")
    line = "hidden must be fewer units"
    lifecycle.finish(runs.database, sweep.needs, "w1", State.FAILED, error=line, bad_input=True)
    reaping.fail_orphans(runs.database)
    ended = runs.get(sweep.id)
    assert (ended.state, ended.bad_input) == (State.FAILED, True)
    assert ended.error == f"the run that it starts from failed: {line}"
    again = runs.submit(SweepSettings(), owner="ann")
    assert (again.error, again.bad_input) == ("", False)


def test_the_wait_is_estimated_from_runs_that_ended_here(runs):
    first = runs.submit(training(), owner="ann")
    claim(runs, "w1")
    with runs.database.write() as connection:
        connection.execute(sa.update(RUNS).values(started=time.time() - 500))
    lifecycle.finish(runs.database, first.id, "w1", State.DONE)
    runs.submit(training(1), owner="ann")
    second = runs.submit(training(2), owner="ann")
    place = runs.queue_position(second.id)
    assert place.position == 2
    assert place.seconds == pytest.approx(500, abs=5)


def test_a_row_that_this_version_does_not_know_is_listed_and_harms_nobody(runs):
    ours = runs.submit(SweepSettings(), owner="ann")
    others = [unknown(runs, kind="search"), unknown(runs, methods=["gradient"])]
    assert {run.id for run in runs.all()} == {ours.id, ours.needs}
    listed = {run.id: run for run in runs.all(unknown=True)}
    assert set(listed) == {ours.id, ours.needs, *others}
    for other in others:
        assert listed[other].known is None
        with pytest.raises(InvalidInput, match=f"does not know run {other}: "):
            _ = runs.get(other).parsed
        assert runs.queue_position(other).seconds > 0
        assert runs.seen(listed[other]) == listed[other]
    assert runs.queue_position(ours.id).seconds > 0
    with pytest.raises(InvalidInput, match="the kind of run"):
        runs.result(others[0])


def unknown(runs, *, kind="sweep", **values):
    """Another version's queued run, of another kind or with other settings; its id."""
    run = runs.submit(training(len(runs.all(unknown=True)) + 100), owner="ann")
    with runs.database.write() as connection:
        changed = {"kind": kind, "settings": values}
        connection.execute(sa.update(RUNS).where(RUNS.c.id == run.id).values(changed))
    return run.id


def test_a_run_in_a_state_that_this_version_does_not_know_is_listed_as_such(runs):
    paused, waits = (
        runs.submit(each, owner="ann").id for each in (training(), SweepSettings(methods=("unit",)))
    )
    with runs.database.write() as connection:
        connection.execute(sa.update(RUNS).where(RUNS.c.id == paused).values(state="paused"))
    found = {run.id: run.state for run in runs.all()}
    assert found == {paused: State.UNKNOWN, waits: State.QUEUED}
    assert not runs.get(paused).state.active
    reaping.recover(runs.database)
    assert lifecycle.claim(runs.database, "w") is None
    assert runs.seen(runs.get(waits)).state is State.QUEUED
    assert runs.queue_position(waits).position == 1
    assert runs.submit(training(), owner="bob").state is State.UNKNOWN  # it may be in work there
    runs.cancel(waits, owner="ann")
    runs.delete(paused, owner="ann")
    assert runs.submit(training(), owner="ann").state is State.QUEUED
