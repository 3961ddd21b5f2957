import dataclasses

import pytest

from engine.results import reference
from engine.results.export_report import ExportedFile
from engine.runs import artifacts, lifecycle
from engine.runs.model import State
from engine.settings import (
    VARIANTS,
    ExportSettings,
    ScheduleSettings,
    TrainSettings,
    digest,
    from_json,
)
from pages.export import view
from pages.export.words import CHARTS
from pages.shared import cached, learning
from tests.pages import fabricated, fabricated_export
from tests.pages.conftest import OWNER, alts, charts

SETTINGS = ExportSettings()
FEW = ExportSettings(prunings=(("weight", 0.8),), variants=("float32", "dynamic"))


MATRIX = alts(CHARTS, "matrix", measure="zipped file, kB")


def waterfall(name):
    return alts(CHARTS, "waterfall", form=f"the zipped {name} file")


def test_the_form_starts_the_export_that_it_shows(visit, press, runs):
    page = visit("export")
    page.text_input(key="export-prunings").set_value("unit:50, weight:95").run()
    page.get_by_key("export-variants").set_value(["int8", "float32"]).run()
    page.number_input(key="export-calibration").set_value(300).run()
    page = press(page, "start-export")
    assert not page.exception
    wanted = ExportSettings(
        prunings=(("weight", 0.95), ("unit", 0.5)), variants=("float32", "int8"), calibration=300
    )
    run = runs.get(digest(wanted))
    assert run.owner == OWNER
    assert run.id in page.query_params["run"]


def test_before_a_run_the_export_that_ships_is_shown_with_its_date_and_command(visit, read):
    found = reference.load("export")
    page = visit("export")
    assert not page.exception
    assert found["made"]["date"] in read(page)
    assert "python -m tools.make_reference export" in read(page)
    assert list(charts(page)) == MATRIX
    assert [metric.label for metric in page.metric][:2] == [
        "Unpruned network",
        "Smallest zip, within a point",
    ]
    files = len(found["export"]["networks"]) * len(VARIANTS)
    assert len(page.dataframe[0].value) == len(found["export"]["files"]) == files


def test_the_export_that_ships_is_the_default_one():
    export = reference.load("export")["export"]
    assert from_json("export", export["settings"]) == SETTINGS
    runs = [file for file in export["files"] if not file["error"]]
    assert len(runs) == len(export["files"])
    assert all((file["input_scale"] is None) == (file["variant"][:4] != "int8") for file in runs)
    assert export["smallest"] in {file["key"] for file in runs}


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("weight", "pruning must be a method and a K in percent, such as weight"),
        ("weight:100", "sparsity must be a percentage K from 0 to 99, not 100.0"),
        ("magic:50", "method must be one of weight, unit, hybrid"),
        ("weight:50, weight:50", "without repetition"),
    ],
)
def test_bad_prunings_get_one_line_and_nothing_starts(visit, runs, written, line):
    page = visit("export")
    page.text_input(key="export-prunings").set_value(written).run()
    assert [line in error.value for error in page.error] == [True]
    assert next(b for b in page.button if b.key == "start-export").disabled
    assert page.get_by_key("export-variants").value == list(VARIANTS)
    assert runs.all() == []


def test_without_variants_there_is_nothing_to_start(visit):
    page = visit("export")
    page.get_by_key("export-variants").set_value([]).run()
    assert "variants must be a list of 1 to 7 variants" in page.error[0].value


def test_where_nothing_is_trained_the_default_network_is_trained_first(visit):
    (choice,) = visit("export").selectbox
    assert choice.options == ["MNIST, 1000-1000-500-200, 3 epochs, trained first"]


def test_where_the_default_network_is_trained_it_is_offered_once(visit, runs):
    fabricated.training(runs, TrainSettings(), epochs=3)
    (choice,) = visit("export").selectbox
    assert choice.options == ["MNIST, 1000-1000-500-200, 3 epochs"]


def test_every_finished_network_can_be_chosen(visit, runs):
    one = fabricated.training(runs, TrainSettings(seed=1), epochs=3)
    fabricated.training(runs, TrainSettings(seed=2), epochs=1)
    page = visit("export")
    assert [option.partition("epochs")[2] for option in page.selectbox[0].options] == [
        ", trained first",
        ", seed 1",
    ]
    page.selectbox[0].set_value(one.id).run()
    assert not page.exception
    assert one.id in page.query_params["from"]
    assert page.selectbox[0].value == one.id


def test_a_network_that_a_schedule_has_pruned_comes_as_it_is(visit, press, runs):
    schedule = ScheduleSettings(target=0.8)
    run = runs.submit(schedule, owner=OWNER)
    page = visit("export", **{"from": run.id})
    assert page.text_input(key=f"export-{run.id}-prunings").value == ""
    press(page, "start-export")
    assert digest(ExportSettings(source=schedule, prunings=())) in {r.id for r in runs.all()}


def test_trainings_lead_to_their_export(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = press(visit("train", run=run.id), "export-this")
    assert not page.exception
    assert run.id in page.query_params["from"]
    assert page.selectbox[0].value == run.id


def test_while_its_network_trains_the_training_is_shown(visit, read, runs):
    run = runs.submit(SETTINGS, owner=OWNER)
    fabricated.training(runs, TrainSettings(), epochs=2, owner=OWNER)
    page = visit("export", run=run.id)
    assert not page.exception
    assert "First, what it starts from: MNIST" in read(page)
    assert list(charts(page)) == [learning.ACCURACY.alt, learning.LOSS.alt]


@pytest.mark.parametrize("files", [0, 1, 9])
def test_the_matrix_fills_in_as_files_are_made(visit, read, runs, files):
    networks = fabricated_export.rows(SETTINGS)
    run = fabricated_export.unfinished(runs, SETTINGS, files=files, owner=OWNER)
    page = visit("export", run=run.id)
    assert not page.exception
    texts = charts(page)[MATRIX[0]][1]["text"]
    assert len(texts) == len(networks) * len(VARIANTS)
    assert sum(text != "" for text in texts) == files
    assert f"{files} of 35" in page.get("progress")[0].proto.text
    assert any(b.key == f"cancel-{run.id}" for b in page.button)
    assert "Shown as soon as a file of both networks is made" in read(page)
    matrix, detail = charts(page)
    assert matrix == MATRIX[0]
    assert detail.startswith("Sizes in megabytes of one network")


def test_a_finished_export_shows_what_pruning_saves_and_offers_every_file(visit, read, runs):
    run = fabricated_export.finished_export(runs, SETTINGS, owner="other")
    page = visit("export", run=run.id)
    assert not page.exception
    assert not page.error
    removal = alts(CHARTS, "removal_bytes", "removal_time")
    assert list(charts(page)) == MATRIX + waterfall("sparse dynamic int8") + removal
    assert len(page.dataframe[0].value) == 5 * len(VARIANTS)
    found = read(page)
    assert "Smallest within one point: **Weight, K = 80 %, as sparse dynamic int8**" in found
    assert "Keras, as trained" in found
    assert "Without the dead units the file has" in found
    labels = {element.proto.label for element in page.get("download_button")}
    assert {"Table, CSV", "Settings, JSON", "Result, JSON"} < labels
    assert sum(".tflite" in label or ".h5" in label for label in labels) == 2
    assert "client.run(settings)" in page.code[-1].value


def test_files_that_need_the_fallback_or_fail_are_marked_and_explained(visit, read, runs):
    networks = fabricated_export.rows(SETTINGS)
    good = fabricated_export.cells(SETTINGS)
    failed = ExportedFile(
        row="unit-0.5", variant="int8", error="the converter made no int8 file: <b>"
    )
    unrunnable = dataclasses.replace(
        good[0], accuracy=None, latency=None, resolver="", error="the TFLite model cannot be run"
    )
    files = [unrunnable, *(c for c in good[1:] if c.key != failed.key), failed]
    run = fabricated_export.export(runs, SETTINGS, networks=networks, files=files, owner=OWNER)
    page = visit("export", run=run.id)
    assert not page.exception
    texts = charts(page)[MATRIX[0]][1]["text"]
    assert sum(text.endswith("*") for text in texts) == 4
    assert [text for text in texts if "✕" in text] == ["8,790✕", "✕"]
    found = read(page)
    assert "Unit, K = 50 %, as full int8: the converter made no int8 file: <b>" in found.replace(
        "\\", ""
    )
    assert found.count("it runs without delegates") == 4


def test_the_view_is_read_from_the_url(visit, runs):
    run = fabricated_export.finished_export(runs, SETTINGS, owner=OWNER)
    asked = {"show": "Latency", "network": "Unit, K = 50 %, removed", "file": "float16"}
    page = visit("export", run=run.id, **asked)
    assert page.get_by_key("show").value == "latency"
    assert page.selectbox(key="network").value == "unit-0.5-removed"
    labels = [element.proto.label for element in page.get("download_button")]
    assert any(label.startswith("unit-0.5-removed.float16.tflite, ") for label in labels)
    assert "Units removed" in charts(page)[waterfall("float16")[0]][0]["y"]


def test_where_no_unit_is_dead_the_page_says_so(visit, read, runs):
    run = fabricated_export.finished_export(runs, FEW, owner=OWNER)
    page = visit("export", run=run.id)
    assert not page.exception
    assert "there is nothing to remove" in read(page)
    assert list(charts(page)) == MATRIX + waterfall("dynamic int8")


def test_a_cancelled_export_keeps_its_files_and_can_be_resumed(visit, press, runs):
    run = fabricated_export.unfinished(runs, FEW, files=3, owner=OWNER)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.CANCELLED)
    page = visit("export", run=run.id)
    assert len(page.dataframe[0].value) == 3
    press(page, f"again-{run.id}")
    assert runs.get(run.id).state is State.QUEUED


def test_an_export_that_failed_says_why_and_keeps_the_rest(visit, runs):
    run = fabricated_export.unfinished(runs, FEW, files=1, owner=OWNER)
    line = "cannot write baseline.dynamic.tflite.zip: No space left on device"
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.FAILED, error=line)
    page = visit("export", run=run.id)
    assert "No space left" in page.error[0].value
    assert len(page.dataframe[0].value) == 1


def test_an_evicted_export_offers_to_make_its_files_again(visit, runs):
    run = fabricated_export.finished_export(runs, FEW, owner=OWNER)
    artifacts.evict(runs.database, keep=0)
    page = visit("export", run=run.id)
    assert "removed to make room" in page.info[0].value
    disabled = {e.proto.label: e.proto.disabled for e in page.get("download_button")}
    assert all(flag for label, flag in disabled.items() if ".tflite" in label or ".h5" in label)


def test_a_download_is_the_file_or_its_zip(runs):
    run = fabricated_export.finished_export(runs, FEW)
    name = "baseline.dynamic.tflite"
    cached.runs.clear()
    archive = view.content(run, f"{name}.zip", f"{name}.zip", 10**6)
    assert archive == runs.file(run.id, f"{name}.zip")
    assert view.content(run, f"{name}.zip", name, 10**6) == b"baseline.dynamic"


def test_an_export_is_listed_with_what_it_found(visit, read, runs):
    fabricated_export.finished_export(runs, SETTINGS, owner=OWNER)
    found = read(visit("runs"))
    assert "35 files · the smallest good one is" in found
    assert "as files, weight 80 and 90 %, unit 50 %" in found
