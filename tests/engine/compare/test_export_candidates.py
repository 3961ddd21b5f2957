"""Tables, and commands that lead back to the same run."""

import csv
import io
import json
import shlex
from typing import Any

import pytest

from engine.commands import main
from engine.compare.adapters import candidates
from engine.compare.export import csv_text, document
from engine.compare.reproduce import command
from engine.settings import ExportSettings, ScheduleSettings, SweepSettings, TrainSettings
from tests.engine.compare.test_candidates import SWEEP, result_of
from tests.pages import fabricated, fabricated_export

SMALL = TrainSettings(hidden=(30, 20), epochs=1, batch_size=64, optimizer="sgd", seed=3)


def test_csv_and_json_hold_every_candidate():
    found = candidates(SWEEP, result_of(SWEEP, fabricated.points(SWEEP)))
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert [row["label"] for row in rows] == [c.label for c in found]
    assert int(rows[0]["tflite"]) == found[0].costs["tflite"]
    assert rows[0]["latency"] == ""
    told = json.loads(json.dumps(document({found[0].run: SWEEP}, found)))
    assert told["runs"][0]["command"] == command(SWEEP)
    assert told["units"]["tflite_zip"] == "bytes"
    assert len(told["candidates"]) == len(found)


def test_defaults_are_left_out_of_a_command():
    assert command(SweepSettings()) == "python -m engine sweep"
    sweep = SweepSettings(sparsities=(0.5, 0.9375), baseline=TrainSettings(seed=2))
    assert command(sweep) == "python -m engine sweep --seed 2 --sparsities 50,93.75"


MADE: dict[str, tuple[Any, Any]] = {
    "sweep": (
        fabricated.finished_sweep,
        SweepSettings(baseline=SMALL, methods=("unit",), sparsities=(0.5, 0.9375), norm="l1"),
    ),
    "schedule": (
        fabricated.schedule,
        ScheduleSettings(baseline=SMALL, target=0.75, block=(4, 1), batch_size=128, seed=0),
    ),
    "export": (
        fabricated_export.finished_export,
        ExportSettings(source=SMALL, prunings=(("unit", 0.5),), variants=("float32", "int8")),
    ),
    "schedule with targets": (
        fabricated.schedule,
        ScheduleSettings(baseline=SMALL, target=0.8, targets=((1, 0.5),)),
    ),
    "export of a schedule": (
        fabricated_export.finished_export,
        ExportSettings(source=ScheduleSettings(baseline=SMALL), prunings=(), calibration=100),
    ),
}


@pytest.mark.parametrize("kind", MADE)
def test_the_command_leads_back_to_the_same_run(runs, tmp_path, kind):
    make, settings = MADE[kind]
    run, file = make(runs, settings), tmp_path / "result.json"
    program, *arguments = shlex.split(command(settings))
    assert program == "python"
    assert main([*arguments[2:], "--json", str(file)]) == 0
    assert json.loads(file.read_text())["run"] == run.id
