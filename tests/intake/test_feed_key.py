"""The key that a unit's system signs its feed with: shown to whoever sets the system up, changed once for each request."""

import asyncio

import httpx2
import pytest

from shared.permit import Subject
from tests.intake.house import ADMIN, FEEDER, House, house_on_postgres

PATH = "/intake/api/feed/BTCD/key"


async def renewed(house: House, key: str | None, by: Subject = ADMIN) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.post(PATH, headers={} if key is None else {"Idempotency-Key": key})


async def shown(house: House) -> str:
    async with house.client(ADMIN) as client:
        return str((await client.get(PATH)).json()["key"])


async def test_another_key_is_in_force_once_it_was_asked_for(house: House) -> None:
    first = await shown(house)
    answer = await renewed(house, "k-1")
    assert answer.status_code == 200
    assert await shown(house) == answer.json()["key"] != first


async def test_the_same_request_sent_again_is_answered_the_key_it_made_and_makes_no_other(house: House) -> None:
    first = (await renewed(house, "k-1")).json()
    assert (await renewed(house, "k-1")).json() == first
    assert await shown(house) == first["key"]
    second = (await renewed(house, "k-2")).json()
    assert (await renewed(house, "k-1")).json() == first
    assert await shown(house) == second["key"] != first["key"]


async def test_without_an_idempotency_key_no_key_is_changed(house: House) -> None:
    before = await shown(house)
    answer = await renewed(house, None)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert await shown(house) == before


async def test_who_may_not_set_the_key_changes_none(house: House) -> None:
    before = await shown(house)
    assert (await renewed(house, "k-1", by=FEEDER)).status_code == 404
    assert await shown(house) == before


@pytest.mark.servers
async def test_of_requests_that_meet_each_makes_one_key(postgres: str, database_name: str) -> None:
    async with house_on_postgres(postgres, database_name) as house:
        answers = await asyncio.gather(*(renewed(house, f"k-{n % 4}") for n in range(8)))
        keys = [answer.json()["key"] for answer in answers]
        assert keys[:4] == keys[4:]
        assert len(set(keys)) == 4
        assert await shown(house) in keys
