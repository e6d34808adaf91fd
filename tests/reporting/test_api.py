"""Figures over HTTP: the question in a query string, the answer and the problems in JSON."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import Mock

import httpx2
import pytest
from fastapi import APIRouter

from services.reporting.entrypoints.api import router
from services.reporting.handlers import handlers
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.locking import digest
from shared.clock import ScriptClock
from shared.contracts.roles import Role
from shared.desk import Desk
from shared.ids import SeededIds
from shared.keys import KeyedHash
from shared.permit import Subject
from shared.web.app import create_app
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import TENANT, Story, at
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SIX_MONTHS

SIGNED_IN = {"Authorization": "Bearer hub"}
FEEDER = replace(HUB, capacities=frozenset({Role.FEEDER}))
ASKED = {"office": "VPUB", "from": "2023-02-01", "to": "2023-02-28"}


class Tokens:
    async def subject(self, secret: str) -> Subject | None:
        return {"hub": HUB, "feeder": FEEDER}.get(secret)


class Positions:
    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        return vector.get("intake", 0) <= 5


def routes(world: World) -> APIRouter:
    """The service's questions over what `world` holds."""
    desk = Desk(
        handlers(TENANT, Mock()),  # no command is asked here
        log=None,  # type: ignore[arg-type]  # no command is asked here
        vault=None,  # type: ignore[arg-type]
        clock=ScriptClock(),
        ids=SeededIds("s"),
        keyed=KeyedHash(bytes(32)),
    )
    return router(
        desk,
        world.asked,
    )


def asking(world: World) -> httpx2.AsyncClient:
    """A caller over HTTP."""

    async def health() -> Mapping[str, Any]:
        return {"ready": True, "state": "ok"}

    async def measure() -> None:
        """Nothing here is measured."""

    app = create_app([routes(world)], tokens=Tokens(), positions=Positions(), health=health, measure=measure)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://house")


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(world) as client:
        yield client


async def ask(client: httpx2.AsyncClient, headers: Mapping[str, str] = SIGNED_IN, **params: str) -> httpx2.Response:
    return await client.get("/reporting/api/figures", params={**ASKED, **params}, headers=dict(headers))


async def test_figures_are_asked_for_by_office_window_breakdown_and_position(
    client: httpx2.AsyncClient, world: World, story: Story
) -> None:
    story.received("A", at(date(2023, 2, 1)))
    story.received("B", at(date(2023, 2, 2)))
    await world.play(story)
    answer = await ask(client, by="source", as_of="intake=1,assignment=0")
    assert answer.status_code == 200
    assert answer.json()["as_of"] == {"intake": 1, "assignment": 0}
    assert [(each["key"], each["J"], each["T1"]) for each in answer.json()["rows"]] == [("nhan_dan", 1, "0.0")]
    assert (await ask(client, as_of="2023-02-02T09:00:00+07:00")).json()["total"]["J"] == 2


@pytest.mark.parametrize("table", Table)
async def test_every_table_is_asked_for_by_its_name(
    client: httpx2.AsyncClient, world: World, year: Dialogues, table: Table
) -> None:
    await world.play(year)
    asked = {"office": "VPUB", "from": "2023-01-04", "to": "2023-05-31", "as_of": "2023-06-02T17:00:00+07:00"}
    answer = await client.get(f"/reporting/api/tables/{table.value}", params=asked, headers=SIGNED_IN)
    assert answer.status_code == 200
    assert answer.json() == await world.table(table, SIX_MONTHS, as_of=FIRST_LOCK)


async def test_a_table_is_asked_for_beside_other_days(client: httpx2.AsyncClient, world: World, year: Dialogues) -> None:
    await world.play(year)
    answer = await client.get("/reporting/api/compared/bieu-02", params={**ASKED, "since": "2023-01-04"}, headers=SIGNED_IN)
    found = answer.json()
    assert (answer.status_code, found["same_days"], found["cumulative"]["from"]) == (200, None, "2023-01-04")
    plain = (await client.get("/reporting/api/tables/bieu-02", params=ASKED, headers=SIGNED_IN)).json()
    assert {key: each["now"] for key, each in found["total"]["figures"].items()} == {
        column["key"]: plain["total"][column["key"]] for column in plain["columns"]
    }
    late = await client.get("/reporting/api/compared/bieu-02", params={**ASKED, "since": "2024-01-04"}, headers=SIGNED_IN)
    assert (late.status_code, late.json()["code"]) == (422, "cumulative-begins-late")


async def test_units_are_asked_for_as_they_are_now(client: httpx2.AsyncClient, world: World, year: Dialogues) -> None:
    await world.play(year)
    answer = await client.get("/reporting/api/tables/bieu-03", params={**ASKED, "units": "now"}, headers=SIGNED_IN)
    assert (answer.json()["units"], answer.json()["units_on"], answer.json()["rolled"]) == ("now", "2023-11-10", [])


@pytest.mark.parametrize("path", ["tables/bieu-06", "tables/bieu-03?units=then"])
async def test_a_table_that_is_none_is_a_problem(client: httpx2.AsyncClient, path: str) -> None:
    query = "&".join(f"{key}={value}" for key, value in ASKED.items())
    answer = await client.get(f"/reporting/api/{path}{'&' if '?' in path else '?'}{query}", headers=SIGNED_IN)
    assert answer.status_code == 422


@pytest.mark.parametrize("office", ["UBND-MSO", "NOWHERE"])
async def test_tables_of_another_office_are_not_found(client: httpx2.AsyncClient, office: str) -> None:
    answer = await client.get("/reporting/api/tables/bieu-01", params={**ASKED, "office": office}, headers=SIGNED_IN)
    assert answer.status_code == 404


async def test_without_a_credential_there_are_no_figures(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, headers={})).status_code == 401


async def test_whoever_may_not_read_figures_is_told_which_rule_says_so(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, headers={"Authorization": "Bearer feeder"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["rule"]) == (403, "forbidden", ["R11", "invariant 15"])


async def test_another_office_is_not_found(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, office="UBND-MSO")).status_code == 404


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2023-03-01"}, "window-backwards"),
        ({"to": "9999-12-31"}, "window-backwards"),
        ({"as_of": "yesterday"}, "unreadable-as-of"),
        ({"from": "01/02/2023"}, "invalid"),
        ({"by": "colour"}, "invalid"),
    ],
)
async def test_a_question_that_cannot_be_is_a_problem_that_says_why(
    client: httpx2.AsyncClient, params: dict[str, str], code: str
) -> None:
    answer = await ask(client, SIGNED_IN, **params)
    assert answer.status_code == 422
    assert (code in answer.json()["code"], "rule" in answer.json()) == (True, False)


async def test_a_position_not_reached_in_time_is_asked_for_again_later(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, headers={**SIGNED_IN, "After-Position": "intake=6"})
    assert answer.status_code == 503


async def test_a_figure_is_opened_and_an_episode_explained_over_http(
    client: httpx2.AsyncClient, world: World, story: Story
) -> None:
    story.received("A", at(date(2023, 2, 1)))
    await world.play(story)
    headers = dict(SIGNED_IN)
    opened = await client.get("/reporting/api/cells", params={**ASKED, "cell": "bieu-02/total/B1"}, headers=headers)
    assert (opened.status_code, opened.json()["value"]) == (200, 1)
    assert opened.json()["episodes"][0]["because"]["B1"] == {
        "kind": "received",
        "unit": None,
        "due": None,
        "at": "2023-02-01T01:00:00+00:00",
        "source": "intake",
        "position": 1,
    }
    explained = await client.get("/reporting/api/why", params={**ASKED, "episode": "A/1"}, headers=headers)
    assert (explained.status_code, explained.json()["verdict"]) == (200, "counted")
    nowhere = await client.get("/reporting/api/why", params={**ASKED, "episode": "Z/1"}, headers=headers)
    assert nowhere.status_code == 404
    rate = await client.get("/reporting/api/cells", params={**ASKED, "cell": "bieu-02/total/T1"}, headers=headers)
    assert (rate.status_code, rate.json()["code"], rate.json()["field"]) == (422, "no-such-cell", "cell")
    feeder = await client.get(
        "/reporting/api/cells", params={**ASKED, "cell": "bieu-02/total/B1"}, headers={"Authorization": "Bearer feeder"}
    )
    assert feeder.status_code == 403


async def test_a_figure_beside_the_opinions_is_opened_and_a_dialogue_explained_over_http(
    client: httpx2.AsyncClient, world: World, year: Dialogues
) -> None:
    await world.play(year)
    await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    asked = {"office": "VPUB", "cell": "bieu-01/total/3@2023"}
    opened = await client.get("/reporting/api/cells", params=asked, headers=SIGNED_IN)
    assert (opened.status_code, opened.json()["cell"], opened.json()["value"]) == (200, "bieu-01/total/3@2023", 4)
    name = opened.json()["counted"][0]["name"]
    explained = await client.get("/reporting/api/why", params={**ASKED, "episode": name}, headers=SIGNED_IN)
    assert (explained.status_code, explained.json()["stream"]) == (200, name)
    twice = await client.get("/reporting/api/cells", params={**ASKED, **asked}, headers=SIGNED_IN)
    assert (twice.status_code, twice.json()["code"]) == (422, "days-unclear")
    nothing = await client.get("/reporting/api/cells", params={**asked, "cell": "bieu-01/total/3"}, headers=SIGNED_IN)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "days-unclear")


async def test_a_locked_report_is_handed_out_as_a_workbook_while_its_figures_are_those_that_were_locked(
    client: httpx2.AsyncClient, world: World, year: Dialogues
) -> None:
    await world.play(year)
    positions = await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    path = "/reporting/api/reports/report-VPUB-2023/workbook"
    other = await client.get(path, headers=SIGNED_IN)
    assert (other.status_code, other.json()["code"]) == (409, "figures-differ")
    counted = digest(await world.locking.figures("VPUB", *SIX_MONTHS, Basis(positions, None)))
    await world.lock(year, SIX_MONTHS, FIRST_LOCK, counted)
    answer = await client.get(path, headers=SIGNED_IN)
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert answer.headers["content-disposition"] == 'attachment; filename="report-VPUB-2023.xlsx"'
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        paper = await client.get("/reporting/api/reports/report-VPUB-2023/paper/file", params={"form": form}, headers=SIGNED_IN)
        assert (paper.status_code, paper.content[: len(begins)]) == (200, begins)
        assert paper.headers["content-disposition"] == f'attachment; filename="report-VPUB-2023.{form}"'
    unknown = await client.get("/reporting/api/reports/report-VPUB-2024/workbook", headers=SIGNED_IN)
    assert unknown.status_code == 404
