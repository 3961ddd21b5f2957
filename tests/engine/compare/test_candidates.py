"""What a run offers, with the figures of the files that one would ship."""

import pytest

from engine.compare.adapters import candidates
from engine.compare.candidate import Candidate
from engine.errors import InvalidInput
from engine.results.points import to_json
from engine.settings import ExportSettings, ScheduleSettings, SweepSettings, TrainSettings, digest
from tests.pages import fabricated, fabricated_export

SWEEP = SweepSettings(methods=("weight", "unit"), sparsities=(0.5,))
RUN = "0" * 24


def result_of(settings, points):
    first, *rest = map(to_json, points)
    return {"run": digest(settings), "baseline": first, "points": rest}


def test_a_sweep_offers_every_point_in_float32_and_int8():
    found = candidates(SWEEP, result_of(SWEEP, fabricated.points(SWEEP)))
    assert [(c.label, c.numbers) for c in found] == [
        ("Baseline", "float32"),
        ("Baseline", "dynamic"),
        ("Weight, K = 50 %", "float32"),
        ("Weight, K = 50 %", "dynamic"),
        ("Unit, K = 50 %", "float32"),
        ("Unit, K = 50 %", "dynamic"),
    ]
    assert {c.baseline for c in found} == {found[0].accuracy}
    assert {c.images for c in found} == {10_000}


def test_pruned_units_are_taken_out_of_what_is_shipped():
    points = fabricated.points(SWEEP)
    found = candidates(SWEEP, result_of(SWEEP, points))
    by_name = {(c.key, c.numbers): c for c in found}
    unit, weight = by_name["unit-0.5", "float32"], by_name["weight-0.5", "dynamic"]
    assert unit.costs["tflite_zip"] == points[2].removed_bytes["tflite_zip"]
    assert unit.files["tflite_zip"] == "unit-0.5-removed.tflite.zip"
    assert weight.costs["tflite"] == points[1].bytes["tflite_dynamic"]
    assert weight.files["tflite"] == "weight-0.5.tflite_dynamic.zip"
    assert "keras" not in weight.costs


def test_a_point_without_files_is_still_a_network():
    found = candidates(SWEEP, result_of(SWEEP, fabricated.points(SWEEP, files=False)))
    assert {c.numbers for c in found} == {"float32"}
    assert all(not c.files and "tflite" not in c.costs for c in found)
    assert found[1].costs["effective_parameters"] == fabricated.PARAMETERS


def test_the_file_names_are_those_that_are_stored():
    from engine.export.files import file_names

    points = fabricated.points(SWEEP)
    stored = {name for point in points for name in file_names(point)}
    found = candidates(SWEEP, result_of(SWEEP, points))
    assert {name for c in found for name in c.files.values()} <= stored


def test_a_schedule_offers_the_network_before_and_after(runs):
    settings = ScheduleSettings(target=0.9)
    run = fabricated.schedule(runs, settings)
    found = candidates(settings, runs.result(run.id))
    assert [(c.stage, c.numbers) for c in found][::2] == [
        ("", "float32"), ("before", "float32"), ("after", "float32"),
    ]  # fmt: skip
    assert all("," in c.label for c in found[2:])


def test_from_scratch_only_what_was_trained_is_offered_and_stands_alone(runs):
    settings = ScheduleSettings(start="scratch", target=0.9)
    run = fabricated.schedule(runs, settings)
    found = candidates(settings, runs.result(run.id))
    assert {c.stage for c in found} == {"after"}
    assert all(c.alone for c in found)


def test_an_export_is_measured_on_validation_images(runs):
    settings = ExportSettings(source=TrainSettings(), prunings=(("unit", 0.5),))
    run = fabricated_export.finished_export(runs, settings)
    found = candidates(settings, runs.result(run.id))
    assert found
    assert all(c.validation and "latency" in c.costs for c in found)
    assert {c.key for c in found} == {"baseline", "unit-0.5-removed"}


def test_an_unfinished_run_and_a_training_offer_nothing():
    assert candidates(SWEEP, {"run": RUN, "baseline": None, "points": []}) == []
    assert candidates(ScheduleSettings(), dict.fromkeys(("baseline", "before", "after"))) == []
    assert candidates(ExportSettings(), {"run": RUN, "networks": [], "files": []}) == []
    assert candidates(TrainSettings(), {"run": RUN}) == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"accuracy": 1.5}, "accuracy must be a share from 0 to 1, not 1.5"),
        ({"run": "../x"}, "run must be an id"),
        ({"costs": {"euros": 1}}, "cost must be one of tflite_zip"),
    ],
)
def test_a_candidate_is_valid_by_construction(changed, line):
    values = {"run": RUN, "family": RUN, "seed": 0, "key": "x", "label": "X", "method": "weight"}
    with pytest.raises(InvalidInput, match=line):
        Candidate(**(values | {"accuracy": 0.9, "baseline": 0.9, "images": 1} | changed))
