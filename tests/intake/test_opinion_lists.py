"""Lists of opinions: an office's and a unit's, by pages and narrowed, without words or names."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from shared.calendar import local_day
from shared.contracts.directory import UnitRenamed
from tests.intake.asking import get, is_problem
from tests.intake.house import ADMIN, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House
from tests.support.hosting import START


async def test_other_people_s_lists_are_not_there(house: House) -> None:
    await house.receive()
    for by, path in (
        (OTHER_OFFICE, "/offices/VPUB/opinions"),
        (OTHER_UNIT, "/offices/VPUB/opinions"),
        (ADMIN, "/offices/VPUB/opinions"),
        (OTHER_UNIT, "/units/BTCD/opinions"),
        (CHIEF, "/units/BTCD/opinions"),
        (OTHER_UNIT, "/feed/BTCD"),
        (ADMIN, "/feed/BTCD"),
        (HUB, "/units/NOWHERE/opinions"),
    ):
        answer = await get(house, by, path)
        is_problem(answer, 404, "unknown")
        assert "opinion-" not in answer.text


async def many(house: House) -> list[str]:
    """Seven opinions, two of them of one instant; the latest first, as lists have them."""
    received = []
    for hours in (0, 1, 2, 2, 3, 4):
        done = await house.receive(at=START - timedelta(hours=hours))
        received.append((-hours, done.stream))
    theirs = await house.receive(OTHER_UNIT, source_group="noi_bo", at=START - timedelta(hours=5))
    received.append((-5, theirs.stream))
    return [opinion for _, opinion in sorted(received, key=lambda each: (-each[0], each[1]))]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
async def test_an_office_s_opinions_come_by_pages_each_once_the_latest_first(house: House, limit: int) -> None:
    opinions = await many(house)
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": limit}
    while True:
        page = (await get(house, HUB, "/offices/VPUB/opinions", **asked)).json()
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert seen == opinions


async def test_what_comes_in_while_a_list_is_read_disturbs_no_page(house: House) -> None:
    opinions = await many(house)
    first = (await get(house, HUB, "/offices/VPUB/opinions", limit=3)).json()
    await house.receive(at=START)
    rest = (await get(house, HUB, "/offices/VPUB/opinions", cursor=first["cursor"])).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == opinions


async def test_a_list_shows_neither_words_nor_names(house: House) -> None:
    await house.receive(speaker_name="Lò Văn Bình")
    answer = await get(house, HUB, "/offices/VPUB/opinions")
    assert "Bình" not in answer.text
    assert "sạt lở" not in answer.text


async def test_a_unit_lists_what_it_took_in_and_an_office_what_was_taken_in_for_it(house: House) -> None:
    opinions = await many(house)
    assert [item["id"] for item in (await get(house, FEEDER, "/units/BTCD/opinions")).json()["items"]] == opinions[:-1]
    assert [item["id"] for item in (await get(house, OTHER_UNIT, "/units/TH/opinions")).json()["items"]] == opinions[-1:]
    assert (await get(house, OTHER_OFFICE, "/offices/UBND-MSO/opinions")).json() == {"items": [], "cursor": None}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"stage": "tiep_nhan"}, 5),
        ({"stage": "phan_loai"}, 1),
        ({"stage": "rut"}, 1),
        ({"stage": "da_chuyen"}, 0),
        ({"field": "giao-thong"}, 1),
        ({"field": "khac"}, 0),
        ({"source_group": "noi_bo"}, 1),
        ({"source_group": "nhan_dan", "stage": "tiep_nhan"}, 4),
    ],
)
async def test_lists_are_narrowed(house: House, asked: dict[str, str], count: int) -> None:
    opinions = await many(house)
    await house.ask("classify_opinion", HUB, opinion=opinions[0], kind="kien_nghi", field="giao-thong")
    await house.ask("withdraw_opinion", HUB, opinion=opinions[1])
    assert len((await get(house, HUB, "/offices/VPUB/opinions", **asked)).json()["items"]) == count


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"stage": "bay_bong"}, {"source_group": "ai_do"}, {"field": "a\x00b"}],
)
async def test_a_wrong_filter_is_named(house: House, asked: dict[str, Any]) -> None:
    answer = await get(house, HUB, "/offices/VPUB/opinions", **asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.json()["errors"][0]["field"]


def cursor_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "!!!", "ý", "A" * 401),
        *map(cursor_of, (b"no json", b"[]", b"7", b'["2023", "x"]', b'{"a": 1, "b": 2}', b'[1, "x", 2]', b"[1, 2]")),
        *map(cursor_of, (b'[1e400, "x"]', b'[18446744073709551615, "x"]', b'[99999999999999999999999, "x"]', b'[1, "\\u0000"]')),
    ],
)
async def test_a_cursor_not_made_here_is_refused(house: House, cursor: str) -> None:
    answer = await get(house, HUB, "/offices/VPUB/opinions", cursor=cursor)
    assert answer.status_code == 422, answer.text
    assert "cursor" in answer.text


async def test_a_unit_is_named_as_today_with_what_it_was_called_when_it_took_the_opinion_in(house: House) -> None:
    opinion = (await house.receive()).stream
    renamed = UnitRenamed(unit="BTCD", code="BTCD", name="Ban Tiếp dân", valid_from=local_day(START) + timedelta(days=1))
    await house.happen("assignment", {"unit-BTCD": [renamed]})
    before = (await get(house, HUB, f"/opinions/{opinion}")).json()
    assert (before["unit"], before["unit_label"]) == ("BTCD", "Đơn vị BTCD")
    house.clock.move_to(START + timedelta(days=2))
    later = (await house.receive(local_id="sau")).stream
    assert (await get(house, HUB, f"/opinions/{opinion}")).json()["unit_label"] == "Ban Tiếp dân (trước là Đơn vị BTCD)"
    assert (await get(house, HUB, f"/opinions/{later}")).json()["unit_label"] == "Ban Tiếp dân"
