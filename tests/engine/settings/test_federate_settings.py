"""Settings of federated rounds: refused in one line, equal work is one run, ids that stay."""

import dataclasses
import math
from typing import Any

import pytest

from engine import settings
from engine.errors import InvalidInput
from engine.federated.server_optimizers import Adaptive
from engine.settings import FederateSettings, paper_federation, quick_federation
from engine.settings.federate import LocalTraining

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
        FederateSettings.of(**{name: value})
    assert len(str(error.value).splitlines()) == 1


def test_the_digest_is_pinned_since_stored_runs_are_named_by_it():
    assert settings.without_defaults(FederateSettings()) == {}
    assert settings.digest(FederateSettings()) == PINNED
    assert settings.digest(FederateSettings.of(mu=0.5, tau=1.0)) == PINNED


def test_what_does_not_matter_takes_its_default_so_that_equal_work_is_one_run():
    dense = FederateSettings.of(algorithm="fedavg", target=0.9, pruning="hybrid", orphans="zero")
    assert dense == FederateSettings.of(algorithm="fedavg")
    assert FederateSettings.of(split="iid", alpha=3.0, shard_size=9) == FederateSettings.of(
        split="iid"
    )
    assert FederateSettings.of(algorithm="fedprox", mu=0.5) != FederateSettings.of(
        algorithm="fedprox"
    )


def test_a_setting_without_effect_is_forgotten():
    plain = FederateSettings.of(algorithm="fedavg")
    assert FederateSettings.of(algorithm="fedavg", server="adam", server_rate=0.5) == plain
    assert FederateSettings.of(algorithm="fedavg", orphans="decay", orphan_decay=0.5) == plain
    alone = FederateSettings.of(algorithm="local")
    assert FederateSettings.of(algorithm="local", values="int8") == alone
    assert FederateSettings.of(split="iid", poor="leave-out") == FederateSettings.of(split="iid")
    unequal = FederateSettings.of(split="dirichlet")
    assert FederateSettings.of(split="dirichlet", poor="leave-out") != unequal


def first_moment(made: FederateSettings) -> float:
    server = getattr(made.algorithm, "server", None)
    return server.first_moment if isinstance(server, Adaptive) else Adaptive.usual


@pytest.mark.parametrize("adagrad", [{"algorithm": "fedadagrad"}, {"server": "adagrad"}])
def test_adagrad_has_no_first_moment_unless_one_is_asked_for(adagrad):
    own, asked = FederateSettings.of(**adagrad), FederateSettings.of(**adagrad, beta1=0.9)
    assert (first_moment(own), first_moment(asked)) == (0, 0.9)
    assert (
        own
        == FederateSettings.of(**adagrad, beta1=0.0)
        == FederateSettings.of(**adagrad, beta2=0.5)
    )
    for each in (own, asked):
        assert settings.from_json("federate", settings.to_json(each)) == each
        assert first_moment(dataclasses.replace(each, seed=1)) == first_moment(each)
    assert own.but(algorithm="fedadam") == FederateSettings.of(algorithm="fedadam")
    assert first_moment(asked.but(algorithm="sub-fedavg", server="adam")) == 0.9
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
    made = FederateSettings.of(**given)
    assert settings.digest(made) == run
    assert first_moment(made) == given.get("beta1", 0.9)


def test_the_presets_are_the_published_set_up_and_one_to_watch():
    paper, quick = paper_federation(), quick_federation()
    assert (paper.clients, paper.fraction, paper.rounds) == (100, 0.1, 10)
    local = LocalTraining(epochs=5, batch_size=10, learning_rate=0.01, momentum=0.5)
    assert (paper.local, settings.flat(paper)["weighting"]) == (local, "equal")
    assert (quick.clients, quick.cohort, quick.rounds) == (10, 5, 10)


def test_settings_come_back_from_json():
    made = quick_federation().but(algorithm="fedprox", mu=0.1)
    assert settings.from_json("federate", settings.to_json(made)) == made
