"""People at their screens: each signs in, finds a page by the words of a link, fills in what has a label, presses a button."""

import asyncio
import re
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from playwright.sync_api import Browser, FilePayload, Locator, Page

from deploy import directory
from deploy.ground import on_directory
from deploy.house import access_on
from deploy.remote import Remote
from deploy.timekeeping import reach
from shared.clock import VIETNAM
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.support.chromium import Look, Window, window
from tests.support.commandline import Serving

T = TypeVar("T")
Seats = Mapping[str, tuple[str, str, Role]]  # by name: the person, his unit, and in which capacity
Typed = str | bool | FilePayload
Fields = Mapping[str, Typed]  # by label, or by row and label: "Mục kết luận 2 > Đơn vị chủ trì"
SHOWN: Final = 700  # so much of a page is told where it does not say what it should


def accounts(data: Path, seats: Seats, *, office: str = "VPUB", elsewhere: Mapping[str, str] = MappingProxyType({})) -> str:
    """Let everybody of `seats` sign in, each from `office` but those who are `elsewhere`; their password."""
    posts = {
        f"{OF_SAMPLES}{name}": (person, Post(office=elsewhere.get(name, office), unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in seats.items()
    }

    async def opened() -> str:
        async with access_on(on_directory(directory.read(data))) as access:
            return await access.accounts.set_up(posts)

    return _apart(opened())


@dataclass(slots=True)
class Person:
    """Somebody before his screen."""

    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def said(self) -> str:
        """What the page says."""
        return self.page.inner_text("main")

    def go(self, label: str) -> None:
        """Follow a link of the menu, wherever in it that stands."""
        found = self.page.locator("#nav a", has_text=_whole(label)).first
        assert found.count(), f"the menu has no {label!r}: {self.page.locator('#nav').inner_text()}"
        if not found.is_visible() and self.page.locator("button.menu").is_visible():
            self.page.locator("button.menu").click()
        unfold(found)
        found.click()
        self.page.wait_for_load_state()

    def follow(self, label: str) -> None:
        """Follow a link of the page by some of its words."""
        found = self.page.locator("main a", has_text=label).first
        assert found.count(), f"{self.page.url} has no link {label!r}: {self.said[:SHOWN]}"
        unfold(found)
        found.click()
        self.page.wait_for_load_state()

    def do(self, button: str, fields: Fields = MappingProxyType({}), *, within: str = "", says: str = "") -> None:
        """Fill in the fields of the form that has this button, by their labels, and press it; the page then `says` so.

        `within` is some of the words of the row or part in which the form stands, where there are several.
        """
        form = self._form(button, within)
        unfold(form)
        for label, value in fields.items():
            fill(form, label, value)
        form.locator("button:not([type=button])", has_text=_whole(button)).first.click()
        self.page.wait_for_load_state()
        assert not says or says in self.said, f"{self.page.url} does not say {says!r}: {self.said[:SHOWN]}"

    def look(self, of: str) -> None:
        """Take a picture, and hold the page to what every page is held to."""
        self.window.look(of)

    def _form(self, button: str, within: str) -> Locator:
        around = self.page.locator("main")
        if within:
            around = around.locator("tr, article, li, section, details", has_text=within)
        forms = around.locator("form", has=self.page.locator("button:not([type=button])", has_text=_whole(button)))
        assert forms.count(), f"{self.page.url} has no button {button!r} in {within!r}: {self.said[:SHOWN]}"
        return forms.last if within else forms.first


def unfold(found: Locator) -> None:
    """Open what is folded around it, from outside."""
    closed = found.locator("xpath=ancestor::details[not(@open)]")
    while closed.count():
        closed.first.locator("> summary").click()


def fill(form: Locator, label: str, value: Typed) -> None:
    """Type, choose or tick what carries this label."""
    row, _, label = label.rpartition(" > ")
    if row:  # of a table, such as "Mục kết luận 2 > Đơn vị chủ trì"
        form = form.get_by_role("group", name=row).first
    controls = form.locator("input, select, textarea")
    words = re.escape(label)
    ways = (re.compile(rf"^\s*{words}\s*$"), re.compile(rf"^\s*{words}"), re.compile(words))  # the closest that there is
    found = (form.get_by_label(way).and_(controls).first for way in ways)
    field = next((each for each in found if each.count()), None)
    assert field is not None, f"no field {label!r}: {form.locator('label, legend').all_inner_texts()}"
    unfold(field)
    kind = field.evaluate("each => each.type")
    if kind in ("radio", "checkbox"):
        field.set_checked(bool(value))
    elif kind == "file":
        assert not isinstance(value, str | bool)
        field.set_input_files(files=value)
    elif kind == "select-one":
        options = [each for each in field.locator("option").all_inner_texts() if str(value) in each]
        assert options, f"{label!r} has no choice {value!r}: {field.locator('option').all_inner_texts()}"
        field.select_option(label=options[0])
    else:
        field.fill(str(value))


@dataclass(slots=True)
class Office:
    """A served office, its people and its clock."""

    running: Serving
    password: str
    browser: Browser
    look: Look
    name: str
    taken: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.running.port}"

    @contextmanager
    def visitor(self, called: str = "citizen") -> Iterator[Person]:
        """Somebody who signs in to nothing."""
        tone = "dark" if self.look.dark else "light"
        named = f"{self.look.width}-{tone}-{self.name}-{next(self.taken):02}-{called}"
        with window(self.browser, self.base, named, self.look) as opened:
            yield Person(opened)

    @contextmanager
    def at(self, seat: str) -> Iterator[Person]:
        """Somebody who has signed in, at the page that this leads to."""
        with self.visitor(seat) as person:
            person.window.open("/sign-in")
            person.page.fill("#name", f"{OF_SAMPLES}{seat}")
            person.page.fill("#password", self.password)
            person.page.click("button.pri")
            person.page.wait_for_load_state()
            assert "/sign-in" not in person.page.url, person.said[:SHOWN]
            yield person

    def until(self, moment: str) -> None:
        """Let time pass until `moment`, local: what falls due on the way happens."""
        _apart(self._reach(datetime.fromisoformat(moment).replace(tzinfo=VIETNAM)))

    async def _reach(self, instant: datetime) -> None:
        ground = on_directory(directory.read(self.running.data))
        assert ground.home is not None
        remote = Remote.of(ground, ground.home.owner())
        try:
            await remote.known()
            await reach(remote, instant)
        finally:
            await remote.close()


def _whole(label: str) -> re.Pattern[str]:
    """The label, which a count may follow, or a key that presses it."""
    return re.compile(rf"^\s*{re.escape(label)}(?:\s*(?:\d.*|Ctrl Enter))?\s*$", re.DOTALL)


def _apart(work: Coroutine[Any, Any, T]) -> T:
    # In a thread of its own: beside the browser no loop can be run in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
