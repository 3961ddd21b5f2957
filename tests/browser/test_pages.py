"""Every page in a real browser: phone, dark, keyboard, hostile links, downloads, memory."""

import re
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from playwright.sync_api import expect

from engine.results import reference
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser

STUDIES = any(name.startswith("federated-") for name in reference.available())
PAGES = {
    "/": 4 + STUDIES,
    "/train": 2,
    "/sweep": 0,
    "/compare": 1,
    "/compare?runs={sweep}": 1,
    "/learn": 2,
    "/learn?piece=By+hand": 0,
    "/learn?piece=Zeros": 1,
    "/learn?piece=Guess": 1,
    "/learn?piece=Round": 0,
    "/runs": 0,
    "/schedule": 1,
    "/export": 1,
    "/paper": 6,
    "/explore": 4,
    "/federate": 1 + 3 * STUDIES,
    "/explore?run={train}&view=Sensitivity": 2,
    "/sweep?run={sweep}": 7,
    "/train?run={train}": 2,
}
"""How many charts each page shows."""

SCRIPT = "<script>alert(1)</script>"
HOSTILE = ("0" * 24, "../../etc/passwd", SCRIPT, "A" * 3000, "' OR 1=1 --", "%00")
MEGABYTE = 1_000_000


@pytest.fixture
def path_of(small_sweep):
    return lambda pattern: pattern.format(sweep=small_sweep.id, train=small_sweep.needs)


@pytest.fixture(scope="module")
def shown():
    """The pages that the server has shown so far."""
    return set()


@pytest.mark.parametrize("pattern", list(PAGES))
def test_a_page_fits_a_phone_says_no_error_and_names_its_charts(visitor, path_of, shown, pattern):
    visitor.fits_a_phone(path_of(pattern), charts=PAGES[pattern])
    shown.add(pattern)


@pytest.mark.parametrize("page", ["sweep", "train"])
@pytest.mark.parametrize("run", HOSTILE)
def test_a_link_to_no_run_is_explained_and_leads_on(visitor, page, run):
    visitor.open(f"/{page}?run={quote(run, safe='')}")
    expect(visitor.page.locator("h1")).to_have_text("This run cannot be shown", timeout=PATIENCE)
    expect(visitor.page.get_by_test_id("stAlert")).to_have_count(1)
    expect(visitor.page.get_by_role("link", name="All runs")).to_be_visible()
    assert "Traceback" not in visitor.text()
    assert visitor.errors == []


def test_a_script_is_refused_as_a_name_and_never_runs(somebody, small_sweep):
    somebody.open(f"/runs?q={small_sweep.id}")
    somebody.press(f"rename-{small_sweep.id}")
    somebody.fill(f"name-{small_sweep.id}", SCRIPT)
    somebody.press(f"save-{small_sweep.id}")
    somebody.sees("up to 60 letters, digits, spaces, dots and dashes")
    assert somebody.server.runs.get(small_sweep.id).name == ""
    assert somebody.errors == []  # a dialog of a script would be one


@pytest.mark.parametrize("name", ["My first sweep", "Look at www.evil.example"])
def test_a_name_is_given_and_shown_as_text(somebody, small_sweep, name):
    somebody.open(f"/runs?q={small_sweep.id}")
    somebody.press(f"rename-{small_sweep.id}")
    somebody.fill(f"name-{small_sweep.id}", name)
    somebody.press(f"save-{small_sweep.id}")
    shown = re.compile("\u2060?".join(map(re.escape, name)))
    somebody.sees(shown)
    somebody.open(f"/sweep?run={small_sweep.id}")
    expect(somebody.page.locator("h1")).to_have_text(shown, timeout=PATIENCE)
    assert somebody.page.locator("a[href*='www.evil.example']").count() == 0


def test_a_downloaded_model_is_the_file_of_the_table_and_litert_runs_it(visitor, small_sweep):
    from ai_edge_litert.interpreter import Interpreter

    visitor.open(f"/sweep?run={small_sweep.id}")
    visitor.page.locator(".st-key-model-zipped label").click()
    baseline = visitor.server.runs.points(small_sweep.id)[0]
    button = visitor.button("download-model")
    expect(button).to_contain_text(f"{baseline.bytes['tflite'] // 1000} kB", timeout=PATIENCE)
    visitor.settled()
    with visitor.page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename.endswith(".tflite")
    content = Path(waiting.value.path()).read_bytes()
    assert len(content) == baseline.bytes["tflite"]
    model = Interpreter(model_content=content)
    model.allocate_tensors()
    assert list(model.get_output_details()[0]["shape"])[-1] == 10


def test_the_keyboard_reaches_and_presses_the_primary_button(visitor, small_sweep):
    visitor.open(f"/train?run={small_sweep.needs}")
    expect(visitor.button("sweep-this")).to_be_visible(timeout=PATIENCE)
    focused = "() => !!document.activeElement.closest('.st-key-sweep-this')"
    presses = 0
    while not visitor.page.evaluate(focused):
        visitor.page.keyboard.press("Tab")
        presses += 1
        assert presses < 60, "Tab does not reach the button"
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile(rf"/sweep\?from={small_sweep.needs}"))


@pytest.mark.skipif(not STUDIES, reason="no study ships along")
def test_the_url_of_the_overview_keeps_the_chosen_study(visitor):
    visitor.open("/").sees(re.compile("^MNIST, 20 clients"))
    visitor.page.get_by_role("radio", name="CIFAR-10").click()
    visitor.page.wait_for_url(re.compile(r"/\?study=CIFAR-10$"))
    visitor.sees(re.compile("^A recompressed copy of CIFAR-10"))
    visitor.page.reload(wait_until="domcontentloaded")
    visitor.settled().sees(re.compile("^A recompressed copy of CIFAR-10"))
    assert visitor.errors == []


def test_after_every_page_the_web_process_is_small_and_free_of_tensorflow(
    visitor, server, path_of, shown
):
    for pattern in PAGES.keys() - shown:
        visitor.open(path_of(pattern))
    process = psutil.Process(server.process.pid)
    mapped = {Path(part.path).name for part in process.memory_maps()}
    assert not [name for name in mapped if "tensorflow" in name.lower()]
    assert process.memory_info().rss < 300 * MEGABYTE
