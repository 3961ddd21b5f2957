"""Beside every download stands how to use it, with the figures of that file."""

import pytest

from engine.settings import ExportSettings, ScheduleSettings, SweepSettings, TrainSettings
from tests.pages import fabricated, fabricated_export, fabricated_federation


def code(page):
    """The snippets of the page that read test images."""
    return [block.value for block in page.code if "x_test" in block.value]


def test_a_sweeps_file_is_fed_as_its_kind_asks(visit, read, runs):
    run = fabricated.finished_sweep(runs, SweepSettings(sparsities=(0.5,)))
    page = visit("sweep", run=run.id)
    assert not page.exception
    (script,) = code(page)
    assert "Interpreter('baseline.tflite')" in script
    assert '(x.astype("float32") / 255).reshape(-1, 1, 784)' in script
    assert "np.load('mnist.npz')" in script
    assert f"{100 * fabricated.point().accuracy:.2f} %" in read(page)
    page.selectbox[-1].set_value("keras").run()
    (script,) = code(page)
    assert "load_model('baseline.h5'" in script


@pytest.mark.parametrize("kind", ["train", "schedule"])
def test_trained_weights_say_how_they_are_read(visit, runs, kind):
    if kind == "train":
        run = fabricated.training(runs, TrainSettings(), epochs=3)
    else:
        run = fabricated.schedule(runs, ScheduleSettings(), epochs=3)
    page = visit(kind, run=run.id)
    assert not page.exception
    assert any(f"'{run.id}.npz'" in script for script in code(page))


def test_an_int8_file_of_an_export_is_quantised_with_its_own_steps(visit, read, runs):
    run = fabricated_export.finished_export(runs, ExportSettings())
    page = visit("export", run=run.id, network="Weight, K = 80 %", file="full int8")
    assert not page.exception
    lite, keras = code(page)
    assert "clip(-128, 127).astype(np.int8)" in lite
    assert "weight-0.8.int8.tflite" in lite
    assert "A step is 0.00392156886, and -128 stands for 0." in read(page)
    assert "'weight-0.8.h5'" in keras
    page = visit("export", run=run.id, network="Weight, K = 80 %", file="sparse float32")
    assert "int8" not in code(page)[0]


def test_a_clients_network_is_asked_about_its_own_labels(visit, runs):
    run = fabricated_federation.federation(runs)
    page = visit("federate", run=run.id, part="Clients", client="0")
    assert not page.exception
    (script,) = code(page)
    assert "own = np.isin(labels, [" in script
    assert "client-0.tflite" in script


def test_the_answer_of_compare_says_how_its_file_is_used(visit, runs):
    run = fabricated_export.finished_export(runs, ExportSettings(variants=("int8",)))
    page = visit("compare", runs=run.id)
    assert not page.exception
    (script,) = code(page)
    assert "-int8.tflite'" in script
    assert "clip(-128, 127).astype(np.int8)" in script
