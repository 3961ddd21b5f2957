import pytest

from engine import reference
from engine.runs.model import State
from engine.settings import SweepSettings, digest
from pages.components import cached_federation


def test_the_overview_is_never_empty(visit, read):
    page = visit()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "What does pruning cost, and what does it buy?"
    assert len(page.metric) == 5
    assert len(page.get("plotly_chart")) == 4 + 3 * bool(cached_federation.studies())
    assert len(page.image) == 4
    assert "Weight pruning" in read(page)


def test_one_press_submits_the_default_sweep_and_opens_it(visit, press, runs):
    page = press(visit(), "start-default")
    assert not page.exception
    run = runs.get(digest(SweepSettings()))
    assert run.state is State.QUEUED
    assert runs.get(run.needs).kind == "train"
    assert run.id in page.query_params["run"]


def test_every_chart_has_a_text_for_those_who_cannot_see_it(visit):
    charts = visit().get("plotly_chart")
    assert all(chart.proto.alt for chart in charts)
    assert len({chart.proto.alt for chart in charts}) == len(charts)


STUDIES = {
    "federated-mnist": "MNIST",
    "federated-fashion-mnist": "Fashion-MNIST",
    "federated-cifar-10": "CIFAR-10",
    "federated-mnist-published": "MNIST, published",
}
"""What ships along, in the order of the choice, with the names that stand in the URL."""


def told(page):
    """The caption that says how the chosen study was made."""
    return next(
        each.value for each in page.caption if "tools.make_reference federated" in each.value
    )


def test_all_studies_are_offered_and_mnist_is_shown_first(visit):
    choice = visit().get_by_key("study")
    assert list(choice.options) == list(STUDIES.values())
    assert choice.value == "federated-mnist"


@pytest.mark.parametrize("name", STUDIES)
def test_the_url_chooses_a_study_with_its_figures_settings_date_and_command(visit, name):
    page = visit(study=STUDIES[name])
    assert not page.exception
    made, federations = reference.load(name)["made"], reference.load(name)["federations"]
    accuracies = [round(100 * each["final"]["mean_accuracy"], 2) for each in federations]
    assert list(page.dataframe[0].value["Own labels (%)"]) == pytest.approx(accuracies)
    assert told(page).endswith(f"· {made['date']}, `{made['command']}`")
    clients, rounds = federations[0]["settings"]["clients"], len(federations[0]["rounds"])
    assert f"{clients} clients with 2 " in told(page)
    assert f"in each of {rounds} rounds" in told(page)
    assert told(page).startswith("A recompressed copy of ") is (name == "federated-cifar-10")
    assert len(page.get("plotly_chart")) == 7


def test_another_study_is_shown_as_soon_as_it_is_chosen(visit):
    page = visit().get_by_key("study").set_value("federated-fashion-mnist").run()
    assert told(page).startswith("Fashion-MNIST, 20 clients")


@pytest.mark.parametrize("nonsense", ["", "federated-mnist", "../mnist", "<script>"])
def test_a_study_that_there_is_not_is_the_first_one(visit, nonsense):
    page = visit(study=nonsense)
    assert not page.exception
    assert told(page).startswith("MNIST, 20 clients")
