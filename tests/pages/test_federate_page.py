import dataclasses
import re

import pytest

from engine.settings import FederateSettings, digest, quick_federation
from pages.components.palette import ALGORITHMS
from tests.pages import fabricated_federation
from tests.pages.conftest import OWNER

FORM = "federate-Quick"
SETTINGS = fabricated_federation.SETTINGS


def others(algorithm):
    return dataclasses.replace(SETTINGS, algorithm=algorithm)


def test_the_quick_preset_starts_as_it_is(visit, press, runs):
    page = press(visit("federate.py"), "start-federate")
    assert not page.exception
    assert digest(quick_federation()) in page.query_params["run"]
    assert runs.get(digest(quick_federation())).owner == OWNER


def test_the_split_is_seen_before_it_runs_with_a_figure_for_how_non_iid_it_is(visit, read):
    page = visit("federate.py")
    assert "80 % non-IID" in read(page)
    assert len(page.get("plotly_chart")) == 1
    page.get_by_key(f"{FORM}-split").set_value("iid").run()
    assert not page.exception
    assert re.search(r"\*\*[1-5] % non-IID", read(page))


def test_several_algorithms_are_started_on_one_split(visit, press, runs):
    page = visit("federate.py")
    page.get_by_key(f"{FORM}-algorithms").set_value(list(ALGORITHMS)).run()
    page = press(page, "start-federate")
    assert not page.exception
    begun = [run.parsed for run in runs.all()]
    assert len(begun) == len(ALGORITHMS)
    assert {(s.split, s.clients, s.seed) for s in begun} == {("labels", 10, 0)}
    assert len("".join(page.query_params["beside"]).split(",")) == len(ALGORITHMS) - 1


def test_a_field_that_is_wrong_gets_one_line_and_nothing_starts(visit, runs):
    page = visit("federate.py")
    page.text_input(key=f"{FORM}-hidden").set_value("0").run()
    assert "hidden layer must be a whole number" in page.error[0].value
    assert all(button.key != "start-federate" for button in page.button)
    assert runs.all() == []


def test_no_algorithm_is_refused(visit):
    page = visit("federate.py")
    page.get_by_key(f"{FORM}-algorithms").set_value([]).run()
    assert "at least one algorithm" in page.error[0].value


@pytest.mark.parametrize("algorithm", ["local", "fedavg", "sub-fedavg"])
def test_a_federation_is_shown_with_those_on_the_same_clients(visit, read, runs, algorithm):
    fabricated_federation.federation(runs, others("fedavg-finetune"), owner="somebody")
    stranger = dataclasses.replace(SETTINGS, seed=7)
    fabricated_federation.federation(runs, stranger, owner="somebody")
    run = fabricated_federation.federation(runs, others(algorithm), owner=OWNER)
    page = visit("federate.py", run=run.id)
    assert not page.exception
    assert not page.error
    assert len(page.get_by_key(f"beside-{run.id}").value) == 1
    assert "On own labels" in [metric.label for metric in page.metric]


def test_while_it_runs_its_rounds_are_shown_with_progress(visit, runs):
    run = fabricated_federation.federation(runs, rounds=2, owner=OWNER)
    page = visit("federate.py", run=run.id)
    assert not page.exception
    assert "round 2 of 3" in page.get("progress")[0].proto.text
    assert any(button.key == f"cancel-{run.id}" for button in page.button)


def test_the_settings_of_a_run_fill_the_form_again(visit, press, runs):
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = press(visit("federate.py", run=run.id), "another")
    assert not page.exception
    page = press(page, "start-federate")
    assert run.id in page.query_params["run"]


def test_the_list_of_runs_tells_what_a_federation_reached(visit, read, runs):
    fabricated_federation.federation(runs, owner=OWNER)
    page = visit("runs.py")
    assert not page.exception
    assert "own labels 96.50 % · 3 rounds" in read(page)


def test_every_preset_is_a_run_that_can_be_described(visit, press, runs):
    page = press(visit("federate.py", preset="Paper"), "start-federate")
    assert not page.exception
    begun = runs.all()[0].parsed
    assert isinstance(begun, FederateSettings)
    assert (begun.clients, begun.fraction, begun.weighting) == (100, 0.1, "equal")
