"""The page Paper on the shipped study, and on one that this machine has made up."""

import pytest

from engine.paper import study
from engine.paper.published import PUBLISHED
from engine.results import reference
from engine.runs.model import State
from engine.settings import digest
from pages.paper import charts
from tests.pages.conftest import OWNER

pytestmark = pytest.mark.timeout(120)


def test_every_published_figure_stands_beside_a_measured_one(visit, read):
    page = visit("paper")
    assert not page.exception
    tables = [table.value for table in page.table]
    assert [len(table) for table in tables] == [3, 3, 3, 3]
    assert tables[0]["Published"].tolist() == ["78,039 B", "48,338 B", "48,883 B"]
    assert tables[3]["Published"].tolist() == ["98.07 %", "98.06 %", "97.04 %"]
    assert "4 epochs" in read(page)


def test_the_shipped_study_reaches_what_it_is_asked_to_reach():
    found = reference.load("paper")
    cells = [cell for row in found["rows"].values() for cell in row.values()]
    assert len(cells) == 4 * len(PUBLISHED)
    assert all(cell["reached"] for cell in cells)
    assert found["same_order"]
    assert len(found["seeds"]) == 3


def test_both_claims_are_shown_with_what_was_compared(visit):
    page = visit("paper")
    ratios = {metric.label: metric.value for metric in page.metric}
    assert ratios["Half of the units removed, Keras file, zipped"] == "3.00×"
    assert len([label for label in ratios if "zipped" in label]) == 6


def test_pruning_starts_after_the_baseline_s_epochs():
    chart = charts.learning(reference.load("paper")["curves"], "accuracy")
    lines = [shape for shape in chart.layout.shapes if shape.type == "line"]
    assert [line.x0 for line in lines] == [4.5]
    assert {len(trace.x) for trace in chart.data} == {6, 4}


def test_one_press_queues_the_whole_study_and_another_cancels_it(visit, press, runs, read):
    page = press(visit("paper"), "start-study")
    wanted = [digest(settings) for settings in study.runs(study.SEEDS)]
    assert {runs.get(run).state for run in wanted} == {State.QUEUED}
    assert {runs.get(run).owner for run in wanted} == {OWNER}
    assert page.button(key="start-study").disabled
    page = press(page, "cancel-study")
    assert {runs.get(run).state for run in wanted} == {State.CANCELLED}
    assert not page.button(key="start-study").disabled


def test_each_data_set_has_the_command_that_makes_its_results(visit):
    page = visit("paper").get_by_key("data").set_value("cifar-10").run()
    assert not page.exception
    assert "--dataset cifar-10" in page.code[0].value
