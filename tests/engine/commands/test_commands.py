"""The command line: exit codes, one clear line for bad input, and the JSON that scripts rely on."""

import numpy as np
import pytest
import sqlalchemy as sa

from engine.commands import main
from engine.errors import InvalidInput
from engine.runs import lifecycle
from engine.runs.database import RUNS
from engine.runs.service import open_runs
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
)
from engine.settings import options as options_of


def test_the_list_of_runs_says_what_is_done_for_one_that_waits(home, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    runs = open_runs()
    runs.submit(SweepSettings(), owner="a")
    train = lifecycle.claim(runs.database, "w")
    assert train is not None
    stage = "epoch 2 of 3"
    lifecycle.progress(runs.database, train.id, "w", stage=stage, done=0.4, eta=None)
    assert main(["runs"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "trains its baseline: epoch 2 of 3" in printed
    assert "queued" not in printed
    assert "None" not in printed


def test_a_run_in_a_state_of_another_version_is_listed_and_takes_no_command_down(
    home, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "200")
    runs = open_runs()
    run = runs.submit(TrainSettings(), owner="a").id
    with runs.database.write() as connection:
        connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(state="paused"))
    assert main(["runs"]) == 0
    assert "unknown" in capsys.readouterr().out
    assert main(["runs", "show", run]) == 0
    assert main(["train"]) == 1
    assert f"does not know the state of run {run}" in capsys.readouterr().err
    assert main(["runs", "delete", run]) == 0


BAD = {
    "no epochs": (["train", "--epochs", "0"], "epochs must be a whole number from 1 to 200, not 0"),
    "many epochs": (["train", "--epochs", "10000"], "not 10000"),
    "word for a number": (["train", "--epochs", "three"], "not 'three'"),
    "no units": (["train", "--hidden", "0"], "hidden layer must be a whole number from 1 to 4,096"),
    "10,000 units": (["train", "--hidden", "100,10000"], "not 10000"),
    "units of filters": (
        ["train", "--network", "guide-cnn", "--hidden", "64"],
        "hidden must be left out for guide-cnn, not (64,)",
    ),
    "no rate": (["train", "--learning-rate", "nan"], "learning rate must be a number above 0"),
    "dataset": (["train", "--dataset", "imagenet"], "dataset must be mnist, fashion-mnist"),
    "no file": (
        ["train", "--dataset", "nowhere.npz"],
        "a file that can be read, not 'nowhere.npz'",
    ),
    "K of 101": (["sweep", "--sparsities", "50,101"], "a percentage K from 0 to 99"),
    "K of words": (["sweep", "--sparsities", "half"], "'half'"),
    "no K": (["sweep", "--sparsities", ""], "a list of 1 to 50 values of K, not ()"),
    "method": (["sweep", "--methods", "magic"], "method must be one of weight, unit, hybrid"),
    "no method": (["sweep", "--methods", ","], "a list of 1 to 5 methods"),
    "target of 0": (["schedule", "--target", "0"], "target must be a fraction above 0"),
    "block": (["schedule", "--block", "16"], "block must be two whole numbers such as 16x1"),
    "layer": (["schedule", "--layers", "9"], "layer must be a whole number from 1 to 5, not 9"),
    "targets": (["schedule", "--targets", "50"], "such as 1:90,2:50, not '50'"),
    "target of a layer": (
        ["schedule", "--targets", "5:50"],
        "layer with a target must be that of a pruned layer (1, 2, 3, 4), not 5",
    ),
    "too few blocks": (
        ["schedule", "--hidden", "64,70", "--layers", "2", "--block", "32x64"],
        "sparsity would end at 75.0 %, not 90.0 %",
    ),
    "frequency": (["schedule", "--frequency", "1000"], "nothing would be pruned: the first update"),
    "end step": (["schedule", "--end-step", "9999"], "but the training ends at step 860"),
    "2:4": (["schedule", "--pattern", "2:4"], "50 %, not 90 %; set the target to 50 %"),
    "epochs from scratch": (
        ["schedule", "--start", "scratch", "--epochs", "3"],
        "--fine-tune-epochs",
    ),
    "pruning": (["export", "--prunings", "weight"], "such as weight:90, not 'weight'"),
    "pruning's K": (["export", "--prunings", "weight:100"], "a percentage K from 0 to 99"),
    "variant": (["export", "--variants", "int4"], "variant must be one of float32, float16"),
    "few images": (["export", "--calibration", "20"], "a whole number from 100 to 500, not 20"),
    "source": (["export", "--source", "mine"], "an id of 24 characters"),
    "source that is not there": (["export", "--source", "0" * 24], "there is no run"),
    "source and options": (
        ["export", "--source", "0" * 24, "--batch-size", "32"],
        "--source names a run that is trained already: leave out --batch-size",
    ),
    "clients": (["federate", "--clients", "1"], "clients must be a whole number from 2 to 10,000"),
    "algorithm": (["federate", "--algorithm", "fedsgd"], "algorithm must be"),
    "federated network": (["federate", "--network", "guide-cnn"], "network must be dense"),
    "federated preset": (["federate", "--preset", "slow"], "preset must be paper or quick"),
    "preset": (["sweep", "--preset", "fast"], "preset must be paper"),
    "option": (["sweep", "--colour", "red"], "No such option"),
    "command": (["explode"], "No such command"),
    "run of the wrong form": (["runs", "show", "../../etc"], "an id of 24 characters"),
    "run that is not there": (["runs", "show", "0" * 24], "there is no run"),
    "nothing to export": (["runs", "export", "0" * 24], "say what to write"),
    "workers": (["worker", "--count", "0"], "count must be a whole number from 1 to 64"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_one_clear_line_and_exit_code_2(arguments, message, capsys):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert len(output.err.strip().splitlines()) == 1
    assert output.out == ""


def test_the_message_is_the_same_in_python_and_on_the_command_line(capsys):
    with pytest.raises(InvalidInput) as error:
        TrainSettings(epochs=0)
    main(["train", "--epochs", "0"])
    assert capsys.readouterr().err.strip() == str(error.value)


def test_a_store_that_cannot_be_used_is_one_clear_line_and_exit_code_1(home, capsys):
    home.write_text("a file")
    assert main(["runs"]) == 1
    output = capsys.readouterr().err.strip()
    assert "set PRUNESCOPE_HOME" in output
    assert len(output.splitlines()) == 1


def test_without_arguments_there_is_help(capsys):
    assert main([]) == 0
    assert "sweep" in capsys.readouterr().out


def test_images_without_height_and_width_are_refused_before_anything_runs(tmp_path, capsys):
    flat, labels = np.zeros((60, 49), np.uint8), (np.arange(60) % 3).astype(np.uint8)
    path = tmp_path / "flat.npz"
    np.savez(path, x_train=flat, y_train=labels, x_test=flat, y_test=labels)
    assert main(["train", "--dataset", str(path), "--network", "guide-cnn"]) == 2
    assert capsys.readouterr().err.strip() == (
        "images must be at least 4 pixels high and wide for guide-cnn, not (49,)"
    )


def test_the_options_cover_every_setting():
    import inspect

    from engine.commands import start

    options = set(inspect.signature(start.train).parameters)
    assert set(options_of(TrainSettings)) <= options
    options = set(inspect.signature(start.sweep).parameters)
    assert set(options_of(SweepSettings)) <= options
    options = set(inspect.signature(start.schedule).parameters)
    assert set(options_of(ScheduleSettings)) <= options
    twice = ("batch_size", "optimizer", "learning_rate", "decay", "seed")
    assert {f"fine_tune_{name}" for name in twice} <= options
    options = set(inspect.signature(start.export).parameters)
    assert set(options_of(ExportSettings)) <= options
    options = set(inspect.signature(start.federate).parameters)
    assert set(options_of(FederateSettings)) <= options
