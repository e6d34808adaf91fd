"""Requests for dialogue and proposals at their receipt: listed, shown and read by those they are for (R21, R25)."""

from datetime import timedelta
from typing import Any

import pytest

from shared.permit import Subject
from tests.intake.asking import get, is_problem, post
from tests.intake.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    CONTENT,
    FEEDER,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    PROPOSER,
    REGISTRY,
    House,
)
from tests.intake.submissions import ASKED, CONTENT_OF, NAME, SESSION, WHY, every_life, proposal_in, request_in
from tests.support.hosting import START

KINDS = ("requests", "proposals")


async def test_a_request_is_shown_with_all_that_is_known_of_it_but_words_and_names(house: House) -> None:
    opinion = (await house.receive()).stream
    paper: dict[str, Any] = {"incoming_number": "125", "incoming_on": "2023-01-09", "opinions": [opinion], "locality": "MLA"}
    done = await request_in(house, local_id="YC-1", **paper)
    answer = await get(house, FEEDER, f"/requests/{done.stream}")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == {
        "id": done.stream,
        "office": "VPUB",
        "unit": "BTCD",
        "unit_label": "Đơn vị BTCD",
        "local_id": "YC-1",
        "stage": "tiep_nhan",
        "reason": None,
        "request": None,
        "request_stage": None,
        "session": None,
        "due": None,
        "channel": "van_ban",
        "source_group": "nhan_dan",
        "locality": "MLA",
        "opinions": [opinion],
        "incoming_number": "125",
        "incoming_on": "2023-01-09",
        "received_at": "2023-01-09T02:00:00+00:00",
        "version": 1,
    }


async def test_a_proposal_is_shown_with_who_proposes_it_and_what_became_of_it(house: House) -> None:
    lives = await every_life(house)
    answer = await get(house, PROPOSER, f"/proposals/{lives['linked']}")
    found = answer.json()
    assert answer.headers["ETag"] == '"2"'
    assert found == {
        "id": lives["linked"],
        "office": "VPUB",
        "division": "TH",
        "division_label": "Đơn vị TH",
        "proposer": "SGTVT",
        "proposer_label": "Đơn vị SGTVT",
        "local_id": "DX-0",
        "stage": "da_chuyen",
        "reason": None,
        "proposal": lives["linked"].replace("proposal_receipt-", "proposal-"),
        "proposal_stage": "dong_y",
        "session": SESSION,
        "field": "giao-thong",
        "attachments": [],
        "incoming_number": None,
        "incoming_on": None,
        "received_at": "2023-01-09T02:00:00+00:00",
        "version": 2,
    }


async def test_every_life_is_told_where_it_ended(house: House) -> None:
    lives = await every_life(house)
    requests = {item["id"]: item for item in (await get(house, HUB, "/requests")).json()["items"]}
    proposals = {item["id"]: item for item in (await get(house, HUB, "/proposals")).json()["items"]}
    found = {
        name: (item["stage"], item.get("request_stage", item.get("proposal_stage")), item["reason"])
        for name, receipt in lives.items()
        if (item := {**requests, **proposals}.get(receipt)) is not None
    }
    assert found == {
        "met": ("da_chuyen", "da_dap_ung", None),
        "refused": ("da_chuyen", "tu_choi", None),
        "taken back": ("rut", "da_tiep_nhan", None),
        "rejected": ("khong_du_dieu_kien", None, "KHONG_RO_NOI_DUNG"),
        "open": ("tiep_nhan", None, None),
        "linked": ("da_chuyen", "dong_y", None),
        "not approved": ("da_chuyen", "khong_dong_y", None),
        "unclear": ("khong_du_dieu_kien", None, "TRUNG"),
    }


@pytest.mark.parametrize(
    ("by", "office_s", "own", "words", "speaker"),
    [
        (HUB, 200, 200, 200, 200),
        (CHIEF, 200, 200, 200, 200),
        (REGISTRY, 200, 200, 200, 200),
        (AUDITOR, 200, 200, 403, 403),
        (FEEDER, 404, 200, 200, 200),
        (OTHER_UNIT, 404, 404, 404, 404),
        (OTHER_OFFICE, 404, 404, 404, 404),
        (PROPOSER, 404, 404, 404, 404),
        (ADMIN, 404, 404, 404, 404),
    ],
)
async def test_a_request_is_seen_by_its_office_and_the_unit_that_took_it_in(
    house: House, by: Subject, office_s: int, own: int, words: int, speaker: int
) -> None:
    receipt = (await request_in(house)).stream
    assert (await get(house, by, "/requests", office="VPUB")).status_code == office_s
    assert (await get(house, by, "/requests", office="VPUB", unit="BTCD")).status_code == own
    assert (await get(house, by, f"/requests/{receipt}")).status_code == own
    read = await get(house, by, f"/requests/{receipt}/words")
    told = await get(house, by, f"/requests/{receipt}/speaker")
    assert (read.status_code, told.status_code) == (words, speaker)
    assert ((ASKED in read.text), (NAME in told.text)) == (words == 200, speaker == 200)
    assert [(each["reader"], each["purpose"].split()[0]) for each in await house.vault.accesses()] == [
        *([(by.person, "read_request_words")] if words == 200 else []),
        *([(by.person, "read_request_speaker")] if speaker == 200 else []),
    ]


@pytest.mark.parametrize(
    ("by", "office_s", "own", "words"),
    [
        (CHIEF, 200, 200, 200),
        (REGISTRY, 200, 200, 200),
        (HUB, 200, 200, 403),
        (AUDITOR, 200, 200, 403),
        (CONTENT, 404, 200, 200),
        (PROPOSER, 404, 200, 200),
        (OTHER_UNIT, 404, 404, 404),
        (FEEDER, 404, 404, 404),
        (OTHER_OFFICE, 404, 404, 404),
        (ADMIN, 404, 404, 404),
    ],
)
async def test_a_proposal_is_seen_by_its_office_its_division_and_whoever_proposed_it(
    house: House, by: Subject, office_s: int, own: int, words: int
) -> None:
    receipt = (await proposal_in(house)).stream
    assert (await get(house, by, "/proposals", office="VPUB")).status_code == office_s
    assert (await get(house, by, f"/proposals/{receipt}")).status_code == own
    read = await get(house, by, f"/proposals/{receipt}/words")
    assert read.status_code == words
    assert (CONTENT_OF in read.text) == (words == 200)
    unit = await get(house, by, "/proposals", office="VPUB", unit=by.unit)
    assert [item["id"] for item in unit.json().get("items", [])] == ([receipt] if by in (CONTENT, PROPOSER) else [])


async def test_words_and_names_come_as_they_were_handed_in_and_erased_ones_are_none(house: House) -> None:
    receipt, brought = (await request_in(house)).stream, (await proposal_in(house)).stream
    await house.ask("reject_request", HUB, request_receipt=receipt, reason="TRUNG", note="Đã có đề nghị khác.")
    assert (await get(house, FEEDER, f"/requests/{receipt}/words")).json() == {"words": ASKED, "note": "Đã có đề nghị khác."}
    assert (await get(house, FEEDER, f"/requests/{receipt}/speaker")).json() == {"name": NAME, "contact": "0912 000 001"}
    said = {"content": CONTENT_OF, "reason": WHY, "note": None}
    assert (await get(house, CONTENT, f"/proposals/{brought}/words")).json() == said
    for each in await house.sealed():
        await house.vault.erase_record(each["ref"])
    assert (await get(house, FEEDER, f"/requests/{receipt}/words")).json() == {"words": None, "note": None}
    assert (await get(house, FEEDER, f"/requests/{receipt}/speaker")).json() == {"name": None, "contact": None}


async def test_lists_show_neither_words_nor_names(house: House) -> None:
    await every_life(house)
    for kind in KINDS:
        text = (await get(house, HUB, f"/{kind}")).text
        for hidden in (NAME, "0912", ASKED, CONTENT_OF, WHY, "Không rõ."):
            assert hidden not in text


async def test_nothing_of_another_office_or_of_the_other_kind_is_there(house: House) -> None:
    lives = await every_life(house)
    assert [item["id"] for item in (await get(house, OTHER_OFFICE, "/requests")).json()["items"]] == [lives["theirs"]]
    assert (await get(house, OTHER_OFFICE, "/proposals")).json() == {"items": [], "cursor": None}
    for kind, receipt in (("requests", lives["open"]), ("proposals", lives["linked"])):
        for path in ("", "/words"):
            is_problem(await get(house, OTHER_OFFICE, f"/{kind}/{receipt}{path}"), 404, "unknown", "receipt")
            is_problem(await get(house, None, f"/{kind}/{receipt}{path}"), 401, "not-signed-in")
        is_problem(await get(house, None, f"/{kind}"), 401, "not-signed-in")
    is_problem(await get(house, HUB, f"/proposals/{lives['open']}"), 404, "unknown", "receipt")
    is_problem(await get(house, HUB, f"/requests/{lives['linked']}"), 404, "unknown", "receipt")


@pytest.mark.parametrize(
    ("path", "asked", "count"),
    [
        ("/requests", {"stage": "da_chuyen"}, 2),
        ("/requests", {"stage": "tiep_nhan", "unit": "BTCD"}, 1),
        ("/requests", {"unit": "TH"}, 0),
        ("/proposals", {"stage": "khong_du_dieu_kien"}, 1),
        ("/proposals", {"field": "giao-thong", "unit": "SGTVT"}, 3),
        ("/proposals", {"field": "khac"}, 0),
    ],
)
async def test_lists_are_narrowed(house: House, path: str, asked: dict[str, str], count: int) -> None:
    await every_life(house)
    assert len((await get(house, HUB, path, **asked)).json()["items"]) == count


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_requests_come_by_pages_each_once_the_latest_first(house: House, limit: int) -> None:
    received = [(await request_in(house, at=START - timedelta(hours=hours))).stream for hours in (0, 1, 2, 2, 3)]
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": limit}
    while True:
        page = (await get(house, HUB, "/requests", **asked)).json()
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert seen == [*received[:2], *sorted(received[2:4]), received[4]]


@pytest.mark.parametrize("asked", [{"cursor": "x"}, {"limit": 201}, {"stage": "bay_bong"}, {"unit": "a\x00"}])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_cannot_be_asked_is_refused_with_its_name(house: House, kind: str, asked: dict[str, Any]) -> None:
    answer = await get(house, HUB, f"/{kind}", **asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.text


async def test_a_body_proposes_in_its_own_name(house: House) -> None:
    brought = {"office": "VPUB", "division": "TH", "field": "giao-thong", "content": CONTENT_OF, "reason": WHY}
    async with house.client(PROPOSER) as client:
        for proposer, status in (("MLA", 422), ("SGTVT", 201)):
            body, key = {**brought, "proposer": proposer}, {"Idempotency-Key": proposer}
            answer = await client.post("/intake/api/proposals", json=body, headers=key)
            assert answer.status_code == status, answer.text
            if status == 422:
                is_problem(answer, 422, "proposes-for-another", "proposer")


async def test_whoever_proposed_may_look_and_decides_nothing(house: House) -> None:
    receipt = (await proposal_in(house, PROPOSER)).stream
    for by in (PROPOSER, OTHER_UNIT):
        is_problem(await post(house, by, f"/proposals/{receipt}/referral", 1), 404, "unknown", "receipt")
    is_problem(await post(house, AUDITOR, f"/proposals/{receipt}/referral", 1), 403, "forbidden")
    assert (await post(house, CONTENT, f"/proposals/{receipt}/referral", 1)).status_code == 200
