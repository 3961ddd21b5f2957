"""Several runs asked for at once where no worker lives: in their order, by one that stays."""

import pytest

from engine import client
from engine.errors import PrunescopeError
from engine.runs.model import Run, State
from engine.runs.workers import crew
from engine.settings import TrainSettings, digest

pytestmark = pytest.mark.tensorflow


def test_one_worker_is_started_and_the_runs_come_in_their_order_until_one_fails(runs, dataset):
    wanted = [
        TrainSettings.of(dataset=dataset, hidden=(units,), epochs=2, batch_size=100)
        for units in range(20, 20 - client.AHEAD - 2, -1)
    ]
    flat = TrainSettings.of(dataset=dataset, epochs=1, network="guide-cnn")
    seen: list[Run] = []
    coming = client.run_all([*wanted, flat], on_look=seen.append)
    results = [next(coming) for _ in wanted]
    with pytest.raises(PrunescopeError, match="guide-cnn"):
        next(coming)
    assert crew(runs.database).alive == 0
    assert [result["run"] for result in results] == [digest(settings) for settings in wanted]
    assert len({runs.get(result["run"]).worker for result in results}) == 1
    assert {run.state for run in seen} >= {State.DONE, State.FAILED}
    assert [row["epoch"] for row in results[0]["epochs"]] == [1, 2]
    assert results[0]["epochs"][-1]["test"]["accuracy"] > 0.9
    assert client.run(wanted[0]) == results[0]  # attached to: nobody lives who could repeat it
    assert crew(runs.database).alive == 0
