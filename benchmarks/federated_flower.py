"""A federated round against a steady round of a Flower simulation with a Keras client.

Flower lives in an environment of its own, `.venv-flower`, made at the first use: it wants other
versions than ours. Its clients are trained two at a time with a core each, and one at a time with
both; the better one counts. They build a model for each message, as Flower's own example does;
beside that the same round where they keep a compiled one. Flower's rounds measure nothing; ours
would measure every client twice and the server's network on all test images, so it is timed
without and with that.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.baseline import home
from benchmarks.federated_round import REPEATS, SETTINGS, federation, steady_rounds, unmeasured
from benchmarks.flower import task
from benchmarks.table import row, timed, title, verdict
from engine.datasets import load, normalised
from engine.federated.federation import Federation
from engine.networks.network import to_arrays

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".venv-flower"
WANTED = ROOT / "benchmarks" / "flower" / "requirements.txt"
ROUNDS = 4
"""The first one starts processes and compiles; it is printed, and not compared."""


def main() -> None:
    title("Federated round against Flower: 10 clients x 500 images x 1 epoch, batch 10")
    python = _python()
    with home(), tempfile.TemporaryDirectory() as folder:
        made = federation(load("mnist"), SETTINGS)
        path = Path(folder) / "task.npz"
        task.write(_task(made), path)
        plain = min(_flower(python, path, cpus, helped=False) for cpus in (1, 2))
        helped = min(_flower(python, path, cpus, helped=True) for cpus in (1, 2))
        start = made.start()
        sides = steady_rounds(made, start), steady_rounds(unmeasured(made), start)
        times = [[timed(side)[0] for side in sides] for _ in range(REPEATS + 1)][1:]
    ours, like = np.median(times, axis=0).tolist()
    row("our round: trained, encoded and decoded, averaged", f"{like:.2f} s")
    verdict("ratio to Flower's better one", plain / like, 4, unit="times", at_least=True)
    row("  where its clients keep their models", f"{helped / like:.2f} times")
    row("our round with every client and the server measured", f"{ours:.2f} s")
    row("  ratio to Flower's better one, which measures nothing", f"{plain / ours:.2f} times")


def _python() -> Path:
    """The interpreter of Flower's environment, made if need be."""
    python, done = PLACE / "bin" / "python", PLACE / "installed"
    if not done.exists():
        row("makes Flower's environment, once", str(PLACE.name))
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        subprocess.run([python, *install, WANTED], check=True)
        done.touch()
    return python


def _task(made: Federation) -> task.Task:
    rows = [made.owners.of(client).train for client in range(made.settings.clients)]
    local = made.settings.local
    return task.Task(
        images=[normalised(made.dataset.x_train[each]) for each in rows],
        labels=[np.asarray(made.owners.y_train[each], np.uint8) for each in rows],
        weights=to_arrays(made.initial),
        rate=local.learning_rate,
        momentum=local.momentum,
        batch=local.batch_size,
    )


def _flower(python: Path, path: Path, cpus: int, *, helped: bool) -> float:
    """Seconds of a steady round where each client has so many cores."""
    command = [python, "-m", "benchmarks.flower.app", path, ROUNDS, cpus, int(helped)]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "FLWR_TELEMETRY_ENABLED": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=os.environ | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Flower's simulation ended with: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    first, *others = found["rounds"]
    steady = float(np.median(others))
    trained = np.mean(found["clients"][1:])
    kind = "models kept" if helped else "as in its example"
    row(f"Flower's steady round, {kind}, {cpus} of 2 cores a client", f"{steady:.2f} s")
    row("  its first round; a client alone", f"{first:.1f} s; {trained:.2f} s")
    return steady


if __name__ == "__main__":
    main()
