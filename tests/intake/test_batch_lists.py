"""Files that units handed in, and what became of each row: seen by the office and the unit they are of (R30)."""

from typing import Any

import pytest

from shared.permit import Subject
from tests.intake.asking import get, is_problem
from tests.intake.files import FILE, REFUSED, two_files
from tests.intake.house import ADMIN, AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, House


async def test_a_file_is_shown_with_how_many_rows_became_what(house: House) -> None:
    batch, _ = await two_files(house)
    answer = await get(house, FEEDER, f"/batches/{batch}")
    assert answer.headers["ETag"] == '"4"'
    assert answer.json() == {
        "id": batch,
        "office": "VPUB",
        "unit": "BTCD",
        "unit_label": "Đơn vị BTCD",
        "source": "bang_tinh",
        "file": FILE,
        "rows": 3,
        "taken": 2,
        "known": 1,
        "refused": 1,
        "imported_at": "2023-01-08T02:00:00+00:00",
        "version": 4,
    }


async def test_every_row_is_an_opinion_or_a_refusal_and_is_found_by_its_number(house: House) -> None:
    batch, _ = await two_files(house)
    found = (await get(house, FEEDER, f"/batches/{batch}/rows")).json()
    assert [item["row"] for item in found["items"]] == [2, 3, 4]
    assert (found["batch"], found["after"]) == (batch, 4)
    assert [(item["opinion"] is None) is (item["code"] is None) for item in found["items"]] == [False] * 3
    assert found["items"][1] == {**REFUSED, "opinion": None}
    for asked, rows, after in (
        ({"refused": "true"}, [3], 3),
        ({"refused": "false"}, [2, 4], 4),
        ({"after": 2, "limit": 1}, [3], 3),
        ({"after": 4}, [], 4),
    ):
        page = (await get(house, HUB, f"/batches/{batch}/rows", **asked)).json()
        assert ([item["row"] for item in page["items"]], page["after"]) == (rows, after)


@pytest.mark.parametrize("limit", [1, 2, 200])
async def test_files_come_by_pages_the_latest_first_and_a_unit_s_by_themselves(house: House, limit: int) -> None:
    earlier, later = await two_files(house)
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": limit}
    while True:
        page = (await get(house, HUB, "/batches", **asked)).json()
        seen += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert seen == [later, earlier]
    assert [item["id"] for item in (await get(house, HUB, "/batches", unit="BTCD")).json()["items"]] == [earlier]


@pytest.mark.parametrize(
    ("by", "office_s", "own"),
    [
        *((by, 200, 200) for by in (HUB, CHIEF, REGISTRY, AUDITOR)),
        (FEEDER, 404, 200),
        *((by, 404, 404) for by in (OTHER_UNIT, OTHER_OFFICE, ADMIN)),
    ],
)
async def test_a_file_is_seen_by_its_office_and_the_unit_that_handed_it_in(
    house: House, by: Subject, office_s: int, own: int
) -> None:
    batch, _ = await two_files(house)
    assert (await get(house, by, "/batches", office="VPUB")).status_code == office_s
    for path, asked in (
        ("/batches", {"office": "VPUB", "unit": "BTCD"}),
        (f"/batches/{batch}", {}),
        (f"/batches/{batch}/rows", {}),
    ):
        assert (await get(house, by, path, **asked)).status_code == own


async def test_what_is_not_the_asker_s_looks_like_what_is_not_there(house: House) -> None:
    batch, _ = await two_files(house)
    for path in (f"/batches/{batch}", f"/batches/{batch}/rows", "/batches/batch-NEVER"):
        is_problem(await get(house, OTHER_OFFICE, path), 404, "unknown", "batch")
        is_problem(await get(house, None, path), 401, "not-signed-in")
    assert (await get(house, OTHER_OFFICE, "/batches")).json() == {"items": [], "cursor": None}
    for asked in ({"cursor": "x"}, {"limit": 0}):
        assert (await get(house, HUB, "/batches", **asked)).status_code == 422
