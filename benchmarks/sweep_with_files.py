"""A whole sweep with every file: 9 K, three methods, the baseline already trained.

The time is a person's: from the submission to the last point in the store that the page reads,
with a warm worker, as the dashboard keeps one.
"""

import time

from benchmarks.baseline import home
from benchmarks.table import row, title, verdict
from engine import client
from engine.runs.model import State
from engine.runs.service import Runs, open_runs
from engine.runs.supervisor import supervised
from engine.runs.workers import crew
from engine.settings import SweepSettings, TrainSettings

POINTS = 28


def main() -> None:
    title("Sweep with every file: 9 K x weight, unit, hybrid, from a trained baseline")
    with home():
        runs = open_runs()
        with supervised(runs):
            client.run(TrainSettings())
            while not crew(runs.database).ready:
                time.sleep(0.1)
            measured, done = _times(runs)
        stored = sum(file.size for file in runs.files(runs.all()[0].id))
        row("model files stored, zipped", f"{stored / 1e6:.0f} MB")
    verdict("accuracy and loss of all 28 points readable after", measured, 15, unit="s")
    verdict("all files, sizes and TFLite accuracies after", done, 90, unit="s")


def _times(runs: Runs) -> tuple[float, float]:
    begun, measured = time.perf_counter(), 0.0
    run = runs.submit(SweepSettings(), owner="benchmark")
    while runs.get(run.id).state.active:
        if not measured and len(runs.points(run.id)) == POINTS:
            measured = time.perf_counter() - begun
        time.sleep(0.05)
    if runs.get(run.id).state is not State.DONE:
        raise RuntimeError(runs.get(run.id).error)
    return measured, time.perf_counter() - begun


if __name__ == "__main__":
    main()
