"""A person's own data on the pages: how they are read can be said, and what was understood is."""

import dataclasses

import numpy as np
import pytest

from engine.datasets import import_npz
from engine.runs import records
from engine.settings import SweepSettings, TrainSettings, training_of
from pages.shared import state
from tests.engine.datasets.cases import blobs, changed, packed
from tests.pages import fabricated

FORMS = ("train", "sweep", "schedule", "federate")


@pytest.fixture
def own(home):
    """Floats from 0 to 255, channels first, and no test images of class 2."""
    arrays = blobs(shape=(8, 6, 3))
    kept = arrays["y_test"] != 2
    arrays |= {"x_test": arrays["x_test"][kept], "y_test": arrays["y_test"][kept]}
    return import_npz(packed(changed(arrays, lambda x: np.moveaxis(x, -1, 1).astype("f4"))))


@pytest.fixture
def training(runs, own):
    return fabricated.training(runs, TrainSettings.of(dataset=own), epochs=3)


def how_numbers_are_read(page):
    """Labels of the fields that say so."""
    fields = [*page.selectbox, *page.segmented_control]
    return [each.label for each in fields if each.label in {"Scale of the numbers", "Channels"}]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_what_it_understood_before_anything_runs(visit, read, training, name):
    page = visit(name, **{state.BASED_ON: training.id})
    assert not page.exception
    shown = read(page)
    assert "float32 from 0 to 255, divided by 255" in shown
    assert "have their channels first and are read as" in shown
    assert "Class 2 has no test images and therefore no accuracy." in shown
    assert how_numbers_are_read(page) == ["Scale of the numbers", "Channels"]


def test_how_numbers_are_read_is_a_setting_of_the_run(visit, press, runs, training):
    page = visit("train", **{state.BASED_ON: training.id})
    key = next(box.key for box in page.selectbox if box.label == "Scale of the numbers")
    page.selectbox(key=key).set_value("standardise").run()
    press(page, "start-train")
    newest = training_of(runs.all()[0].parsed).data
    assert (newest.scale, newest.channels) == ("standardise", "first")
    assert training_of(training.parsed).data.scale == "255"  # was settled when it was submitted


def test_built_in_data_have_no_such_fields(visit, read, mnist):
    page = visit("train")
    assert how_numbers_are_read(page) == []
    assert "validation images: one is worth" not in read(page)


def test_a_runs_page_shows_what_its_worker_has_put_on_record(visit, read, runs, own):
    settings = SweepSettings(baseline=TrainSettings.of(dataset=own), methods=("unit",))
    run = fabricated.finished_sweep(runs, settings)
    told = [{"code": "scale-differs", "text": "test images hold *0 to 255*"}]
    records.write(runs.database, run.id, "notices", {"notices-data": {"told": told}})
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert "Test images hold \\*0 to 255\\*." in read(page)
    assert runs.result(run.id)["notices"] == told


def test_a_class_without_test_images_is_a_gap_in_the_chart_of_classes():
    from pages.shared.charts.classes import class_accuracy

    point = fabricated.point("unit", 0.5)
    shares = (*point.class_accuracy[:3], None, *point.class_accuracy[4:])
    chart = class_accuracy(
        dataclasses.replace(point, class_accuracy=shares), None, list("0123456789")
    )
    assert chart.data[0]["y"][3] is None
    assert chart.data[0]["y"][4] is not None


def test_balanced_accuracy_stands_beside_accuracy_where_classes_are_unequal():
    from pages.sweep import table

    plain = fabricated.point("unit", 0.5)
    assert "Balanced accuracy (%)" not in table.frame([plain])
    rows = [list(row) for row in plain.confusion]
    rows[0] = [5 * count for count in rows[0]]
    other = dataclasses.replace(plain, confusion=tuple(map(tuple, rows)))
    frame = table.frame([other])
    assert frame["Balanced accuracy (%)"][0] == pytest.approx(100 * (plain.balanced_accuracy or 0))


def test_data_that_no_network_can_be_trained_of_are_refused_in_the_form(visit, home, runs):
    arrays = blobs(shape=(4, 4))
    name = import_npz(packed(changed(arrays, lambda x: np.where(x > 200, 3e38, x).astype("f4"))))
    run = fabricated.training(runs, TrainSettings.of(dataset=name), epochs=1)
    page = visit("train", **{state.BASED_ON: run.id})
    assert ["must hold values up to 1e+18, not 3e+38" in each.value for each in page.error] == [
        True
    ]
    assert next(each for each in page.button if each.key == "start-train").disabled


def test_a_label_without_test_images_is_refused_where_clients_are_dealt(visit, training):
    page = visit("federate", **{state.BASED_ON: training.id})
    assert any("has training images but no test images" in each.value for each in page.error)
