"""Exports by real worker processes: killed, cancelled, robbed of their converters, repeated."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from engine.errors import StorageError
from engine.export.archive import unzip_bytes
from engine.results import files
from engine.results.export_report import DEFAULT_RESOLVER
from engine.runs.model import State
from engine.settings import VARIANTS, ExportSettings, ScheduleSettings, TrainSettings

pytestmark = pytest.mark.tensorflow

ELSEWHERE = """
import json, os, sys
import numpy as np
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import tf_keras
from ai_edge_litert.interpreter import Interpreter, OpResolverType
folder, names = sys.argv[1], json.loads(sys.argv[2])
data = np.load(f"{folder}/test.npz")
images, labels = data["x"].reshape(len(data["x"]), -1).astype("f4") / np.float32(255), data["y"]
found = {}
for name, default in names.items():
    if name.endswith(".h5"):
        answers = tf_keras.models.load_model(f"{folder}/{name}", compile=False).predict(images)
        found[name] = float(np.mean(answers.argmax(1) == labels))
        continue
    kernels = "AUTO" if default else "BUILTIN_WITHOUT_DEFAULT_DELEGATES"
    model = Interpreter(
        f"{folder}/{name}", experimental_op_resolver_type=getattr(OpResolverType, kernels)
    )
    model.allocate_tensors()
    source, target = model.get_input_details()[0], model.get_output_details()[0]
    right = 0
    for image, label in zip(images, labels):
        if source["dtype"] is np.int8:
            scale, zero = source["quantization"]
            image = np.clip(np.round(image / np.float32(scale) + zero), -128, 127).astype("i1")
        model.set_tensor(source["index"], image[None])
        model.invoke()
        right += int(model.get_tensor(target["index"])[0].argmax() == label)
    found[name] = right / len(labels)
print(json.dumps(found))
"""
"""What a person does with the files, with none of this project's code."""


def training_of(dataset):
    return TrainSettings.of(dataset=dataset, hidden=(64, 32), epochs=1)


def cells(runs, run):
    return runs.matrix(run.id).cells.values()


@pytest.mark.timeout(480)  # half a minute on two idle cores
def test_an_export_killed_midway_ends_whole_and_its_files_answer_as_reported_elsewhere(
    runs, supervisor, dataset, until, tmp_path, project
):
    settings = ExportSettings(
        source=training_of(dataset), prunings=(("hybrid", 0.9),), calibration=100, repetitions=10
    )
    run = runs.submit(settings, owner="ann")
    until(lambda: any(c.variant == "float16" for c in cells(runs, run)), seconds=120)
    before = {cell.key: cell for cell in cells(runs, run)}
    assert runs.get(run.id).state is State.RUNNING
    os.kill(supervisor.pids()[0], signal.SIGKILL)
    until(lambda: not runs.get(run.id).state.active, seconds=120)
    assert runs.get(run.id).state is State.DONE
    found = runs.matrix(run.id)
    assert list(found.rows) == ["baseline", "hybrid-0.9", "hybrid-0.9-removed"]
    assert len(found.cells) == len(found.rows) * len(VARIANTS)
    for key, cell in found.cells.items():
        assert cell.error == ""
        assert cell.runs
        assert cell.latency is not None
        assert key not in before or before[key].bytes == cell.bytes
    stored = {file.name: file for file in runs.files(run.id)}
    assert len(stored) == len(found.rows) + len(found.cells)
    _elsewhere(runs, run, dataset, found, tmp_path, project)
    _again(runs, run, settings, until, stored)


def _elsewhere(runs, run, dataset, found, folder, project):
    """Every file, raw, in a process without this project."""
    import numpy as np

    from engine.datasets import load

    data = load(dataset)
    np.savez(folder / "test.npz", x=data.x_test, y=data.y_test)
    names, expected = {}, {}
    for row in found.rows.values():
        archive = runs.file(run.id, files.keras_file(row.key))
        _put(folder, f"{row.key}.h5", archive, row.bytes["keras"])
        names[f"{row.key}.h5"], expected[f"{row.key}.h5"] = True, row.accuracy
    for cell in found.cells.values():
        archive = runs.file(run.id, files.variant_file(cell.row, cell.variant))
        assert len(archive) == cell.zip_bytes
        _put(folder, f"{cell.key}.tflite", archive, cell.bytes)
        names[f"{cell.key}.tflite"] = cell.resolver == DEFAULT_RESOLVER
        expected[f"{cell.key}.tflite"] = cell.accuracy
    command = [sys.executable, "-c", ELSEWHERE, str(folder), json.dumps(names)]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == pytest.approx(expected)


def _put(folder, name, archive, length):
    data = unzip_bytes(archive, limit=length)
    assert len(data) == length
    (folder / name).write_bytes(data)


def _again(runs, run, settings, until, stored):
    """Files that are damaged are made again: the same bytes."""
    damaged = (files.keras_file("baseline"), files.variant_file("hybrid-0.9", "int8"))
    for name in damaged:
        digest = stored[name].digest
        (runs.database.folder / "artifacts" / digest[:2] / digest).write_bytes(b"noise")
        with pytest.raises(StorageError, match="start the run again"):
            runs.file(run.id, name)
    runs.submit(settings, owner="ann")
    until(lambda: not runs.get(run.id).state.active, seconds=120)
    assert runs.get(run.id).state is State.DONE
    assert {file.name: file for file in runs.files(run.id)} == stored


def test_a_schedules_export_is_cancelled_at_once_and_without_converters_keeps_the_rest(
    runs, supervisor, dataset, until
):
    schedule = ScheduleSettings(baseline=training_of(dataset), target=0.8, fine_tune_epochs=1)
    variants = ("float32", "float16", "dynamic", "int8")
    settings = ExportSettings(source=schedule, prunings=(), variants=variants, repetitions=10)
    run = runs.submit(settings, owner="ann")
    until(lambda: len(cells(runs, run)) >= 2, seconds=120)
    asked = time.monotonic()
    runs.cancel(run.id, owner="ann")
    until(lambda: runs.get(run.id).state is State.CANCELLED, seconds=10)
    assert time.monotonic() - asked < 2
    kept = {cell.key: cell for cell in cells(runs, run)}
    ended = threading.Event()
    killer = threading.Thread(target=_kill_converters, args=(supervisor, ended))
    killer.start()
    runs.submit(settings, owner="ann")
    until(lambda: not runs.get(run.id).state.active, seconds=120)
    ended.set()
    killer.join()
    assert runs.get(run.id).state is State.DONE
    for key, cell in runs.matrix(run.id).cells.items():
        whole = key in kept  # a file of any variant needs the converter, if only once
        assert whole == cell.runs
        assert whole == (cell.latency is not None)
        assert whole != cell.error.startswith(f"the converter made no {cell.variant} file")
    rows = runs.matrix(run.id).rows
    assert list(rows)[:2] == ["baseline", "schedule-0.8"]
    assert rows["schedule-0.8"].nonzero_parameters < 0.4 * rows["baseline"].nonzero_parameters
    trained, pruned = (rows[key].bytes["keras_training"] for key in ("baseline", "schedule-0.8"))
    assert pruned > 1.2 * trained  # each mask is as large as its kernel


def _kill_converters(supervisor, ended):
    while not ended.wait(0.05):
        with contextlib.suppress(psutil.Error):  # it may end while it is looked at
            for process in psutil.Process(supervisor.pids()[0]).children():
                if "spawn_main" in " ".join(process.cmdline()):
                    process.kill()
