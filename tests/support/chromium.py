"""Debian's Chromium without a window: pages as people see them, at two widths, light and dark, judged by axe-core."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.support.absent import absent

AXE: Final = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
PICTURES: Final = Path(__file__).parents[2] / ".pictures"  # not kept in the repository
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS: Final = {390: 844, 1280: 900}
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
RUN: Final = (
    "async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']}))"  # what passes is not gathered
    ".violations.map(v => v.id + ': ' + v.nodes.map(n => n.html))"
)
ROOT_SWITCHES: Final = ("--no-sandbox", "--disable-dev-shm-usage")  # it refuses to start as root otherwise


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, within the block."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        absent("Chromium: not on the path (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(ROOT_SWITCHES))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Look:
    """How a window looks at pages; without script nothing can be judged in it, but everything must work."""

    width: int
    dark: bool = False
    scripted: bool = True


@dataclass(slots=True)
class Window:
    """One person's window. What it asks of other hosts and what it complains of is kept."""

    page: Page
    base: str
    name: str
    scripted: bool
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _taken: int = 0

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def look(self, of: str) -> None:
        """Take a picture of the whole page, and hold the page to what every page is held to."""
        self._taken += 1
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{self._taken:02}-{of}.png", full_page=True)
        assert self.abroad == [], f"{self.page.url} asks other hosts: {self.abroad}"
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        if self.scripted:
            self._judge()

    def _judge(self) -> None:
        self.page.evaluate(AXE)
        violations: list[str] = self.page.evaluate(RUN, list(TAGS))
        assert violations == [], f"{self.page.url}: {violations}"
        sizes: list[int] = self.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert sizes[0] <= sizes[1], f"{self.page.url} is wider than the screen: {sizes}"


@contextmanager
def window(browser: Browser, base: str, name: str, look: Look) -> Iterator[Window]:
    """A window of somebody who is not signed in."""
    context = browser.new_context(
        viewport={"width": look.width, "height": WIDTHS[look.width]},
        color_scheme="dark" if look.dark else "light",
        java_script_enabled=look.scripted,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page = context.new_page()
    made = Window(page, base, name, look.scripted)

    def asked(request: Request) -> None:
        if not request.url.startswith(base):
            made.abroad.append(request.url)

    def complained(message: ConsoleMessage) -> None:
        expected = (message.type == "error" and "the server responded with a status of 4" in message.text) or (
            # Somebody pressed a link of the summary before the browser was done with focusing it: the field he chose has it.
            message.type != "error" and "Autofocus processing was blocked because a document's URL has a fragment" in message.text
        )
        if not expected:
            made.complaints.append(message.text)

    page.on("request", asked)
    page.on("console", complained)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    try:
        yield made
    finally:
        context.close()


def rows(page: Page) -> list[Any]:
    """The titles of a list, from the top."""
    return page.locator("table.t td.m > a").all_inner_texts()
