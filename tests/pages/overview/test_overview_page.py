import pytest

from engine.results import reference
from engine.runs.model import State
from engine.settings import SweepSettings, digest
from pages.federate import studies
from pages.federate.words import CHARTS as FEDERATED
from pages.sweep.words import CHARTS as SWEPT
from tests.pages.conftest import alts, charts

DRAWN = alts(
    SWEPT, "accuracy", "loss", "zipped", "raw", x="sparsity K, %", model="TFLite float32"
) + alts(FEDERATED, "traffic")


def test_the_overview_is_never_empty(visit, read):
    page = visit()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "What does pruning cost, and what does it buy?"
    assert len(page.metric) == 5
    assert list(charts(page)) == DRAWN
    assert len(page.image) == 4
    assert "Weight pruning" in read(page)


def test_one_press_submits_the_default_sweep_and_opens_it(visit, press, runs):
    page = press(visit(), "start-default")
    assert not page.exception
    run = runs.get(digest(SweepSettings()))
    assert run.state is State.QUEUED
    assert runs.get(run.needs).kind == "train"
    assert run.id in page.query_params["run"]


STUDIES = {
    "federated-mnist": "MNIST",
    "federated-fashion-mnist": "Fashion-MNIST",
    "federated-cifar-10": "CIFAR-10",
    "federated-mnist-published": "MNIST, published",
}
"""What ships along, in the order of the choice, with the names that stand in the URL."""

COMPARED = [
    "Local only",
    "FedAvg + fine-tuning",
    "Sub-FedAvg, weights",
    "Sub-FedAvg, units",
    "Sub-FedAvg, hybrid",
]


def told(page):
    """The caption that says how the chosen study was made."""
    return next(
        each.value for each in page.caption if "tools.make_reference federated" in each.value
    )


def test_all_studies_are_offered_and_mnist_is_shown_first(visit):
    choice = visit().get_by_key("study")
    assert list(choice.options) == list(STUDIES.values())
    assert choice.value == "federated-mnist"


def test_all_studies_are_seen_at_a_glance_whatever_is_chosen(visit, read):
    page = visit(study="Fashion-MNIST")
    shown = [
        title.replace("CIFAR-10", "CIFAR-10, a recompressed copy") for title in STUDIES.values()
    ]
    assert [table.proto.alt.partition(":")[0] for table in page.table] == shown
    assert all(f"**{title}**" in read(page) for title in shown)
    for name, table in zip(STUDIES, page.table, strict=True):
        found = reference.load(name)["federations"]
        finals = [f["final"] for f in found if f["settings"]["algorithm"] != "fedavg"]
        sent = [100 * final["bytes_total"] / finals[1]["bytes_total"] for final in finals]
        accuracies = [f"{100 * final['mean_accuracy']:.2f} %" for final in finals]
        assert table.value["Accuracy"].tolist() == accuracies
        assert table.value["Bytes"].tolist() == [f"{share:.0f} %" for share in sent]
        assert table.value["Algorithm"].tolist() == COMPARED


def test_the_figures_of_mnist_are_those_of_the_readme(visit):
    table = visit().table[0].value
    assert table["Accuracy"].tolist() == ["98.37 %", "98.60 %", "98.35 %", "98.42 %", "98.41 %"]
    assert table["Bytes"].tolist() == ["0 %", "100 %", "57 %", "39 %", "49 %"]


def test_without_fine_tuning_there_is_nothing_to_take_a_share_of():
    _, series = studies.study("federated-mnist")
    rest = [each for each in series if each.settings.algorithm.name != "fedavg-finetune"]
    found = studies.at_a_glance(rest)
    assert list(found) == ["Algorithm", "Accuracy"]
    assert found["Algorithm"].tolist() == [name for name in COMPARED if "tuning" not in name]


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
    assert list(charts(page)) == DRAWN


def test_another_study_is_shown_as_soon_as_it_is_chosen(visit):
    page = visit().get_by_key("study").set_value("federated-fashion-mnist").run()
    assert told(page).startswith("Fashion-MNIST, 20 clients")


@pytest.mark.parametrize("nonsense", ["", "federated-mnist", "../mnist", "<script>"])
def test_a_study_that_there_is_not_is_the_first_one(visit, nonsense):
    page = visit(study=nonsense)
    assert not page.exception
    assert told(page).startswith("MNIST, 20 clients")
