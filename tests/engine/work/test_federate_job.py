"""Federations in real worker processes: killed, cancelled, compared; the store stays true."""

import numpy as np
import pytest

from engine.settings import FederateSettings, digest
from tests.engine.work.scenarios import cancelled_within_two_seconds, killed_in_the_middle

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def settings(dataset):
    """Long enough to be killed in the middle: some 5 seconds of rounds."""
    return FederateSettings.of(
        dataset=dataset,
        hidden=(64, 32),
        clients=8,
        fraction=0.5,
        rounds=12,
        local_epochs=2,
        split="labels",
        samples=400,
        step=0.2,
    )


def rounds_of(runs, run):
    return runs.records(run, kinds=("round",))


def without_time(result):
    rounds = [
        {
            **{k: v for k, v in each.items() if k != "seconds"},
            "clients": [{k: v for k, v in c.items() if k != "seconds"} for c in each["clients"]],
        }
        for each in result["rounds"]
    ]
    return {**result, "rounds": rounds}


def test_killed_in_the_middle_it_ends_as_if_never_killed(runs, supervisor, settings, until):
    result, files = killed_in_the_middle(
        runs,
        supervisor,
        settings,
        until,
        reached=lambda run: len(rounds_of(runs, run)) >= 3,
        without_time=without_time,
    )
    _is_complete(result, files)


def _is_complete(result, files):
    assert [each["round"] for each in result["rounds"]] == list(range(1, 13))
    assert {len(each["clients"]) for each in result["rounds"]} == {4}
    keys = {"mean_accuracy", "worst_decile_accuracy", "global_accuracy", "bytes_total"}
    assert keys < set(result["final"])
    assert len(result["final"]["client_accuracy"]) == 8
    assert result["rounds"][-1]["clients"][0]["density"] < 1
    assert not [name for name in files if name.startswith(("client-", "checkpoint"))]


def test_cancelled_within_two_seconds_it_keeps_its_rounds(runs, supervisor, settings, until):
    run = cancelled_within_two_seconds(
        runs, settings, until, reached=lambda run: len(rounds_of(runs, run)) >= 2
    )
    kept = rounds_of(runs, run.id)
    assert 2 <= len(kept) < 12
    assert runs.result(run.id)["final"] is None


def test_a_personal_network_is_a_file_that_answers_as_reported(runs, supervisor, dataset, until):
    from ai_edge_litert.interpreter import Interpreter

    from engine.datasets import load, normalised
    from engine.export.archive import unzip_bytes
    from engine.federated.owned import owners_of

    settings = FederateSettings.of(
        dataset=dataset, hidden=(16, 8), clients=4, fraction=1.0, rounds=2, pruning="structured"
    )
    run = runs.submit(settings, owner="ann")
    until(lambda: not runs.get(run.id).state.active)
    data = load(dataset)
    rows = owners_of(data, settings).of(2).test
    model = unzip_bytes(runs.file(run.id, "personal-00002.tflite.zip"), limit=1_000_000)
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    place, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    right = 0
    for image, label in zip(normalised(data.x_test[rows]), data.y_test[rows], strict=True):
        interpreter.set_tensor(place["index"], image.reshape(place["shape"]).astype(np.float32))
        interpreter.invoke()
        right += int(interpreter.get_tensor(out["index"]).argmax() == label)
    wanted = {row["client"]: row for row in runs.result(digest(settings))["final"]["clients"]}
    assert right / len(rows) == pytest.approx(wanted[2]["accuracy"], abs=1 / len(rows))
