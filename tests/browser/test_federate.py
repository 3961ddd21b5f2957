"""Federated rounds as a person sees them: started, watched, compared, replayed, taken home."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.runs.model import State
from engine.settings import FederateSettings
from tests.browser.conftest import ended
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser

SETTINGS = FederateSettings.of(
    hidden=(20, 10),
    clients=4,
    fraction=0.5,
    rounds=2,
    local_epochs=2,
    batch_size=50,
    split="labels",
    samples=100,
    test_images=50,
    step=0.3,
)
VIEWS = {
    "Accuracy": 5,
    "Communication": 3,
    "Links": 2,
    "Subnetworks": 4,
    "Gates": 2,
    "Clients": 4,
}
"""How many charts each view shows."""


@pytest.fixture(scope="module")
def alone(server):
    """The same clients without federation."""
    settings = SETTINGS.but(algorithm="local")
    return ended(server, server.runs.submit(settings, owner="somebody"))


@pytest.fixture(scope="module")
def finished(server, alone):
    """A finished federation of a tiny network."""
    return ended(server, server.runs.submit(SETTINGS, owner="somebody"))


def test_changed_started_watched_and_done(visitor, finished):
    visitor.open(f"/federate?from={finished.id}")
    visitor.sees("75 % non-IID")
    visitor.fill(f"federate-{finished.id}-clients", "5")
    visitor.sees("5 clients with 2 labels each")
    visitor.settled()
    visitor.press("start-federate")
    run = visitor.opened_run()
    assert run.parsed == replace(SETTINGS, clients=5)
    assert ended(visitor.server, run).state is State.DONE
    visitor.sees_state("done")
    visitor.sees("On own labels, mean")
    visitor.press("baselines")
    expect(visitor.button("baselines")).to_have_count(0, timeout=PATIENCE)
    made = [each.parsed for each in visitor.server.runs.all() if each.kind == "federate"]
    names = {settings.algorithm.name for settings in made if settings.clients == 5}
    assert names == {"sub-fedavg", "local", "fedavg", "fedavg-finetune"}
    assert visitor.errors == []


@pytest.mark.parametrize(("part", "charts"), list(VIEWS.items()))
def test_every_view_fits_a_phone_and_names_its_charts(visitor, finished, part, charts):
    visitor.fits_a_phone(f"/federate?run={finished.id}&part={part}", charts=charts)


def test_a_link_is_changed_and_the_url_keeps_it(visitor, finished):
    visitor.open(f"/federate?run={finished.id}&part=Links&link=Own&link-up=0.001")
    slow = visitor.page.get_by_test_id("stMetricValue").nth(5)
    expect(slow).to_contain_text("min", timeout=PATIENCE)
    visitor.fill("link-up", "1000")
    expect(slow).to_have_text("1 s", timeout=PATIENCE)
    assert "link-up=1000" in visitor.page.url
    assert visitor.errors == []


def test_a_clients_own_network_is_taken_home(visitor, finished):
    visitor.open(f"/federate?run={finished.id}&part=Clients&client=2")
    expect(visitor.button("download-personal")).to_be_enabled(timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        visitor.button("download-personal").click()
    assert waiting.value.suggested_filename == "client-2.tflite.zip"
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert archive.read("model.tflite")[4:8] == b"TFL3"
