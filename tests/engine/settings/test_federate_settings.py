"""Settings of federated rounds: refused in one line, equal work is one run, ids that stay."""

import dataclasses
import math
from typing import Any

import pytest

from engine import settings
from engine.errors import InvalidInput
from engine.settings import FederateSettings, paper_federation, quick_federation

PINNED = "801142fb1098389275c358e6"

BAD: dict[str, list[Any]] = {
    "algorithm": ["fedsgd", None],
    "pruning": ["both", 1],
    "clients": [1, 10_001, 2.5, "ten"],
    "fraction": [0, 1.1, math.nan, "all"],
    "rounds": [0, 1001],
    "local_epochs": [0, 101],
    "batch_size": [0, 8193],
    "learning_rate": [0, math.nan, 11],
    "momentum": [-0.1, 1],
    "split": ["even"],
    "labels_per_client": [0, 257],
    "alpha": [0, math.inf],
    "shard_size": [0],
    "samples": [-1, 1],
    "skew": [-1, 3.1],
    "test_images": [0],
    "target": [-0.1, 1, 0.999],
    "step": [0, 0.95],
    "distance_threshold": [-1, 2],
    "accuracy_threshold": [1.5],
    "orphans": ["drop"],
    "weighting": ["none"],
    "server": ["sgd"],
    "tau": [0],
    "beta1": [1, "own"],
    "poor": ["drop", None],
    "mu": [-1],
    "dropout": [1],
    "values": ["float64"],
    "hidden": [(), (0,), (10_000,)],
    "dataset": ["imagenet", "../mnist"],
    "seed": [-1, None],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_a_bad_setting_is_refused_in_one_line_that_names_the_value(name, value):
    with pytest.raises(InvalidInput) as error:
        FederateSettings(**{name: value})
    assert len(str(error.value).splitlines()) == 1


def test_the_digest_is_pinned_since_stored_runs_are_named_by_it():
    assert settings.without_defaults(FederateSettings()) == {}
    assert settings.digest(FederateSettings()) == PINNED
    assert settings.digest(FederateSettings(mu=0.5, tau=1.0)) == PINNED


def test_what_does_not_matter_takes_its_default_so_that_equal_work_is_one_run():
    dense = FederateSettings(algorithm="fedavg", target=0.9, pruning="hybrid", orphans="zero")
    assert dense == FederateSettings(algorithm="fedavg")
    assert FederateSettings(split="iid", alpha=3.0, shard_size=9) == FederateSettings(split="iid")
    assert FederateSettings(algorithm="fedprox", mu=0.5) != FederateSettings(algorithm="fedprox")


def test_a_setting_without_effect_is_forgotten():
    plain = FederateSettings(algorithm="fedavg")
    assert FederateSettings(algorithm="fedavg", server="adam", server_rate=0.5) == plain
    assert FederateSettings(algorithm="fedavg", orphans="decay", orphan_decay=0.5) == plain
    alone = FederateSettings(algorithm="local")
    assert FederateSettings(algorithm="local", values="int8") == alone
    assert FederateSettings(split="iid", poor="leave-out") == FederateSettings(split="iid")
    unequal = FederateSettings(split="dirichlet")
    assert FederateSettings(split="dirichlet", poor="leave-out") != unequal


@pytest.mark.parametrize("adagrad", [{"algorithm": "fedadagrad"}, {"server": "adagrad"}])
def test_adagrad_has_no_first_moment_unless_one_is_asked_for(adagrad):
    own, asked = FederateSettings(**adagrad), FederateSettings(**adagrad, beta1=0.9)
    assert (own.first_moment, asked.first_moment) == (0, 0.9)
    assert own == FederateSettings(**adagrad, beta1=0.0) == FederateSettings(**adagrad, beta2=0.5)
    for each in (own, asked):
        assert settings.from_json("federate", settings.to_json(each)) == each
        assert dataclasses.replace(each, seed=1).first_moment == each.first_moment
    earlier = {"d1c6f4f48a2079b45eae057c", "801c005b57d751fcb32b2127"}  # of 0.9 by default
    assert not {settings.digest(own), settings.digest(asked)} & earlier


@pytest.mark.parametrize(
    ("given", "run"),
    [
        ({"algorithm": "fedadam"}, "f024b2c6c10fb6a1eb2639ae"),
        ({"algorithm": "fedadam", "beta1": 0.9}, "f024b2c6c10fb6a1eb2639ae"),
        ({"algorithm": "fedadam", "beta1": 0.8}, "9f4cc9450d4d4180366c8684"),
        ({"algorithm": "fedyogi"}, "dafdfd0ed3ba704a885d72c8"),
        ({"server": "adam"}, "5f0c07a6daf1be5a813feb2c"),
        ({"algorithm": "local"}, "17b5d35ecddbb559930b9fb0"),
        ({"split": "dirichlet", "alpha": 0.1}, "11203941a706e15b36746e20"),
    ],
)
def test_the_others_keep_their_first_moment_and_their_ids(given, run):
    made = FederateSettings(**given)
    assert settings.digest(made) == run
    assert made.first_moment == given.get("beta1", 0.9)


def test_the_presets_are_the_published_set_up_and_one_to_watch():
    paper, quick = paper_federation(), quick_federation()
    published = (paper.clients, paper.fraction, paper.rounds, paper.local_epochs, paper.batch_size)
    assert published == (100, 0.1, 10, 5, 10)
    assert (paper.learning_rate, paper.momentum, paper.weighting) == (0.01, 0.5, "equal")
    assert (quick.clients, quick.cohort, quick.rounds) == (10, 5, 10)


def test_settings_come_back_from_json():
    made = dataclasses.replace(quick_federation(), algorithm="fedprox", mu=0.1)
    assert settings.from_json("federate", settings.to_json(made)) == made
