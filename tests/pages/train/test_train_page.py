import io

import numpy as np
import pytest

from engine import datasets
from engine.runs import lifecycle, records
from engine.runs.model import State
from engine.settings import TrainSettings, digest
from pages.shared import learning
from tests.pages import fabricated
from tests.pages.conftest import OWNER, charts


def test_the_form_starts_the_training_that_it_shows(visit, press, runs):
    page = visit("train")
    page.text_input(key="train-hidden").set_value("30, 20").run()
    page.number_input(key="train-seed").set_value(5).run()
    page = press(page, "start-train")
    assert not page.exception
    run = runs.get(digest(TrainSettings(hidden=(30, 20), seed=5)))
    assert run.owner == OWNER
    assert run.state is State.QUEUED
    assert run.id in page.query_params["run"]


def test_the_guide_cnn_is_chosen_without_hidden_layers(visit, press, read, runs):
    page = visit("train")
    page.get_by_key("train-network").set_value("guide-cnn").run()
    assert "20,410 parameters" in read(page)
    assert "12 filters of 3 x 3" in read(page)
    assert [field.key for field in page.text_input if "hidden" in field.key] == []
    page = press(page, "start-train")
    assert not page.exception
    run = runs.get(digest(TrainSettings(network="guide-cnn")))
    again = visit("train", **{"from": run.id})
    assert again.get_by_key(f"train-{run.id}-network").value == "guide-cnn"


def test_flat_images_are_refused_by_the_guide_cnn_in_one_line(visit, runs):
    page = visit("train")
    page.selectbox(key="train-dataset").set_value("own .npz file").run()
    flat = ("mine.npz", npz(labels=3, image=(16,)), "application/zip")
    page.get("file_uploader")[0].set_value(flat).run()
    assert not page.error
    page.get_by_key("train-network").set_value("guide-cnn").run()
    assert [error.value for error in page.error] == [
        "images must be at least 4 pixels high and wide for guide-cnn, not (16,)"
    ]
    assert next(b for b in page.button if b.key == "start-train").disabled


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("train-hidden", "100, 0", "hidden layer must be a whole number from 1 to 4,096, not 0"),
        ("train-hidden", "10000", "hidden layer must be a whole number from 1 to 4,096, not 10000"),
        ("train-hidden", "", "such as 1000,1000,500,200, not ()"),
        ("train-hidden", "many", "not 'many'"),
    ],
)
def test_a_bad_field_gets_one_line_and_nothing_starts(visit, runs, field, value, line):
    page = visit("train")
    page.text_input(key=field).set_value(value).run()
    assert [line in error.value for error in page.error] == [True]
    assert next(b for b in page.button if b.key == "start-train").disabled
    assert runs.all() == []


def test_the_page_says_what_the_network_will_be(visit, read):
    assert "2,388,710 parameters" in read(visit("train"))


def test_a_running_training_shows_its_curves_and_can_be_cancelled(visit, press, read, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=2, owner=OWNER)
    page = visit("train", run=run.id)
    assert not page.exception
    assert "epoch 3 of 3 · 67 % · about 12 s left" in page.get("progress")[0].proto.text
    assert list(charts(page)) == [learning.ACCURACY.alt, learning.LOSS.alt]
    press(page, f"cancel-{run.id}")
    assert lifecycle.get(runs.database, run.id).cancel_requested


def test_somebody_else_cannot_cancel_it(visit, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=1, owner="other")
    page = visit("train", run=run.id)
    assert next(b for b in page.button if b.key == f"cancel-{run.id}").disabled


def test_whoever_started_it_again_can_cancel_it(visit, press, runs):
    run = runs.submit(TrainSettings(), owner="other")
    runs.cancel(run.id, owner="other")
    runs.submit(TrainSettings(), owner=OWNER)
    press(visit("train", run=run.id), f"cancel-{run.id}")
    assert runs.get(run.id).state is State.CANCELLED


def test_a_finished_training_can_be_taken_home_and_swept(visit, press, read, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = visit("train", run=run.id)
    labels = {element.proto.label for element in page.get("download_button")}
    assert {"Epochs, CSV", "Settings, JSON", "Result, JSON", "Weights, NPZ"} <= labels
    assert page.metric[0].value == "97.95 %"
    page = press(page, "sweep-this")
    assert not page.exception
    assert page.title[0].value == "Prune a network at many K"


def test_a_failed_training_says_why_and_can_be_run_again(visit, press, read, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=1, owner=OWNER)
    error = "the disk is full: make room and run it again"
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.FAILED, error=error)
    page = visit("train", run=run.id)
    assert "the disk is full" in page.error[0].value
    press(page, f"again-{run.id}")
    assert runs.get(run.id).state is State.QUEUED


def test_a_cancelled_training_can_be_resumed(visit, press, runs):
    run = runs.submit(TrainSettings(), owner=OWNER)
    runs.cancel(run.id, owner=OWNER)
    page = visit("train", run=run.id)
    assert "Cancelled" in page.info[0].value
    press(page, f"again-{run.id}")
    assert runs.get(run.id).state is State.QUEUED


def test_steps_that_a_resumed_training_repeats_stay_in_order(visit, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=1, owner=OWNER)
    records.write(runs.database, run.id, "step", dict([fabricated.step(100)]))
    drawn = charts(visit("train", run=run.id))[learning.ACCURACY.alt][0]["x"]
    assert drawn == sorted(drawn)
    assert len(drawn) > 2


def test_a_training_that_diverged_says_so_and_its_curve_has_a_gap(visit, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=2, owner=OWNER)
    for kind, (key, payload) in (("step", fabricated.step(900)), ("epoch", fabricated.epoch(2))):
        records.write(runs.database, run.id, kind, {key: fabricated.diverged(payload)})
    page = visit("train", run=run.id)
    assert not page.exception
    assert page.metric[3].value == "diverged"
    curves = charts(page)[learning.LOSS.alt]
    assert [curve["y"][-1] for curve in curves] == [None] * 4
    assert all(curve["y"][0] is not None for curve in curves)


def test_the_form_can_start_from_the_settings_of_a_run(visit, runs):
    run = runs.submit(TrainSettings(hidden=(64,), seed=9), owner=OWNER)
    page = visit("train", **{"from": run.id})
    assert page.text_input(key=f"train-{run.id}-hidden").value == "64"
    assert page.number_input(key=f"train-{run.id}-seed").value == 9


def test_an_own_file_is_imported_and_trained_on(visit, press, runs):
    page = visit("train")
    page.selectbox(key="train-dataset").set_value("own .npz file").run()
    page.get("file_uploader")[0].set_value(("mine.npz", npz(labels=3), "application/zip")).run()
    assert not page.exception
    assert not page.error
    page = press(page, "start-train")
    assert [run.settings["dataset"][:4] for run in runs.all()] == ["npz-"]


def test_a_file_that_is_no_data_set_gets_one_line(visit, runs):
    page = visit("train")
    page.selectbox(key="train-dataset").set_value("own .npz file").run()
    page.get("file_uploader")[0].set_value(("x.npz", b"<script>", "application/zip")).run()
    assert len(page.error) == 1
    assert not page.exception
    assert runs.all() == []


def test_an_uploaded_file_is_read_once_whether_it_is_good_or_not(visit, runs, monkeypatch):
    read = []
    whole = datasets.import_npz

    def watched(data):
        read.append(len(data))
        return whole(data)

    monkeypatch.setattr(datasets, "import_npz", watched)
    page = visit("train")
    page.selectbox(key="train-dataset").set_value("own .npz file").run()
    for number, content in enumerate((npz(labels=3), b"no zip"), start=1):
        page.get("file_uploader")[0].set_value(("mine.npz", content, "application/zip")).run()
        page.run()
        assert len(page.error) == number - 1
        assert len(read) == number


def npz(*, labels, image=(4, 4)):
    rng = np.random.default_rng(0)
    images, answers = rng.integers(0, 255, (60, *image), dtype=np.uint8), np.arange(60) % labels
    file = io.BytesIO()
    np.savez(file, x_train=images, y_train=answers, x_test=images[:20], y_test=answers[:20])
    return file.getvalue()
