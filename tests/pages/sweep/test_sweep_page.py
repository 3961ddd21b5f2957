import dataclasses
import math

import pytest
import streamlit as st

from engine.runs import artifacts, lifecycle
from engine.runs.model import State
from engine.settings import SweepSettings, TrainSettings, digest, paper_sweep
from pages.shared import learning
from pages.sweep.words import CHARTS
from tests.pages import fabricated
from tests.pages.conftest import OWNER, alts, charts

DRAWN = alts(CHARTS, "accuracy", "loss", "zipped", "raw", x="sparsity K, %", model="TFLite float32")
DRAWN += alts(CHARTS, "pareto", "classes", "confusion")
TRAINING = [learning.ACCURACY.alt, learning.LOSS.alt]
SMALL = SweepSettings(methods=("weight", "unit"), sparsities=(0.5, 0.9))


def test_the_form_starts_the_sweep_that_it_shows(visit, press, runs):
    page = visit("sweep")
    page.text_input(key="sweep-Standard-sparsities").set_value("50, 90 %").run()
    page = press(page, "start-sweep")
    assert not page.exception
    run = runs.get(digest(SweepSettings(sparsities=(0.5, 0.9))))
    assert run.owner == OWNER
    assert run.id in page.query_params["run"]


def test_the_paper_preset_is_the_published_settings(visit, press, runs):
    page = visit("sweep")
    page.get_by_key("preset").set_value("Paper").run()
    press(page, "start-sweep")
    assert digest(paper_sweep()) in {run.id for run in runs.all()}


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("50, 100", "sparsity must be a percentage K from 0 to 99, not 100.0"),
        ("50, -1", "not -1.0"),
        ("x", "sparsity must be a percentage K from 0 to 99, not 'x'"),
        ("nan", "not nan"),
        (" ", "sparsities must be a list of 1 to 50 values of K, not ()"),
        ("50, 50", "without repetition"),
    ],
)
def test_bad_sparsities_get_one_line_and_nothing_starts(visit, runs, written, line):
    page = visit("sweep")
    page.text_input(key="sweep-Standard-sparsities").set_value(written).run()
    assert [line in error.value for error in page.error] == [True]
    assert next(b for b in page.button if b.key == "start-sweep").disabled
    assert runs.all() == []


def test_no_method_is_refused(visit):
    page = visit("sweep")
    page.get_by_key("sweep-Standard-methods").set_value([]).run()
    assert "methods must be a list of 1 to 5 methods" in page.error[0].value


def test_while_its_network_trains_the_training_is_shown(visit, read, runs):
    sweep = runs.submit(SMALL, owner=OWNER)
    fabricated.training(runs, SMALL.baseline, epochs=2, owner=OWNER)
    page = visit("sweep", run=sweep.id)
    assert not page.exception
    assert "First, what it starts from: MNIST" in read(page)
    said = page.get("progress")[0].proto.text.replace("\\", "")
    assert "trains its baseline: epoch 3 of 3" in said
    assert ":violet-badge[:material/play_circle: running]" in read(page)
    assert "queued" not in read(page)
    assert list(charts(page)) == TRAINING


def test_points_fill_in_before_their_files_exist(visit, read, runs):
    points = fabricated.points(SMALL, files=False)[:3]
    run = fabricated.sweep(runs, SMALL, points, owner=OWNER)
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert list(charts(page)) == DRAWN
    assert "Model files appear here as they are made" in read(page)
    table = page.dataframe[0]
    assert table.value["TFLite zip (kB)"].isna().all()
    assert table.proto.placeholder == "–"


def test_a_finished_sweep_shows_charts_table_and_downloads(visit, runs):
    run = fabricated.finished_sweep(runs, SMALL, owner="other")
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == DRAWN
    assert len(page.dataframe[0].value) == 5
    labels = {element.proto.label.partition(",")[0] for element in page.get("download_button")}
    assert labels == {"Table", "Settings", "Result", "Model"}
    assert "client.run(settings)" in page.code[-1].value


def test_k_that_gave_the_same_network_are_named(visit, read, runs):
    few = SweepSettings(
        baseline=TrainSettings(network="guide-cnn"), methods=("unit",), sparsities=(0.95, 0.99)
    )
    points = [
        dataclasses.replace(point, achieved_sparsity=11 / 12 if point.sparsity else 0)
        for point in fabricated.points(few)
    ]
    run = fabricated.sweep(runs, few, points, owner=OWNER)
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert "Unit at K = 95 and 99 % is one and the same network" in read(page)
    assert list(page.dataframe[0].value["Reached (%)"])[1] == pytest.approx(91.67, abs=0.01)
    assert "network='guide-cnn'" in page.code[-1].value


def test_points_that_diverged_say_so_and_leave_a_gap(visit, runs):
    points = fabricated.points(SMALL)
    lost = [dataclasses.replace(p, loss=math.nan) if p.sparsity == 0.5 else p for p in points]
    run = fabricated.sweep(runs, SMALL, lost, owner=OWNER)
    page = visit("sweep", run=run.id)
    assert not page.exception
    curves = charts(page)[DRAWN[1]]
    assert [curve["y"][1] for curve in curves] == [None, None]
    assert all("loss diverged" in curve["text"][1] for curve in curves)


def test_a_sweep_whose_baseline_diverged_can_be_read(visit, runs):
    points = [dataclasses.replace(p, loss=math.nan) for p in fabricated.points(SMALL)]
    run = fabricated.sweep(runs, SMALL, points, owner=OWNER)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.DONE)
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert "NaN" not in page.get("plotly_chart")[1].proto.spec


def test_a_finished_sweep_no_longer_polls(visit, runs, monkeypatch):
    told = []
    fragment = st.fragment

    def listening(function, *, run_every=None, **options):
        told.append(run_every)
        return fragment(function, run_every=run_every, **options)

    monkeypatch.setattr(st, "fragment", listening)
    run = fabricated.sweep(runs, SMALL, fabricated.points(SMALL), owner=OWNER)
    visit("sweep", run=run.id)
    assert any(told)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.DONE)
    told.clear()
    visit("sweep", run=run.id)
    assert told
    assert not any(told)


def test_the_choices_are_read_from_the_url(visit, runs):
    run = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    page = visit("sweep", run=run.id, methods="Weight", x="Compression ratio", file="Keras")
    assert page.get_by_key("methods").value == ["weight"]
    assert page.selectbox(key="x").value == "compression"
    assert page.get_by_key("file").value == "keras"


def test_methods_can_be_hidden(visit, runs):
    run = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    page = visit("sweep", run=run.id)
    page.get_by_key("methods").set_value(["unit"]).run()
    assert [curve["name"] for curve in charts(page)[DRAWN[0]]] == ["Unit"]


def test_a_cancelled_sweep_keeps_its_points_and_can_be_resumed(visit, press, runs):
    run = fabricated.sweep(runs, SMALL, fabricated.points(SMALL)[:2], owner=OWNER)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.CANCELLED)
    page = visit("sweep", run=run.id)
    assert len(page.dataframe[0].value) == 2
    press(page, f"again-{run.id}")
    assert runs.get(run.id).state is State.QUEUED


def test_an_evicted_sweep_offers_to_make_its_files_again(visit, runs):
    run = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    artifacts.save(runs.database, run.id, "weight-0.5.keras.zip", b"zip")
    artifacts.evict(runs.database, keep=0)
    page = visit("sweep", run=run.id)
    assert "removed to make room" in page.info[0].value
    assert any(b.key == f"again-{run.id}" for b in page.button)


@pytest.mark.parametrize("page_name", ["sweep", "train", "export"])
@pytest.mark.parametrize(
    ("run", "line"),
    [
        ("0" * 24, "there is no run 000000000000000000000000"),
        ("../../etc/passwd", "run must be an id of 24 characters 0-9 and a-f"),
        ("<script>alert(1)</script>", "run must be an id of 24 characters 0-9 and a-f"),
        ("![x](http://example.org/x.png)", "run must be an id of 24 characters 0-9 and a-f"),
    ],
)
def test_a_run_that_cannot_be_shown_gets_one_line_and_ways_on(visit, page_name, run, line):
    page = visit(page_name, run=run)
    assert not page.exception
    assert page.title[0].value == "This run cannot be shown"
    assert page.error[0].value.startswith(line)
    assert "![" not in page.error[0].value
    assert "<script" not in page.error[0].value.replace("\\<", "")
    assert len(page.get("page_link")) == 3  # all runs, the overview, what this is


def test_a_training_opened_as_a_sweep_goes_to_its_own_page(visit, runs):
    run = fabricated.training(runs, TrainSettings(), epochs=3, owner=OWNER)
    page = visit("sweep", run=run.id)
    assert not page.exception
    assert any(b.key == "sweep-this" for b in page.button)


def test_a_name_with_markup_is_shown_as_text(visit, runs):
    run = fabricated.finished_sweep(runs, SMALL, owner=OWNER)
    name = "Lecture_3 *demo*".replace("*", "-")
    runs.rename(run.id, name, owner=OWNER)
    assert visit("sweep", run=run.id).title[0].value == "Lecture\\_3 -demo-"
