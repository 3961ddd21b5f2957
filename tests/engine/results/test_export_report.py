"""The matrix of an export, and what is said of its sizes."""

import dataclasses
import json

import pytest

from engine.results import export_report
from engine.results.export_report import ExportedFile, ExportedNetwork, ExportReport, Latency
from engine.results.waterfall import waterfall, zero_share
from tests.pages.fabricated import chosen_by

TIME = Latency(
    median=28.3, lower=28.2, upper=28.9, repetitions=100, warm_up=20, threads=1, load=0.4
)


def row(method="baseline", sparsity=0.0, *, removed=False, lost=0.0, nonzero=1000, keras=4000):
    sizes = {"keras": keras, "keras_zip": 1000} | ({"keras_training": 12_000} if not lost else {})
    return ExportedNetwork(
        method=method,
        sparsity=sparsity,
        removed=removed,
        accuracy=0.98 - lost,
        validation_accuracy=0.97 - lost,
        loss=0.1,
        parameters=1000,
        nonzero_parameters=nonzero,
        macs=990,
        bytes=sizes,
    )


def cell(of, variant="float32", *, size=4000, zipped=900, validation=None, **values):
    found = of.validation_accuracy if validation is None else validation
    return ExportedFile(
        row=of.key,
        variant=variant,
        bytes=size,
        zip_bytes=zipped,
        accuracy=of.accuracy,
        validation_accuracy=found,
        validation=chosen_by(found, unpruned=0.97),
        agreement=1.0,
        resolver=export_report.DEFAULT_RESOLVER,
        **values,
    )


def filled(*parts):
    rows = [
        export_report.network_to_json(part) for part in parts if isinstance(part, ExportedNetwork)
    ]
    cells = [export_report.file_to_json(part) for part in parts if isinstance(part, ExportedFile)]
    return export_report.export_report(json.loads(json.dumps(rows)), json.loads(json.dumps(cells)))


BASE, WEIGHT = row(), row("weight", 0.8, lost=0.005, nonzero=200)
SMALL = row("unit", 0.5, removed=True, lost=0.05, nonzero=1000, keras=1500)
WHOLE = row("unit", 0.5, lost=0.05, nonzero=500)


def test_rows_and_cells_survive_json_and_come_in_the_order_of_the_settings():
    parts = [SMALL, WEIGHT, WHOLE, BASE, cell(WEIGHT, "int8", latency=TIME), cell(WEIGHT)]
    found = filled(*parts)
    assert list(found.rows) == ["baseline", "weight-0.8", "unit-0.5", "unit-0.5-removed"]
    assert list(found.cells) == ["weight-0.8.float32", "weight-0.8.int8"]
    assert found.rows["unit-0.5-removed"] == SMALL
    assert found.cells["weight-0.8.int8"] == parts[4]
    assert found.baseline == BASE


def test_the_smallest_file_is_chosen_by_validation_images_among_files_that_run():
    tiny_but_wrong = cell(SMALL, "dynamic", zipped=10)
    broken = ExportedFile(
        row=WEIGHT.key, variant="int8", bytes=90, zip_bytes=20, error="cannot be run"
    )
    lucky_in_test = dataclasses.replace(
        cell(WEIGHT, "dynamic-sparse", zipped=30, validation=0.9), accuracy=0.99
    )
    good = cell(WEIGHT, "dynamic", zipped=85)
    found = filled(BASE, WEIGHT, SMALL, cell(BASE), tiny_but_wrong, broken, lucky_in_test, good)
    assert found.smallest() == good
    assert found.good() == [cell(BASE), good]
    assert tiny_but_wrong in found.good(tolerance=0.1)


@pytest.mark.parametrize("parts", [(), (BASE,), (WEIGHT, cell(WEIGHT))])
def test_nothing_is_called_smallest_before_it_can_be_known(parts):
    assert filled(*parts).smallest() is None


def test_the_waterfall_goes_from_the_training_file_to_the_zip_of_the_variant():
    parts = (cell(WEIGHT), cell(WEIGHT, "dynamic", size=1100, zipped=300))
    steps = waterfall(filled(BASE, WEIGHT, *parts), "weight-0.8", "dynamic")
    assert [(step.name, step.bytes) for step in steps] == [
        ("Keras, as trained", 12_000),
        ("Keras, stripped", 4000),
        ("Keras, zipped", 1000),
        ("TFLite float32", 4000),
        ("TFLite dynamic", 1100),
        ("TFLite dynamic, zipped", 300),
    ]
    assert "3.0 times" in steps[0].why
    assert "80% that are zero take as much room" in steps[1].why
    assert "squeezes out the 80%" in steps[2].why
    assert all(step.why.endswith(".") for step in steps)


def test_the_waterfall_of_a_dense_network_says_why_nothing_shrinks():
    steps = waterfall(filled(BASE, cell(BASE)), "baseline", "float32")
    assert [step.name for step in steps][-2:] == ["TFLite float32", "TFLite float32, zipped"]
    assert "finds little that repeats" in steps[2].why
    assert zero_share(BASE) == 0


def test_zeroed_and_removed_networks_know_each_other():
    found = filled(BASE, WHOLE, SMALL)
    assert (found.partner(WHOLE), found.partner(SMALL)) == (SMALL, WHOLE)
    assert found.partner(BASE) is None


def test_removed_units_are_a_step_of_their_own():
    steps = waterfall(filled(BASE, WHOLE, SMALL, cell(SMALL)), "unit-0.5-removed", "float32")
    assert [(s.name, s.bytes) for s in steps[1:3]] == [
        ("Keras, stripped", 4000),
        ("Units removed", 1500),
    ]


@pytest.mark.parametrize(
    ("size", "text"), [(1100, "too few zeros"), (700, "places kept instead: 36% less")]
)
def test_the_sparse_encoding_is_said_to_pay_only_where_it_does(size, text):
    plain = cell(WEIGHT, "int8", size=1100)
    encoded = cell(WEIGHT, "int8-sparse", size=size, zipped=500)
    steps = waterfall(filled(BASE, WEIGHT, plain, encoded), "weight-0.8", "int8-sparse")
    assert text in steps[-2].why


def test_steps_without_a_file_are_left_out():
    failed = ExportedFile(row=WEIGHT.key, variant="int8", error="the converter refused")
    steps = waterfall(filled(BASE, WEIGHT, failed), "weight-0.8", "int8")
    assert [s.name for s in steps] == ["Keras, as trained", "Keras, stripped", "Keras, zipped"]
    assert waterfall(ExportReport({WEIGHT.key: WEIGHT}, {}), WEIGHT.key, "int8")[0].bytes == 4000
