"""Where a dialogue is held and who writes its minutes: said beforehand or in the room, and written on its papers (R9, R28)."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.directory.refusals import PersonNotInService, UnknownPerson
from services.assignment.domain.session import refusals
from services.assignment.domain.session.commands import ArrangeSession
from shared.contracts.directory import PersonMoved, PersonRegistered
from shared.contracts.session import MinutesSigned, Outcome, SessionArranged, SessionCancelled
from tests.assignment.house import ADMIN, CHIEF, HUB, SPECIALIST, House
from tests.assignment.preparations import FEB_1
from tests.assignment.sittings import BEGUN, CONFERENCE_DAY, HELD, PERIODIC, PRESENT, PROGRAMME, announced, history, told
from tests.assignment.stage import SESSION
from tests.assignment.test_document_api import drafted, furnished
from tests.assignment.test_misuse import refused
from tests.assignment.test_papers_written import LETTERHEAD, text_of
from tests.assignment.test_session_misuse import ready
from tests.support.scenario import sealed

ROOM = "Hội trường Văn phòng UBND tỉnh"
STAFF: dict[str, list[Any]] = {
    "person-p-writer": [PersonRegistered(person="p-writer", name=sealed(1), unit="TH", valid_from=date(2021, 1, 1))]
}
ARRANGE = ArrangeSession(session=SESSION, place=ROOM, secretary="p-writer")
SAID = SessionArranged(place=ROOM, secretary="p-writer")


def test_place_and_secretary_are_said_together_or_one_after_the_other() -> None:
    here = history(PERIODIC, beside=STAFF)
    here.when(ARRANGE, told(FEB_1)).then({SESSION: [SAID]})
    here.when(ArrangeSession(session=SESSION, place=ROOM), told(FEB_1)).then({SESSION: [replace(SAID, secretary=None)]})
    room_known = history(PERIODIC, replace(SAID, secretary=None), beside=STAFF)
    room_known.when(ArrangeSession(session=SESSION, secretary="p-writer"), told(FEB_1)).then({SESSION: [SAID]})


def test_said_again_it_replaces_the_former_and_the_same_again_is_nothing() -> None:
    known = history(PERIODIC, SAID, beside=STAFF)
    known.when(ARRANGE, told(FEB_1)).then({})
    other = ArrangeSession(session=SESSION, place="Phòng họp số 2")
    known.when(other, told(FEB_1)).then({SESSION: [replace(SAID, place="Phòng họp số 2")]})
    history(PERIODIC).when(ArrangeSession(session=SESSION), told(FEB_1)).then({})


def test_another_may_write_them_on_the_day_until_they_are_signed() -> None:
    begun = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), BEGUN)
    history(*begun, beside=STAFF).when(ARRANGE, told(CONFERENCE_DAY)).then({SESSION: [SAID]})
    over = (*begun, PRESENT, HELD)
    history(*over, beside=STAFF).when(ARRANGE, told(CONFERENCE_DAY)).then({SESSION: [SAID]})
    signed = history(*over, MinutesSigned(document=None, cases=()), beside=STAFF)
    signed.when(ARRANGE, told(CONFERENCE_DAY)).refuses(refusals.NothingToArrange)
    cancelled = history(PERIODIC, SessionCancelled(reason=sealed(2)), beside=STAFF)
    assert cancelled.when(ARRANGE, told(FEB_1)).refuses(refusals.NothingToArrange).facts == {"stage": "huy"}


def test_the_secretary_is_staff_in_service_on_the_day_of_the_dialogue() -> None:
    history(PERIODIC).when(ARRANGE, told(FEB_1)).refuses(UnknownPerson, "secretary")
    left = {
        "person-p-writer": [*STAFF["person-p-writer"], PersonMoved(person="p-writer", unit=None, valid_from=date(2023, 2, 6))]
    }
    history(PERIODIC, beside=left).when(ARRANGE, told(FEB_1)).refuses(PersonNotInService, "secretary")


@pytest.fixture
async def office(house: House) -> House:
    """An office with its letterhead, and staff of whom one writes minutes."""
    await furnished(house)
    await house.ask("set_letterhead", HUB, office="VPUB", **LETTERHEAD)
    person: dict[str, Any] = {"person": "p-writer", "name": "Cà Thị D", "unit": "TH", "valid_from": "2021-01-01"}
    await house.ask("register_person", ADMIN, **person)
    return house


async def test_the_minutes_name_room_secretary_begin_and_end(office: House) -> None:
    session, case = await ready(office)
    await office.ask("arrange_session", HUB, session=session, place=ROOM, secretary="p-writer")
    invitation = await text_of(office, await drafted(office, "giay_moi", about=session))
    assert f"tại {ROOM}." in invitation
    assert "Cà Thị D" not in invitation
    await office.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await office.ask("open_session", CHIEF, session=session)
    await office.ask("record_outcome", HUB, session=session, case=case, outcome=Outcome.WITHDRAWN.value)
    await office.ask("record_attendance", HUB, session=session, present=[{"group": "noi_bo", "heads": 20}])
    await office.ask("hold_session", CHIEF, session=session)
    paper = await drafted(office, "bien_ban", about=session)
    minutes = await text_of(office, paper)
    assert f"tại {ROOM}." in minutes
    assert re.search(r"Thời gian bắt đầu: \d\d giờ \d\d phút, ngày 09 tháng 01 năm 2023\.", minutes)
    assert re.search(r"kết thúc vào \d\d giờ \d\d phút, ngày 09 tháng 01 năm 2023\.", minutes)
    assert "Thư ký (người ghi biên bản): Cà Thị D, " in minutes
    assert minutes.count("Cà Thị D") == 2  # and under THƯ KÝ, where he signs
    read = [(line["reader"], line["purpose"]) for line in await office.vault.accesses()]
    assert (HUB.person, f"name_signer {paper}") in read


async def test_minutes_of_a_dialogue_of_which_neither_is_said_have_room_to_write(office: House) -> None:
    session, _ = await ready(office)
    minutes = await text_of(office, await drafted(office, "bien_ban", about=session))
    assert "Thư ký (người ghi biên bản): …" in minutes
    assert "Thời gian bắt đầu: …" in minutes
    assert "tại Văn phòng UBND tỉnh." in minutes


async def test_a_specialist_arranges_nothing_and_a_stranger_to_the_directory_writes_no_minutes(office: House) -> None:
    session, _ = await ready(office)
    await refused(office, SPECIALIST, f"/sessions/{session}/arrangement", "forbidden", 403, place=ROOM)
    await refused(office, HUB, f"/sessions/{session}/arrangement", "unknown-person", 422, secretary="p-nobody")
