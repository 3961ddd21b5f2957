"""Explore on the network that ships, on trainings and on what sweeps have measured."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import datasets
from engine.datasets import cache
from engine.errors import InvalidInput
from engine.networks.architecture import architecture_of
from engine.networks.file import dump_network
from engine.networks.network import initial_network
from engine.runs import artifacts
from engine.runs.model import State
from engine.settings import SweepSettings, TrainSettings, digest
from pages.explore import drawing_field, pictures
from pages.explore.view import VIEWS
from pages.explore.words import CHARTS
from tests.networks import random_cnn, random_network
from tests.pages import fabricated
from tests.pages.conftest import alts, charts

TINY = TrainSettings(hidden=(12, 8), epochs=1)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """MNIST, unpacked once for all tests of this file."""
    folder = tmp_path_factory.mktemp("unpacked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRUNESCOPE_HOME", str(folder))
        datasets.load("mnist")
        return cache.folder_of("mnist")


@pytest.fixture(autouse=True)
def _mnist(home, unpacked):
    place = cache.folder_of("mnist")
    place.symlink_to(unpacked)


@pytest.fixture
def trained(runs):
    """A finished training whose weights are those of a network."""
    run = fabricated.training(runs, TINY, epochs=1)
    network = random_network((784, 12, 8, 10))
    artifacts.save(runs.database, run.id, "weights.npz", dump_network(network))
    return runs.get(run.id)


@pytest.fixture
def convolutional(runs):
    """A finished training of the guide's network."""
    run = fabricated.training(runs, TrainSettings(network="guide-cnn", epochs=1), epochs=1)
    artifacts.save(runs.database, run.id, "weights.npz", dump_network(random_cnn()))
    return runs.get(run.id)


def metrics(page):
    return {metric.label: metric for metric in page.metric}


def test_the_page_is_never_empty(visit, read):
    page = visit("explore")
    assert not page.exception
    assert page.get_by_key("k").value == 80
    assert metrics(page)["Accuracy"].delta == "all 10,000 test images"
    assert "182,660" in metrics(page)["Parameters left"].delta
    assert "train a network of your own" in read(page)
    layer = "Layer 1, 784 → 200"
    inside = alts(CHARTS, "histogram", "norms", "pixels", layer=layer)
    assert list(charts(page)) == alts(CHARTS, "explore_classes") + inside


def test_a_move_of_the_slider_changes_the_answer(visit):
    page = visit("explore")
    before = metrics(page)["Accuracy"].value
    page.get_by_key("k").set_value(0).run()
    after = metrics(page)
    assert before != after["Accuracy"].value
    assert after["Change, points"].value == "+0.00"
    assert after["Parameters left"].value == "182,659"  # one of the trained weights is zero


def test_the_url_is_the_state(visit):
    page = visit("explore", k="55", how="Unit", out="true", view="Confusion")
    assert not page.exception
    assert page.get_by_key("k").value == 55
    assert page.get_by_key("how").value == "unit"
    assert page.get_by_key("out").value is True
    assert list(charts(page)) == alts(CHARTS, "explore_classes", "confusion")


@pytest.mark.parametrize(
    ("view", "topic"),
    [
        ("Sensitivity", "sensitivity"),
        ("Draw a digit", "strip"),
        ("First to be forgotten", "forgetting"),
        ("Confusion", "confusion"),
    ],
)
def test_every_view_opens_on_a_training(visit, trained, view, topic):
    page = visit("explore", run=trained.id, view=view, by="Test image", how="Hybrid")
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == alts(CHARTS, "explore_classes", topic)
    assert "9,614" in metrics(page)["Parameters left"].delta


@pytest.mark.parametrize(
    ("view", "topics", "says"),
    [
        ("Inside the network", ("histogram", "norms"), "6 of 12 units still read something"),
        ("Sensitivity", ("sensitivity",), "Accuracy where one layer alone is pruned"),
        ("Draw a digit", ("strip",), "What five networks answer"),
    ],
)
def test_the_guide_cnn_is_explored_by_its_filters(visit, read, convolutional, view, topics, says):
    page = visit("explore", run=convolutional.id, how="Unit", k="50", view=view, by="Test image")
    assert not page.exception
    assert not page.error
    drawn = alts(CHARTS, "explore_classes", *topics, layer="Convolution 1, 9 → 12")
    assert list(charts(page)) == drawn  # no map of pixels: filters slide over all
    assert says in read(page)
    assert "20,410" in metrics(page)["Parameters left"].delta


SHAPES = [(6,), (20, 1), (1, 6), (8, 8), (8, 8, 1), (5, 7, 2), (8, 8, 3), (6, 8, 5), (4, 3, 3, 2)]
PICTURES = [shape for shape in SHAPES if len(shape) in {2, 3} and min(shape[:2]) > 1]


@pytest.fixture
def own(runs):
    """A finished training on images of any shape: a dense network, or the guide's."""

    def train(shape, *, network="dense", classes=3, scale=1.0, shift=0.0):
        rng = np.random.default_rng(0)
        images = rng.random((40, *shape), np.float32) * np.float32(scale) + np.float32(shift)
        labels = np.arange(40) % classes
        file = io.BytesIO()
        np.savez(file, x_train=images, y_train=labels, x_test=images[:20], y_test=labels[:20])
        name = datasets.import_npz(file.getvalue())
        settings = TrainSettings.of(dataset=name, network=network, epochs=1)
        if network == "dense":
            settings = replace(settings, hidden=(6, 5))
        run = fabricated.training(runs, settings, epochs=1)
        made = initial_network(architecture_of(settings, shape, classes), rng)
        artifacts.save(runs.database, run.id, "weights.npz", dump_network(made))
        return runs.get(run.id)

    return train


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_works_in_every_view_or_is_left_out_with_the_reason(
    visit, read, own, shape, view
):
    page = visit("explore", run=own(shape).id, view=view, by="Test image", k="95")
    assert not page.exception
    assert not page.error
    reason = "no pictures of them" in read(page)
    pictured = view in {VIEWS[0], *VIEWS[3:]}
    assert reason == (pictured and shape not in PICTURES)


@pytest.mark.parametrize("view", [VIEWS[0], *VIEWS[3:]])
@pytest.mark.parametrize("shape", [(8, 8, 2), (6, 8, 5), (8, 8, 3)], ids=str)
def test_the_guide_cnn_reads_any_number_of_channels(visit, read, own, shape, view):
    run = own(shape, network="guide-cnn")
    page = visit("explore", run=run.id, view=view, by="Test image")
    assert not page.exception
    assert not page.error
    averaged = view != VIEWS[0] and shape[2] not in {1, 3}
    assert (f"mean of its {shape[2]} channels" in read(page)) == averaged


def ways(page):
    return page.get_by_key("by").options


def test_drawing_is_offered_where_classes_are_digits_or_when_asked(visit, read, own):
    digits = visit("explore", run=own((8, 8), classes=10).id, view="Draw a digit")
    assert ways(digits) == ["Draw", "Test image"]
    run = own((8, 8), classes=3)
    assert ways(visit("explore", run=run.id, view="Draw a digit")) == ["Test image"]
    asked = visit("explore", run=run.id, view="Draw a digit", draw="true")
    assert not asked.exception
    assert ways(asked) == ["Draw", "Test image"]
    columns = visit("explore", run=own((64,), classes=10).id, view="Draw a digit")
    assert ways(columns) == ["Test image"]
    assert "Drawing is left out: images to draw must be square pictures" in read(columns).replace(
        "\\", ""
    )


def test_pictures_are_as_light_whatever_the_scale_of_the_values():
    image = np.linspace(0, 1, 64, dtype=np.float32)
    pixels, width = pictures.data_image(image, (8, 8), (0.0, 1.0), width=168)
    for scale, shift in ((255, 0), (3.2, -0.4), (16 / 255, 0)):
        levels = (shift, scale + shift)
        scaled, _ = pictures.data_image(image * scale + shift, (8, 8), levels, width=168)
        assert np.abs(scaled.astype(int) - pixels).max() <= 1
    assert pixels.shape == (168, 168)
    assert (pixels.min(), pixels.max(), width) == (0, 255, 168)
    wide, width = pictures.data_image(np.zeros(4000, np.float32), (4, 1000), (0.0, 1.0), width=168)
    assert (wide.shape, width) == ((4, 1000), 168)


def test_each_layer_can_have_a_k_of_its_own(visit, trained):
    page = visit("explore", run=trained.id, each="true", k1="10", k2="90")
    assert not page.exception
    assert [slider.value for slider in page.slider] == [10, 90]
    page.get_by_key("k2").set_value(20).run()
    left = int(metrics(page)["Parameters left"].value.replace(",", ""))
    assert left == 9614 - 9408 // 10 - 96 // 5  # no trained weight is zero


def test_a_unit_is_pruned_and_saved_by_hand(visit, trained, press, read):
    page = visit("explore", run=trained.id, k="0", how="Unit")
    page = press(page, "hand-False")
    assert page.query_params["hand"] == "-1.0"
    assert "unit 0 of layer 1 pruned" in read(page)
    assert "11 of 12 units still read something" in read(page)
    page = press(page, "hand-True")  # takes it back
    assert "hand" not in page.query_params
    assert "12 of 12 units" in read(page)


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"hand": "-1.2,x"}, "hand must be units such as"),
        ({"hand": "-9.1"}, "layer must be a whole number from 1 to 3, not 9"),
        ({"hand": "-1.2,%2B1.2"}, "hand must be units such as"),
        ({"hand": "-1.99999"}, "unit must be a whole number from 0 to 199, not 99999"),
    ],
)
def test_hostile_edits_are_refused_in_one_line(visit, parameters, line):
    page = visit("explore", **parameters)
    assert not page.exception
    assert len(page.error) == 1
    assert line in page.error[0].value.replace("\\", "")


@pytest.mark.parametrize("parameters", [{"k": "-3"}, {"k": "1e9"}, {"how": "x"}, {"view": "<b>"}])
def test_what_no_control_can_hold_is_ignored(visit, parameters):
    page = visit("explore", **parameters)
    assert not page.exception
    assert not page.error
    assert page.get_by_key("k").value == 80


def test_a_run_that_is_not_trained_yet_is_explained(visit, runs, read):
    waiting = runs.submit(TINY, owner="me")
    page = visit("explore", run=waiting.id)
    assert "this network is not trained yet" in read(page)
    assert [title.value for title in page.title] == ["This run cannot be shown"]


def test_a_sweep_leads_to_its_training(visit, runs, trained):
    sweep = fabricated.finished_sweep(runs, SweepSettings(baseline=TINY, sparsities=(0.5,)))
    page = visit("explore", run=sweep.id)
    assert not page.exception
    assert page.selectbox[0].value == trained.id


def test_what_a_sweep_has_measured_is_used_and_said(visit, runs, trained):
    settings = SweepSettings(baseline=TINY, sparsities=(0.5, 0.8), methods=("unit",))
    fabricated.finished_sweep(runs, settings)
    page = visit("explore", run=trained.id, k="80", how="Unit")
    point = fabricated.point("unit", 0.8)
    shown = metrics(page)
    assert shown["Accuracy"].value == f"{100 * point.accuracy:.2f} %"
    assert "measured by a sweep" in shown["Accuracy"].delta
    assert "exact" in shown["TFLite, zip"].delta
    page.get_by_key("k").set_value(70).run()
    assert "estimated" in metrics(page)["TFLite, zip"].delta


def test_exact_sizes_are_asked_of_a_worker(visit, runs, trained, press, read):
    page = press(visit("explore", run=trained.id, k="90"), "measure")
    wanted = SweepSettings(baseline=TINY, methods=("weight",), sparsities=(0.9,))
    assert runs.get(digest(wanted)).state is State.QUEUED
    assert "A worker makes the files" in read(page)


def test_a_training_that_diverged_is_refused_in_one_line(visit, runs):
    run = fabricated.training(runs, TINY, epochs=1)
    network = random_network((784, 12, 8, 10))
    network.layers[0].kernel[0, 0] = np.nan
    artifacts.save(runs.database, run.id, "weights.npz", dump_network(network))
    page = visit("explore", run=run.id)
    assert not page.exception
    assert "this training diverged" in page.error[0].value


def test_a_run_whose_weights_are_gone_is_refused_in_one_line(visit, runs, trained):
    artifacts.remove(runs.database, trained.id)
    page = visit("explore", run=trained.id)
    assert not page.exception
    assert "has no file" in page.error[0].value


def test_ink_is_read_from_its_text():
    text = "0" * 60 + "f" + "8" + "0" * (56 * 56 - 62)
    ink = drawing_field.read(text)
    assert ink is not None
    assert ink.shape == (56, 56)
    assert ink[1, 4] == 1
    assert ink[1, 5] == np.float32(8 / 15)
    assert np.count_nonzero(ink) == 2
    assert drawing_field.read("0" * 56 * 56) is None
    assert drawing_field.read("") is None


@pytest.mark.parametrize("text", ["f", "g" * 3136, 3, ["f"], "F" * 3136, "f" * 3137, None])
def test_what_the_canvas_never_sends_is_refused(text):
    with pytest.raises(InvalidInput, match="drawing must be 56x56 hex digits"):
        drawing_field.read(text)


def test_pruned_weights_let_the_page_through():
    pixels = pictures.weights(np.array([[1.0, -1.0, 0.0]], np.float32))
    assert pixels[0, :, 3].tolist() == [255, 255, 0]
    assert pixels[0, 0, 2] > pixels[0, 0, 0]  # blue adds
    assert pixels[0, 1, 0] > pixels[0, 1, 2]  # orange subtracts


def shown_before_the_controls():
    import streamlit as st

    from engine.explore.service import shipped
    from pages.explore import form

    network = shipped()
    st.session_state["held"] = form.held(network, seed=3)
    st.session_state["asked"] = form.ask(network, seed=3)


def test_what_the_controls_hold_is_known_before_they_are_drawn():
    page: Any = AppTest.from_function(shown_before_the_controls).run()
    assert not page.exception
    assert page.session_state["held"] is None
    moves = [("k", 35), ("how", "unit"), ("rank", "global"), ("out", True), ("k", 99)]
    for key, value in moves:
        page.get_by_key(key).set_value(value).run()
        assert page.session_state["held"] == page.session_state["asked"], key
    assert page.session_state["asked"].question.sparsities == (0.99,)
    page.get_by_key("each").set_value(True).run()  # sliders that were never drawn
    assert page.session_state["held"] is None
    page.get_by_key("k2").set_value(10).run()
    assert page.session_state["held"] == page.session_state["asked"]
    assert page.session_state["asked"].question.sparsities[1] == 0.1


def test_a_move_draws_one_chart_of_the_classes_over_the_last_one(visit, read):
    page = visit("explore", view="Confusion")
    for level in (20, 90):
        page.get_by_key("k").set_value(level).run()
        assert read(page).count("Accuracy by class") == 1
        bars, *_ = charts(page)[CHARTS["explore_classes"].alt]
        mean = sum(bars["y"]) / len(bars["y"])  # classes of the test set are nearly as large
        assert mean == pytest.approx(float(metrics(page)["Accuracy"].value[:-2]), abs=1)
        assert len(page.metric) == 6


def test_what_is_wrong_is_told_below_the_controls_after_a_move_too(visit, read):
    page = visit("explore", hand="-9.1")
    for level in (20, 30):
        page.get_by_key("k").set_value(level).run()
        assert "layer must be a whole number from 1 to" in page.error[0].value
        assert page.get_by_key("k").value == level
