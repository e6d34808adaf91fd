"""Hostile text in every field of every form and every place of every question: nothing of it runs, leads or forges anything."""

import io
import json
import logging
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio
import structlog
from fastapi import FastAPI
from fastapi.routing import APIRoute

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import House, writing
from shared import logs
from shared.contracts.roles import Role
from shared.identity.accounts import Post
from shared.web import acting, api
from tests.shared.blobs.files import PDF
from tests.shared.identity.browser import Browser, browsing
from tests.support.granted import routes
from tests.support.hostile import BROKEN, FORMULA, HOSTILE, HTML, LINK, MARK, Form, forms_of, harm_in
from tests.system.test_authorisation_routes import PUBLIC_PLACES, QUERY, _flat, path_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

NAME: Final = "sample-everything"
LEFT_ALONE: Final = re.compile(r"/sign-(in|out)|/account/(password|post|code|provider|sign-out)")
READ: Final = re.compile(r"query_params(?:\.get\(|\[)\s*[\"'](\w+)")
OF_A_KIND: Final = 2
MOST: Final = 200


@dataclass
class Attacked:
    """What somebody with every capacity sent and was answered."""

    app: FastAPI
    house: House
    browser: Browser
    logged: io.StringIO
    places: dict[str, str] = field(default_factory=dict)
    harm: dict[str, list[str]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)

    def look(self, what: str, answer: Any) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.failed[what] = answer.text[-300:]
        if harm := harm_in(answer):
            self.harm[what] = harm

    async def open(self, path: str) -> Any:
        answer = await self.browser.open(path)
        self.look(path[:300], answer)
        return answer

    def pages(self) -> dict[str, APIRoute]:
        """Every question that a browser asks, by its path."""
        shown = {path for (method, path), asks in routes().items() if method == "GET" and asks in ("working", "public", "door")}
        return {path: route for path, route in _flat(self.app.router.routes) if path in shown and "GET" in (route.methods or ())}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def attacked(played: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Attacked]:
    data = Path(shutil.copytree(played, tmp_path_factory.mktemp("attacked") / "data"))
    captured = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    with pytest.MonkeyPatch.context() as patch:
        for module in (api, acting):
            patch.setattr(module, "WAIT_SECONDS", 0.01)
        patch.setattr("sys.stderr", captured)
        logs.configure("debug")
        try:
            async with writing(ground_of(data, None), "serve") as house:
                app = application(house, "s" * 64, {})
                everything = frozenset(role for role in Role if role is not Role.SYSTEM)
                post = Post(office="VPUB", unit="TCHCQT", capacities=everything)
                password = await house.stores.access.accounts.set_up({NAME: ("tchcqt-02", post)})
                async with browsing(app) as browser:
                    assert (await browser.sign_in(NAME, password)).status_code == 303
                    made = Attacked(app, house, browser, captured)
                    made.places = {
                        "unit": "TH",
                        "office": "VPUB",
                        "person": "th-01",
                        "post": "CVP",
                        "year": "2023",
                        **PUBLIC_PLACES,
                    }
                    for log in house.logs.values():
                        for record in (await log.read(0, 5_000)).records:
                            made.places.setdefault(record.stream.partition("-")[0], record.stream)
                    yield made
        finally:
            structlog.reset_defaults()
            logging.root.handlers[:] = handlers
            logging.root.setLevel(level)


def asked_of(route: APIRoute) -> list[str]:
    """The parameters that a route reads: those it declares, and those its module takes from the request itself."""
    found, waiting = dict[str, None](), [route.dependant]
    while waiting:
        each = waiting.pop()
        found |= dict.fromkeys(parameter.alias for parameter in each.query_params)
        waiting += each.dependencies
    module = Path(route.endpoint.__code__.co_filename)
    return list(found | dict.fromkeys(READ.findall(module.read_text(encoding="utf-8"))))


async def test_no_question_runs_what_it_is_asked_with(attacked: Attacked) -> None:
    asked = 0
    for path, route in attacked.pages().items():
        at = path_of(path, attacked.places)
        for name in asked_of(route):
            await attacked.open(f"{at}?{urlencode({**QUERY, name: LINK + HTML})}")
            asked += 1
        for place in re.findall(r"{(\w+)", path):
            hostile = quote(HTML, safe="")
            await attacked.open(
                path_of(path, {**attacked.places, place: hostile, **({"case": hostile} if place == "thing" else {})})
            )
            asked += 1
    assert attacked.harm == {}
    assert attacked.failed == {}
    assert asked > 250
    assert attacked.statuses[200] > 40


async def crawled(attacked: Attacked) -> dict[str, str]:
    """The pages that can be reached by links, some of each kind, with what they show."""
    waiting = ["/", "/account", *(path_of(path, attacked.places) for path in attacked.pages())]
    seen, kinds, shown = set(waiting), Counter[str](), dict[str, str]()
    while waiting and len(shown) < MOST:
        path = waiting.pop(0)
        kind = re.sub(r"=[^&]*", "=", re.sub(r"[0-9A-Z]{6,}|\d+", "*", path))
        kinds[kind] += 1
        if kinds[kind] > OF_A_KIND or LEFT_ALONE.search(path):
            continue
        answer = await attacked.open(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            shown[path] = answer.text
            for link in re.findall(r'href="(/[^"#]*)', answer.text):
                led = link.replace("&amp;", "&")
                if led not in seen and not led.startswith(("/static", "/docs", "//")):
                    seen.add(led)
                    waiting.append(led)
    return shown


async def send(attacked: Attacked, form: Form, hostile: str, key: str, *, everywhere: bool = False) -> Any:
    """Fill in the form and press its button; what it is answered with."""
    sent = form.filled(hostile, everywhere=everywhere)
    if form.method == "get":
        return await attacked.open(f"{form.action.partition('?')[0]}?{urlencode(sent)}")
    if "key" in sent:
        sent["key"] = key
    files = dict.fromkeys(form.files, (f"{hostile[:80]}.pdf", PDF, "application/pdf")) or None
    origin = str(attacked.browser.client.base_url).rstrip("/")
    answer = await attacked.browser.client.post(form.action, data=sent, files=files, headers={"Origin": origin})
    attacked.look(f"POST {form.action} {hostile[:12]!r}", answer)
    if answer.status_code == 303:
        await attacked.house.drain()
        await attacked.open(answer.headers["location"])
    return answer


async def attack(attacked: Attacked, form: Form, number: int) -> Counter[int]:
    """Every hostile text in turn, in the form as its page has it by then; how each was answered."""
    answered = Counter[int]()
    now: Form | None = form
    for turn, hostile in enumerate((HTML, *HOSTILE)):
        if turn == 0 and not form.strict:
            continue
        if now is None:
            shown = (await attacked.open(form.page)).text
            now = next((each for each in forms_of(shown, form.page) if each.key == form.key), None)
        if now is None:
            break  # what was taken left nothing to do
        answer = await send(attacked, now, hostile, f"attack-{number}-{turn}", everywhere=turn == 0)
        answered[answer.status_code] += 1
        if answer.status_code in (303, 412):
            now = None
    return answered


async def test_no_form_runs_what_is_typed_into_it_and_no_page_or_sheet_what_was_taken(attacked: Attacked) -> None:
    attacked.harm.clear()
    before = await crawled(attacked)
    found = [each for page, shown in before.items() for each in forms_of(shown, page) if each.typed or each.strict]
    attacks = {each.key: each for each in found if not LEFT_ALONE.search(each.action)}
    answered = Counter[int]()
    for number, form in enumerate(attacks.values()):
        answered += await attack(attacked, form, number)
    after = await crawled(attacked)
    sheets = [path for path in attacked.pages() if re.search(r"(csv|xlsx|workbook|sheet|download)", path)]
    for path in sheets:
        await attacked.open(f"{path_of(path, attacked.places)}?{urlencode(QUERY)}")
    assert attacked.harm == {}
    assert attacked.failed == {}
    assert len(attacks) > 30
    assert answered[303] > 20, answered  # taken
    assert answered[422] > 20, answered  # shown again with what was typed
    assert sum(MARK in shown for shown in after.values()) > 10  # and shown where it belongs
    assert any(FORMULA[:10] in shown.replace("&#34;", '"').replace("&#39;", "'") for shown in after.values())


async def test_every_line_of_the_log_is_one_object_and_repeats_nothing_that_was_sent(
    attacked: Attacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ValueError(BROKEN)

    monkeypatch.setattr(attacked.app.state.tokens, "subject", broken)
    hostile = {
        "Authorization": f"Bearer {LINK}",
        "traceparent": HTML.encode("ascii", "replace").decode(),
        "Accept": "application/json",
    }
    failed = await attacked.browser.client.get(
        f"/intake/api/opinions/{quote(BROKEN, safe='')}?after={quote(BROKEN)}", headers=hostile
    )
    assert failed.status_code == 500
    assert MARK not in failed.text
    lines = attacked.logged.getvalue().split("\n")[:-1]
    told = [json.loads(line) for line in lines]
    assert "request.failed" in {each["event"] for each in told}
    assert "forged" not in {each["event"] for each in told}
    assert [line for line in lines if MARK in line] == []


async def test_what_a_line_tells_cannot_begin_another(attacked: Attacked) -> None:
    before = attacked.logged.getvalue().count("\n")
    structlog.get_logger().warning("something.told", path=BROKEN, shown=HTML)
    [line] = attacked.logged.getvalue().split("\n")[before:-1]
    assert json.loads(line)["event"] == "something.told"
