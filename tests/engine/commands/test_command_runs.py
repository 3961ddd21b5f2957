"""Runs from the command line: the JSON that scripts rely on, tables, files."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from engine import client
from engine.commands import main
from engine.runs.service import open_runs
from engine.runs.supervisor import supervised
from engine.runs.workers import crew
from engine.settings import from_json
from tests.conftest import at_home
from tests.engine.datasets.cases import blobs, changed, packed

pytestmark = pytest.mark.tensorflow

BYTES = {f"{name}{end}" for name in ("keras", "tflite", "tflite_dynamic") for end in ("", "_zip")}
POINT = {
    "method", "sparsity", "achieved_sparsity", "model_sparsity", "accuracy", "loss",
    "class_accuracy", "parameters", "nonzero_parameters", "effective_parameters", "macs",
    "effective_macs", "bytes", "tflite_accuracy", "tflite_dynamic_accuracy",
    "balanced_accuracy", "validation", "tflite_dynamic_validation",
}  # fmt: skip
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


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys):
    """Gives a command to this process: one of its own costs a second."""

    def given(*arguments):
        code = main([*arguments])
        written = capsys.readouterr()
        return Ended(code, written.out, written.err)

    return given


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """One for the module, so that its tests can share a worker."""
    with at_home(tmp_path_factory.mktemp("commands") / "home") as folder:
        yield folder


@pytest.fixture(scope="module")
def runs(home):
    return open_runs()


@pytest.fixture(scope="module")
def worker(runs):
    """Lives beside the commands, so that none has to start one: that costs 5 seconds."""
    with supervised(runs) as supervisor:
        yield supervisor


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


def test_a_sweep_of_ones_own_data_writes_the_contracted_json_and_a_table(
    project, own_data, tmp_path, runs, run
):
    assert crew(runs.database).alive == 0  # this comes first: the command starts its own
    result = tmp_path / "sweep.json"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2"]
    shape = ["--methods", "weight,unit,hybrid", "--sparsities", "50,90", "--bias", "pruned"]
    command = [sys.executable, "-m", "engine", "sweep", *common, *shape, "--json", str(result)]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "hybrid" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) == {"run", "settings", "baseline", "points", "notices"}
    assert [notice["code"] for notice in data["notices"]] == ["scale", "few-validation-images"]
    assert "scale: 500 training and 100 test images of 5x5, uint8 from" in ended.stderr
    told = data["points"][0]["validation"]
    assert told["images"] == 41
    assert [(p["method"], p["sparsity"]) for p in data["points"]] == [
        (m, k) for m in ("weight", "unit", "hybrid") for k in (0.5, 0.9)
    ]
    for point in (data["baseline"], *data["points"]):
        assert set(point) >= POINT
        assert set(point["bytes"]) == BYTES
    assert data["settings"]["bias"] == "pruned"

    folder = tmp_path / "files"
    assert run("runs", "export", data["run"], "--folder", str(folder)).returncode == 0
    raw = data["points"][0]["bytes"]["tflite"]
    assert (folder / "weight-0.5.tflite").stat().st_size == raw

    listed = run("runs", "list")
    assert data["run"] in listed.stdout
    assert run("runs", "delete", data["run"]).returncode == 0
    assert run("runs", "show", data["run"]).returncode == 2
    assert crew(runs.database).alive == 0


def test_the_same_pictures_score_alike_however_they_are_written_and_what_was_read_is_told(
    project, tmp_path, worker
):
    arrays = blobs(classes=3, shape=(8, 6, 3))
    kept = arrays["y_test"] != 1
    arrays |= {"x_test": arrays["x_test"][kept], "y_test": arrays["y_test"][kept]}
    words = np.array(["cat", "dog", "emu"])
    other = changed(arrays, lambda x: np.moveaxis(x, -1, 1).astype("f4"))
    other = changed(other, lambda y: words[y], "y_train", "y_test")
    named = {"x_train": "train_images", "y_train": "train_labels"}
    other = {named.get(name, name): array for name, array in other.items()}
    found = {}
    for name, own in (("plain.npz", arrays), ("other.NPZ", other)):
        (tmp_path / name).write_bytes(packed(own))
        result = tmp_path / f"{name}.json"
        common = ["--dataset", str(tmp_path / name), "--network", "guide-cnn", "--epochs", "2"]
        command = ["sweep", *common, "--batch-size", "20", "--methods", "unit"]
        assert main([*command, "--sparsities", "50", "--json", str(result)]) == 0
        found[name] = json.loads(result.read_text())
    plain, other = found["plain.npz"], found["other.NPZ"]
    for one, two in zip(
        (plain["baseline"], *plain["points"]), (other["baseline"], *other["points"]), strict=True
    ):
        for name in ("accuracy", "class_accuracy", "confusion", "validation", "tflite_accuracy"):
            assert one[name] == two[name]
        assert one["loss"] == pytest.approx(two["loss"], rel=1e-5)  # bytes are scaled in the graph
        assert one["class_accuracy"][1] is None
        assert one["balanced_accuracy"] == pytest.approx(
            (one["class_accuracy"][0] + one["class_accuracy"][2]) / 2
        )
    read = other["settings"]["baseline"]
    assert (read["scale"], read["channels"]) == ("255", "first")
    assert {notice["code"] for notice in other["notices"]} == {
        "scale", "channels-first", "keys-mapped", "labels-renumbered", "no-test-images",
        "few-validation-images",
    }  # fmt: skip
    settings = from_json("sweep", plain["settings"])
    assert client.run(settings)["notices"] == plain["notices"]  # Python says the same


def test_the_guide_cnn_is_swept_from_the_command_line_and_honest_about_its_few_filters(
    own_data, tmp_path, worker, run
):
    result = tmp_path / "sweep.json"
    common = ["--dataset", own_data, "--network", "guide-cnn", "--epochs", "1"]
    shape = ["--methods", "unit,weight", "--sparsities", "95,99"]
    ended = run("sweep", *common, *shape, "--json", str(result))
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


def test_a_schedule_of_ones_own_data_writes_the_contracted_json_and_a_table(
    own_data, tmp_path, worker, run
):
    result = tmp_path / "schedule.json"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2", "--batch-size", "50"]
    steps = ["--target", "75", "--frequency", "5", "--end-step", "15", "--layers", "1,3"]
    ended = run("schedule", *common, *steps, "--targets", "3:50", "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    assert "planned 73.58 %, achieved 73.58 %" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) >= {"run", "settings", "planned", "achieved", "history", "before", "after"}
    assert [step for step, _ in data["planned"]] == [0, 5, 10, 15, 20]
    zeros = (750 + 30) / (1000 + 60)
    assert data["achieved"][-1] == [20, pytest.approx(zeros, abs=0.001)]
    assert data["after"]["sparsity"] == pytest.approx(zeros, abs=0.00001)
    assert [(each["target"], each["achieved"]) for each in data["layers"]] == [
        (0.75, 0.75),
        (0.5, 0.5),
    ]
    codes = ["scale", "few-validation-images"]
    assert [notice["code"] for notice in data["notices"]] == codes
    assert data["agrees"] is True
    assert [len(data["history"][part]) for part in ("before", "after")] == [2, 2]
    for point in (data["baseline"], data["before"], data["after"]):
        assert set(point) >= POINT
        assert set(point["bytes"]) == BYTES
    assert data["settings"]["batch_size"] == data["settings"]["baseline"]["batch_size"] == 50


def test_an_export_writes_its_json_and_every_file_and_names_a_source_that_is_trained(
    own_data, tmp_path, worker, run
):
    result, folder = tmp_path / "export.json", tmp_path / "files"
    common = ["--dataset", own_data, "--hidden", "40,20", "--epochs", "2"]
    assert run("train", *common, "--json", str(result)).returncode == 0
    source = json.loads(result.read_text())["run"]
    few = ["--prunings", "unit:50", "--variants", "float32,dynamic", "--repetitions", "10"]
    more = ["--json", str(result), "--folder", str(folder)]
    ended = run("export", "--source", source, *few, *more)
    assert ended.returncode == 0, ended.stderr
    assert "unit 50 removed" in ended.stdout
    assert "no smallest file within one point: 41 validation images cannot choose" in ended.stdout
    data = json.loads(result.read_text())
    assert set(data) == {"run", "settings", "networks", "files", "smallest", "advice", "notices"}
    reason = "41 validation images cannot choose: one is worth 2.4 points"
    assert data["smallest"] is None
    assert data["advice"]["reason"].startswith(reason)
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
    again = run("export", *common, *few)  # the same source, said in options
    assert data["run"] in again.stdout


def test_federations_of_ones_own_data_are_compared_and_write_the_contracted_json(
    own_data, tmp_path, worker, run
):
    result = tmp_path / "federate.json"
    common = ["--dataset", own_data, "--hidden", "12,8", "--clients", "4", "--fraction", "0.5"]
    shape = ["--rounds", "2", "--local-epochs", "2", "--split", "dirichlet", "--alpha", "1"]
    compared = ["--algorithm", "fedavg,sub-fedavg", "--pruning", "unstructured,structured"]
    ended = run("federate", *common, *shape, *compared, "--json", str(result))
    assert ended.returncode == 0, ended.stderr
    found = json.loads(result.read_text())["runs"]
    assert [each["settings"]["algorithm"] for each in found] == ["fedavg", *["sub-fedavg"] * 2]
    for each in found:
        assert set(each) >= {"run", "settings", "rounds", "final"}
        assert set(each["final"]) >= FEDERATED_END
        assert [row["round"] for row in each["rounds"]] == [1, 2]
        for row in each["rounds"]:
            assert set(row) >= FEDERATED_ROUND
            assert row["bytes_up"] == sum(each["bytes_up"] for each in row["clients"])
            for owner in row["clients"]:
                assert set(owner) >= FEDERATED_CLIENT
                assert owner["gate"] in {"pruned", "distance", "target", "accuracy", None}
