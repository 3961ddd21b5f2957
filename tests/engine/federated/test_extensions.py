"""An algorithm with a state of its own and a split, each one file of another package, run here."""

import json
import os
import subprocess
import sys

FEDDYN = '''
"""FedDyn (Acar et al., ICLR 2021): both clients and server correct for what clients drift."""

from dataclasses import dataclass

import numpy as np

from engine.federated.algorithms import FedAvg
from engine.federated.learner import Proximal
from engine.networks.network import from_arrays, to_arrays

ALPHA = 0.1


@dataclass(frozen=True, kw_only=True)
class FedDyn(FedAvg):
    name = "feddyn"
    order = 45
    label = "FedDyn"
    summary = "Clients and server correct for what clients drift."
    trains_own = True
    remembers = True

    def init(self, network):
        return {"drift": tuple(np.zeros_like(array) for array in to_arrays(network))}

    def train(self, task):
        start = to_arrays(task.network)
        anchor = [w + g / np.float32(ALPHA) for w, g in zip(start, self._gradient(task))]
        pull = Proximal(ALPHA, from_arrays(anchor))
        return task.learner.train(task.network, task.masks, task.orders, pull)

    def remember(self, task, trained):
        moved = zip(self._gradient(task), to_arrays(trained), to_arrays(task.network))
        return {"gradient": tuple(g - np.float32(ALPHA) * (new - old) for g, new, old in moved)}

    def server_update(self, server, average):
        share = np.float32(ALPHA * average.uploads / len(server.versions))
        old, mean = to_arrays(server.network), average.mean()
        drift = [d - share * (m - w) for d, m, w in zip(server.extra["drift"], mean, old)]
        network = [m - d / np.float32(ALPHA) for m, d in zip(mean, drift)]
        return from_arrays(network), {"drift": tuple(drift)}

    def _gradient(self, task):
        return task.memory.get("gradient") or [np.zeros_like(a) for a in to_arrays(task.network)]


ALGORITHMS = (FedDyn,)
'''

RUNS = '''
"""Runs of images in the order of the file."""

from dataclasses import dataclass

import numpy as np

from engine.federated.splits import Partitioner


@dataclass(frozen=True, kw_only=True)
class Runs(Partitioner):
    name = "runs"
    order = 5
    label = "Runs"
    summary = "Each client owns images that follow each other."
    words = "runs of images"

    def deal(self, labels, classes, clients, rng):
        return np.array_split(np.arange(len(labels)), clients)


SPLITS = (Runs,)
'''

PROGRAM = """
import json

import numpy as np

from engine.datasets import Dataset, normalised
from engine.federated import history, rounds
from engine.federated.federation import Federation
from engine.federated.reports import RoundReport, round_to_json
from engine.federated.state import dump_state, load_state
from engine.networks.network import same
from engine.settings import FederateSettings
from engine.system.registry import names
from tests.engine.federated.conftest import TINY, blobs
from tests.reference_federated import SlowLearner

rng = np.random.default_rng(0)
centres = rng.integers(0, 256, (4, 6))
data = Dataset(TINY["dataset"], *blobs(240, rng, centres), *blobs(80, rng, centres))
settings = FederateSettings.of(**(TINY | {"algorithm": "feddyn", "split": "runs", "rounds": 4}))
learner = SlowLearner(normalised(data.x_train), np.asarray(data.y_train), settings)
made = Federation(settings, data, learner, {})
first, *_, last = (r for r in rounds.run(made) if isinstance(r, RoundReport))
resumed = rounds.run(made, resume=load_state(dump_state(first.state)))
*_, again = (r for r in resumed if isinstance(r, RoundReport))
client = last.clients[0].client
row = json.loads(json.dumps(round_to_json(last)))
print(json.dumps({
    "names": [names("algorithms"), names("splits")],
    "first": made.owners.split.of(0).tolist(),
    "resumed": same(last.state.network, again.state.network),
    "memory": sorted(made.client(last.state, client).memory),
    "drift": float(np.abs(last.state.extra["drift"][0]).sum()),
    "accuracy": last.global_accuracy,
    "personal": history.personal_scores(row, "feddyn")
    == [each["accuracy_after"] for each in row["clients"]],
    "final": [r.row.accuracy for r in rounds.finish(made, last.state, [client])],
}))
"""


def test_an_algorithm_with_state_and_a_split_are_one_file_each(tmp_path, project):
    for room, name, text in (("algorithms", "feddyn", FEDDYN), ("splits", "runs", RUNS)):
        folder = tmp_path / "extension" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / f"{name}.py").write_text(text)
    (tmp_path / "extension" / "__init__.py").touch()
    (tmp_path / "program.py").write_text(PROGRAM)
    places = os.pathsep.join([str(tmp_path), str(project)])
    surroundings = os.environ | {"PYTHONPATH": places, "PRUNESCOPE_EXTENSIONS": "extension"}
    command = [sys.executable, str(tmp_path / "program.py")]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    algorithms, splits = found["names"]
    assert algorithms.index("feddyn") == algorithms.index("fedprox") + 1
    assert splits[0] == "runs"
    assert found["first"] == list(range(40))
    assert found["resumed"]
    assert found["memory"] == ["gradient"]
    assert found["drift"] > 0
    assert found["personal"]
    assert found["accuracy"] > 0.5
    assert found["final"][0] > 0.5
