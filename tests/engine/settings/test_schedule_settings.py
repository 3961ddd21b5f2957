"""Settings of schedules: refused in one line, equal work is one run, ids that stay."""

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import settings
from engine.errors import InvalidInput
from engine.settings import ScheduleSettings, TrainSettings
from engine.settings.schedule import TARGETS

BAD: dict[str, list[Any]] = {
    "baseline": [None, {}],
    "rule": ["random", None],
    "start": ["trained ", 1],
    "schedule": ["cubic"],
    "target": [0, 1, -0.1, math.nan, "half", 0.999],
    "targets": [
        1,
        "1:50",
        (1,),
        ((1, 0),),
        ((1, 1),),
        ((9, 0.5),),
        ((1, 0.5), (1, 0.6)),
        ((5, 0.5),),
    ],
    "initial": [1, -1, math.inf],
    "begin_step": [-1, 1.5, 10**8],
    "end_step": [-1, "last"],
    "power": [0, -1, math.nan, 101],
    "frequency": [-1, 0.5],
    "fine_tune_epochs": [0, 201, None],
    "batch_size": [0, 8193],
    "optimizer": ["lion"],
    "learning_rate": [0, math.nan, 11],
    "decay": ["linear"],
    "block": [(1,), (0, 1), (1, 65), "4x4", 4, (1, 2, 3)],
    "pooling": ["AVG"],
    "pattern": ["1:4", None],
    "layers": [(0,), (6,), (1, 1), ("1",), 1, "12"],
    "unit_sparsity": [1, -0.5],
    "seed": [-1, None],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_a_bad_setting_is_refused_in_one_line_that_names_the_value(name, value):
    with pytest.raises(InvalidInput, match="must be") as error:
        ScheduleSettings(**{name: value})
    assert len(str(error.value).splitlines()) == 1


def test_units_cannot_go_first_from_scratch():
    with pytest.raises(InvalidInput, match="unit sparsity must be 0 from scratch"):
        ScheduleSettings(start="scratch", unit_sparsity=0.5)


def test_the_digest_is_pinned_since_stored_runs_are_named_by_it():
    assert settings.digest(ScheduleSettings()) == "3f72cac3c89cf2e57379ccf5"
    assert settings.digest(ScheduleSettings(frequency=0, end_step=0)) == "3f72cac3c89cf2e57379ccf5"
    assert settings.without_defaults(ScheduleSettings(block=(16, 1))) == {"block": [16, 1]}


def test_what_does_not_matter_takes_its_default_so_that_equal_work_is_one_run():
    every: dict[str, Any] = {
        "target": 0.5,
        "initial": 0.1,
        "end_step": 9,
        "frequency": 3,
        "power": 2.0,
    }
    assert ScheduleSettings(rule="unpruned", layers=(1,), **every) == ScheduleSettings(
        rule="unpruned"
    )
    assert ScheduleSettings(rule="small", **every) == ScheduleSettings(rule="small", target=0.5)
    assert ScheduleSettings(pattern="2:4", **every) == ScheduleSettings(pattern="2:4", target=0.5)
    constant = ScheduleSettings(schedule="constant", **every)
    assert (constant.initial, constant.power, constant.end_step) == (0, 3, 9)
    assert ScheduleSettings(layers=(4, 2, 3, 1)) == ScheduleSettings()


def test_targets_of_single_layers_are_in_order_and_only_those_that_differ():
    chosen = ScheduleSettings(target=0.9, targets=((3, 0.9), (2, 0.5), (1, 0.7)))
    assert chosen.targets == ((1, 0.7), (2, 0.5))
    assert [chosen.target_of(layer) for layer in (1, 2, 3, 4)] == [0.7, 0.5, 0.9, 0.9]
    every = ScheduleSettings(targets=((1, 0.5), (2, 0.5), (3, 0.6), (4, 0.5)))
    assert every == ScheduleSettings(target=0.5, targets=((3, 0.6),))
    assert settings.digest(ScheduleSettings(targets=((1, 0.9),))) == "3f72cac3c89cf2e57379ccf5"
    text = settings.targets_as_text(chosen.targets)
    assert text == "1:70, 2:50"
    assert TARGETS.read(text) == chosen.targets


def test_from_scratch_only_data_network_and_seed_of_the_baseline_count():
    baseline = TrainSettings(hidden=(30,), epochs=9, optimizer="sgd", seed=3)
    scratch = ScheduleSettings(start="scratch", baseline=baseline)
    assert scratch.baseline == TrainSettings(hidden=(30,), seed=3)
    assert scratch.needs is None


def test_what_is_needed_first_and_how_long_it_takes():
    baseline = TrainSettings(epochs=4)
    tune = ScheduleSettings(baseline=baseline)
    assert (tune.needs, tune.epochs) == (baseline, 2)
    small = dataclasses.replace(tune, rule="small")
    assert (small.needs, small.epochs) == (None, 6)
    assert dataclasses.replace(tune, rule="unpruned").needs == baseline


@given(
    st.builds(
        ScheduleSettings,
        target=st.sampled_from([0.1, 0.96875]),
        block=st.tuples(st.integers(1, 64), st.integers(1, 64)),
        layers=st.sampled_from([(), (1, 5)]),
        targets=st.sampled_from([(), ((1, 0.25),)]),
        rule=st.sampled_from(settings.RULES),
        schedule=st.sampled_from(settings.SCHEDULES),
    )
)
def test_settings_survive_json(schedule):
    again = settings.from_json("schedule", settings.to_json(schedule))
    assert again == schedule
    assert settings.digest(again) == settings.digest(schedule)
    assert settings.training_of(schedule) == TrainSettings()
