"""Where cấp ủy leads, and what is prepared for the Chairman's dialogue: dated data, set and published by command (R11, R26)."""

from dataclasses import replace
from datetime import date

import pytest

from deploy import sonla
from services.assignment.domain.case.commands import ApproveAnswer
from services.assignment.domain.case.refusals import PartyOpinionMissing
from services.assignment.domain.directory.checklist import BUILT_IN, Checklists
from services.assignment.domain.directory.commands import PublishChecklist, SetPartyFields
from services.assignment.domain.directory.party import PartyFields
from services.assignment.domain.directory.refusals import ChecklistEmpty, ChecklistVersionStands, OutOfDateOrder, UnknownField
from services.assignment.domain.session.refusals import PartyOpinionsMissing
from shared.contracts.case import AnswerApproved
from shared.contracts.checklist import ChecklistPublished
from shared.contracts.directory import PARTY_FIELDS, FieldRegistered, PartyFieldsSet
from shared.contracts.session import SessionOpened
from tests.assignment.house import ADMIN, CHIEF, HUB, PARTY, House
from tests.assignment.preparations import OPEN, READY
from tests.assignment.sittings import CONFERENCE_DAY, answered, history, told
from tests.assignment.stage import ASSIGNED, CASE, DEPUTY, EPISODE, OPENED, SESSION, SUBMITTED, given
from tests.assignment.test_misuse import drafted, get, post, refused

JANUARY, JULY, AUGUST = date(2023, 1, 1), date(2023, 7, 1), date(2023, 8, 1)
KNOWN = {
    f"field-{key}": [FieldRegistered(field=key, name=key, restricted=False, valid_from=date(2021, 1, 1))]
    for key in ("y-te", "dat-dai")
}
STREAM = "party_fields-every"
SET = SetPartyFields(fields=("y-te", "dat-dai", "y-te"), valid_from=JULY)
BOTH = PartyFieldsSet(fields=("dat-dai", "y-te"), valid_from=JULY)
NONE_FROM_JANUARY = {STREAM: [PartyFieldsSet(fields=(), valid_from=JANUARY)]}
PUBLISH = PublishChecklist(version="dieu-8.2023.1", lines=("Nội dung", "Thành phần"), valid_from=JULY)
PUBLISHED = ChecklistPublished(version="dieu-8.2023.1", lines=("Nội dung", "Thành phần"), valid_from=JULY)
LISTS = "checklist-every"


def test_the_fields_where_the_party_leads_are_set_as_a_whole_from_a_day_on() -> None:
    given(more=KNOWN).when(SET).then({STREAM: [BOTH]})
    given(more={**KNOWN, STREAM: [BOTH]}).when(SET).nothing()
    given(more={**KNOWN, STREAM: [BOTH]}).when(replace(SET, fields=(), valid_from=AUGUST)).then(
        {STREAM: [PartyFieldsSet(fields=(), valid_from=AUGUST)]}
    )


def test_they_are_fields_in_force_and_follow_one_another_in_time() -> None:
    given().when(SET).refuses(UnknownField, "fields")
    given(more=KNOWN).when(replace(SET, valid_from=date(2020, 1, 1))).refuses(UnknownField, "fields")
    earlier = replace(SET, fields=("y-te",), valid_from=JANUARY)
    refused = given(more={**KNOWN, STREAM: [BOTH]}).when(earlier).refuses(OutOfDateOrder, "valid_from")
    assert refused.facts == {"earliest": "2023-07-01"}


def test_a_day_has_the_list_of_its_day_and_before_any_the_built_in_one() -> None:
    found = PartyFields((BOTH, PartyFieldsSet(fields=("y-te",), valid_from=AUGUST)))
    assert [found.on(day) for day in (JANUARY, JULY, AUGUST)] == [PARTY_FIELDS, {"dat-dai", "y-te"}, {"y-te"}]


def test_an_answer_and_a_dialogue_wait_for_the_party_where_it_leads_on_that_day_and_nowhere_else() -> None:
    approve, drafted_one = ApproveAnswer(case=CASE), (replace(OPENED, field="y-te"), ASSIGNED, SUBMITTED)
    approved = {CASE: [AnswerApproved(episode=EPISODE, draft=1, reviewer="p-deputy")]}
    given(*drafted_one, more={STREAM: [BOTH]}).when(approve, DEPUTY).then(approved)
    now = {STREAM: [replace(BOTH, valid_from=JANUARY)]}
    given(*drafted_one, more=now).when(approve, DEPUTY).refuses(PartyOpinionMissing)
    led = (replace(OPENED, field="danh-gia-can-bo"), ASSIGNED, SUBMITTED)
    given(*led, more=NONE_FROM_JANUARY).when(approve, DEPUTY).then(approved)
    health = {**answered(field="y-te"), **now}
    history(*READY, beside=health).when(OPEN, told(CONFERENCE_DAY)).refuses(PartyOpinionsMissing)
    free = {**answered(field="danh-gia-can-bo"), **NONE_FROM_JANUARY}
    history(*READY, beside=free).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_a_checklist_is_published_under_a_name_that_stands() -> None:
    given().when(PUBLISH).then({LISTS: [PUBLISHED]})
    given(more={LISTS: [PUBLISHED]}).when(PUBLISH).nothing()
    given(more={LISTS: [PUBLISHED]}).when(replace(PUBLISH, lines=("Khác",))).refuses(ChecklistVersionStands, "version")
    given().when(replace(PUBLISH, version=BUILT_IN.version)).refuses(ChecklistVersionStands, "version")
    given().when(replace(PUBLISH, lines=())).refuses(ChecklistEmpty, "lines")
    earlier = replace(PUBLISH, version="dieu-8.2023.0", valid_from=JANUARY)
    given(more={LISTS: [PUBLISHED]}).when(earlier).refuses(OutOfDateOrder, "valid_from")


def test_a_day_has_the_checklist_of_its_day_and_a_version_its_lines() -> None:
    found = Checklists((PUBLISHED,))
    assert [found.on(day) for day in (JANUARY, JULY)] == [BUILT_IN, PUBLISHED]
    assert [found.named(version) for version in (BUILT_IN.version, PUBLISHED.version)] == [BUILT_IN, PUBLISHED]


@pytest.mark.parametrize("command", ["set_party_fields", "publish_checklist"])
def test_what_ships_is_what_held_before_anything_was_set(command: str) -> None:
    data = next(each["data"] for each in sonla.commands() if each["command"] == command)
    if command == "set_party_fields":
        assert frozenset(data["fields"]) == PARTY_FIELDS
    else:
        assert (data["version"], tuple(data["lines"])) == (BUILT_IN.version, BUILT_IN.lines)
        assert date.fromisoformat(data["valid_from"]) == BUILT_IN.valid_from


async def test_by_command_the_party_leads_in_another_field_and_reads_what_it_speaks_on(house: House) -> None:
    case, _ = await drafted(house)
    assert (await get(house, PARTY, f"/cases/{case}/words")).status_code == 404
    fields = {"fields": ["dao-tao-boi-duong"], "valid_from": "2023-01-01"}
    assert (await post(house, HUB, "/party-fields", **fields)).status_code == 403
    assert (await post(house, ADMIN, "/party-fields", **fields)).status_code == 200
    await house.follow()
    await refused(house, CHIEF, f"/cases/{case}/approval", "party-opinion-missing", 409)
    assert (await get(house, PARTY, f"/cases/{case}/words")).status_code == 200
    assert (await post(house, PARTY, f"/cases/{case}/party-opinion", opinion="Nhất trí.")).status_code == 200
    assert (await post(house, CHIEF, f"/cases/{case}/approval")).status_code == 200


async def test_a_published_checklist_does_not_change(house: House) -> None:
    body = {"version": "dieu-8.2023.1", "lines": ["Nội dung"], "valid_from": "2023-01-01"}
    assert (await post(house, ADMIN, "/checklists", **body)).status_code == 201
    other = body | {"lines": ["Nội dung", "Thành phần"]}
    problem = await refused(house, ADMIN, "/checklists", "checklist-version-stands", 409, **other)
    assert problem["rule"] == ["R26"]
