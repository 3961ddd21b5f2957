"""The page Compare: runs from the URL, the answer, views, repetition, downloads."""

import dataclasses
import json

import pytest

from engine.compare.answers import Advice
from engine.compare.spread import groups, with_seed
from engine.export.archive import zip_bytes
from engine.runs import artifacts
from engine.settings import ScheduleSettings, SweepSettings, TrainSettings, digest
from pages.compare import answer, charts, choice, report
from pages.compare.comparison import Comparison, axis, rows
from pages.compare.words import CHARTS, ONE_SEED
from pages.shared.kinds import titled
from tests.pages import fabricated, fabricated_export
from tests.pages.conftest import OWNER, alts
from tests.pages.conftest import charts as charts_of

SMALL = SweepSettings(methods=("weight", "unit"), sparsities=(0.5, 0.9))
TRADE_OFF = alts(CHARTS, "compare", cost=axis("tflite_zip"))
HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def sweep(runs):
    return fabricated.finished_sweep(runs, SMALL, owner="other")


def view_of(*runs, cost="tflite_zip", title=None):
    found = [each for run in runs for each in choice.candidates(run)]
    titles = {run.id: title or titled(run) for run in runs}
    return Comparison(titles, {run.id: run.parsed for run in runs}, groups(found), cost)


def test_without_a_choice_the_sweep_that_ships_along_is_shown(visit, read):
    page = visit("compare")
    assert not page.exception
    assert "No run is chosen yet" in read(page)
    assert page.metric[0].value.endswith("%")
    assert list(charts_of(page)) == TRADE_OFF


def test_the_runs_of_the_url_are_compared(visit, runs, sweep):
    schedule = fabricated.schedule(runs, ScheduleSettings(target=0.9))
    export = fabricated_export.finished_export(runs, fabricated_export_settings())
    page = visit("compare", runs=f"{sweep.id},{schedule.id},{export.id}")
    assert not page.exception
    assert not page.error
    assert page.multiselect(key="compared").value == [sweep.id, schedule.id, export.id]
    names = [trace["name"] for trace in charts_of(page)[TRADE_OFF[0]]]
    assert {"Run A", "Run B", "Run C", "Pareto front", "the answer"} <= set(names)


def fabricated_export_settings(**changes):
    from engine.settings import ExportSettings

    return ExportSettings(source=TrainSettings(), **changes)


def test_the_choice_goes_into_the_url(visit, sweep):
    page = visit("compare")
    page.multiselect(key="compared").select(sweep.id).run()
    assert page.query_params["runs"] == sweep.id
    page.multiselect(key="compared").unselect(sweep.id).run()
    assert "runs" not in page.query_params


@pytest.mark.parametrize(
    ("named", "line"),
    [
        ("../../etc/passwd", "run must be an id of 24 characters"),
        (HOSTILE, "run must be an id of 24 characters"),
        ("0" * 24, "there is no run 000000000000000000000000"),
        (",".join(f"{i:024x}" for i in range(13)), "runs must be at most 12, not 14"),
    ],
)
def test_a_run_that_cannot_be_compared_gets_a_line_and_the_others_are_shown(
    visit, sweep, named, line
):
    page = visit("compare", runs=f"{sweep.id},{named}")
    assert not page.exception
    assert any(line in error.value for error in page.error)
    assert list(charts_of(page)) == TRADE_OFF


def test_a_training_has_nothing_to_compare(visit, runs, sweep):
    page = visit("compare", runs=f"{sweep.id},{sweep.needs}")
    assert "compared runs must be of the kind sweep, schedule, export" in page.error[0].value
    assert page.multiselect(key="compared").value == [sweep.id]


def test_the_answer_follows_the_question(visit, read, sweep):
    page = visit("compare", runs=sweep.id)
    assert "Unit, K = 50 %, dynamic int8" in read(page)
    page.number_input(key="lose").set_value(0.0).run()
    assert "Weight, K = 50 %, dynamic int8" in read(page)
    page.number_input(key="lose").set_value(100.0).run()
    assert "Unit, K = 90 %, dynamic int8" in read(page)
    page.selectbox(key="ask").set_value("best").run()
    page.number_input(key="under-tflite_zip").set_value(1.0).run()
    assert "No pick" in read(page)
    assert "Nothing here costs so little" in read(page)
    assert "the smallest is Unit, K = 90 %, dynamic int8" in read(page)


def test_int8_means_one_file_only(visit, runs, sweep):
    settings = fabricated_export_settings(variants=("float32", "dynamic", "int8"))
    export = fabricated_export.finished_export(runs, settings)
    page = visit("compare", runs=f"{sweep.id},{export.id}", view="Table")
    table = page.dataframe[0].value
    names = {name.rpartition(", ")[2] for name in table["Network"] if "int8" in name}
    assert names == {"dynamic int8", "full int8"}
    swept = table[table["Run"] == table["Run"].iloc[0]]["Network"]
    assert {name.rpartition(", ")[2] for name in swept if "int8" in name} == {"dynamic int8"}


def test_the_page_says_that_validation_images_chose_and_how_sure_they_are(visit, read, runs, sweep):
    export = fabricated_export.finished_export(runs, fabricated_export_settings())
    for run in (sweep, export):
        shown = read(visit("compare", runs=run.id))
        assert "Chosen by validation images. On 5,000 validation images it loses" in shown
        assert "(95 %: a loss of" in shown


def test_few_validation_images_pick_nothing_and_the_page_says_why(visit, read, runs):
    few = [
        dataclasses.replace(
            point,
            validation=fabricated.chosen_by(point.accuracy, images=10),
            tflite_dynamic_validation=fabricated.chosen_by(point.accuracy, images=10),
        )
        for point in fabricated.points(SMALL)
    ]
    run = fabricated.sweep(runs, SMALL, few)
    shown = read(visit("compare", runs=run.id))
    assert "10 validation images cannot choose: one is worth 10 points" in shown
    assert "it takes 100" in shown


def test_the_file_of_the_answer_is_the_stored_one(runs, sweep):
    model = b"model" * 100
    artifacts.save(runs.database, sweep.id, "weight-0.5.tflite.zip", zip_bytes("m.tflite", model))
    found = next(c for c in choice.candidates(sweep) if c.name[:2] == ("weight-0.5", "float32"))
    measured = dataclasses.replace(found, costs=dict(found.costs) | {"tflite": len(model)})
    assert answer.content(measured, "tflite") == model
    assert answer.content(measured, "tflite_zip") == zip_bytes("m.tflite", model)


def test_repeat_starts_the_missing_seeds_and_adds_them(visit, press, runs, sweep):
    page = press(visit("compare", runs=sweep.id), "repeat")
    assert not page.exception
    wanted = [digest(with_seed(SMALL, seed)) for seed in (0, 1, 2)]
    assert page.query_params["runs"] == ",".join(wanted)
    assert {run.owner for run in runs.all() if run.id in wanted[1:]} == {OWNER}
    assert not [b for b in page.button if b.key == "repeat"]


@pytest.mark.parametrize(
    ("name", "one", "several"),
    [
        ("Trade-off", TRADE_OFF, TRADE_OFF),
        ("Parallel", alts(CHARTS, "parallel"), alts(CHARTS, "parallel")),
        ("Table", [], []),
        ("Seeds", [], alts(CHARTS, "seeds")),
    ],
)
def test_every_view_is_drawn_for_one_seed_and_for_more(
    visit, read, runs, sweep, name, one, several
):
    other = fabricated.finished_sweep(runs, with_seed(SMALL, 1))
    for chosen, drawn in ((sweep.id, one), (f"{sweep.id},{other.id}", several)):
        page = visit("compare", runs=chosen, view=name)
        assert not page.exception
        assert not page.error
        assert list(charts_of(page)) == drawn
        assert [len(table.value) for table in page.dataframe] == ([10] if name == "Table" else [])
        assert (ONE_SEED in read(page)) is (name == "Seeds" and not drawn)


def test_an_active_run_is_shown_with_what_it_has(visit, read, runs):
    run = runs.submit(SMALL, owner=OWNER)
    page = visit("compare", runs=run.id)
    assert not page.exception
    assert "These runs have not measured anything yet" in read(page)


@pytest.mark.parametrize("cost", ["tflite_zip", "effective_macs", "latency"])
def test_charts_can_be_drawn_for_every_cost(runs, sweep, cost):
    view = view_of(sweep, cost=cost)
    drawn = charts.tradeoff(view)
    marks = sum(len(trace.x) for trace in drawn.data if trace.mode == "markers")
    assert marks == (0 if cost == "latency" else len(view.groups))  # a sweep measures no times
    assert drawn.layout.xaxis.title.text == f"{axis(cost)} (log scale)"
    assert {len(dimension.values) for dimension in charts.parallel(view).data[0].dimensions} == {10}
    assert not any(trace.x for trace in charts.seeds(view).data)  # one seed only


def test_a_line_leads_from_before_fine_tuning_to_after_it(runs):
    run = fabricated.schedule(runs, ScheduleSettings(target=0.9))
    chart = charts.tradeoff(view_of(run))
    (line,) = (trace for trace in chart.data if trace.name == "fine-tuning")
    assert list(line.y)[1] == pytest.approx(97.5)
    assert len(line.x) == 6  # float32 and int8, each with a gap after it


def test_the_report_holds_everything_and_escapes_names(sweep):
    view = view_of(sweep, title=HOSTILE)
    written = report.html(view, Advice(view.groups[0]), HOSTILE)
    assert HOSTILE not in written
    assert written.count("<script") == written.count("</script>")
    assert "python -m engine sweep --methods weight,unit --sparsities 50,90" in written
    assert "numpy 2." in written
    assert "http://" not in written.split("</head>")[1]


def test_a_run_has_one_letter_everywhere_also_beside_one_without_results(runs, sweep):
    again = fabricated.finished_sweep(runs, with_seed(SMALL, 1))
    queued = runs.submit(dataclasses.replace(SMALL, methods=("weight",)), owner=OWNER)
    schedule = fabricated.schedule(runs, ScheduleSettings(target=0.9))
    view = view_of(sweep, queued, again, schedule)
    names = {trace.legendgroup for trace in charts.tradeoff(view).data if trace.legendgroup}
    assert names == {"Run A", "Run C"}
    assert {letter[-1] for letter in names} == set(rows(view)["Run"])
    written = report.html(view, Advice(view.groups[0]), "")
    headings = [part[0] for part in written.split("<h3>")[1:]]
    assert headings == ["A", "B", "A", "C"]


def test_json_of_a_chart_cannot_end_its_script():
    text = json.dumps({"name": HOSTILE + "&amp;"})
    assert "<" not in report.harmless(text)
    assert json.loads(report.harmless(text)) == json.loads(text)
