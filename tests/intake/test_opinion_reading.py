"""Who sees an opinion and who reads its words; to everybody else it is not there (R16, R18, R47)."""

from typing import Any

import pytest

from shared.permit import Subject
from tests.intake.asking import get, hand_in, is_problem, post
from tests.intake.house import ADMIN, AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, House

NEVER = "opinion-NEVER0000000000000"


@pytest.mark.parametrize(
    ("by", "seen", "words"),
    [
        (HUB, 200, 200),
        (CHIEF, 200, 200),
        (FEEDER, 200, 200),
        (REGISTRY, 200, 403),
        (AUDITOR, 200, 403),
        (OTHER_UNIT, 404, 404),
        (OTHER_OFFICE, 404, 404),
        (ADMIN, 404, 404),
    ],
)
async def test_an_opinion_is_seen_by_its_office_and_its_unit_and_read_by_those_who_sort_it(
    house: House, by: Subject, seen: int, words: int
) -> None:
    opinion = (await house.receive()).stream
    assert (await get(house, by, f"/opinions/{opinion}")).status_code == seen
    read = await get(house, by, f"/opinions/{opinion}/words")
    assert read.status_code == words
    assert ("sạt lở" in read.text) == (words == 200)
    opened = [(each["reader"], each["purpose"]) for each in await house.vault.accesses()]
    assert opened == ([(by.person, "read_opinion_words")] if words == 200 else [])


async def test_nobody_opens_what_is_about_his_own_unit_but_the_head(house: House) -> None:
    opinion = (await house.receive()).stream
    about: dict[str, Any] = {"kind": "kien_nghi", "field": "giao-thong", "concerns_units": ["TCHCQT"]}
    await house.ask("classify_opinion", HUB, opinion=opinion, **about)
    await house.follow()
    is_problem(await get(house, HUB, f"/opinions/{opinion}/words"), 404, "unknown", "words")
    assert (await get(house, CHIEF, f"/opinions/{opinion}/words")).status_code == 200
    assert (await get(house, HUB, f"/opinions/{opinion}")).status_code == 200


async def test_what_was_diverted_is_opened_by_the_head_alone(house: House) -> None:
    opinion = (await house.receive()).stream
    await house.ask("divert_opinion", HUB, opinion=opinion, kind="khieu_nai", to="BTCD")
    await house.follow()
    for by in (HUB, FEEDER):
        is_problem(await get(house, by, f"/opinions/{opinion}/words"), 404, "unknown", "words")
    assert (await get(house, CHIEF, f"/opinions/{opinion}/words")).status_code == 200


async def test_of_what_was_diverted_only_the_head_is_told_more_than_that_it_was(house: House) -> None:
    opinion = (await house.receive()).stream
    classified: dict[str, Any] = {"kind": "kien_nghi", "field": "giao-thong", "flags": ["buc_xuc"]}
    await house.ask("classify_opinion", HUB, opinion=opinion, **classified)
    await house.ask("divert_opinion", HUB, opinion=opinion, kind="khieu_nai", to="BTCD")
    await house.follow()
    (whole,) = (await get(house, CHIEF, "/offices/VPUB/opinions")).json()["items"]
    assert (whole["field"], whole["unit"]) == ("giao-thong", "BTCD")
    for by, path in ((HUB, "/offices/VPUB/opinions"), (AUDITOR, "/offices/VPUB/opinions"), (FEEDER, "/units/BTCD/opinions")):
        (line,) = (await get(house, by, path)).json()["items"]
        said = {name: value for name, value in line.items() if value not in (None, [], "")}
        assert said.keys() == {"id", "office", "stage", "received_at", "hidden", "speaker", "version"}
        assert (said["id"], said["stage"], said["received_at"]) == (opinion, "chuyen_kntc", whole["received_at"][:10])
        one = (await get(house, by, f"/opinions/{opinion}")).json()
        assert {name: one[name] for name in line} == line
        assert (await get(house, by, f"{path}?field=giao-thong")).json()["items"] == []
    assert len((await get(house, CHIEF, "/offices/VPUB/opinions?field=giao-thong")).json()["items"]) == 1


async def test_what_another_office_has_looks_like_what_is_not_there(house: House) -> None:
    opinion = (await house.receive()).stream
    for path in ("", "/words"):
        theirs, nothing = [await get(house, OTHER_OFFICE, f"/opinions/{each}{path}") for each in (opinion, NEVER)]
        for answer in (theirs, nothing):
            is_problem(answer, 404, "unknown", answer.json().get("field"))
        ignored = {"trace_id"}
        assert {k: v for k, v in theirs.json().items() if k not in ignored} == {
            k: v for k, v in nothing.json().items() if k not in ignored
        }


async def test_nothing_is_answered_without_a_credential(house: House) -> None:
    opinion = (await house.receive()).stream
    paths = (f"/opinions/{opinion}", f"/opinions/{opinion}/words", "/offices/VPUB/opinions", "/units/BTCD/opinions", "/feed/BTCD")
    for path in (*paths, "/feed/BTCD/key"):
        is_problem(await get(house, None, path), 401, "not-signed-in")
    is_problem(await hand_in(house, None), 401, "not-signed-in")
    is_problem(await post(house, None, f"/opinions/{opinion}/withdrawal", 1), 401, "not-signed-in")
    is_problem(await post(house, None, "/feed/BTCD/key"), 401, "not-signed-in")
    async with house.client() as client:
        unknown = await client.get("/intake/api/units/BTCD/opinions", headers={"Authorization": "Bearer p-nobody"})
    is_problem(unknown, 401, "not-signed-in")


async def test_erased_words_are_none(house: House) -> None:
    opinion = (await house.receive()).stream
    for each in await house.sealed():
        await house.vault.erase_record(each["ref"])
    assert (await get(house, HUB, f"/opinions/{opinion}/words")).json() == {"words": None}
