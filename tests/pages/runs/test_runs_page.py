import pytest
import sqlalchemy as sa

from engine.runs.database import RUNS
from engine.runs.model import State
from engine.settings import SweepSettings, TrainSettings
from pages.shared.kinds import UNKNOWN
from tests.pages import fabricated
from tests.pages.conftest import OWNER, charts

SMALL = SweepSettings(methods=("weight",), sparsities=(0.5, 0.9))


def test_an_empty_store_says_what_to_do(visit, read):
    page = visit("runs")
    assert not page.exception
    assert "Nothing here yet" in read(page)
    assert len(page.get("page_link")) == 2  # start one; what this is


def test_everyones_finished_and_ones_own_unfinished_runs_are_listed(visit, runs):
    finished = fabricated.training(runs, TrainSettings(seed=1), epochs=3, owner="other")
    hidden = fabricated.training(runs, TrainSettings(seed=2), epochs=1, owner="other")
    mine = fabricated.training(runs, TrainSettings(seed=3), epochs=1, owner=OWNER)
    keys = {button.key for button in visit("runs").button}
    assert {f"open-{finished.id}", f"open-{mine.id}", f"cancel-{mine.id}"} <= keys
    assert f"open-{hidden.id}" not in keys
    assert f"delete-{finished.id}" not in keys


def test_a_sweep_whose_baseline_trains_says_so(visit, read, runs):
    sweep = runs.submit(SMALL, owner=OWNER)
    page = visit("runs", kind="Sweep")
    assert "waits for its turn" in read(page)
    assert ":blue-badge[:material/schedule: queued]" in read(page)
    fabricated.training(runs, SMALL.baseline, epochs=1, owner="other")
    page = visit("runs", kind="Sweep")
    assert "trains its baseline: epoch 2 of 3 · 33 %" in read(page).replace("\\", "")
    assert ":violet-badge[:material/play_circle: running]" in read(page)
    assert runs.get(sweep.id).state is State.QUEUED  # cancelled and resumed as what it is


def test_filters_come_from_the_url(visit, runs):
    sweep = fabricated.finished_sweep(runs, SMALL, owner="other")
    opened = {b.key for b in visit("runs", kind="Sweep").button if b.key.startswith("open-")}
    assert opened == {f"open-{sweep.id}"}


def test_a_filter_without_match_says_so(visit, read, runs):
    fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    assert "No match" in read(visit("runs", q="nothing like this"))


def test_open_goes_to_the_run(visit, press, runs):
    sweep = fabricated.finished_sweep(runs, SMALL, owner="other")
    page = press(visit("runs"), f"open-{sweep.id}")
    assert not page.exception
    assert sweep.id in page.query_params["run"]
    assert page.title[0].value.startswith("MNIST")
    assert any(alt.startswith("Test loss in nats") for alt in charts(page))


def test_ones_own_run_can_be_pinned_and_unpinned(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = press(visit("runs"), f"pin-{run.id}")
    assert runs.get(run.id).pinned
    press(page, f"unpin-{run.id}")
    assert not runs.get(run.id).pinned


def test_the_room_for_files_is_what_the_operator_set(visit, read, runs, monkeypatch):
    monkeypatch.setenv("PRUNESCOPE_QUOTA_GB", "2.5")
    fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    assert "of 2.50 GB" in read(visit("runs"))


def test_delete_asks_first(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = press(visit("runs"), f"delete-{run.id}")
    assert runs.get(run.id).state is State.DONE
    press(page, f"really-{run.id}")
    assert runs.all() == []


def test_a_run_deleted_elsewhere_while_a_dialog_is_open_is_mentioned_once(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = press(visit("runs"), f"delete-{run.id}")
    runs.delete(run.id, owner=OWNER)
    page.run()
    assert [f"there is no run {run.id}" in error.value for error in page.error] == [True]
    page.run()
    assert not page.error
    assert not page.exception


def test_a_run_can_be_named_but_not_with_markup(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = press(visit("runs"), f"rename-{run.id}")
    page.text_input(key=f"name-{run.id}").set_value("<script>alert(1)</script>").run()
    page = press(page, f"save-{run.id}")
    assert "name must be up to 60 letters" in page.error[0].value
    assert runs.get(run.id).name == ""
    page.text_input(key=f"name-{run.id}").set_value("Lecture 3").run()
    press(page, f"save-{run.id}")
    assert runs.get(run.id).name == "Lecture 3"


def test_ones_own_running_run_can_be_cancelled(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=1, owner=OWNER)
    press(visit("runs"), f"cancel-{run.id}")
    assert runs.get(run.id).cancel_requested


def test_more_runs_than_fit_are_paged(visit, runs):
    for seed in range(10):
        fabricated.training(runs, TrainSettings(seed=seed, epochs=1), epochs=1, owner=OWNER)
    page = visit("runs")
    assert sum(b.key.startswith("open-") for b in page.button) == 8
    second = visit("runs", page="2")
    assert sum(b.key.startswith("open-") for b in second.button) == 2


def test_a_run_in_a_state_of_another_version_is_shown_as_such_and_takes_no_page_down(
    visit, read, runs
):
    ours = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    with runs.database.write() as connection:
        for run in (ours.id, ours.needs):
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(state="paused"))
    page = visit("runs")
    assert ":gray-badge[:material/question_mark: unknown]" in read(page)
    assert {f"open-{ours.id}", f"delete-{ours.id}"} <= {button.key for button in page.button}
    parts = {"sweep": ours.id, "train": ours.needs, "explore": ours.needs}
    for name in ("overview", "paper", "schedule", "export", "federate", "compare", *parts):
        page = visit(name, run=parts.get(name, ours.id), runs=f"{ours.id},{ours.needs}")
        assert not page.exception, name
    assert "unknown" in read(visit("sweep", run=ours.id))


@pytest.mark.parametrize(("kind", "values"), [("search", {}), ("sweep", {"methods": ["gradient"]})])
def test_a_run_of_another_version_is_shown_as_such_and_takes_no_page_down(
    visit, read, runs, kind, values
):
    ours = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    other = fabricated.training(runs, TrainSettings(seed=9), epochs=3, owner=OWNER)
    with runs.database.write() as connection:
        changed = {"kind": kind, "settings": values}
        connection.execute(sa.update(RUNS).where(RUNS.c.id == other.id).values(changed))
    page = visit("runs")
    assert not page.exception
    assert f"A run that {UNKNOWN}" in read(page)
    keys = {button.key for button in page.button}
    assert {f"open-{ours.id}", f"delete-{other.id}"} <= keys
    assert f"open-{other.id}" not in keys
    for name in ("sweep", "train", "explore", "export", "compare"):
        page = visit(name, run=other.id, runs=f"{ours.id},{other.id}")
        assert not page.exception, name
    assert UNKNOWN in read(visit("sweep", run=other.id)) or kind != "sweep"
