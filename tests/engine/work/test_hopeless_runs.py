"""Networks that diverge and data that no network can bear: one clear end each, nothing made."""

import io
from typing import Any

import numpy as np
import pytest

from engine import client
from engine.datasets import import_npz
from engine.errors import InvalidInput, PrunescopeError
from engine.runs.model import State
from engine.settings import (
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    digest,
)

pytestmark = pytest.mark.tensorflow

DIVERGED = "diverged: its weights are not finite; train it with a smaller learning rate"
WILD: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 10.0, "decay": "constant"}


@pytest.fixture
def wild(dataset):
    return TrainSettings.of(dataset=dataset, hidden=(64,) * 6, epochs=2, batch_size=500, **WILD)


def failed(runs, settings):
    """The error of the run, which was taken once and leaves no model file."""
    with pytest.raises(PrunescopeError) as told:
        client.run(settings)
    run = runs.get(digest(settings))
    assert (run.state, run.error, run.attempts) == (State.FAILED, str(told.value), 1)
    assert not [file for file in runs.files(run.id) if file.name.endswith(".zip")]
    return run.error


def test_a_training_that_diverges_is_told_to_its_end_and_nothing_is_made_of_it(
    runs, supervisor, wild
):
    assert len(client.run(wild)["epochs"]) == 2
    sweep = SweepSettings(baseline=wild, methods=("weight",), sparsities=(0.5,))
    assert failed(runs, sweep) == f"the baseline {DIVERGED}"
    export = ExportSettings(source=wild, prunings=(), variants=("float16",))
    assert failed(runs, export) == f"the baseline {DIVERGED}"
    assert failed(runs, ScheduleSettings(baseline=wild)) == f"the baseline {DIVERGED}"


def test_a_schedule_that_diverges_fails_once_and_keeps_its_curve(runs, supervisor, wild):
    settings = ScheduleSettings(
        start="scratch", baseline=wild, target=0.5, fine_tune_epochs=3, batch_size=500, **WILD
    )
    for _ in range(2):  # started anew it fails as soon
        assert failed(runs, settings) == f"the network {DIVERGED}"
        assert 1 <= len(runs.result(digest(settings))["history"]["after"]) < 3


@pytest.mark.parametrize(
    ("algorithm", "whose"),
    [("fedprox", "every client's network"), ("local", "the network of client 0")],
)
def test_a_federation_that_diverges_fails_once_and_keeps_its_rounds(
    runs, supervisor, dataset, algorithm, whose
):
    settings = FederateSettings.of(
        dataset=dataset,
        hidden=(64,) * 6,
        clients=4,
        fraction=1.0,
        rounds=2,
        learning_rate=10.0,
        momentum=0.99,
        split="iid",
        algorithm=algorithm,
    )
    assert failed(runs, settings) == f"{whose} {DIVERGED}"
    assert len(runs.result(digest(settings))["rounds"]) == 2


def test_data_that_no_network_bears_are_bad_input_also_where_another_run_finds_out(
    runs, supervisor
):
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        f"x_{part}": rng.random((60, 5), np.float32) for part in ("train", "test")
    }
    arrays |= {f"y_{part}": np.arange(60, dtype=np.uint8) % 2 for part in ("train", "test")}
    arrays["x_train"][:, 2] = -3e38
    file = io.BytesIO()
    np.savez(file, **arrays)
    training = TrainSettings.of(dataset=import_npz(file.getvalue()), hidden=(4,), epochs=1)
    line = "the images must hold values up to 1e+18, not 3e+38: larger ones overflow in a training"
    with pytest.raises(InvalidInput, match="must hold values up to"):
        client.run(SweepSettings(baseline=training))
    assert failed(runs, training) == line
    federation = FederateSettings.of(
        dataset=training.data.dataset, hidden=(4,), clients=2, rounds=1
    )
    with pytest.raises(InvalidInput) as told:
        client.run(federation)
    assert str(told.value) == line
