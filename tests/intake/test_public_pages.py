"""What people who are not signed in hand in, look up and do by pages alone."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.intake.browsing import TYPED, Citizen, application, citizen, offered
from tests.intake.house import House


@pytest.fixture(name="app")
async def an_app(house: House) -> FastAPI:
    return application(house)


@pytest.fixture(name="person")
async def a_person(app: FastAPI) -> AsyncIterator[Citizen]:
    async with citizen(app) as browser:
        yield browser


async def test_whoever_is_not_signed_in_hands_in_and_looks_up(house: House, person: Citizen) -> None:
    code = await person.handed_in()
    shown = await person.look_up(code)
    assert shown.status_code == 200, shown.text
    assert "Đã tiếp nhận, chờ phân loại" in shown.text
    assert offered(shown.text) == {"withdraw"}
    assert TYPED["words"][:20] not in shown.text
    assert TYPED["name"] not in shown.text
    shown = await person.press("withdraw")
    assert "Đã rút ý kiến." in shown.text
