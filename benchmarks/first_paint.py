"""First contentful paint in Chromium with an empty cache, of the start page and of a result."""

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.server import serving
from benchmarks.table import row, title, verdict
from benchmarks.web_latency import SMALL, finished
from engine.settings import SweepSettings

REPEATS = 3
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
COMPLETE = '[data-testid="stPlotlyChart"] .xtitle'


def main() -> None:
    title("First contentful paint, cold cache, median of 3")
    chromium = shutil.which("chromium")
    if chromium is None:
        row("not measured", "there is no `chromium` on the PATH")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        sweep = finished(server, SweepSettings(baseline=SMALL))
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for name, path in (("/", "/"), ("/sweep of a finished run", f"/sweep?run={sweep.id}")):
            times = [_painted(browser, server.url + path) for _ in range(REPEATS)]
            paint, charts = (statistics.median(column) for column in zip(*times, strict=True))
            verdict(f"{name}: first contentful paint", paint, 1.5, unit="s")
            row(f"{name}: first chart drawn", f"{charts:.2f} s")
        browser.close()


def _painted(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds from navigation to first contentful paint, and to the first chart."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(COMPLETE)
    charts = float(page.evaluate("() => performance.now()"))
    paint = float(page.wait_for_function(PAINTED).json_value())
    context.close()
    return paint / 1000, charts / 1000


if __name__ == "__main__":
    main()
