"""An export as a person makes it: from a training to a small file that answers at home."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.datasets import load
from engine.runs.model import State
from engine.settings import VARIANTS, ExportSettings, TrainSettings
from pages.shared.charts.sizes import human
from tests.browser.conftest import ended
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser

TRAINING = TrainSettings(hidden=(64, 32), epochs=1)
SETTINGS = ExportSettings(source=TRAINING, prunings=(("hybrid", 0.8),))
"""What is asked for in the first test, and done by the time that the others ask."""

CHARTS = 4


@pytest.fixture(scope="module")
def trained(server):
    """A finished training of a small network."""
    return ended(server, server.runs.submit(TRAINING, owner="somebody"))


@pytest.fixture(scope="module")
def finished(server, trained):
    """A finished export of that network."""
    return ended(server, server.runs.submit(SETTINGS, owner="somebody"))


@pytest.mark.timeout(900)
def test_from_a_training_to_its_matrix_watched_cancelled_and_resumed(visitor, trained):
    visitor.open(f"/train?run={trained.id}")
    visitor.press("export-this")
    visitor.page.wait_for_url(re.compile(rf"/export\?from={trained.id}"))
    form = f"export-{trained.id}"
    visitor.fill(f"{form}-prunings", "unit")
    visitor.sees("pruning must be a method and a K in percent, such as weight:90, not 'unit'")
    expect(visitor.button("start-export")).to_be_disabled(timeout=PATIENCE)
    visitor.fill(f"{form}-prunings", "hybrid:80")
    visitor.sees("At least 2 networks with a Keras file and 7 TFLite files each")
    visitor.settled()
    visitor.press("start-export")
    run = visitor.opened_run()
    assert run.parsed == SETTINGS
    visitor.sees(re.compile(r"All \d+ files"))
    visitor.press(f"cancel-{run.id}")
    visitor.sees_state("cancelled")
    kept = set(visitor.server.runs.matrix(run.id).cells)
    visitor.press(f"again-{run.id}")
    expect(visitor.button(f"cancel-{run.id}")).to_be_visible(timeout=PATIENCE)
    assert ended(visitor.server, run).state is State.DONE
    assert kept <= set(visitor.server.runs.matrix(run.id).cells)
    visitor.sees_state("done")
    visitor.sees(re.compile("Smallest within one point"))
    visitor.sees(f"All {3 * len(VARIANTS)} files")
    expect(visitor.charts()).to_have_count(CHARTS, timeout=PATIENCE)
    assert visitor.errors == []


def test_the_downloaded_file_has_the_shown_size_and_answers_as_reported(visitor, finished):
    from ai_edge_litert.interpreter import Interpreter

    asked = "network=Hybrid%2C+K+%3D+80+%25%2C+removed&file=dynamic+int8"
    visitor.open(f"/export?run={finished.id}&{asked}")
    cell = visitor.server.runs.matrix(finished.id).cells["hybrid-0.8-removed.dynamic"]
    button = visitor.button("download-tflite")
    expect(button).to_contain_text(human(cell.bytes or 0), timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "hybrid-0.8-removed.dynamic.tflite"
    content = Path(waiting.value.path()).read_bytes()
    assert len(content) == cell.bytes
    data = load("mnist")
    model = Interpreter(model_content=content)
    model.resize_tensor_input(model.get_input_details()[0]["index"], (len(data.y_test), 784))
    model.allocate_tensors()
    images = data.x_test.reshape(-1, 784).astype(np.float32) / np.float32(255)
    model.set_tensor(model.get_input_details()[0]["index"], images)
    model.invoke()
    answers = model.get_tensor(model.get_output_details()[0]["index"]).argmax(axis=1)
    assert float(np.mean(answers == data.y_test)) == cell.accuracy
    assert visitor.errors == []


def test_a_copied_link_shows_the_same_measure_network_and_file(visitor, finished):
    visitor.open(f"/export?run={finished.id}")
    visitor.page.locator(".st-key-show").get_by_text("Latency").click()
    visitor.sees("median time of one image, µs")
    visitor.settled()
    link = visitor.page.url
    assert "show=Latency" in link
    visitor.page.goto(link, wait_until="domcontentloaded")
    visitor.sees("median time of one image, µs")
    assert visitor.errors == []


@pytest.mark.parametrize(("path", "charts"), [("/export", 1), ("/export?run={run}", CHARTS)])
def test_it_fits_a_phone_and_names_its_charts(visitor, finished, path, charts):
    visitor.fits_a_phone(path.format(run=finished.id), charts=charts)
