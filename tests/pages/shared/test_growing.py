import dataclasses
from typing import cast

from engine.runs import records
from engine.runs.service import Runs
from engine.settings import TrainSettings
from pages.shared import cached
from tests.pages import fabricated


def write(runs, run, *numbers):
    records.write(runs.database, run.id, "step", dict(map(fabricated.step, numbers)))


def test_rows_come_in_order_and_rewritten_ones_once(runs):
    run = runs.submit(TrainSettings(), owner="me")
    growing = cached.Growing(run.id, "step")
    assert growing.rows(runs) == []
    for numbers in ((50, 100), (150,), (100,), ()):
        write(runs, run, *numbers)
        whole = cached.Growing(run.id, "step").rows(runs)
        assert growing.rows(runs) == whole
    assert [row["step"] for row in whole] == [50, 100, 150]


def test_a_row_is_read_from_the_store_once(runs):
    run = runs.submit(TrainSettings(), owner="me")
    asked = []

    class Watched:
        def records(self, *arguments, **options):
            found = runs.records(*arguments, **options)
            asked.append(len(found))
            return found

    growing = cached.Growing(run.id, "step")
    for numbers in ((50, 100), (150,), ()):
        write(runs, run, *numbers)
        growing.rows(cast("Runs", Watched()))
    assert asked == [2, 1, 0]


def test_a_run_that_was_deleted_and_made_anew_starts_without_rows(runs):
    run = runs.submit(TrainSettings(), owner="me")
    write(runs, run, 50, 100)
    assert len(cached.rows(run, "step")) == 2
    runs.cancel(run.id, owner="me")
    runs.delete(run.id, owner="me")
    again = runs.submit(TrainSettings(), owner="me")
    assert again == dataclasses.replace(run, created=again.created)
    assert cached.rows(again, "step") == []
