"""The command line: exit codes, one clear line for bad input, and the JSON that scripts rely on."""

import dataclasses
import io
import json
import subprocess
import sys

import numpy as np
import pytest

from engine.commands import main
from engine.errors import InvalidInput
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
)

BYTES = {f"{name}{end}" for name in ("keras", "tflite", "tflite_dynamic") for end in ("", "_zip")}
POINT = {
    "method", "sparsity", "achieved_sparsity", "model_sparsity", "accuracy", "loss",
    "class_accuracy", "parameters", "nonzero_parameters", "effective_parameters", "macs",
    "effective_macs", "bytes", "tflite_accuracy", "tflite_dynamic_accuracy",
}  # fmt: skip
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


FEDERATED_ROUND = {
    "round", "global_accuracy", "mean_accuracy", "bytes_up", "bytes_down", "orphan_fraction",
    "seconds", "clients",
}  # fmt: skip
FEDERATED_CLIENT = {
    "client", "labels", "samples", "accuracy_before", "accuracy_after", "density",
    "mask_distance", "gate", "bytes_up", "bytes_down",
}  # fmt: skip
FEDERATED_END = {
    "mean_accuracy", "worst_decile_accuracy", "global_accuracy", "bytes_total", "client_accuracy",
}  # fmt: skip


def run(project, *arguments):
    command = [sys.executable, "-m", "engine", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def own_data(tmp_path):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 600).astype(np.uint8)
    images = rng.integers(0, 256, (3, 5, 5))[labels].astype(np.uint8)
    file = io.BytesIO()
    parts = {"x_train": images[:500], "y_train": labels[:500]}
    np.savez(file, **parts, x_test=images[500:], y_test=labels[500:])  # type: ignore[arg-type]
    path = tmp_path / "own.npz"
    path.write_bytes(file.getvalue())
    return str(path)


@pytest.mark.tensorflow
def test_a_sweep_of_ones_own_data_writes_the_contracted_json_and_a_table(
    project, own_data, tmp_path
):
    result = tmp_path / "sweep.json"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2"]
    shape = ["--methods", "weight,unit,hybrid", "--sparsities", "50,90", "--bias", "pruned"]
    ended = run(project, "sweep", *common, *shape, "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    assert "hybrid" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) == {"run", "settings", "baseline", "points"}
    assert [(p["method"], p["sparsity"]) for p in data["points"]] == [
        (m, k) for m in ("weight", "unit", "hybrid") for k in (0.5, 0.9)
    ]
    for point in (data["baseline"], *data["points"]):
        assert set(point) >= POINT
        assert set(point["bytes"]) == BYTES
    assert data["settings"]["bias"] == "pruned"

    folder = tmp_path / "files"
    assert run(project, "runs", "export", data["run"], "--folder", str(folder)).returncode == 0
    raw = data["points"][0]["bytes"]["tflite"]
    assert (folder / "weight-0.5.tflite").stat().st_size == raw

    listed = run(project, "runs", "list")
    assert data["run"] in listed.stdout
    assert run(project, "runs", "delete", data["run"]).returncode == 0
    assert run(project, "runs", "show", data["run"]).returncode == 2


@pytest.mark.tensorflow
def test_the_guide_cnn_is_swept_from_the_command_line_and_honest_about_its_few_filters(
    project, own_data, tmp_path
):
    result = tmp_path / "sweep.json"
    common = ["--dataset", own_data, "--network", "guide-cnn", "--epochs", "1"]
    shape = ["--methods", "unit,weight", "--sparsities", "95,99"]
    ended = run(project, "sweep", *common, *shape, "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    assert "99 (92)" in ended.stdout
    data = json.loads(result.read_text())
    assert data["settings"]["baseline"]["network"] == "guide-cnn"
    assert data["baseline"]["parameters"] == 9 * 12 + 12 + 12 * 3 + 3
    units, weights = data["points"][:2], data["points"][2:]
    for point in units:
        assert point["achieved_sparsity"] == pytest.approx(11 / 12)
        assert point["effective_parameters"] == 9 + 1 + 3 + 3
        assert set(point["removed_bytes"]) == BYTES
        assert abs(point["tflite_accuracy"] - point["accuracy"]) <= 0.011
    assert units[0]["accuracy"] == units[1]["accuracy"]
    assert weights[0]["achieved_sparsity"] == (102 + 34) / (108 + 36)


def test_images_without_height_and_width_are_refused_before_anything_runs(tmp_path, capsys):
    flat, labels = np.zeros((60, 49), np.uint8), (np.arange(60) % 3).astype(np.uint8)
    path = tmp_path / "flat.npz"
    np.savez(path, x_train=flat, y_train=labels, x_test=flat, y_test=labels)
    assert main(["train", "--dataset", str(path), "--network", "guide-cnn"]) == 2
    assert capsys.readouterr().err.strip() == (
        "images must be at least 4 pixels high and wide for guide-cnn, not (49,)"
    )


@pytest.mark.tensorflow
def test_a_schedule_of_ones_own_data_writes_the_contracted_json_and_a_table(
    project, own_data, tmp_path
):
    result = tmp_path / "schedule.json"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2", "--batch-size", "50"]
    steps = ["--target", "75", "--frequency", "5", "--end-step", "15", "--layers", "1,3"]
    ended = run(project, "schedule", *common, *steps, "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    assert "planned 75.00 %, achieved 75.00 %" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) >= {"run", "settings", "planned", "achieved", "history", "before", "after"}
    assert [step for step, _ in data["planned"]] == [0, 5, 10, 15, 20]
    assert data["achieved"][-1] == [20, pytest.approx(0.75, abs=0.001)]
    assert data["agrees"] is True
    assert [len(data["history"][part]) for part in ("before", "after")] == [2, 2]
    for point in (data["baseline"], data["before"], data["after"]):
        assert set(point) >= POINT
        assert set(point["bytes"]) == BYTES
    assert data["settings"]["batch_size"] == data["settings"]["baseline"]["batch_size"] == 50


@pytest.mark.tensorflow
def test_an_export_writes_its_json_and_every_file_and_names_a_source_that_is_trained(
    project, own_data, tmp_path
):
    result, folder = tmp_path / "export.json", tmp_path / "files"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2"]
    assert run(project, "train", *common, "--json", str(result)).returncode == 0
    source = json.loads(result.read_text())["run"]
    few = ["--prunings", "unit:50", "--variants", "float32,dynamic", "--repetitions", "10"]
    more = ["--json", str(result), "--folder", str(folder)]
    ended = run(project, "export", "--source", source, *few, *more)
    assert ended.returncode == 0, ended.stderr
    assert "unit 50 removed" in ended.stdout
    assert "smallest zip within one point" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) == {"run", "settings", "networks", "files", "smallest"}
    rows = ["baseline", "unit-0.5", "unit-0.5-removed"]
    assert [row["key"] for row in data["networks"]] == rows
    assert data["settings"]["calibration"] == 200
    for file in data["files"]:
        assert file["error"] == ""
        assert file["latency"]["repetitions"] == 10
        assert (folder / f"{file['key']}.tflite").stat().st_size == file["bytes"]
        assert (folder / f"{file['key']}.tflite.zip").stat().st_size == file["zip_bytes"]
    for row in data["networks"]:
        assert (folder / f"{row['key']}.keras.h5").stat().st_size == row["bytes"]["keras"]
    again = run(project, "export", *common, *few)  # the same source, said in options
    assert data["run"] in again.stdout


@pytest.mark.tensorflow
def test_federations_of_ones_own_data_are_compared_and_write_the_contracted_json(
    project, own_data, tmp_path
):
    result = tmp_path / "federate.json"
    common = ["--dataset", own_data, "--hidden", "12,8", "--clients", "4", "--fraction", "0.5"]
    shape = ["--rounds", "2", "--local-epochs", "2", "--split", "dirichlet", "--alpha", "1"]
    compared = ["--algorithm", "fedavg,sub-fedavg", "--pruning", "unstructured,structured"]
    ended = run(project, "federate", *common, *shape, *compared, "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    found = json.loads(result.read_text())["runs"]
    assert [each["settings"]["algorithm"] for each in found] == ["fedavg", *["sub-fedavg"] * 2]
    for each in found:
        assert set(each) >= {"run", "settings", "rounds", "final"}
        assert set(each["final"]) >= FEDERATED_END
        assert [row["round"] for row in each["rounds"]] == [1, 2]
        for row in each["rounds"]:
            assert set(row) >= FEDERATED_ROUND
            assert row["bytes_up"] == sum(client["bytes_up"] for client in row["clients"])
            for client in row["clients"]:
                assert set(client) >= FEDERATED_CLIENT
                assert client["gate"] in {"pruned", "distance", "target", "accuracy", None}


def test_the_options_cover_every_setting():
    import inspect

    from engine.commands import export, federate, schedule, sweep, train

    options = set(inspect.signature(train.command).parameters)
    assert {field.name for field in dataclasses.fields(TrainSettings)} <= options
    options = set(inspect.signature(sweep.command).parameters)
    assert {field.name for field in dataclasses.fields(SweepSettings)} - {"baseline"} <= options
    options = set(inspect.signature(schedule.command).parameters)
    assert {field.name for field in dataclasses.fields(ScheduleSettings)} - {"baseline"} <= options
    twice = ("batch_size", "optimizer", "learning_rate", "decay", "seed")
    assert {f"fine_tune_{name}" for name in twice} <= options
    options = set(inspect.signature(export.command).parameters)
    assert {field.name for field in dataclasses.fields(ExportSettings)} <= options
    options = set(inspect.signature(federate.command).parameters)
    assert {field.name for field in dataclasses.fields(FederateSettings)} <= options
