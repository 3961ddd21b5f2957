"""The comparisons that ship: one split for all, and enough kept to be drawn."""

from typing import Any

import pytest

from engine.results import reference
from engine.settings import FederateSettings, digest, options
from tools.federated_study import FINAL, canaries, comparison, kept, published

SPLIT = ("data", "clients", "fraction", "split", "amounts", "seed")


@pytest.mark.parametrize("made", [comparison("mnist"), comparison("cifar-10"), published()])
def test_all_federations_of_a_comparison_share_split_and_seed(made):
    assert len({digest(each) for each in made}) == len(made) == 6
    assert len({tuple(getattr(each, name) for name in SPLIT) for each in made}) == 1


def test_what_is_kept_of_a_round_has_means_but_no_clients():
    row: dict[str, Any] = {
        "round": 1,
        "mean_accuracy": 0.9,
        "global_accuracy": None,
        "orphan_fraction": 0.1,
    }
    row |= {"bytes_up": 3, "bytes_down": 4, "clients": [{"density": 0.5}, {"density": 1.0}]}
    final = dict.fromkeys(FINAL, 0.5) | {"extra": 1}
    found = kept({"run": "r", "settings": {}, "rounds": [row], "final": final, "split": None})
    assert found["rounds"][0]["density"] == 0.75
    assert "clients" not in found["rounds"][0]
    assert set(found["final"]) == set(FINAL)


def test_a_canary_stands_for_data_that_do_not_ship_without_pruning_and_with_all_of_it():
    assert canaries(comparison("mnist")) == []
    found = canaries(comparison("cifar-10"))
    assert [(each.algorithm.name, each.algorithm.prunes_units) for each in found] == [
        ("fedavg", False),
        ("sub-fedavg", True),
    ]
    on_mnist = {digest(each.but(dataset="mnist")) for each in found}
    assert on_mnist < {digest(each) for each in comparison("mnist")}


def test_shipped_comparisons_are_of_these_settings():
    names = [name for name in reference.available() if name.startswith("federated-")]
    for name in names:
        found = reference.load(name)
        assert found["made"]["command"].startswith(f"python -m tools.make_reference {name}")
        for run in found["federations"]:
            assert set(run["settings"]) <= set(options(FederateSettings))
            assert len(run["rounds"]) == run["settings"]["rounds"] == _rounds(name)


def _rounds(name):
    return (published() if name.endswith("published") else comparison("mnist"))[0].rounds
