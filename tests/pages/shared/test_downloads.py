import dataclasses

import pytest

from engine.errors import InvalidInput, StorageError
from engine.export.archive import zip_bytes
from engine.runs import artifacts
from engine.settings import SweepSettings
from pages.shared.charts.sizes import File
from pages.shared.downloads import content, download_name
from tests.pages import fabricated

SMALL = SweepSettings(methods=("unit",), sparsities=(0.5,))
POINT = fabricated.point("unit", 0.5)


def test_each_file_has_the_name_under_which_workers_store_it(runs):
    run = fabricated.finished_sweep(runs, SMALL)
    for name in ("unit-0.5.keras.zip", "unit-0.5-removed.keras.zip"):
        artifacts.save(runs.database, run.id, name, name.encode())
    keras, removed = (File("keras", zipped=True, removed=removed) for removed in (False, True))
    assert content(runs, run.id, POINT, keras) == b"unit-0.5.keras.zip"
    assert content(runs, run.id, POINT, removed) == b"unit-0.5-removed.keras.zip"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (File("tflite"), "unit-0.5.tflite"),
        (File("tflite_dynamic"), "unit-0.5-dynamic.tflite"),
        (File("keras"), "unit-0.5.h5"),
        (File("keras", zipped=True), "unit-0.5.h5.zip"),
        (File("tflite_dynamic", zipped=True, removed=True), "unit-0.5-removed-dynamic.tflite.zip"),
    ],
)
def test_a_file_is_called_by_what_it_is(file, name):
    assert download_name(POINT, file) == name


def test_a_file_of_any_size_that_was_measured_is_given_and_no_larger_one(runs):
    run = fabricated.finished_sweep(runs, SMALL)
    artifacts.save(runs.database, run.id, "unit-0.5.tflite.zip", zip_bytes("m", bytes(1000)))
    exact, short = (dataclasses.replace(POINT, bytes={"tflite": n}) for n in (1000, 999))
    assert content(runs, run.id, exact, File("tflite")) == bytes(1000)
    with pytest.raises(StorageError, match="more than the 999 allowed"):
        content(runs, run.id, short, File("tflite"))


def test_the_zip_comes_as_it_is_and_the_file_comes_unpacked(runs):
    run = fabricated.finished_sweep(runs, SMALL)
    packed = zip_bytes("model.tflite", b"model")
    artifacts.save(runs.database, run.id, "unit-0.5.tflite.zip", packed)
    assert content(runs, run.id, POINT, File("tflite", zipped=True)) == packed
    assert content(runs, run.id, POINT, File("tflite")) == b"model"


def test_a_damaged_or_missing_file_is_refused(runs):
    run = fabricated.finished_sweep(runs, SMALL)
    artifacts.save(runs.database, run.id, "unit-0.5.tflite.zip", b"not a zip")
    with pytest.raises(StorageError, match="damaged"):
        content(runs, run.id, POINT, File("tflite"))
    with pytest.raises(InvalidInput, match="has no file"):
        content(runs, run.id, POINT, File("keras"))
