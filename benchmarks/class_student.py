"""What somebody in the class does: over the socket alone, or in a real browser."""

import contextlib
import random
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs

import psutil
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from benchmarks.web_person import Person

PAGES = (
    "", "train", "sweep", "explore", "schedule", "federate", "export", "compare", "learn", "paper",
    "runs",
)  # fmt: skip
GAP_SECONDS = 1.0
"""Between two actions of somebody."""

SCALES = ("Sparsity K", "Compression ratio", "Effective parameters")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
TITLES = {"Learn": "five minutes", "Compare": "ship", "Explore": "Explore", "Runs": "Runs"}
"""A word of each page's title, by what the navigation calls it."""

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


class Student:
    """Somebody who plays: who finds the wrong page open goes to the right one first, and looks."""

    def __init__(self, person: Person, sweep: str, training: str, rng: random.Random) -> None:
        self._person = person
        self._sweep = sweep
        self._training = training
        self._rng = rng
        self._next = ""

    async def act(self) -> tuple[str, float]:
        """Do one thing; its name and the milliseconds of its rerun."""
        name, self._next = self._next or self._rng.choice(list(ACTIONS)), ""
        where = self._missing(name)
        if where is not None:
            self._next = name
            return "a page opened", await self._person.go(*where)
        return name, await ACTIONS[name](self)

    def _missing(self, name: str) -> tuple[str, str] | None:
        """The page and query to open before that can be done; None where it is open."""
        widget, page, query = {
            "a slider moved": ("zeros", "learn", "piece=Zeros"),
            "a choice changed": ("removed", "sweep", f"run={self._sweep}"),
            "an answer asked": ("lose", "compare", f"runs={self._sweep}"),
        }.get(name, ("", "train", f"run={self._training}"))
        if name == "a tick of the training":
            there = query in self._person.query and bool(self._person.fragment)
        else:
            there = name == "a page opened" or self._person.has(widget)
        return None if there else (page, query)

    async def slider(self) -> float:
        return await self._person.choose(zeros=[self._rng.randint(0, 99)])

    async def choice(self) -> float:
        removed, scale = self._rng.random() < 0.5, self._rng.choice(SCALES)
        return await self._person.choose(removed=removed, x=scale)

    async def answer(self) -> float:
        return await self._person.choose(lose=self._rng.randint(0, 20) / 2)

    async def page(self) -> float:
        return await self._person.go(self._rng.choice(PAGES))

    async def tick(self) -> float:
        return await self._person.rerun(fragment=self._person.fragment)

    async def start_own(self, seed: int) -> tuple[str, float]:
        """Start a training with that seed; its id and milliseconds."""
        await self._person.go("train")
        await self._person.choose(train_hidden="8", train_seed=float(seed))
        taken = await self._person.press("start-train")
        return self._opened(), taken

    async def start_shared(self) -> tuple[str, float]:
        """Start the sweep that everybody starts; its id and milliseconds."""
        await self._person.go("sweep", f"from={self._sweep}")
        await self._person.choose(**{f"sweep-{self._sweep}-sparsities": "55, 85"})
        taken = await self._person.press("start-sweep")
        return self._opened(), taken

    def _opened(self) -> str:
        found = parse_qs(self._person.query).get("run")
        if not found:
            raise LookupError(f"no run was opened: {self._person.query!r} {self._person.errors}")
        return found[0]


ACTIONS: Mapping[str, Callable[[Student], Awaitable[float]]] = {
    "a slider moved": Student.slider,
    "a choice changed": Student.choice,
    "an answer asked": Student.answer,
    "a page opened": Student.page,
    "a tick of the training": Student.tick,
}


def browse(url: str, sweep: str, errors: list[str], end: float) -> None:
    """A real browser that goes through the pages and moves sliders by the keyboard.

    It takes a breath between two actions, as the others in the class do.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        errors.append("there is no `chromium` on the PATH")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        _step_back()
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(f"browser: {error}"))
        try:
            page.goto(f"{url}/sweep?run={sweep}", wait_until="domcontentloaded")
            page.wait_for_selector(SETTLED)
            while time.monotonic() < end:
                _round(page)
        except PlaywrightError as error:
            errors.append(f"browser: {error.message.splitlines()[0]}")
        browser.close()


def _step_back() -> None:
    """Let browsers yield to the server: in a class they run on machines of their own."""
    with contextlib.suppress(OSError, psutil.Error):
        for child in psutil.Process().children(recursive=True):
            if "chromium" in child.name():
                Path(f"/proc/{child.pid}/autogroup").write_text("15")  # see sched(7)


def _round(page: Page) -> None:
    for name in ("Learn", "Compare", "Explore", "Runs"):
        page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        page.wait_for_selector(f"h1:has-text({TITLES[name]!r})")
        _breathe(page)
        for slider in page.get_by_role("slider").all()[:1]:
            slider.press("ArrowRight")
            _breathe(page)


def _breathe(page: Page) -> None:
    page.wait_for_selector(SETTLED)
    time.sleep(GAP_SECONDS)
