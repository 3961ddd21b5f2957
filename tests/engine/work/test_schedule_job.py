"""Schedules in real worker processes: killed, cancelled, impossible; the store stays true."""

import pytest

from engine.results.points import FORMATS
from engine.runs import artifacts
from engine.runs.model import State
from engine.settings import ScheduleSettings, TrainSettings, digest
from tests.engine.work.scenarios import cancelled_within_two_seconds, killed_in_the_middle

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def settings(dataset):
    """Long enough to be killed in the middle: some 4 seconds of pruning."""
    baseline = TrainSettings.of(dataset=dataset, hidden=(64, 32), epochs=1)
    return ScheduleSettings(baseline=baseline, target=0.8, fine_tune_epochs=12, batch_size=16)


def epochs(runs, run):
    return runs.records(run, kinds=("epoch",))


def without_time(result):
    after = [{k: v for k, v in row.items() if k != "seconds"} for row in result["history"]["after"]]
    return {**result, "history": after, "achieved": result["achieved"][-1]}


def test_killed_in_the_middle_it_ends_as_if_never_killed(runs, supervisor, settings, until):
    result, sizes = killed_in_the_middle(
        runs,
        supervisor,
        settings,
        until,
        reached=lambda run: len(epochs(runs, run)) >= 4,
        without_time=without_time,
    )
    _is_complete(result, sizes)


def _is_complete(result, files):
    assert result["agrees"] is True
    assert [layer["layer"] for layer in result["layers"]] == [1, 2]
    for layer in result["layers"]:
        assert layer["achieved"] == pytest.approx(layer["planned"], abs=0.001)
    assert len(result["history"]["before"]) == 1
    assert [result[name]["method"] for name in ("baseline", "before", "after")] == [
        "baseline",
        "one-shot",
        "schedule",
    ]
    assert result["after"]["accuracy"] > result["before"]["accuracy"] - 0.05
    expected = {
        f"{key}.{form}.zip"
        for key in ("baseline", "one-shot-0.8", "schedule-0.8")
        for form in FORMATS
    }
    assert set(files) == expected | {"weights.npz"}


def test_cancelled_within_two_seconds_it_goes_on_from_its_last_epoch(
    runs, supervisor, settings, until
):
    run = cancelled_within_two_seconds(
        runs, settings, until, reached=lambda run: len(epochs(runs, run)) >= 3
    )
    kept = epochs(runs, run.id)
    assert 3 <= len(kept) < 12
    runs.submit(settings, owner="ann")
    until(lambda: len(epochs(runs, run.id)) > len(kept))
    assert epochs(runs, run.id)[: len(kept)] == kept
    runs.cancel(run.id, owner="ann")


def test_rivals_impossible_schedules_and_evicted_files(runs, supervisor, dataset, until):
    baseline = TrainSettings.of(dataset=dataset, hidden=(32, 16), epochs=1)
    pruned = ScheduleSettings(baseline=baseline, target=0.8, fine_tune_epochs=1)
    wanted = [
        pruned,
        ScheduleSettings(baseline=baseline, rule="unpruned", fine_tune_epochs=1),
        ScheduleSettings(baseline=baseline, rule="small", target=0.8, fine_tune_epochs=1),
    ]
    impossible = ScheduleSettings(baseline=baseline, fine_tune_epochs=1, frequency=100)
    for each in (*wanted, impossible):
        runs.submit(each, owner="ann")
    until(lambda: not any(run.state.active for run in runs.all()), seconds=150)
    failed = runs.get(digest(impossible))
    runs.delete(failed.id, owner="ann")
    results = [runs.result(runs.submit(each, owner="ann").id) for each in wanted]
    before = runs.files(results[0]["run"])
    artifacts.evict(runs.database, keep=0)
    runs.submit(pruned, owner="ann")
    until(lambda: not any(run.state.active for run in runs.all()))
    assert failed.error == (  # the line of the command
        "nothing would be pruned: the first update would be at step 100, but the training ends at "
        "step 43; use the automatic frequency"
    )
    assert all(run.state is State.DONE for run in runs.all())
    assert runs.files(results[0]["run"]) == before  # the same bytes again
    methods = [(r["before"]["method"], r["after"]["method"]) for r in results]
    assert methods == [
        ("one-shot", "schedule"),
        ("start", "unpruned"),
        ("start", "small"),
    ]
    assert [bool(r["baseline"]) for r in results] == [True, True, False]
    kept, small = results[0]["after"]["nonzero_parameters"], results[2]["after"]["parameters"]
    assert small == pytest.approx(kept, rel=0.1)
    assert results[1]["achieved"][-1][1] == 0
