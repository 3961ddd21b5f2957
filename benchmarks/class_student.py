"""What somebody in the class does: over the socket alone, or in a real browser."""

import random
import shutil
import time
from urllib.parse import parse_qs

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from benchmarks.web_person import Person

PAGES = ("", "train", "sweep", "explore", "schedule", "export", "compare", "learn", "paper", "runs")
GAP_SECONDS = 1.0
"""Between two actions of somebody."""

SCALES = ("Sparsity K", "Compression ratio", "Effective parameters")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


class Student:
    """Somebody who plays: each action opens its page where it is not open yet."""

    def __init__(self, person: Person, sweep: str, training: str, rng: random.Random) -> None:
        self._person = person
        self._sweep = sweep
        self._training = training
        self._rng = rng

    async def act(self) -> tuple[str, float]:
        """Do something; its name and the milliseconds of its rerun."""
        actions = {
            "a slider moved": self.slider,
            "a choice changed": self.choice,
            "an answer asked": self.answer,
            "a page opened": self.page,
            "a tick of the training": self.tick,
        }
        name = self._rng.choice(list(actions))
        return name, await actions[name]()

    async def slider(self) -> float:
        if self._person.has("piece"):
            await self._person.choose(piece=["Zeros"])
        elif not self._person.has("zeros"):
            await self._person.go("learn", "piece=Zeros")
        return await self._person.choose(zeros=[self._rng.randint(0, 99)])

    async def choice(self) -> float:
        if not self._person.has("removed"):
            await self._person.go("sweep", f"run={self._sweep}")
        removed, scale = self._rng.random() < 0.5, self._rng.choice(SCALES)
        return await self._person.choose(removed=removed, x=scale)

    async def answer(self) -> float:
        if not self._person.has("lose"):
            await self._person.go("compare", f"runs={self._sweep}")
        return await self._person.choose(lose=self._rng.randint(0, 20) / 2)

    async def page(self) -> float:
        return await self._person.go(self._rng.choice(PAGES))

    async def tick(self) -> float:
        if f"run={self._training}" not in self._person.query or not self._person.fragment:
            await self._person.go("train", f"run={self._training}")
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
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(f"browser: {error}"))
        try:
            while time.monotonic() < end:
                _round(page, url, sweep)
        except PlaywrightError as error:
            errors.append(f"browser: {error.message.splitlines()[0]}")
        browser.close()


def _round(page: Page, url: str, sweep: str) -> None:
    for path in ("/learn?piece=Zeros", f"/compare?runs={sweep}", f"/sweep?run={sweep}", "/runs"):
        page.goto(url + path, wait_until="domcontentloaded")
        page.wait_for_selector("h1")
        page.wait_for_selector(SETTLED)
        time.sleep(GAP_SECONDS)
        for slider in page.get_by_role("slider").all()[:1]:
            slider.press("ArrowRight")
            page.wait_for_selector(SETTLED)
            time.sleep(GAP_SECONDS)
