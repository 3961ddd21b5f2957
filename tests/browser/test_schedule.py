"""A schedule as a person makes it: warned, mended, started, watched, compared, taken home."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.networks.file import load_network
from engine.runs.model import State
from engine.settings import ScheduleSettings, TrainSettings, digest
from tests.browser.conftest import ended
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser

TRAINING = TrainSettings(hidden=(64, 32), epochs=1)
SETTINGS = ScheduleSettings(baseline=TRAINING, target=0.8, fine_tune_epochs=1)


@pytest.fixture(scope="module")
def trained(server):
    """A finished training of a small network."""
    return ended(server, server.runs.submit(TRAINING, owner="somebody"))


@pytest.fixture(scope="module")
def finished(server, trained):
    """A finished schedule of that network."""
    return ended(server, server.runs.submit(SETTINGS, owner="somebody"))


def test_warned_mended_started_watched_and_done(visitor, trained):
    visitor.open(f"/schedule?from={trained.id}")
    form = f"schedule-{trained.id}-plan"
    visitor.page.get_by_text("Steps", exact=True).first.click()
    visitor.fill(f"{form}-frequency", "5000")
    visitor.sees("Nothing would be pruned: the first update would be at step 5,000")
    expect(visitor.button("start-schedule")).to_be_disabled(timeout=PATIENCE)
    visitor.press("mend-0")
    visitor.sees(re.compile(r"20 updates, every 32 steps from 32 to 640; reaches 90 % zeros"))
    visitor.fill(f"{form}-target", "85")
    visitor.sees("reaches 85 % zeros in 2 kernels")
    visitor.settled()
    visitor.press("start-schedule")
    run = visitor.opened_run()
    assert run.parsed == ScheduleSettings(baseline=TRAINING, target=0.85)
    visitor.sees("Planned and achieved")
    visitor.sees("Layer by layer")
    visitor.page.reload(wait_until="domcontentloaded")
    assert ended(visitor.server, run).state is State.DONE
    visitor.sees_state("done")
    visitor.sees("Pruned while training")
    expect(visitor.charts()).to_have_count(5, timeout=PATIENCE)
    assert visitor.server.runs.result(run.id)["agrees"] is True
    assert visitor.errors == []


def test_the_weights_that_are_downloaded_hold_the_zeros(visitor, finished):
    visitor.open(f"/schedule?run={finished.id}")
    expect(visitor.button("download-Weights--NPZ")).to_be_visible(timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        visitor.button("download-Weights--NPZ").click()
    network = load_network(Path(waiting.value.path()).read_bytes())
    zeros = [np.count_nonzero(layer.kernel == 0) / layer.kernel.size for layer in network.hidden]
    assert zeros == pytest.approx([0.8, 0.8], abs=0.001)
    assert np.all(network.output.kernel != 0)


def test_one_press_compares_it_with_the_honest_baselines(visitor, finished):
    visitor.open(f"/schedule?run={finished.id}")
    visitor.press("rivals")
    visitor.sees(re.compile("queued|running"))
    for rule in ("unpruned", "small"):
        rival = ScheduleSettings(baseline=TRAINING, rule=rule, target=0.8, fine_tune_epochs=1)
        assert ended(visitor.server, visitor.server.runs.get(digest(rival))).state is State.DONE
    legend = visitor.page.locator(f".st-key-recovery-chart-{finished.id} .legendtext")
    expect(legend).to_have_count(5, timeout=PATIENCE)
    assert visitor.errors == []


@pytest.mark.parametrize(("path", "charts"), [("/schedule", 1), ("/schedule?run={run}", 5)])
def test_it_fits_a_phone_and_names_its_charts(visitor, finished, path, charts):
    visitor.fits_a_phone(path.format(run=finished.id), charts=charts)
