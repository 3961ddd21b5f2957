import dataclasses
import io
import re

import pandas as pd
import pytest

from engine.results import reference
from engine.runs import lifecycle
from engine.runs.model import State
from engine.settings import FederateSettings, TrainSettings, digest, flat, quick_federation
from pages.federate import beside, studies, view
from pages.federate.words import CHARTS
from pages.shared.palette import ALGORITHMS
from pages.shared.state import BASED_ON
from tests.pages import fabricated, fabricated_federation
from tests.pages.conftest import OWNER, alts, charts

pytestmark = pytest.mark.usefixtures("mnist")

FORM = "federate-Quick"
SETTINGS = fabricated_federation.SETTINGS


def others(algorithm):
    return SETTINGS.but(algorithm=algorithm)


def test_the_quick_preset_starts_as_it_is(visit, press, runs):
    page = press(visit("federate"), "start-federate")
    assert not page.exception
    assert digest(quick_federation()) in page.query_params["run"]
    assert runs.get(digest(quick_federation())).owner == OWNER


def test_the_split_is_seen_before_it_runs_with_a_figure_for_how_non_iid_it_is(visit, read):
    page = visit("federate")
    assert "80 % non-IID" in read(page)
    assert "10 rounds of 5 clients. The whole network weighs 9.55 MB" in read(page)
    assert next(iter(charts(page))) == CHARTS["split"].alt
    page.get_by_key(f"{FORM}-split").set_value("iid").run()
    assert not page.exception
    assert re.search(r"\*\*[1-5] % non-IID", read(page))


def test_clients_that_chance_leaves_poor_are_told_and_can_be_left_out(visit, read):
    page = visit("federate")
    page.get_by_key(f"{FORM}-split").set_value("dirichlet").run()
    assert "fewer than 2 images" not in read(page)
    page.number_input(key=f"{FORM}-alpha").set_value(0.01).run()
    assert re.search(r"left \d of 10 clients with fewer than 2 images: each was given", read(page))
    page.get_by_key(f"{FORM}-poor").set_value("leave-out").run()
    assert not page.exception
    assert re.search(r"\d of 10 clients had fewer than 2 images: they never take part", read(page))


def test_another_adaptive_server_starts_with_its_own_first_moment(visit, press, runs):
    run = runs.submit(others("fedadagrad"), owner=OWNER)
    page = visit("federate", **{BASED_ON: run.id})
    page.get_by_key(f"federate-{run.id}-algorithms").set_value(["fedadam", "fedadagrad"]).run()
    page = press(page, "start-federate")
    assert not page.exception
    moments = {
        each.parsed.algorithm.name: each.parsed.algorithm.server.first_moment for each in runs.all()
    }
    assert moments == {"fedadam": 0.9, "fedadagrad": 0.0}


def test_several_algorithms_are_started_on_one_split(visit, press, runs):
    page = visit("federate")
    page.get_by_key(f"{FORM}-algorithms").set_value(list(ALGORITHMS)).run()
    page = press(page, "start-federate")
    assert not page.exception
    begun = [run.parsed for run in runs.all()]
    assert len(begun) == len(ALGORITHMS)
    assert {(s.split.name, s.clients, s.seed) for s in begun} == {("labels", 10, 0)}
    assert len("".join(page.query_params["beside"]).split(",")) == len(ALGORITHMS) - 1


def test_a_field_that_is_wrong_gets_one_line_and_nothing_starts(visit, runs):
    page = visit("federate")
    page.text_input(key=f"{FORM}-hidden").set_value("0").run()
    assert "hidden layer must be a whole number" in page.error[0].value
    assert all(button.key != "start-federate" for button in page.button)
    assert runs.all() == []


def test_no_algorithm_is_refused(visit):
    page = visit("federate")
    page.get_by_key(f"{FORM}-algorithms").set_value([]).run()
    assert "at least one algorithm" in page.error[0].value


@pytest.mark.parametrize("algorithm", ["local", "fedavg", "sub-fedavg"])
def test_a_federation_is_shown_with_those_on_the_same_clients(visit, read, runs, algorithm):
    fabricated_federation.federation(runs, others("fedavg-finetune"), owner="somebody")
    stranger = dataclasses.replace(SETTINGS, seed=7)
    fabricated_federation.federation(runs, stranger, owner="somebody")
    run = fabricated_federation.federation(runs, others(algorithm), owner=OWNER)
    page = visit("federate", run=run.id)
    assert not page.exception
    assert not page.error
    assert len(page.get_by_key(f"beside-{run.id}").value) == 1
    assert "On own labels, mean" in [metric.label for metric in page.metric]


def test_while_it_runs_its_rounds_are_shown_with_progress(visit, runs):
    run = fabricated_federation.federation(runs, rounds=2, owner=OWNER)
    page = visit("federate", run=run.id)
    assert not page.exception
    assert "round 2 of 3" in page.get("progress")[0].proto.text
    assert any(button.key == f"cancel-{run.id}" for button in page.button)


def test_the_settings_of_a_run_fill_the_form_again(visit, press, runs):
    settings = SETTINGS.but(test_images=50, server="yogi", tau=0.01, seed=5)
    run = fabricated_federation.federation(runs, settings, owner=OWNER)
    page = press(visit("federate", run=run.id), "another")
    assert not page.exception
    page = press(page, "start-federate")
    assert run.id in page.query_params["run"]


def test_the_list_of_runs_tells_what_a_federation_reached(visit, read, runs):
    fabricated_federation.federation(runs, owner=OWNER)
    page = visit("runs")
    assert not page.exception
    assert "own labels 96.50 % · 3 rounds" in read(page)


def test_every_preset_is_a_run_that_can_be_described(visit, press, runs):
    page = press(visit("federate", preset="Paper"), "start-federate")
    assert not page.exception
    begun = runs.all()[0].parsed
    assert isinstance(begun, FederateSettings)
    assert (begun.clients, begun.fraction, flat(begun)["weighting"]) == (100, 0.1, "equal")


VIEWS = {
    "Accuracy": ("personal", "server", "tail", "gains", "spread"),
    "Communication": ("traffic", "by_form", "forms"),
    "Links": ("timeline", "against_time"),
    "Subnetworks": (
        "densities",
        "orphans",
        "label_overlap",
        "mask_excess",
        "excess_by_layer",
        "keeper_counts",
        "keepers",
    ),
    "Gates": ("reasons", "distances"),
    "Clients": ("labels", "course", "client_confusion", "mask"),
}
"""The charts of each view."""

WITHOUT_PRUNING = {
    **VIEWS,
    "Accuracy": ("personal", "server", "tail", "spread"),
    "Subnetworks": (),
    "Gates": (),
    "Clients": ("labels", "course", "client_confusion"),
}
"""Those of a federation that does not prune, with nothing beside it."""

INSTEAD = {
    "Accuracy": "Appears once this federation and **Local only**",
    "Subnetworks": "Every client keeps the whole network",
    "Gates": "Nothing is pruned here",
}


@pytest.mark.parametrize(("part", "topics"), list(VIEWS.items()))
def test_every_view_is_drawn_and_stands_in_the_url(visit, runs, part, topics):
    fabricated_federation.federation(runs, others("local"), owner="somebody")
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = visit("federate", run=run.id, part=part)
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == alts(CHARTS, *topics)


@pytest.mark.parametrize(("part", "topics"), list(WITHOUT_PRUNING.items()))
def test_what_does_not_prune_draws_the_rest_and_says_why(visit, read, runs, part, topics):
    run = fabricated_federation.federation(runs, others("fedavg"), owner=OWNER)
    page = visit("federate", run=run.id, part=part)
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == alts(CHARTS, *topics)
    assert INSTEAD.get(part, "") in read(page)


@pytest.mark.parametrize(("part", "topics"), list(WITHOUT_PRUNING.items()))
def test_clients_that_train_alone_send_nothing(visit, read, runs, part, topics):
    run = fabricated_federation.federation(runs, others("local"), owner=OWNER)
    page = visit("federate", run=run.id, part=part)
    assert not page.exception
    assert not page.error
    sends = part == "Communication"
    assert list(charts(page)) == alts(CHARTS, *(("traffic",) if sends else topics))
    assert ("Nothing travels: each client trains alone" in read(page)) is sends


@pytest.mark.parametrize(("part", "topics"), list(VIEWS.items()))
def test_every_view_is_drawn_while_it_runs(visit, runs, part, topics):
    run = fabricated_federation.federation(runs, rounds=1, owner=OWNER)
    page = visit("federate", run=run.id, part=part)
    assert not page.exception
    drawn = ("personal", "server", "tail") if part == "Accuracy" else topics
    assert list(charts(page)) == alts(CHARTS, *drawn)


def times(page):
    return {metric.label: metric.value for metric in page.metric}


def test_a_link_is_chosen_and_the_same_rounds_answer_at_once(visit, runs):
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = visit("federate", run=run.id, part="Links")
    assert times(page)["Visits past the deadline"] == "0 %"
    page.get_by_key("link").set_value("own").run()
    page.number_input(key="link-up").set_value(0.01).run()
    page.number_input(key="link-deadline").set_value(5.0).run()
    assert not page.exception
    assert times(page)["A round, mean"] == "5 s"
    assert times(page)["Visits past the deadline"] == "75 %"


def test_a_link_that_cannot_be_gets_one_line(visit, runs):
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = visit("federate", run=run.id, part="Links", link="Own")
    page.number_input(key="link-up").set_value(0.0).run()
    assert "upload must be a number from 0.001" in page.error[0].value.replace("\\", "")


def test_what_is_missing_of_the_baselines_starts_with_one_press(visit, press, runs):
    fabricated_federation.federation(runs, others("local"), owner="somebody")
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = press(visit("federate", run=run.id), "baselines")
    assert not page.exception
    ids = {each.id for each in runs.all()}
    assert {digest(others("fedavg")), digest(others("fedavg-finetune"))} <= ids
    assert all(button.key != "baselines" for button in page.button)
    assert len(page.get_by_key(f"beside-{run.id}").value) == 3


def test_those_that_trained_otherwise_are_offered_but_not_drawn_unasked(visit, runs):
    alike = fabricated_federation.federation(runs, others("local"), owner="somebody")
    longer = dataclasses.replace(others("fedavg"), rounds=2)
    fabricated_federation.federation(runs, longer, owner="somebody")
    run = fabricated_federation.federation(runs, owner=OWNER)
    pills = visit("federate", run=run.id).get_by_key(f"beside-{run.id}")
    assert pills.value == [alike.id]
    assert len(pills.options) == 2


def test_the_url_says_what_is_drawn_beside(visit, runs):
    other = fabricated_federation.federation(runs, others("fedavg"), owner="somebody")
    fabricated_federation.federation(runs, others("local"), owner="somebody")
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = visit("federate", run=run.id, beside=f"{other.id},nonsense")
    assert page.get_by_key(f"beside-{run.id}").value == [other.id]


def test_any_client_can_be_opened(visit, runs):
    run = fabricated_federation.federation(runs, owner=OWNER)
    page = visit("federate", run=run.id, part="Clients")
    page.selectbox(key="client").set_value(3).run()
    assert not page.exception
    assert list(charts(page)) == alts(CHARTS, "labels", "course")  # it never answered


def test_a_cancelled_federation_keeps_its_rounds(visit, runs):
    run = fabricated_federation.federation(runs, rounds=1, owner=OWNER)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.CANCELLED)
    page = visit("federate", run=run.id)
    assert not page.exception
    assert list(charts(page)) == alts(CHARTS, "personal", "server", "tail")
    assert any(button.key == f"again-{run.id}" for button in page.button)


def test_a_failed_federation_says_why(visit, runs):
    run = fabricated_federation.federation(runs, rounds=0, owner=OWNER)
    error = "clients must be at most 5"
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.FAILED, error=error)
    page = visit("federate", run=run.id)
    assert not page.exception
    assert error in page.error[0].value.replace("\\", "")


def test_another_kind_of_run_opens_on_its_own_page(visit, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3)
    page = visit("federate", run=run.id)
    assert not page.exception
    assert any(button.key == "sweep-this" for button in page.button)


def test_tables_that_are_taken_home_hold_every_round_and_client():
    rounds = [fabricated_federation.round_row(SETTINGS, number) for number in (1, 2, 3)]
    table = pd.read_csv(io.BytesIO(view.rounds_csv(rounds)))
    assert list(table["round"]) == [1, 2, 3]
    table = pd.read_csv(io.BytesIO(view.clients_csv(rounds)))
    assert len(table) == 12
    assert list(table["labels"][:2]) == ["0 1", "1 2"]


def test_a_page_waits_for_those_beside_and_starts_the_shown_one_first(visit, press, runs):
    page = visit("federate")
    page.get_by_key(f"{FORM}-algorithms").set_value(["local", "unstructured"]).run()
    page = press(page, "start-federate")
    oldest = min(runs.all(), key=lambda run: run.created)
    assert oldest.parsed.algorithm.name == "sub-fedavg"
    assert oldest.id in page.query_params["run"]
    assert [run for run in runs.all() if beside.same_ground(run)] == runs.all()


@pytest.fixture
def shipped(monkeypatch):
    """A study that ships with the project: rounds without clients, as small files need it."""
    made = {"date": "2026-11-25", "command": "python -m tools", "recompressed": True}
    found = {"made": made, "federations": [fabricated_federation.result(s) for s in STUDY]}
    monkeypatch.setattr(reference, "available", lambda: ("federated-cifar-10", "mnist"))
    load = reference.load
    monkeypatch.setattr(reference, "load", lambda n: found if "federated" in n else load(n))


STUDY = [SETTINGS, others("local"), others("fedavg")]


def test_what_ships_along_is_shown_before_anything_ran(visit, read, shipped):
    page = visit("federate")
    assert not page.exception
    assert "A recompressed copy of CIFAR-10" in read(page)
    assert list(charts(page)) == alts(CHARTS, "split", "study_personal", "server", "traffic")
    table = page.dataframe[0].value
    assert list(table["Algorithm"]) == ["Sub-FedAvg, weights", "Local only", "FedAvg"]
    assert list(table["Own labels (%)"]) == [96.5, 94.0, 91.5]


def test_the_overview_shows_what_federations_cost(visit, read, shipped):
    page = visit("overview")
    assert not page.exception
    assert "Pruned apart, trained together" in read(page)
    assert list(charts(page))[-1] == CHARTS["traffic"].alt
    assert [trace["name"] for trace in charts(page)[CHARTS["traffic"].alt]] == [
        "Sub-FedAvg, weights",
        "Local only",
        "FedAvg",
    ]


def test_the_names_of_studies_are_words():
    assert studies.title_of_study("federated-fashion-mnist") == "Fashion-MNIST"
    assert studies.title_of_study("federated-mnist-published") == "MNIST, published"
    assert studies.title_of_study("federated-published") == "published"


def test_studies_come_in_the_order_of_the_data_sets_then_the_others(monkeypatch):
    named = ["cifar-10", "fashion-mnist", "mnist", "mnist-published"]
    shipped = ("federated-", *(f"federated-{name}" for name in named), "mnist", "paper")
    monkeypatch.setattr(reference, "available", lambda: shipped)
    wanted = ["mnist", "fashion-mnist", "cifar-10", "", "mnist-published"]
    assert studies.names() == [f"federated-{name}" for name in wanted]


def test_a_study_tells_what_its_federations_have_in_common_and_how_they_prune():
    made, series = studies.study("federated-mnist-published")
    line, _, _ = studies.made_how(made, series).partition(" · ")
    assert line == (
        "MNIST, 100 clients with 2 shards each, 10 in each of 50 rounds, 5 local epochs in batches "
        "of 10, learning rate 0.01, pruned by 10 % a step to 50 %, units of the hybrid by 10 % to "
        "25 %"
    )
    alone = [each for each in series if not each.settings.algorithm.prunes]
    assert studies.made_how(made, alone).partition(" · ")[0].endswith("learning rate 0.01")
