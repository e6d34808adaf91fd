"""Every route of the built application is guarded as its row says; who may not is refused over HTTP, and nothing is written."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

import shared.permit
from deploy import directory
from deploy.application import application
from deploy.catalogue import all_commands
from deploy.ground import on_directory
from deploy.house import House, writing
from shared.clock import VIETNAM
from shared.commands import model_of
from shared.contracts.roles import Role
from shared.desk import Asked
from shared.identity.pages import listening, signed_in, working
from shared.identity.sessions import Session
from shared.permit import Subject
from tests.shared.identity.browser import HOUSE
from tests.support.granted import actions, expected, routes
from tests.support.plausible import body_for

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST: Final = 5_000
COOKIE: Final = "__Host-doithoai"
KINDS: Final = {"public", "door", "listening", "working", "service"}  # the others name what they ask permission for
GUARDS: Final = {"door": signed_in, "listening": listening, "working": working}
PUBLIC_PLACES: Final = {"document": "document-unknown", "name": "style.css", "number": "1", "word": "withdraw"}
KINDS_OF_THINGS: Final = {
    "cases": "case",
    "tasks": "task",
    "plans": "plan",
    "meetings": "meeting",
    "sessions": "session",
    "notices": "notice",
    "requests": "request",
    "proposals": "proposal",
}
QUERY: Final = {
    "office": "VPUB",
    "from": "2023-01-01",
    "to": "2023-02-28",
    "day": "2023-02-27",
    "year": "2023",
    "cell": "bieu-02/total/I1",
    "episode": "case-unknown/1",
    "of": "document-unknown",
}
UPLOADS: Final = {
    "/files",
    "/proposals/files",
    "/papers/signed-copies",
    "/papers/publications",
    "/reports/signed-copies",
    "/intake/batch",
}
EVERYTHING: Final = frozenset(role for role in Role if role is not Role.SYSTEM)


def person(name: str, *roles: Role, unit: str = "VPUB", tenant: str = "sonla") -> Subject:
    return Subject(person=name, tenant=tenant, office="VPUB", unit=unit, capacities=frozenset(roles))


ADMINISTRATOR: Final = person("quan-tri", Role.ADMINISTRATOR)
FOREIGNER: Final = person("foreigner", *EVERYTHING, unit="TCHCQT", tenant="laichau")
PEOPLE: Final = {
    each.person: each
    for each in (
        ADMINISTRATOR,
        FOREIGNER,
        person("cvp-01", Role.CHIEF, unit="CVP"),
        person("tchcqt-02", Role.HUB, unit="TCHCQT"),
        person("th-01", Role.SPECIALIST, unit="TH"),
        person("vt-01", Role.REGISTRY, unit="VT"),
        person("kiem-tra", Role.AUDITOR),
        person("nobody", unit="TH"),
    )
}


class Known:
    """Whose token or cookie is his name; a first password is still to be changed in a session called `new`."""

    async def subject(self, secret: str) -> Subject | None:
        return PEOPLE.get(secret)

    async def find(self, secret: str, *, attended: bool = True) -> Session | None:
        name = secret.removeprefix("new ")
        if name not in PEOPLE:
            return None
        return Session(id=secret, name=name, subject=PEOPLE[name], must_change=name != secret, begun_at=0, seen_at=0)

    @property
    def sessions(self) -> "Known":
        return self


@dataclass
class Built:
    """The application over a house in which something was performed."""

    house: House
    app: FastAPI
    asked: set[str] = field(default_factory=set)  # the names of the actions that permission was asked for

    @property
    def pages_and_questions(self) -> dict[tuple[str, str], APIRoute]:
        """Every route but those that take one command as JSON, by method and path."""
        found = ((path, route) for path, route in _flat(self.app.router.routes) if not _takes_command(route))
        return {(method, path): route for path, route in found for method in sorted(route.methods or ())}

    @property
    def commands(self) -> dict[str, APIRoute]:
        """The routes that take one command as JSON, by its name."""
        return {route.name: route for _, route in _flat(self.app.router.routes) if _takes_command(route)}

    def of(self, kind: str) -> list[tuple[str, str]]:
        """Method and path of every route of a kind."""
        return [each for each, asks in routes().items() if asks == kind]

    async def ask(self, name: str, command: str, **data: Any) -> str:
        """Somebody asks, at the desk; the stream that it made or moved."""
        desk = next(desk for desk in self.house.desks.values() if command in desk.handlers)
        body = model_of(desk.handlers[command].command).model_validate(data)
        asked = Asked(command=command, body=body, subject=PEOPLE[name], command_id=f"made/{command}")
        return (await desk.handle(asked)).stream

    async def streams(self) -> list[str]:
        """Every stream of the logs, in the order in which they began."""
        logs = self.house.logs.values()
        return list(dict.fromkeys([record.stream for log in logs for record in (await log.read(0, MOST)).records]))

    async def written(self) -> Any:
        """How far each log stands."""
        return {name: (await log.head()).position for name, log in self.house.logs.items()}

    def client(self, subject: Subject | None = None, *, session: str = "") -> httpx2.AsyncClient:
        headers = {"Accept": "text/html"} if session or subject is None else {"Authorization": f"Bearer {subject.person}"}
        cookies = {COOKIE: session} if session else {}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=HOUSE, headers=headers, cookies=cookies)


def _flat(within: Sequence[BaseRoute], prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    """Every route with its whole path; one that was included stands behind the prefix of what includes it."""
    for route in within:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        else:
            one: Any = route  # what FastAPI makes of an included router says no type
            if hasattr(one, "original_router"):
                yield from _flat(one.original_router.routes, prefix + one.include_context.prefix)


def _takes_command(route: APIRoute) -> bool:
    described = (route.openapi_extra or {}).get("requestBody", {}).get("content", {})
    return "/api/" in route.path and route.name in all_commands() and "application/json" in described


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def built(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Built]:
    ground = on_directory(directory.make(tmp_path_factory.mktemp("asked") / "data", clock="script", seed="asked"))
    with pytest.MonkeyPatch.context() as patch:
        async with writing(ground, "serve") as house:
            app = application(house, "secret", {})
            app.state.tokens = app.state.door = Known()
            made = Built(house, app)
            await _perform(made)
            granted = shared.permit._granted

            def noted(subject: Subject, action: Any, resource: Any) -> Any:
                made.asked.add(action.name)
                return granted(subject, action, resource)

            patch.setattr(shared.permit, "_granted", noted)
            yield made


async def _perform(built: Built) -> None:
    """An opinion on its way to the unit that is to answer it, so that there is something of most kinds to ask for."""
    await built.house.move(datetime(2023, 2, 27, 8, tzinfo=VIETNAM))
    said = {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": "Đề nghị mở lớp bồi dưỡng."}
    opinion = await built.ask("th-01", "receive_opinion", **said)
    await built.ask("tchcqt-02", "classify_opinion", opinion=opinion, kind="kien_nghi", field="che-do-chinh-sach")
    await built.ask("tchcqt-02", "refer_opinion", opinion=opinion)
    await built.house.drain()
    case = next(each for each in await built.streams() if each.startswith("case-"))
    await built.ask("cvp-01", "assign_case", case=case, lead="TH")
    await built.ask("tchcqt-02", "draft_plan", office="VPUB", year=2023)
    await built.house.drain()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def places(built: Built) -> Mapping[str, str]:
    """A real thing of the house for each place of a path or field of a command."""
    found = {"unit": "TH", "office": "VPUB", "person": "th-01", "post": "CVP", "field": "che-do-chinh-sach", "year": "2023"}
    for stream in await built.streams():
        found.setdefault(stream.partition("-")[0], stream)
    return {
        **found,
        "about": found["case"],
        "table": "bieu-02",
        "kind": "sessions",
        "book": "TB-VPUB",
        **dict.fromkeys(("number", "draft", "line", "settlement"), "1"),
        "section": "IV",
        "part": "units",
        "file": "7a" * 32,
        "key": "7a" * 16,
    }


def path_of(path: str, places: Mapping[str, str], slug: str = "accept-task") -> str:
    """An address with something real in each place, where the house has one; a `thing` is of the kind that stands before it."""
    kind = next((one for many, one in KINDS_OF_THINGS.items() if f"/{many}/{{thing}}" in path), "case")
    real = {**places, "slug": slug, "thing": places.get(kind, f"{kind}-unknown")}
    for place in path.split("{")[1:]:
        name = place.partition("}")[0]
        path = path.replace(f"{{{name}}}", real.get(name.partition(":")[0], f"{name.partition(':')[0]}-unknown"))
    return path


def question(path: str, places: Mapping[str, str]) -> str:
    """The same with all that questions may require."""
    return f"{path_of(path, places)}?{urlencode({**QUERY, 'about': places['case']})}"


# --- Each has its row


async def test_every_page_and_question_has_its_row_and_every_row_its_route(built: Built) -> None:
    assert set(routes()) == set(built.pages_and_questions)


async def test_a_row_names_what_it_asks_by_actions_that_there_are(built: Built) -> None:
    named = {each for asks in routes().values() if asks not in KINDS for each in asks.split()}
    assert named <= set(actions())


async def test_every_command_is_served_once_and_asked_under_its_own_name(built: Built) -> None:
    handlers = {name: each for service in built.house.services.values() for name, each in service.desk.handlers.items()}
    assert {name: each.action.name for name, each in handlers.items()} == {name: name for name in handlers}
    assert set(all_commands()) <= set(handlers)
    # What is not served only the house itself asks; files come in through routes that have rows of their own.
    taken = {asks for (method, _), asks in routes().items() if method == "POST"}
    unserved = set(all_commands()) - set(built.commands) - taken
    assert {name for name in unserved if any(expected()[name][role] for role in EVERYTHING)} == set()


# --- One guard


def guards_of(route: APIRoute) -> set[Any]:
    """Everything that is asked before a route."""
    found, waiting = set(), [route.dependant]
    while waiting:
        for each in waiting.pop().dependencies:
            found.add(each.call)
            waiting.append(each)
    return found


async def test_every_page_that_is_not_public_has_the_one_guard(built: Built) -> None:
    for place, route in built.pages_and_questions.items():
        kind = routes()[place]
        if kind in ("working", "listening"):
            assert GUARDS[kind] in guards_of(route), place
        if "/api/" not in place[1] and kind not in ("working", "listening", "door", "public"):
            assert (kind, place[1].startswith("/internal/")) == ("service", True), place


async def test_whoever_is_not_signed_in_is_led_to_the_door_and_nothing_is_done(built: Built, places: Mapping[str, str]) -> None:
    before = await built.written()
    async with built.client() as client:
        for method, path in built.of("working"):
            answer = await client.request(method, path_of(path, places), headers={"Origin": HOUSE})
            assert answer.status_code == 303, (method, path, answer.status_code)
            assert answer.headers["location"].startswith("/sign-in"), (method, path)
    assert await built.written() == before


async def test_whoever_has_a_first_password_still_is_led_to_change_it(built: Built, places: Mapping[str, str]) -> None:
    before = await built.written()
    async with built.client(session="new cvp-01") as client:
        for method, path in built.of("working"):
            answer = await client.request(method, path_of(path, places), headers={"Origin": HOUSE})
            assert (answer.status_code, answer.headers.get("location")) == (303, "/account"), (method, path)
    assert await built.written() == before


@pytest.mark.parametrize("kind", ["working", "door", "public"])
async def test_no_form_is_taken_without_its_token(built: Built, places: Mapping[str, str], kind: str) -> None:
    before, taken = await built.written(), {}
    async with built.client(session="cvp-01") as client:
        for method, path in built.of(kind):
            for sent in ({"name": "x"}, {"token": "0" * 64}) if method == "POST" else ():
                to = question(path, {**places, **PUBLIC_PLACES})
                files = {"file": ("a.pdf", b"%PDF-1.7", "application/pdf")} if path in UPLOADS else None
                answer = await client.post(to, data=sent, headers={"Origin": HOUSE}, files=files)
                if answer.status_code not in (403, 404):
                    taken[path] = answer.status_code, answer.text[:300]
    assert not taken
    assert await built.written() == before


async def test_what_the_house_asks_itself_is_closed_to_everybody_else(built: Built, places: Mapping[str, str]) -> None:
    before = await built.written()
    async with built.client(PEOPLE["cvp-01"]) as client:
        for method, path in built.of("service"):
            assert (await client.request(method, path_of(path, places))).status_code in (401, 403, 404), (method, path)
    assert await built.written() == before


# --- Over HTTP


async def ask(client: httpx2.AsyncClient, built: Built, name: str, places: Mapping[str, str]) -> httpx2.Response:
    """A command with something plausible in every field."""
    route = built.commands[name]
    path = path_of(route.path, places)
    given = {key: value for key, value in body_for(all_commands()[name], places).items() if f"{{{key}}}" not in route.path}
    return await client.post(path, json=given, headers={"Idempotency-Key": name, "If-Match": '"1"'})


async def test_an_administrator_is_refused_every_command_that_is_not_his(built: Built, places: Mapping[str, str]) -> None:
    before, refused = await built.written(), dict[str, tuple[int, str]]()
    async with built.client(ADMINISTRATOR) as client:
        for name in built.commands:
            if not expected()[name][Role.ADMINISTRATOR]:
                answer = await ask(client, built, name, places)
                refused[name] = answer.status_code, answer.text[-300:]
    assert not {name: told for name, told in refused.items() if told[0] not in (403, 404)}
    assert len(refused) > 150
    assert await built.written() == before


async def test_of_another_installation_nothing_is_there(built: Built, places: Mapping[str, str]) -> None:
    before, told = await built.written(), dict[str, tuple[int, str]]()
    async with built.client(FOREIGNER) as client:
        for name in built.commands:
            answer = await ask(client, built, name, places)
            told[name] = answer.status_code, answer.text[-300:]
        for (method, path), asks in routes().items():
            if asks not in KINDS and method == "GET":
                answer = await client.get(question(path, places))
                told[path] = answer.status_code, answer.text[-300:]
    assert not {name: answered for name, answered in told.items() if answered[0] != 404}
    assert await built.written() == before


async def test_a_question_asks_for_what_its_row_names(built: Built, places: Mapping[str, str]) -> None:
    beyond, met = {}, 0
    for (method, path), asks in routes().items():
        if asks in KINDS or method != "GET":
            continue
        built.asked.clear()
        for subject in PEOPLE.values():
            async with built.client(subject) as client:
                answer = await client.get(question(path, places))
                assert answer.status_code < 500, (path, answer.text)
        met += bool(built.asked)
        if not built.asked <= set(asks.split()):
            beyond[path] = built.asked - set(asks.split())
    assert not beyond
    assert met > 40


async def test_whoever_has_no_capacity_is_answered_nothing_but_working_days(built: Built, places: Mapping[str, str]) -> None:
    async with built.client(PEOPLE["nobody"]) as client:
        for (method, path), asks in routes().items():
            if asks not in KINDS and method == "GET":
                answer = await client.get(question(path, places))
                assert answer.status_code >= 400 or not answer.json().get("items"), (path, answer.text[:300])


async def test_an_administrator_does_all_that_is_his(built: Built, places: Mapping[str, str]) -> None:
    """Last: it writes. What it is refused is refused by a rule of the directory, never for who asks."""
    done = 0
    async with built.client(ADMINISTRATOR) as client:
        for name in built.commands:
            if expected()[name][Role.ADMINISTRATOR]:
                answer = await ask(client, built, name, places)
                assert answer.status_code not in (403, 500, 503), (name, answer.text)
                done += answer.status_code < 300
    assert done > 3
