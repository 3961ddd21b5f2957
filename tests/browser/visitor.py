"""One person with one browser: opens pages, reads, presses, and notes what went wrong."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, ViewportSize, expect

from benchmarks.server import Server
from engine.runs.model import Run
from pages.shared.state import OWNER_COOKIE, owner_of

DESKTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE = 200_000
"""Milliseconds; only how long a broken page takes to fail, since every wait is on a condition.

A worker yields to everything else: beside other tests it may get a tenth of a machine.
"""

BRIGHT = """() => {
  const colour = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  const [red, green, blue] = colour.match(/\\d+/g).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 127;
}"""
OVERFLOWING = """() => [...document.querySelectorAll('[data-testid="stElementContainer"]')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.className)"""
"""Elements of the page's own column that reach beyond the window."""

UNNAMED = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
  .filter(e => !(e.ariaLabel || e.querySelector('[aria-label]:not(button)')))
  .map(e => e.outerHTML.slice(0, 300))"""

PROBE = re.compile(r"/_stcore/(health|host-config)$")
"""A deep link makes the bundle look for the server's own paths below the page's first."""

PICTURE = re.compile(r"/media/[0-9a-f]+\.png$")
"""Streamlit forgets a picture as soon as the next run has put another one in its place, also one
that the browser is still asking for. It is an error only where it is on the page still."""

LOADED = "() => [...document.images].every(each => each.complete && each.naturalWidth > 0)"


@dataclass
class Visitor:
    page: Page
    server: Server
    noted: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("dialog", lambda dialog: self.noted.append(f"dialog {dialog.message}"))

    def forgets(self) -> "Visitor":
        """Be somebody new: no page, no cookie, nothing stored or noted."""
        if self.page.url.startswith(self.server.url):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(DESKTOP)
        self.noted.clear()
        self.missed.clear()
        return self

    def open(self, path: str = "/") -> "Visitor":
        self.page.goto(f"{self.server.url}{path}", wait_until="domcontentloaded")
        return self.settled()

    def settled(self) -> "Visitor":
        """Wait until the page has drawn what it has to say for now."""
        expect(self.page.locator("h1").first).to_be_visible(timeout=PATIENCE)
        self.page.wait_for_selector(SETTLED)
        expect(self.page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=PATIENCE)
        self.page.wait_for_function(LOADED)
        return self

    def button(self, key: str) -> Locator:
        """The button of that key; one with a help text is drawn twice, for mouse and for touch."""
        return self.page.locator(f".st-key-{key} button").first

    def press(self, key: str) -> None:
        self.button(key).click()

    def fill(self, key: str, value: str) -> None:
        field_ = self.page.locator(f".st-key-{key} input")
        field_.fill(value)
        field_.press("Enter")

    def sees(self, text: str | re.Pattern[str]) -> None:
        found = self.page.get_by_text(text).filter(visible=True).first
        expect(found).to_be_visible(timeout=PATIENCE)

    def sees_state(self, state: str) -> None:
        badge = self.page.locator(".st-key-run-header .stMarkdownBadge").first
        expect(badge).to_contain_text(state, timeout=PATIENCE)

    def progress(self) -> Locator:
        return self.page.get_by_test_id("stProgress").first

    def charts(self) -> Locator:
        return self.page.get_by_test_id("stPlotlyChart")

    def fits_a_phone(self, path: str, *, charts: int) -> None:
        """Open the page on a phone, in the dark, then in the light: all is there, and within."""
        self.page.set_viewport_size(PHONE)
        self.page.emulate_media(color_scheme="dark")
        self.open(path)
        self._fits(charts, light=False)
        self.page.emulate_media(color_scheme="light")
        self._fits(charts, light=True)
        assert "Traceback" not in self.text()
        assert self.errors == []

    def _fits(self, charts: int, *, light: bool) -> None:
        expect(self.charts().locator(".xtitle")).to_have_count(charts, timeout=PATIENCE)
        self.page.wait_for_function(BRIGHT if light else f"() => !({BRIGHT})()")
        assert (
            self.page.evaluate("() => document.scrollingElement.scrollWidth") <= PHONE["width"] + 1
        )
        assert self.page.evaluate(OVERFLOWING) == []
        assert self.page.evaluate(UNNAMED) == []

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def run_in_url(self) -> str | None:
        found = parse_qs(urlsplit(self.page.url).query).get("run")
        return found[0] if found else None

    def opened_run(self) -> Run:
        """The run that the page has gone to."""
        self.page.wait_for_url(re.compile(r"[?&]run="))
        return self.server.runs.get(self.run_in_url() or "")

    def owner(self) -> str:
        """Whom the store names where this browser acts."""
        jar = {each["name"]: each["value"] for each in self.page.context.cookies()}
        return owner_of(jar[OWNER_COOKIE])

    @property
    def errors(self) -> list[str]:
        """What went wrong so far; pictures that were not there, if they are on the page."""
        shown = self.page.evaluate("() => [...document.images].map(each => each.src)")
        return [*self.noted, *(f"no picture {url}" for url in self.missed if url in shown)]

    def _note(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type != "error" or PROBE.search(url):
            return
        if PICTURE.search(url) and "404" in message.text:
            self.missed.append(url)
        else:
            self.noted.append(f"{message.text} {url}")
