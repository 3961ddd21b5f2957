"""A real server with its worker, and a real Chromium for each module.

A window costs a second of the processor, and a page in a new one thrice what it costs in one that
has shown pages before: tests that need no second person share a window.
"""

import os
import shutil
import time

import pytest
from playwright.sync_api import sync_playwright

from benchmarks.server import serving
from engine.settings import SweepSettings, TrainSettings
from pages.shared.state import owner_of
from tests.browser.visitor import Visitor

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SOMEBODY = "ab" * 16
"""The cookie of a browser that has been here before."""
SMALL = SweepSettings(
    baseline=TrainSettings(hidden=(64, 32), epochs=1), sparsities=(0.5, 0.9), methods=("unit",)
)


@pytest.fixture(scope="session")
def program():
    """Where Chromium is; without it, all of this is skipped."""
    path = shutil.which("chromium")
    if path is None:
        reason = "NO CHROMIUM: the tests in a browser need `chromium` on the PATH"
        if os.environ.get("PRUNESCOPE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="module")
def chromium(program):
    """One browser a module: a session's would keep an event loop running under other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(program, tmp_path_factory):
    """The dashboard on a home of its own; it leaves no process and no traceback behind."""
    with serving(tmp_path_factory.mktemp("served") / "home") as running:
        yield running
        assert running.family(), "the worker has died"
        assert running.stop() == []
        assert "Traceback" not in running.log


@pytest.fixture
def new_visitor(chromium, server):
    """Makes visitors, each with cookies of its own."""
    contexts = []

    def come(*, owner=None, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        if owner:
            context.add_cookies([cookie_of(owner, server)])
        return Visitor(context.new_page(), server)

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(chromium, server):
    """The window that a module's visitors use one after the other."""
    context = chromium.new_context()
    yield Visitor(context.new_page(), server)
    context.close()


@pytest.fixture
def visitor(window):
    """Somebody new, in a window that others have used."""
    return window.forgets()


@pytest.fixture
def somebody(visitor):
    """SOMEBODY, in a window that others have used."""
    visitor.page.context.add_cookies([cookie_of(SOMEBODY, visitor.server)])
    return visitor


@pytest.fixture(scope="session")
def small_sweep(server):
    """A finished sweep of a small network; it belongs to SOMEBODY."""
    run = server.runs.submit(SMALL, owner=owner_of(SOMEBODY))
    return ended(server, run)


def cookie_of(owner, server):
    return {"name": "prunescope_owner", "value": owner, "url": server.url}


def ended(server, run, *, seconds=400):
    """The run once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        current = server.runs.get(run.id)
        if not current.state.active:
            return current
        time.sleep(0.05)
    raise AssertionError(f"{run.id} has not ended: {server.runs.get(run.id)}")
