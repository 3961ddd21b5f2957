"""What algorithms and splits say of themselves agrees with the settings; nobody else says it."""

import itertools
from typing import Any

import pytest

from engine.federated.client_pruning import PRUNINGS
from engine.settings import FederateSettings, flat, options
from engine.system.registry import found, names

OTHER_VALUES: dict[str, Any] = {
    "pruning": "hybrid",
    "target": 0.3,
    "step": 0.3,
    "unit_target": 0.4,
    "unit_step": 0.3,
    "distance_threshold": 0.2,
    "unit_distance_threshold": 0.2,
    "accuracy_threshold": 0.9,
    "most_loss": 0.5,
    "orphans": "zero",
    "orphan_decay": 0.5,
    "server": "yogi",
    "server_rate": 0.5,
    "beta1": 0.7,
    "beta2": 0.7,
    "tau": 0.1,
    "mu": 0.5,
    "values": "int8",
}
SERVERS, ORPHANS = (
    options(FederateSettings)[name].value.options  # type: ignore[attr-defined]
    for name in ("server", "orphans")
)
OF_SPLITS: dict[str, Any] = {
    "labels_per_client": 1,
    "alpha": 2.0,
    "poor": "leave-out",
    "shard_size": 100,
}


@pytest.mark.parametrize("name", names("algorithms"))
def test_settings_exist_for_an_algorithm_that_declares_them_and_for_no_other(name):
    declared = options(found("algorithms")[name])
    for pruning, server, orphans in itertools.product(PRUNINGS, SERVERS, ORPHANS):
        chosen = {"algorithm": name, "pruning": pruning, "server": server, "orphans": orphans}
        for field, value in OTHER_VALUES.items():
            settings = FederateSettings.of(**(chosen | {field: value}))
            exists = flat(settings).get(field) == value
            assert field in declared or not exists
            assert exists or settings == FederateSettings.of(**chosen)


@pytest.mark.parametrize("name", names("splits"))
def test_settings_exist_for_a_split_that_declares_them_and_for_no_other(name):
    declared = options(found("splits")[name])
    for field, value in OF_SPLITS.items():
        settings = FederateSettings.of(split=name, **{field: value})
        assert (flat(settings).get(field) == value) == (field in declared)
        assert settings.split.words


@pytest.mark.parametrize("room", ["algorithms", "splits"])
def test_each_has_words_for_people(room):
    for each in found(room).values():
        assert each.label
        assert each.summary.endswith(".")


def test_nobody_else_knows_an_algorithms_name(project):
    """But settings, and the texts of command line options."""
    quoted = [f'"{name}"' for name in names("algorithms")]
    allowed = ("federated/algorithms/", "settings/", "commands/start.py")
    engine = project / "engine"
    files = [file for file in engine.rglob("*.py") if any(q in file.read_text() for q in quoted)]
    places = [str(file.relative_to(engine)) for file in files]
    assert any(place.startswith("federated/algorithms/") for place in places)
    assert [place for place in places if not place.startswith(allowed)] == []
