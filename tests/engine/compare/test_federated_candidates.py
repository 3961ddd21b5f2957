"""What a federation offers to compare, and that personal and global accuracy stay apart."""

import pytest

from engine.compare.adapters import candidates, separable
from engine.compare.answers import smallest
from engine.compare.reproduce import command
from engine.compare.spread import groups
from engine.results.points import to_json
from engine.settings import FederateSettings, SweepSettings, digest
from tests.pages import fabricated

SETTINGS = FederateSettings.of(rounds=2, target=0.3)
FINAL = {
    "mean_accuracy": 0.98,
    "worst_decile_accuracy": 0.9,
    "global_accuracy": 0.7,
    "bytes_total": 123,
    "client_accuracy": [0.98],
    "clients": [],
}


def result(final, settings=SETTINGS):
    return {"run": digest(settings), "rounds": [], "split": None, "final": final}


def test_a_federation_offers_the_clients_networks_and_the_servers():
    found = candidates(SETTINGS, result(FINAL))
    assert [(c.key, c.accuracy, c.costs["traffic"]) for c in found] == [
        ("personal", 0.98, 123),
        ("server", 0.7, 123),
    ]
    assert found[0].label == "sub-fedavg (unstructured), mean of the clients' own networks"


def test_validation_images_of_the_clients_choose_among_federations():
    told = {"validation_images": 200, "validation_accuracy": 0.97}
    found = candidates(SETTINGS, result(FINAL | told | {"global_validation_accuracy": 0.65}))
    assert [c.validation and (c.validation.images, c.validation.right) for c in found] == [
        (200, 194),
        (200, 130),
    ]
    worse = candidates(
        other := FederateSettings.of(rounds=3, target=0.3),
        result(FINAL | told | {"validation_accuracy": 0.5, "bytes_total": 9}, other),
    )
    mine = [each for each in (*found, *worse) if each.key == "personal"]
    answer = smallest(groups(mine), "traffic", lose=0.01)
    assert answer.pick is not None  # not the cheapest: it loses against the best of the two
    assert answer.pick.first.costs["traffic"] == 123
    assert answer.pick.evidence.sentence == "On 200 validation images 97.00 % are right."
    assert [c.validation for c in candidates(SETTINGS, result(FINAL))] == [None, None]


def test_without_a_server_there_is_no_server_network():
    local = FederateSettings.of(algorithm="local")
    found = candidates(local, result(FINAL | {"global_accuracy": None}, local))
    assert [c.key for c in found] == ["personal"]


def test_nothing_is_offered_before_the_end():
    assert candidates(SETTINGS, result(None)) == []


def test_personal_accuracy_is_not_set_beside_accuracy_on_all_labels():
    sweep = SweepSettings(methods=("unit",), sparsities=(0.5,))
    baseline, *points = map(to_json, fabricated.points(sweep))
    others = candidates(sweep, {"run": digest(sweep), "baseline": baseline, "points": points})
    federated = candidates(SETTINGS, result(FINAL))
    assert separable(federated) == federated
    assert {c.key for c in separable(federated + others)} >= {"server", "baseline"}
    assert "personal" not in {c.key for c in separable(federated + others)}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (FederateSettings(), "python -m engine federate"),
        (
            FederateSettings.of(step=0.2, target=0.3, clients=20, split="labels"),
            "python -m engine federate --target 30 --step 20 --clients 20 --split labels",
        ),
    ],
)
def test_the_command_makes_the_federation_again(settings, line):
    assert command(settings) == line
