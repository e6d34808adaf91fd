"""Wherever a page leads somebody, there is a page for him; wherever a form of it goes, something takes it."""

import html
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.routing import BaseRoute, Match

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import writing
from deploy.sampling import name_of, sign_ins
from shared.contracts.roles import Role
from tests.shared.identity.browser import Browser, browsing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

FIRST: Final = ("/", "/account", "/keys")
OF_A_KIND: Final = 2  # pages of one kind that somebody opens
MOST: Final = 120
MOST_LINKS: Final = 11  # of a menu, before what is folded away (screens.md)
THING: Final = re.compile(r"^(?:[a-z]+-)?[0-9A-Z][0-9A-Za-z.-]{7,}$|\d|^[0-9a-f]{16,}$")


@dataclass
class Walked:
    """What somebody's pages showed: where they lead, what they answered, and how many links his menu has."""

    answers: dict[str, int] = field(default_factory=dict)
    found_on: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, str], str] = field(default_factory=dict)  # method and address, and the page that has it
    menu: set[str] = field(default_factory=set)
    folded: set[str] = field(default_factory=set)


@dataclass
class Stage:
    """The application over a house in which a year was played, and what each capacity came upon in it."""

    app: FastAPI
    walks: dict[Role, Walked]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(year: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    data = Path(shutil.copytree(year, tmp_path_factory.mktemp("links") / "data"))
    async with writing(ground_of(data, None), "serve") as house:
        app = application(house, "s" * 64, {})
        password, seats = await sign_ins(house, house.stores.access.accounts)
        walks: dict[Role, Walked] = {}
        for role in seats:
            async with browsing(app) as browser:
                assert (await browser.sign_in(name_of(role), password)).status_code == 303, role
                walks[role] = await _walked(browser)
        yield Stage(app, walks)


async def _walked(browser: Browser) -> Walked:
    """Everything his pages lead to, some of each kind."""
    found, waiting, kinds = Walked(), list(FIRST), Counter[str]()
    found.found_on = dict.fromkeys(FIRST, "")
    while waiting and len(found.answers) < MOST:
        path = waiting.pop(0)
        kinds[_kind(path)] += 1
        if kinds[_kind(path)] > OF_A_KIND:
            continue
        answer = await browser.open(path)
        found.answers[path] = answer.status_code
        if "location" in answer.headers:
            led = [urljoin(path, answer.headers["location"])]
        elif "text/html" in answer.headers.get("content-type", ""):
            led = [urljoin(path, each) for each in _named(answer.text, "href")]
            for method, action in _forms(answer.text):
                found.forms.setdefault((method, urljoin(path, action)), path)
            _menu(answer.text, found)
        else:
            led = []
        for each in led:
            there = re.sub(r"[?&]lang=\w+$", "", each.partition("#")[0])  # the same page in the other language
            if there.startswith("/") and there not in found.found_on and not there.startswith("/static/"):
                found.found_on[there] = path
                waiting.append(there)
    return found


def _named(shown: str, attribute: str) -> Iterator[str]:
    return (html.unescape(each) for each in re.findall(rf'\s{attribute}="([^"]*)"', shown))


def _forms(shown: str) -> Iterator[tuple[str, str]]:
    for form in re.findall(r"<form\b[^>]*>", shown):
        method = next(_named(form, "method"), "get").upper()
        yield method, next(_named(form, "action"), "")


def _menu(shown: str, found: Walked) -> None:
    menu = shown.partition('<nav id="nav"')[2].partition("</nav>")[0]
    first, _, rest = menu.partition("<details")
    folded, _, last = rest.partition("</details>")
    found.menu |= set(re.findall(r'<li><a href="([^"]+)"', first + last))
    found.folded |= set(re.findall(r'<li><a href="([^"]+)"', folded))


def _kind(path: str) -> str:
    """The kind of a page: its address without what names one thing, and what is asked of it."""
    parts = urlsplit(path)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return "/".join("*" if THING.search(each) else each for each in parts.path.split("/")) + "?" + "&".join(names)


def _takes(routes: list[BaseRoute], method: str, path: str) -> bool:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": [], "query_string": b""}
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


async def test_no_link_of_any_page_leads_nowhere(stage: Stage) -> None:
    lost = {
        (role.value, path): (status, walked.found_on[path])
        for role, walked in stage.walks.items()
        for path, status in walked.answers.items()
        if status >= 400
    }
    assert lost == {}
    assert all(len(walked.answers) > 5 for walked in stage.walks.values())


async def test_every_form_of_any_page_goes_where_something_takes_it(stage: Stage) -> None:
    lost = {
        (role.value, method, action): page
        for role, walked in stage.walks.items()
        for (method, action), page in walked.forms.items()
        if not _takes(stage.app.router.routes, method, urlsplit(action).path)
    }
    assert lost == {}


async def test_a_menu_has_the_pages_of_daily_work_and_leads_to_all_others_too(stage: Stage) -> None:
    for role, walked in stage.walks.items():
        assert 1 < len(walked.menu) <= MOST_LINKS, (role, walked.menu)
        assert walked.menu.isdisjoint(walked.folded), role
    chief, hub, auditor = (stage.walks[role] for role in (Role.CHIEF, Role.HUB, Role.AUDITOR))
    assert chief.menu | chief.folded >= {"/awaiting-me", "/figures", "/registers", "/intake", "/unit-work", "/notifications"}
    assert "/intake" in hub.menu
    assert "/figures" in hub.folded
    assert "/docs" in auditor.menu
