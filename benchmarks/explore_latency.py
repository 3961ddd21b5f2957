"""How long Explore takes from the slider's release to the changed chart, in a real Chromium.

The clock runs in the page: from the pointer's release to the frame in which the bars of the chart
have changed. Every move goes to a K that nobody has asked for, so nothing comes from a cache; a
second round asks for the same K again, as the others in a class do.
"""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.server import Server, serving
from benchmarks.table import row, timed, title, verdict
from benchmarks.web_latency import finished
from engine.datasets import load
from engine.explore.question import Question
from engine.explore.service import ExploreService, Subject, shipped
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.settings import TrainSettings

MOVES = 30
PAUSE_SECONDS = 1.0
"""A person looks at an answer before the next move; the exact figure comes meanwhile."""

LARGE = TrainSettings(epochs=1)
TARGET = 150.0
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
BARS = ".st-key-explore-answer .barlayer"

CLOCK = """(selector) => {
  const bars = () => document.querySelector(selector)?.innerHTML;  // none while it is drawn anew
  addEventListener('pointerup', () => {
    const begun = performance.now(), before = bars();
    window.took = null;
    const look = () => {
      const now = bars();
      if (now && now !== before) window.took = performance.now() - begun;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}"""


def main() -> None:
    title("Explore: from the slider's release to the changed chart, in Chromium")
    load("mnist")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        large = finished(server, LARGE)
        weights = load_network(server.runs.file(large.id, "weights.npz"))
        for name, query, network in (
            ("784-200-100-50-10", "", shipped()),
            ("784-1000-1000-500-200-10", f"run={large.id}", weights),
        ):
            _engine(name, network)
            for method in ("Weight", "Unit"):
                with _page(server, f"{query}&how={method}") as page:
                    levels = _levels()
                    _report(f"{name}, {method}, new K", _moves(page, levels), TARGET)
                    _report(f"{name}, {method}, K asked before", _moves(page, levels), TARGET)


def _engine(name: str, network: Network) -> None:
    """The engine alone: prune, shrink and answer 1,000 images, in this process."""
    lab, subject = ExploreService(lambda _: network), Subject("benchmark")
    lab.sample(subject)
    for method in ("weight", "unit", "hybrid"):
        first = Question(method=method, sparsities=(0.015,))
        ranking, _ = timed(lambda q=first: lab.quick(subject, q))  # type: ignore[misc]
        questions = [Question(method=method, sparsities=(k / 100,)) for k in _levels()]
        times = [1000 * timed(lambda q=q: lab.quick(subject, q))[0] for q in questions]  # type: ignore[misc]
        middle, high = np.percentile(times, [50, 95])
        row(f"{name}, {method}, engine alone, p50 / p95", f"{middle:.0f} / {high:.0f} ms")
        row(f"{name}, {method}, the first question, which ranks", f"{1000 * ranking:.0f} ms")


def _levels() -> list[int]:
    """K in percent, in an order that jumps, each once."""
    levels = [k for k in range(99) if k != 80]
    return random.Random(0).sample(levels, MOVES)  # noqa: S311


@contextmanager
def _page(server: Server, query: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.url}/explore?{query}")
        page.wait_for_selector(BARS, timeout=60_000)
        page.wait_for_selector(SETTLED)
        time.sleep(PAUSE_SECONDS)
        page.evaluate(CLOCK, BARS)
        yield page
        browser.close()


def _moves(page: Page, levels: Sequence[int]) -> list[float]:
    return [_move(page, level) for level in levels]


def _move(page: Page, level: int) -> float:
    """Drag the slider to that K; milliseconds until the chart has changed."""
    box = page.locator(".st-key-k [data-testid=stSliderThumbValue]").locator("..").bounding_box()
    track = page.locator(".st-key-k [role=group] > div").bounding_box()
    assert track
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * level / 99, box["y"] + 5, steps=4)
    page.mouse.up()
    took = page.wait_for_function("() => window.took", timeout=30_000).json_value()
    time.sleep(PAUSE_SECONDS)
    page.wait_for_selector(SETTLED)
    return float(took)


def _report(name: str, times: Sequence[float], target: float) -> None:
    middle, high = np.percentile(times, [50, 95])
    row(f"{name}, p50 of {len(times)}", f"{middle:.0f} ms")
    verdict(f"{name}, p95", float(high), target, unit="ms")


if __name__ == "__main__":
    main()
