"""From one press to a finished sweep, as a person sees it; reload, cancel, two people, restart."""

import re
import time

import pytest
from playwright.sync_api import expect

from engine.networks.architecture import architecture_of, parameters
from engine.runs.model import State
from engine.settings import SweepSettings, TrainSettings, digest
from tests.browser.conftest import SOMEBODY
from tests.browser.visitor import PATIENCE

pytestmark = pytest.mark.browser

PERCENT = re.compile(r"(\d+) %")
EPOCH = re.compile(r"epoch (\d+) of 50")
LONG = TrainSettings(hidden=(500, 300), epochs=50, seed=1)
"""A minute of training: long enough to be watched, cancelled, and shared."""

REMEMBER_COUNTS = """() => {
  window.counts = new Set();
  new MutationObserver(() => {
    const found = document.body.innerText.match(/All (\\d+) points/);
    if (found) window.counts.add(Number(found[1]));
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


@pytest.mark.timeout(900)  # half a minute on two idle cores
def test_one_press_trains_a_network_and_fills_in_its_sweep(visitor):
    visitor.open()
    visitor.press("start-default")
    run = visitor.opened_run()
    assert run.id == digest(SweepSettings())
    visitor.sees("First, what it starts from")
    visitor.sees(re.compile(r"epoch 1 of 3 · \d+ % · about [\d.]+ (s|min) left"))
    expect(visitor.charts()).to_have_count(2, timeout=PATIENCE)
    seen = visitor.progress().inner_text()
    expect(visitor.progress()).not_to_have_text(seen, timeout=PATIENCE)
    visitor.sees("Time of an epoch")

    visitor.page.reload(wait_until="domcontentloaded")
    expect(visitor.charts()).to_have_count(2, timeout=PATIENCE)
    assert visitor.run_in_url() == run.id
    assert number(PERCENT, visitor.progress().inner_text()) >= number(PERCENT, seen)

    visitor.page.evaluate(REMEMBER_COUNTS)
    visitor.sees("All 28 points")
    visitor.sees(re.compile(r"makes model files: \d+ of 28 points"))
    counts = visitor.page.evaluate("() => [...window.counts]")
    assert counts == sorted(counts)
    assert len(counts) > 1, "the points came all at once"
    points = visitor.server.runs.points(run.id)
    assert len(points) == 28
    assert points[0].accuracy >= 0.975
    visitor.press(f"cancel-{run.id}")  # a small sweep shows below what comes of all their files
    visitor.sees_state("cancelled")
    expect(visitor.charts()).to_have_count(7, timeout=PATIENCE)
    assert visitor.errors == []


def test_a_sweep_that_is_done_has_every_file_and_is_listed(visitor, small_sweep):
    visitor.open(f"/sweep?run={small_sweep.id}")
    visitor.sees_state("done")
    expect(visitor.charts()).to_have_count(7, timeout=PATIENCE)
    expect(visitor.button("download-model")).to_be_enabled()
    points = visitor.server.runs.points(small_sweep.id)
    assert all(len(point.bytes) == 6 for point in points)
    visitor.open(f"/runs?q={small_sweep.id}")
    visitor.sees(f"baseline {100 * points[0].accuracy:.2f} % · 3 points measured")
    assert visitor.errors == []


def number(pattern, text):
    found = pattern.search(text)
    assert found is not None, text
    return int(found[1])


def test_two_people_share_a_training_that_only_the_first_ends_and_it_goes_on_from_there(
    new_visitor,
):
    first, second = new_visitor(), new_visitor()
    run = start_long_training(first)
    assert run.owner == first.owner()
    second.open(f"/train?from={run.id}")
    second.press("start-train")
    assert second.opened_run().id == run.id
    assert second.owner() != first.owner()
    assert first.server.runs.get(run.id).owner == first.owner()
    expect(second.button(f"cancel-{run.id}")).to_be_disabled(timeout=PATIENCE)
    first.sees("Test accuracy")
    second.sees("Test accuracy")
    cancelled(first, run)
    second.sees_state("cancelled")
    epochs = epochs_of(first, run)
    assert epochs
    first.sees("Test accuracy")
    first.sees("what was measured is kept")
    expect(first.charts()).to_have_count(2, timeout=PATIENCE)

    first.press(f"again-{run.id}")
    first.sees_state("running")
    first.sees(EPOCH)
    assert number(EPOCH, first.progress().inner_text()) > len(epochs)
    assert epochs_of(first, run)[: len(epochs)] == epochs
    first.press(f"cancel-{run.id}")
    first.sees_state("cancelled")
    assert [*first.errors, *second.errors] == []


def cancelled(visitor, run):
    """Press Cancel; the run ends soon, and says so."""
    asked = time.time()
    visitor.press(f"cancel-{run.id}")
    visitor.sees_state("cancelled")
    stopped = visitor.server.runs.get(run.id)
    assert stopped.state is State.CANCELLED
    assert stopped.finished - asked < 4  # two seconds, and the way of a click on a busy machine


def test_only_the_owner_is_offered_to_delete_a_run(new_visitor, small_sweep):
    owner, other = new_visitor(owner=SOMEBODY), new_visitor()
    for person in (owner, other):
        person.open(f"/runs?q={small_sweep.id}")
        expect(person.button(f"open-{small_sweep.id}")).to_be_visible(timeout=PATIENCE)
    expect(owner.button(f"delete-{small_sweep.id}")).to_be_visible()
    expect(other.button(f"delete-{small_sweep.id}")).to_have_count(0)


def test_a_copied_link_works_as_the_first_request_after_a_restart(new_visitor, small_sweep, server):
    path = f"/sweep?run={small_sweep.id}&file=Keras"
    before = view(new_visitor().open(path))
    assert server.restart() == []
    visitor = new_visitor()
    assert view(visitor.open(path)) == before
    navigation = visitor.page.get_by_test_id("stTopNavLink")
    assert navigation.all_inner_texts() == before[0]
    navigation.get_by_text("Runs").click()
    expect(visitor.page.locator("h1")).to_have_text("Runs", timeout=PATIENCE)
    assert visitor.errors == []


def view(visitor):
    """What is compared of a page: navigation, title, captions of charts, their axes."""
    expect(visitor.charts()).to_have_count(7, timeout=PATIENCE)
    expect(visitor.page.locator(".js-plotly-plot .ytitle")).to_have_count(7, timeout=PATIENCE)
    page = visitor.page
    places = (page.get_by_test_id("stTopNavLink"), page.locator("h1"), page.locator(".ytitle"))
    return [place.all_inner_texts() for place in places]


def start_long_training(visitor):
    """Fill in the form and press Start; the run of LONG."""
    visitor.open("/train")
    visitor.fill("train-hidden", "500, 300")
    visitor.fill("train-seed", str(LONG.seed))
    visitor.page.locator(".st-key-train-epochs-preset").get_by_text("Paper, 50").click()
    visitor.sees(f"{parameters(architecture_of(LONG, (28, 28), 10)):,} parameters")
    visitor.settled()
    visitor.press("start-train")
    run = visitor.opened_run()
    assert run.parsed == LONG
    return run


def epochs_of(visitor, run):
    records = visitor.server.runs.records(run.id, kinds=("epoch",))
    return [record.payload for record in records]
