import pytest

from engine.errors import InvalidInput, StorageError
from engine.export.archive import zip_bytes
from engine.runs import artifacts
from engine.settings import SweepSettings
from pages.components.charts.sizes import File
from pages.components.downloads import artifact_name, content
from tests.pages import fabricated

SMALL = SweepSettings(methods=("unit",), sparsities=(0.5,))
POINT = fabricated.point("unit", 0.5)


def test_each_file_has_the_name_under_which_workers_store_it():
    assert artifact_name(POINT, File("keras", zipped=True)) == "unit-0.5.keras.zip"
    assert artifact_name(POINT, File("tflite", removed=True)) == "unit-0.5-removed.tflite.zip"


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
