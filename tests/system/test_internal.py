"""The routes that only the house itself may use hold what comes to them to the bounds of every other edge."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI

from deploy.internal import Inside, router
from shared.desk import Desk
from shared.web import problems

TOKEN = "secret"
NOW = datetime(2023, 1, 9, 2, tzinfo=UTC)
ORDER = {
    "command": "receive_opinion",
    "body": {},
    "office": "VPUB",
    "unit": "TH",
    "actor": "th-01",
    "capacity": "hub",
    "command_id": "c-1",
}


class Standing:
    """A house with a script's clock and no commands."""

    tenant = "sonla"
    clock_kind = "script"

    def __init__(self) -> None:
        self.clock = NOW
        self.desks: dict[str, Desk] = {}

    async def now(self) -> datetime:
        return self.clock

    async def move(self, instant: datetime) -> None:
        self.clock = instant


@pytest.fixture
def house() -> Standing:
    return Standing()


@pytest.fixture
async def client(house: Standing) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    inside: Inside = house  # type: ignore[assignment]  # as much of it as is asked here
    app.include_router(router(inside, TOKEN))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://house", headers=headers) as made:
        yield made


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2023-01-09T09:00:00", 0])
@pytest.mark.parametrize(
    ("path", "field", "asked"),
    [
        ("/internal/clock", "to", {}),
        ("/internal/jobs", "at", {"service": "intake", "name": "sweep"}),
        ("/internal/commands", "occurred_at", ORDER),
    ],
)
async def test_an_instant_that_no_calendar_counts_is_refused_by_its_field(
    client: httpx2.AsyncClient, house: Standing, path: str, field: str, asked: dict[str, object], instant: object
) -> None:
    answer = await client.post(path, json={**asked, field: instant})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)
    assert house.clock == NOW


async def test_the_clock_of_a_script_is_moved_to_an_instant_with_its_zone(client: httpx2.AsyncClient, house: Standing) -> None:
    answer = await client.post("/internal/clock", json={"to": "2023-01-10T09:00:00+07:00"})
    assert answer.json() == {"kind": "script", "now": "2023-01-10T09:00:00+07:00"}
    assert house.clock == datetime(2023, 1, 10, 2, tzinfo=UTC)
