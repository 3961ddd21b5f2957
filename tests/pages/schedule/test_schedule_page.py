import dataclasses

import pytest

from engine.pruning.plan import baselines
from engine.runs import lifecycle, records
from engine.runs.model import State
from engine.settings import ScheduleSettings, TrainSettings, digest
from pages.schedule.recovery import LEVELS
from pages.schedule.words import CHARTS
from pages.shared import learning
from tests.pages import fabricated
from tests.pages.conftest import OWNER, alts, charts

SETTINGS = ScheduleSettings()
WHILE_PRUNING = alts(CHARTS, "accuracy", "loss", "sparsity", "layers")
FORM = "schedule-Fine-tune-plan"
FILLED = {"target": 50.0, "fine-tune-epochs": 3, "end-step": 500}


def disabled(page):
    return next(b for b in page.button if b.key == "start-schedule").disabled


def test_the_form_starts_the_schedule_that_it_shows(visit, press, runs):
    page = visit("schedule")
    for name, value in FILLED.items():
        page.number_input(key=f"{FORM}-{name}").set_value(value)
    page = press(page.run(), "start-schedule")
    assert not page.exception
    run = runs.get(digest(ScheduleSettings(target=0.5, fine_tune_epochs=3, end_step=500)))
    assert run.owner == OWNER
    assert run.id in page.query_params["run"]


@pytest.mark.parametrize(
    ("way", "settings"),
    [
        ("Fine-tune", ScheduleSettings()),
        (
            "From scratch",
            ScheduleSettings(start="scratch", schedule="constant", target=0.5, fine_tune_epochs=3),
        ),
        ("Hybrid", ScheduleSettings(target=0.8, unit_sparsity=0.5)),
        ("2:4", ScheduleSettings(pattern="2:4", target=0.5)),
    ],
)
def test_every_preset_works_as_it_is_and_stands_in_the_url(visit, press, runs, way, settings):
    page = visit("schedule", way=way)
    assert not page.error
    press(page, "start-schedule")
    assert digest(settings) in {run.id for run in runs.all()}


TRAPS = {
    "frequency": (1000, "first update would be at step 1,000, but the training ends at step 860"),
    "end-step": (5000, "but the training ends at step 860: sparsity would stop at"),
    "begin-step": (860, "Pruning would begin at step 860"),
    "initial": (95.0, "above the target"),
}


@pytest.mark.parametrize(("name", "value", "line"), [(n, *trap) for n, trap in TRAPS.items()])
def test_a_trap_is_seen_before_it_runs_and_one_press_mends_it(visit, press, name, value, line):
    page = visit("schedule")
    page.number_input(key=f"{FORM}-{name}").set_value(value).run()
    assert line in page.error[0].value.replace("\\", "")
    assert disabled(page)
    page = press(page, "mend-0")
    assert not page.exception
    assert not page.error
    assert not disabled(page)
    assert page.number_input(key=f"{FORM}-{name}").value == 0


def test_what_blocks_leave_to_chance_is_a_warning_that_a_press_mends_and_no_obstacle(visit, press):
    page = visit("schedule")
    page.text_input(key="schedule-Fine-tune-hidden").set_value("36, 36")
    page.text_input(key=f"{FORM}-block").set_value("16x1").run()
    assert "zeros may end anywhere from" in page.warning[0].value
    assert not page.error
    assert not disabled(page)
    table = page.dataframe[0].value
    assert list(table["At least (%)"] < table["At most (%)"]) == [False, True]
    page = press(page, "mend-0")
    assert not page.warning
    assert page.text_input(key=f"{FORM}-block").value == "4x1"


def test_single_layers_may_have_a_target_of_their_own(visit, press, runs):
    page = visit("schedule")
    page.text_input(key=f"{FORM}-targets").set_value("2:50").run()
    assert list(page.dataframe[0].value["Zeros (%)"]) == [90, 50, 90, 90]
    page = press(page, "start-schedule")
    assert runs.get(digest(ScheduleSettings(targets=((2, 0.5),)))).owner == OWNER
    page = visit("schedule")
    page.text_input(key=f"{FORM}-targets").set_value("7:50").run()
    assert "layer with a target must be that of a pruned layer" in page.error[0].value
    assert disabled(page)


def test_a_pattern_that_ignores_the_target_is_mended_in_its_field(visit, press):
    page = visit("schedule")
    page.get_by_key(f"{FORM}-pattern").set_value("2:4").run()
    assert "50 %, not 90 %" in page.error[0].value
    assert page.get_by_key(f"{FORM}-schedule").disabled
    page = press(page, "mend-0")
    assert page.number_input(key=f"{FORM}-target").value == 50
    assert not page.error


def test_the_preview_says_what_will_happen(visit, read):
    page = visit("schedule")
    assert (
        "860 optimizer steps; 20 updates, every 32 steps from 32 to 640; reaches 90 % zeros in "
        "4 kernels."
    ) in read(page)
    assert list(charts(page)) == alts(CHARTS, "preview")
    assert list(page.dataframe[0].value["Kept at the end"]) == [78_400, 100_000, 50_000, 10_000]


def test_a_bad_network_gets_one_line_and_nothing_starts(visit, runs):
    page = visit("schedule")
    page.text_input(key="schedule-Fine-tune-hidden").set_value("0").run()
    assert "hidden layer must be a whole number" in page.error[0].value
    assert disabled(page)
    assert runs.all() == []


def test_a_chosen_layer_that_is_gone_is_forgotten(visit):
    page = visit("schedule")
    page.get_by_key(f"{FORM}-layers").set_value([1, 5]).run()
    page.text_input(key="schedule-Fine-tune-hidden").set_value("30").run()
    assert not page.exception
    assert not page.error
    assert page.get_by_key(f"{FORM}-layers").value == [1]


def test_a_training_is_where_a_schedule_starts_from(visit, press, runs):
    run = fabricated.training(runs, TrainSettings(hidden=(30,)), epochs=3, owner=OWNER)
    page = press(visit("train", run=run.id), "schedule-this")
    assert not page.exception
    assert page.text_input(key=f"schedule-{run.id}-hidden").value == "30"


def test_while_its_network_trains_the_training_is_shown(visit, read, runs):
    run = runs.submit(SETTINGS, owner=OWNER)
    fabricated.training(runs, SETTINGS.baseline, epochs=2, owner=OWNER)
    page = visit("schedule", run=run.id)
    assert not page.exception
    assert "First, what it starts from: MNIST" in read(page)
    assert list(charts(page)) == [learning.ACCURACY.alt, learning.LOSS.alt]


def test_a_running_schedule_shows_curves_and_masks(visit, runs):
    run = fabricated.schedule(runs, SETTINGS, epochs=1, owner=OWNER)
    page = visit("schedule", run=run.id)
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == WHILE_PRUNING
    accuracy, _, sparsity, layers = charts(page).values()
    assert min(accuracy[1]["x"]) == -2  # the baseline's three epochs end at 0
    assert sparsity[1]["y"][-1] == pytest.approx(86.14, abs=0.01)
    assert [len(bars["y"]) for bars in layers] == [4, 4]
    assert layers[0]["y"] == pytest.approx(layers[1]["y"], abs=0.1)


def test_a_finished_schedule_shows_what_it_recovered_and_can_be_taken_home(visit, read, runs):
    run = fabricated.schedule(runs, SETTINGS, owner="other")
    page = visit("schedule", run=run.id)
    assert not page.exception
    assert not page.error
    assert list(charts(page)) == [*WHILE_PRUNING, *alts(CHARTS, "recovery")]
    assert [metric.label for metric in page.metric] == [
        "Baseline",
        "Pruned at once",
        "Pruned while training",
    ]
    assert len(page.dataframe[0].value) == 3
    labels = {element.proto.label.partition(",")[0] for element in page.get("download_button")}
    assert labels == {"Epochs", "Settings", "Result", "Weights", "Model"}
    assert "client.run(settings)" in page.code[-1].value
    assert "polynomial to K = 90\u00a0% in 2 epochs" in page.title[0].value


def test_masks_beside_the_plan_raise_a_red_flag(visit, runs):
    run = fabricated.schedule(runs, SETTINGS, owner=OWNER)
    last = runs.records(run.id, kinds=("epoch",))[-1]
    wrong = {**last.payload, "agrees": False}
    records.write(runs.database, run.id, "epoch", {last.key: wrong})
    page = visit("schedule", run=run.id)
    assert [error.value for error in page.error] == [
        "Planned and achieved sparsity differ by more than 0.5 points at the end of epoch 2."
    ]


def test_weights_that_came_back_are_told(visit, read, runs):
    run = fabricated.schedule(runs, SETTINGS, owner=OWNER)
    last = runs.records(run.id, kinds=("epoch",))[-1]
    records.write(runs.database, run.id, "epoch", {last.key: {**last.payload, "regrown": 1234}})
    assert "kept again: 1,234 in epoch 2." in read(visit("schedule", run=run.id))


def test_the_guide_cnn_prunes_both_layers(visit, read):
    page = visit("schedule")
    page.get_by_key("schedule-Fine-tune-network").set_value("guide-cnn").run()
    assert not page.exception
    assert not page.error
    assert "reaches 90 % zeros in 2 kernels." in read(page)
    assert list(page.dataframe[0].value["Kernel"]) == ["3 x 3 x 1 x 12", "2028 x 10"]


def test_several_k_and_the_honest_baselines_start_with_one_press_each(visit, press, runs):
    run = fabricated.schedule(runs, SETTINGS, owner=OWNER)
    page = press(visit("schedule", run=run.id), "more")
    assert not page.exception
    ids = {each.id for each in runs.all()}
    assert {digest(baselines.at(SETTINGS, k)) for k in LEVELS} <= ids
    page = press(page, "rivals")
    ids = {each.id for each in runs.all()}
    assert {digest(baselines.unpruned(SETTINGS)), digest(baselines.small(SETTINGS))} <= ids
    assert not any(b.key in {"more", "rivals"} for b in page.button)


def test_relatives_are_drawn_over_k_and_others_are_not(visit, runs):
    for k in (0.5, 0.9):
        run = fabricated.schedule(runs, baselines.at(SETTINGS, k), owner="other")
    fabricated.schedule(runs, baselines.unpruned(SETTINGS), owner="other")
    fabricated.schedule(runs, baselines.small(SETTINGS), epochs=5, owner="other")
    stranger = dataclasses.replace(SETTINGS, target=0.7, optimizer="sgd")
    fabricated.schedule(runs, stranger, owner="other")
    page = visit("schedule", run=run.id)
    curves = charts(page)[CHARTS["recovery"].alt]
    assert {curve["name"]: curve["x"] for curve in curves} == {
        "Baseline": [0, 100],
        "As long, not pruned": [0, 100],
        "Small dense network": [90],
        "Pruned at once": [0, 50, 90],
        "Pruned while training": [0, 50, 90],
    }


def test_a_rival_shows_its_curves_and_no_masks(visit, runs):
    run = fabricated.schedule(runs, baselines.unpruned(SETTINGS), owner=OWNER)
    page = visit("schedule", run=run.id)
    assert not page.exception
    assert list(charts(page)) == alts(CHARTS, "accuracy", "loss")


def test_a_cancelled_schedule_keeps_what_it_measured_and_can_be_resumed(visit, press, runs):
    run = fabricated.schedule(runs, SETTINGS, epochs=1, owner=OWNER)
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.CANCELLED)
    page = visit("schedule", run=run.id)
    assert list(charts(page)) == WHILE_PRUNING
    press(page, f"again-{run.id}")
    assert runs.get(run.id).state is State.QUEUED


def test_a_failed_schedule_says_why(visit, runs):
    run = fabricated.schedule(runs, SETTINGS, epochs=0, owner=OWNER)
    error = "the trained baseline is gone: start the run again"
    lifecycle.finish(runs.database, run.id, fabricated.WORKER, State.FAILED, error=error)
    page = visit("schedule", run=run.id)
    assert not page.exception
    assert error in page.error[0].value.replace("\\", "")


def test_the_settings_of_a_run_fill_the_form_again(visit, press, runs):
    settings = dataclasses.replace(SETTINGS, target=0.96875, layers=(2, 5), block=(4, 1))
    run = fabricated.schedule(runs, settings, owner=OWNER)
    page = press(visit("schedule", run=run.id), "another")
    assert not page.exception
    page = press(page, "start-schedule")
    assert run.id in page.query_params["run"]


def test_the_list_of_runs_tells_what_a_schedule_recovered(visit, read, runs):
    fabricated.schedule(runs, SETTINGS, owner=OWNER)
    page = visit("runs")
    assert not page.exception
    assert "pruned while training 97.50 %" in read(page)
