"""What happened to an opinion names people, posts and units as of its day, and can be asked as of then (R46, R49)."""

from datetime import timedelta
from typing import Any

from shared.permit import Subject
from tests.intake.asking import get
from tests.intake.house import AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House
from tests.support.hosting import START


async def timeline(house: House, by: Subject, opinion: str, **asked: Any) -> dict[str, Any]:
    answer = await get(house, by, f"/opinions/{opinion}/timeline", **asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_fact_of_an_opinion_says_who_recorded_it_for_which_unit(house: House) -> None:
    opinion = await house.classified()
    items = (await timeline(house, HUB, opinion))["items"]
    assert [each["fact"] for each in items] == ["opinion.received", "opinion.classified"]
    by = [(each["by"]["person"], each["by"]["unit"]["key"], each["by"]["capacity"]) for each in items]
    assert by == [("p-feeder", "BTCD", "feeder"), ("p-hub", "TCHCQT", "hub")]
    assert [unit["key"] for unit in items[0]["units"]] == ["VPUB", "BTCD"]
    assert all(unit["label"] for unit in items[0]["units"])
    assert await timeline(house, AUDITOR, opinion) == await timeline(house, FEEDER, opinion)


async def test_it_is_known_as_of_an_instant_what_was_recorded_until_then(house: House) -> None:
    opinion = (await house.receive()).stream
    known = (await house.log.head()).position
    house.clock.move_to(START + timedelta(days=2))
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    then = await timeline(house, HUB, opinion, as_of=(START + timedelta(days=1)).isoformat())
    assert ([each["fact"] for each in then["items"]], then["as_of"]) == (["opinion.received"], {"intake": known})
    assert await timeline(house, HUB, opinion, as_of=f"intake={known}") == then


async def test_whom_it_is_about_and_of_what_was_diverted_all_but_the_head_are_told_nothing(house: House) -> None:
    about = (await house.receive()).stream
    named: dict[str, Any] = {"kind": "phan_anh", "field": "giao-thong", "concerns_units": ["BTCD"]}
    await house.ask("classify_opinion", HUB, opinion=about, **named)
    diverted = await house.classified(local_id="another")
    await house.ask("divert_opinion", HUB, opinion=diverted, kind="khieu_nai", to="BTCD")
    for by, opinion, status in (
        (FEEDER, about, 404),
        (HUB, about, 200),
        (CHIEF, about, 200),
        (HUB, diverted, 404),
        (CHIEF, diverted, 200),
        (OTHER_UNIT, about, 404),
        (OTHER_OFFICE, about, 404),
    ):
        answer = await get(house, by, f"/opinions/{opinion}/timeline")
        assert (answer.status_code, by.person, opinion) == (status, by.person, opinion)


async def test_lists_and_receipts_know_only_now_and_say_so(house: House) -> None:
    opinion = (await house.receive()).stream
    code = (await house.receive(local_id="another")).answer["receipt"]
    for by, path in (
        (HUB, "/offices/VPUB/opinions"),
        (HUB, f"/opinions/{opinion}"),
        (HUB, "/tellings"),
        (None, f"/receipts/{code}"),
    ):
        answer = await get(house, by, path, as_of="1")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "not-as-of", "as_of"), path
