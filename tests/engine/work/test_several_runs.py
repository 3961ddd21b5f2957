"""Several runs asked for at once: in their order, by one worker that stays."""

import pytest

from engine import client
from engine.errors import PrunescopeError
from engine.settings import TrainSettings, digest

pytestmark = pytest.mark.tensorflow


def test_results_come_in_the_order_asked_for_from_one_worker_that_stays(runs, dataset):
    wanted = [
        TrainSettings(dataset=dataset, hidden=(units,), epochs=1, batch_size=1000)
        for units in range(20, 20 - client.AHEAD - 2, -1)
    ]
    results = list(client.run_all(wanted))
    assert [result["run"] for result in results] == [digest(settings) for settings in wanted]
    assert len({runs.get(result["run"]).worker for result in results}) == 1


def test_a_run_that_fails_ends_the_wait_with_its_line(runs, dataset):
    flat = TrainSettings(dataset=dataset, epochs=1, network="guide-cnn")
    with pytest.raises(PrunescopeError, match="guide-cnn"):
        list(client.run_all([flat]))
