"""Settings are valid by construction, and their digest names a run."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import settings
from engine.errors import InvalidInput
from engine.settings import VARIANTS, ExportSettings, SweepSettings, TrainSettings
from engine.settings.export import PRUNINGS

BAD_TRAIN: dict[str, list[Any]] = {
    "dataset": ["imagenet", "", "npz-short", "../mnist", None, 3],
    "network": ["resnet", None],
    "hidden": [(), (0,), (10_000,), (10,) * 9, "100", (1.5,), (True,), 5],
    "epochs": [0, 10_000, 1.5, "3", True, None],
    "batch_size": [0, -1, 10**9, 2.0],
    "optimizer": ["adamw", None],
    "learning_rate": [0, -1, 11, math.nan, math.inf, "fast", None, 10**400],
    "decay": ["linear"],
    "seed": [-1, 2**31, 0.5],
}
BAD_SWEEP: dict[str, list[Any]] = {
    "methods": [(), ("weights",), ("weight", "weight"), "weight", (None,), (["a"],), [{}]],
    "sparsities": [
        (),
        (1.0,),
        (-0.1,),
        (math.nan,),
        ("half",),
        (0.5, 0.5),
        (0.1,) * 51,
        0.5,
        [{}],
    ],
    "scope": ["network"],
    "bias": ["maybe"],
    "norm": ["l3"],
    "unit_share": [-0.1, 1.1, math.nan, "half"],
    "baseline": [None, {}],
}

BAD_EXPORT: dict[str, list[Any]] = {
    "source": [None, {}, SweepSettings(), "267383583d6ae71589c3c8ba"],
    "prunings": [
        "weight:90",
        ("weight",),
        (("weight", 1.0),),
        (("magic", 0.5),),
        (("weight", 0.5, 1),),
        (("weight", 0.5), ["weight", 0.5]),
        tuple(("weight", level / 100) for level in range(13)),
        5,
        None,
    ],
    "variants": [(), ("int4",), ("int8", "int8"), "int8", None],
    "calibration": [99, 501, 0, 200.0, "200"],
    "repetitions": [9, 1001, True],
    "scope": ["network"],
    "bias": ["maybe"],
    "norm": ["l3"],
    "unit_share": [-0.1, math.nan],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD_TRAIN.items() for v in vs])
def test_a_bad_training_setting_is_refused_in_one_line_that_names_the_value(name, value):
    with pytest.raises(InvalidInput, match="must be") as error:
        TrainSettings.of(**{name: value})
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD_SWEEP.items() for v in vs])
def test_a_bad_sweep_setting_is_refused_in_one_line_that_names_the_value(name, value):
    with pytest.raises(InvalidInput, match="must be") as error:
        SweepSettings(**{name: value})
    assert len(str(error.value).splitlines()) == 1


def test_the_guide_cnn_has_no_hidden_layers_to_set():
    with pytest.raises(InvalidInput) as error:
        TrainSettings(network="guide-cnn", hidden=(64, 32))
    assert str(error.value) == "hidden must be left out for guide-cnn, not (64, 32)"
    cnn = TrainSettings(network="guide-cnn")
    assert settings.without_defaults(cnn) == {"network": "guide-cnn"}
    assert settings.from_json("train", settings.to_json(cnn)) == cnn


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD_EXPORT.items() for v in vs])
def test_a_bad_export_setting_is_refused_in_one_line_that_names_the_value(name, value):
    with pytest.raises(InvalidInput, match="must be") as error:
        ExportSettings(**{name: value})
    assert len(str(error.value).splitlines()) == 1


def test_an_export_is_named_by_what_it_holds_not_by_the_order():
    one = ExportSettings(prunings=(("unit", 0.5), ("weight", 0.9)), variants=VARIANTS[::-1])
    other = ExportSettings(prunings=[["weight", 0.9], ["unit", 0.5]])  # type: ignore[arg-type]
    assert one == other
    assert settings.from_json("export", settings.to_json(one)) == one
    assert settings.training_of(one) == one.needs == TrainSettings()


def test_prunings_are_read_as_they_are_written():
    written = "weight:93.75, unit : 50 %,, hybrid:80"
    value = PRUNINGS
    read = value.check("prunings", value.read(written))
    assert read == (("weight", 0.9375), ("unit", 0.5), ("hybrid", 0.8))
    assert value.read(settings.prunings_as_text(read)) == read
    assert value.read(" ") == ExportSettings(prunings=()).prunings == ()


@pytest.mark.parametrize("text", ["weight", "weight:", "weight:100", "magic:5", ":50", "50:weight"])
def test_a_pruning_that_cannot_be_read_is_refused_in_one_line(text):
    with pytest.raises(InvalidInput, match="must be"):
        PRUNINGS.check("prunings", PRUNINGS.read(text))


def test_what_is_exported_of_a_sweep_is_the_network_that_it_starts_from():
    sweep = SweepSettings(baseline=TrainSettings(epochs=7))
    assert settings.export_of(sweep) == ExportSettings(source=sweep.baseline)


def test_a_long_hostile_value_is_cut_in_the_message():
    with pytest.raises(InvalidInput) as error:
        TrainSettings.of(dataset="<script>" * 1000)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("text", ["-1", "100", "99.5", "abc", "", "nan", "inf", "1e9", "1_0", None])
def test_k_outside_0_to_99_or_no_number_is_refused(text):
    with pytest.raises(InvalidInput, match="percentage K from 0 to 99"):
        settings.sparsity_from_percent(text)


@pytest.mark.parametrize(("text", "fraction"), [("50", 0.5), (" 97 % ", 0.97), ("93.75", 0.9375)])
def test_k_in_percent_becomes_a_fraction(text, fraction):
    assert settings.sparsity_from_percent(text) == fraction


@pytest.mark.parametrize("name", ["epochs", "learning_rate", "seed", "hidden"])
def test_a_number_that_python_does_not_write_out_is_refused(name):
    value: Any = (10**5000,) if name == "hidden" else 10**5000
    with pytest.raises(InvalidInput, match="not one that is too long to show"):
        TrainSettings.of(**{name: value})


def test_a_zero_with_a_sign_does_not_name_another_run():
    assert str(SweepSettings(unit_share=-0.0).unit_share) == "0.0"
    assert settings.digest(SweepSettings(unit_share=-0.0)) == settings.digest(
        SweepSettings(unit_share=0.0)
    )


@given(size=st.integers(0, 5000), thousandths=st.integers(0, 99_000))
def test_a_count_is_the_exact_floor(size, thousandths):
    assert settings.count_of(size, thousandths / 100_000) == size * thousandths // 100_000


def test_counts_do_not_suffer_from_floats():
    assert [settings.count_of(100, k) for k in (0.29, 0.57, 0.58)] == [29, 57, 58]


def test_the_digest_is_pinned_since_stored_runs_are_named_by_it():
    assert settings.digest(TrainSettings()) == "1c8392ad8a7667bf93c6e61c"
    assert settings.digest(SweepSettings()) == "b0aaebdea8bcc00f17fcca3a"
    assert settings.digest(ExportSettings()) == "267383583d6ae71589c3c8ba"


def test_a_default_does_not_move_the_digest_also_inside_the_baseline():
    explicit = SweepSettings(baseline=TrainSettings(epochs=5, batch_size=128))
    assert settings.digest(explicit) == settings.digest(
        SweepSettings(baseline=TrainSettings(epochs=5))
    )
    assert settings.without_defaults(explicit) == {"baseline": {"epochs": 5}}


def test_the_order_of_sparsities_does_not_name_another_run():
    one, other = SweepSettings(sparsities=(0.5, 0.9)), SweepSettings(sparsities=(0.9, 0.5))
    assert settings.digest(one) == settings.digest(other)


trainings = st.builds(
    TrainSettings,
    hidden=st.lists(st.integers(1, 4096), min_size=1, max_size=8).map(tuple),
    epochs=st.integers(1, 200),
    learning_rate=st.floats(1e-6, 10),
    seed=st.integers(0, 2**31 - 1),
)


@given(trainings)
def test_settings_survive_json(training):
    sweep = SweepSettings(baseline=training, methods=("unit",))
    again = settings.from_json("sweep", settings.to_json(sweep))
    assert again == sweep
    assert settings.digest(again) == settings.digest(sweep)


@pytest.mark.parametrize("values", [None, [], {"epoch": 3}, {"hidden": 3}, {"baseline": {}}])
def test_foreign_json_is_refused(values):
    with pytest.raises(InvalidInput):
        settings.from_json("train", values)


@pytest.mark.parametrize("run", ["", "../../etc/passwd", "x" * 24, "0" * 25, None, "0" * 23 + "/"])
def test_what_cannot_be_a_run_id_is_refused(run):
    with pytest.raises(InvalidInput, match="24 characters"):
        settings.check_run_id(run)


def test_the_paper_preset_is_as_published():
    paper = settings.paper_sweep()
    assert (paper.baseline.epochs, paper.bias, paper.norm, paper.scope) == (
        50,
        "pruned",
        "l2",
        "layer",
    )
    assert paper.sparsities == (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
    assert paper.methods == ("weight", "unit")
