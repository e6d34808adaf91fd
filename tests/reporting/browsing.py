"""The pages of reporting in browsers without script, each of somebody who is signed in."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2

from services.reporting.app import build
from shared.clock import instant
from shared.permit import Subject
from tests.assignment.browsing import Browsers, application, text_of
from tests.reporting.house import PEOPLE, SOURCES, House, furnish, lock
from tests.reporting.papers import REPORT
from tests.reporting.year_2023 import year_2023
from tests.support.hosting import on_sqlite

AT = f"/reports/{REPORT}"


@asynccontextmanager
async def office(path: Path, *, locked: bool = True, lived: bool = False) -> AsyncIterator[tuple[House, Browsers]]:
    """A house in June with its browsers; its six months `locked`, else not opened; `lived`: with all that happened in 2023."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(on_sqlite(House, path, "reporting", build, beside=SOURCES, people=PEOPLE))
        await furnish(made)
        if lived:
            for each in year_2023().records():
                await made.happen(each.record.service, {each.stream: [each.event]}, at=instant(each.record.occurred))
        if locked:
            await lock(made)
        await made.follow()
        yield made, Browsers(application(made), stack)


async def press(browsers: Browsers, by: Subject, page: str, action: str, **fields: str) -> httpx2.Response:
    """Open a page, fill in the form whose address ends so, and press its button."""
    browser = await browsers.of(by)
    shown = (await browser.open(page)).text
    found = re.search(rf'<form method="post" action="([^"]*/{re.escape(action)})">(.*?)</form>', shown, re.DOTALL)
    assert found is not None, f"{page} has no form to {action} for {by.person}: {text_of(shown)[:600]}"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[2]))
    return await browser.post(found[1], **{**hidden, **fields})


def forms_of(shown: str) -> set[str]:
    """Where the forms of a page go, but the one that signs out."""
    return {action for action in re.findall(r'<form method="post" action="([^"]+)"', shown) if action != "/sign-out"}


def went_well(answer: httpx2.Response, where: str, done: str) -> None:
    """It was done, and leads on to a page that says so."""
    path, _, _ = answer.headers.get("Location", "").partition("?")
    assert (answer.status_code, path) == (303, where), text_of(answer.text)[:600]
    assert f"done={done}" in answer.headers["Location"]
