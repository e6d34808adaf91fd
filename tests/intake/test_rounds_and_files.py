"""Over HTTP: units' rounds before a meeting with nil returns, and files whose rows were handed in one by one (R30)."""

from typing import Any

import httpx2

from services.intake.domain.consolidation.commands import MAX_ROWS
from shared.eventlog import codec
from shared.permit import Subject
from tests.intake.house import CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House

MEETING = "meeting-00000000000000000001"
FILE = "5e" * 32


async def post(house: House, by: Subject, path: str, *, key: str | None = None, version: int | None = None, **body: Any) -> Any:
    headers = {name: value for name, value in (("Idempotency-Key", key), ("If-Match", version and f'"{version}"')) if value}
    async with house.client(by) as client:
        return await client.post(f"/intake/api{path}", json=body, headers=headers)


def refused(answer: httpx2.Response, status: int, code: str, field: str | None = None) -> None:
    found = answer.json()
    assert (answer.status_code, found["code"], found.get("field")) == (status, code, field), answer.text
    assert all(found[said][language] for said in ("titles", "advice") for language in ("vi", "en"))


async def opened(house: House) -> tuple[str, str]:
    """The rounds of BTCD and TH before a meeting."""
    asked: dict[str, Any] = {"office": "VPUB", "about": MEETING, "units": ["BTCD", "TH"], "due": "2023-01-13"}
    answer = await post(house, HUB, "/consolidations", key="k-1", **asked)
    assert answer.status_code == 201, answer.text
    one, two = answer.json()["consolidations"]
    return one, two


async def test_a_round_goes_from_its_opening_to_its_report_and_a_nil_return_is_one(house: House) -> None:
    full, empty = await opened(house)
    opinion = (await house.receive()).stream
    answers = [
        await post(house, FEEDER, f"/consolidations/{full}/submission", version=1, opinions=[opinion]),
        await post(house, HUB, f"/consolidations/{full}/return", version=2, reason="Thiếu nguồn."),
        await post(house, FEEDER, f"/consolidations/{full}/submission", version=3, opinions=[opinion], note="Đã bổ sung."),
        await post(house, FEEDER, f"/consolidations/{full}/amendments", version=4, nil=True, reason="Đã rút."),
        await post(house, HUB, f"/consolidations/{full}/report", version=5, at=MEETING),
        await post(house, OTHER_UNIT, f"/consolidations/{empty}/submission", version=1, nil=True),
    ]
    assert [answer.status_code for answer in answers] == [200] * 6, [answer.text for answer in answers]
    assert await house.types(full) == [
        *("consolidation.opened", "consolidation.submitted", "consolidation.returned", "consolidation.submitted"),
        *("consolidation.amended", "consolidation.reported"),
    ]


async def test_what_a_round_refuses_it_refuses_over_http_with_its_rule(house: House) -> None:
    full, _ = await opened(house)
    theirs = (await house.receive(OTHER_UNIT)).stream
    path = f"/consolidations/{full}"
    refused(await post(house, FEEDER, f"{path}/submission", version=1), 422, "nil-or-opinions", "opinions")
    refused(await post(house, FEEDER, f"{path}/submission", version=1, opinions=[theirs]), 422, "not-this-units", "opinions")
    refused(await post(house, FEEDER, f"{path}/submission", version=1, opinions=["opinion-NEVER"]), 404, "unknown", "opinions")
    refused(await post(house, FEEDER, f"{path}/amendments", version=1, nil=True, reason="x"), 409, "not-submitted")
    refused(await post(house, OTHER_OFFICE, f"{path}/submission", version=1, nil=True), 404, "unknown", "consolidation")
    refused(await post(house, CHIEF, f"{path}/submission", version=1, nil=True), 403, "forbidden")
    assert (await post(house, FEEDER, f"{path}/submission", version=1, nil=True)).status_code == 200
    mine = (await house.receive()).stream
    refused(await post(house, FEEDER, f"{path}/submission", version=2, opinions=[mine]), 409, "already-submitted")
    assert (await post(house, HUB, f"{path}/report", version=2, at=MEETING)).status_code == 200
    refused(await post(house, HUB, f"{path}/return", version=3, reason="x"), 409, "already-reported")
    asked: dict[str, Any] = {"about": MEETING, "units": ["BTCD"], "due": "2023-01-13"}
    refused(
        await post(house, HUB, "/consolidations", key="k-2", office="VPUB", **{**asked, "units": ["X"]}),
        422,
        "unknown-unit",
        "units",
    )
    assert await house.types(full) == ["consolidation.opened", "consolidation.submitted", "consolidation.reported"]


async def record(
    house: House, rows: list[dict[str, Any]], *, by: Subject = FEEDER, key: str = "k-1", **changed: Any
) -> httpx2.Response:
    asked = {"office": "VPUB", "source": "bang_tinh", "file": FILE, "rows": rows, **changed}
    answer: httpx2.Response = await post(house, by, "/batches", key=key, **asked)
    return answer


async def test_a_file_is_recorded_once_row_by_row(house: House) -> None:
    opinion = (await house.receive(local_id="BTCD-1")).stream
    rows = [{"row": 2, "opinion": opinion}, {"row": 3, "code": "local-id-taken", "field": "local_id"}]
    first = await record(house, rows)
    assert first.status_code == 201, first.text
    batch = first.json()["id"]
    imported, *_ = [codec.read(each).event for each in await house.log.read_stream(batch)]
    assert (imported.rows, imported.taken, imported.known, imported.refused, imported.unit) == (2, 1, 0, 1, "BTCD")
    again = await record(house, rows[:1], key="k-2")
    assert (again.status_code, again.json()["id"]) == (201, batch)
    assert await house.types(batch) == ["batch.imported", "batch.row_taken", "batch.row_refused"]


async def test_a_row_stands_for_an_opinion_that_the_unit_took_in_for_that_office(house: House) -> None:
    mine, theirs = (await house.receive()).stream, (await house.receive(OTHER_UNIT)).stream
    before = await house.log.head()
    refused(await record(house, [{"row": 2, "opinion": theirs}]), 422, "not-this-units", "rows")
    refused(await record(house, [{"row": 2, "opinion": mine}], office="UBND-MSO"), 422, "not-this-units", "rows")
    refused(await record(house, [{"row": 2, "opinion": "opinion-NEVER"}]), 404, "unknown", "rows")
    refused(await record(house, [{"row": 2}]), 422, "batch-miscounted", "rows")
    refused(await record(house, [{"row": 2, "opinion": mine}], known=2), 422, "batch-miscounted", "rows")
    many = [{"row": n, "code": "invalid"} for n in range(MAX_ROWS + 1)]
    assert (await record(house, many)).status_code == 422
    assert await house.log.head() == before
    assert (await record(house, many[:-1])).status_code == 201
