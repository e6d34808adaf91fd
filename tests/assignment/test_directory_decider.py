"""Units, fields and people: dated data that grows forward, under keys that are never reused."""

from dataclasses import replace
from datetime import date

import pytest

from services.assignment.domain.directory.commands import (
    DissolveUnit,
    RegisterField,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    SetFieldLead,
)
from services.assignment.domain.directory.refusals import (
    AlreadyDissolved,
    KeyTaken,
    LeadOutsideOffice,
    NotAnOffice,
    OfficeOfItself,
    OutOfDateOrder,
    PersonKnown,
    UnitNotThere,
    UnknownField,
    UnknownUnit,
)
from shared.contracts.directory import (
    FieldLeadSet,
    FieldRegistered,
    PersonRegistered,
    UnitDissolved,
    UnitKind,
    UnitRegistered,
    UnitRenamed,
)
from shared.contracts.refusals import Refused
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import given, unit
from tests.support.scenario import sealed

JULY = date(2025, 7, 1)
DIVISION = RegisterUnit(
    unit="KT",
    code="KT",
    name="Phòng Kinh tế",
    kind=UnitKind.DIVISION,
    office="VPUB",
    parent="VPUB",
    valid_from=date(2021, 1, 1),
)
KT = UnitRegistered(
    unit="KT",
    code="KT",
    name="Phòng Kinh tế",
    kind=UnitKind.DIVISION,
    office="VPUB",
    parent="VPUB",
    valid_from=date(2021, 1, 1),
)
FIELD = FieldRegistered(field="thu-tuc-hanh-chinh", name="Thủ tục hành chính", restricted=False, valid_from=date(2021, 1, 1))
LEAD = FieldLeadSet(field="thu-tuc-hanh-chinh", office="VPUB", lead="TH", valid_from=date(2023, 1, 1))


def test_a_division_is_registered_under_its_office_once() -> None:
    given().when(DIVISION).then({"unit-KT": [KT]})
    given(more={"unit-KT": [KT]}).when(DIVISION).nothing()


def test_a_key_is_never_used_again_not_even_after_the_unit_is_dissolved() -> None:
    dissolved = {"unit-KT": [KT, UnitDissolved(unit="KT", valid_from=date(2022, 1, 1))]}
    given(more=dissolved).when(replace(DIVISION, valid_from=date(2023, 1, 1))).refuses(KeyTaken, "unit")
    given(more={"unit-KT": [KT]}).when(replace(DIVISION, name="Phòng Khác")).refuses(KeyTaken, "unit")


def test_an_office_belongs_to_itself() -> None:
    office = RegisterUnit(unit="UBND-SMA", code="SMA", name="Sông Mã", kind=UnitKind.OFFICE, valid_from=date(2021, 1, 1))
    registered = given().when(office).decided()["unit-UBND-SMA"][0]
    assert registered.office == "UBND-SMA"
    given().when(replace(office, office="UBND-SMA")).then({"unit-UBND-SMA": [registered]})
    given().when(replace(office, office="VPUB")).refuses(OfficeOfItself, "office")


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"office": None}, OfficeOfItself, "office"),
        ({"office": "TH"}, NotAnOffice, "office"),
        ({"office": "NOWHERE"}, UnknownUnit, "office"),
        ({"parent": "NOWHERE"}, UnknownUnit, "parent"),
    ],
)
def test_a_division_stands_under_an_office_that_is_there(changed: dict[str, str | None], rule: type[Refused], field: str) -> None:
    given().when(replace(DIVISION, **changed)).refuses(rule, field)  # type: ignore[arg-type]


def test_a_provincial_body_belongs_to_no_office() -> None:
    body = replace(DIVISION, unit="SYT", kind=UnitKind.PROVINCIAL_BODY, office=None, parent=None)
    assert given().when(body).decided()["unit-SYT"][0].office is None


def test_a_unit_carries_another_name_from_a_day_on() -> None:
    rename = RenameUnit(unit="KT", code="KTTH", name="Phòng Kinh tế tổng hợp", valid_from=JULY)
    renamed = UnitRenamed(unit="KT", code="KTTH", name="Phòng Kinh tế tổng hợp", valid_from=JULY)
    given(more={"unit-KT": [KT]}).when(rename).then({"unit-KT": [renamed]})
    given(more={"unit-KT": [KT, renamed]}).when(rename).nothing()


def test_names_follow_one_another_in_time() -> None:
    renamed = UnitRenamed(unit="KT", code="KTTH", name="Phòng Kinh tế tổng hợp", valid_from=JULY)
    earlier = RenameUnit(unit="KT", code="KT1", name="Phòng Một", valid_from=date(2024, 1, 1))
    refused = given(more={"unit-KT": [KT, renamed]}).when(earlier).refuses(OutOfDateOrder, "valid_from")
    assert refused.facts == {"earliest": "2025-07-01"}


def test_a_unit_ends_once_and_after_it_began() -> None:
    dissolve = DissolveUnit(unit="KT", valid_from=JULY)
    dissolved = UnitDissolved(unit="KT", valid_from=JULY)
    given(more={"unit-KT": [KT]}).when(dissolve).then({"unit-KT": [dissolved]})
    given(more={"unit-KT": [KT, dissolved]}).when(dissolve).nothing()
    given(more={"unit-KT": [KT, dissolved]}).when(replace(dissolve, valid_from=date(2026, 1, 1))).refuses(AlreadyDissolved)
    given(more={"unit-KT": [KT]}).when(replace(dissolve, valid_from=date(2021, 1, 1))).refuses(OutOfDateOrder)
    rename = RenameUnit(unit="KT", code="X", name="X", valid_from=date(2026, 1, 1))
    given(more={"unit-KT": [KT, dissolved]}).when(rename).refuses(AlreadyDissolved)


def test_what_was_never_registered_is_neither_renamed_nor_dissolved() -> None:
    given().when(RenameUnit(unit="X", code="X", name="X", valid_from=JULY)).refuses(UnitNotThere)
    given().when(DissolveUnit(unit="X", valid_from=JULY)).refuses(UnitNotThere)


def test_a_field_is_registered_once() -> None:
    register = RegisterField(field=FIELD.field, name=FIELD.name, valid_from=FIELD.valid_from)
    given().when(register).then({"field-thu-tuc-hanh-chinh": [FIELD]})
    given(more={"field-thu-tuc-hanh-chinh": [FIELD]}).when(register).nothing()
    given(more={"field-thu-tuc-hanh-chinh": [FIELD]}).when(replace(register, restricted=True)).refuses(KeyTaken, "field")


def test_a_field_has_a_lead_at_each_office_from_a_day_on() -> None:
    known = {"field-thu-tuc-hanh-chinh": [FIELD]}
    lead = SetFieldLead(field=FIELD.field, office="VPUB", lead="TH", valid_from=date(2023, 1, 1))
    given(more=known).when(lead).then({"field-thu-tuc-hanh-chinh": [LEAD]})
    led = {"field-thu-tuc-hanh-chinh": [FIELD, LEAD]}
    given(more=led).when(lead).nothing()
    given(more=led).when(replace(lead, lead="TCHCQT", valid_from=date(2022, 1, 1))).refuses(OutOfDateOrder, "valid_from")
    assert given(more=led).when(replace(lead, lead="TCHCQT", valid_from=JULY)).decided()["field-thu-tuc-hanh-chinh"]


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"field": "no-field"}, UnknownField, "field"),
        ({"office": "TH"}, NotAnOffice, "office"),
        ({"lead": "SGTVT"}, LeadOutsideOffice, "lead"),
        ({"lead": "NOWHERE"}, UnknownUnit, "lead"),
        ({"lead": "CU"}, UnitNotInForce, "lead"),
    ],
)
def test_a_lead_is_a_unit_of_the_office_that_is_in_force(changed: dict[str, str], rule: type[Refused], field: str) -> None:
    lead = SetFieldLead(field=FIELD.field, office="VPUB", lead="TH", valid_from=date(2023, 1, 1))
    given(more={"field-thu-tuc-hanh-chinh": [FIELD]}).when(replace(lead, **changed)).refuses(rule, field)  # type: ignore[arg-type]


def test_a_person_is_registered_in_a_unit_that_is_in_force_with_a_sealed_name() -> None:
    person = RegisterPerson(person="p-7", name=sealed(5), unit="TH", valid_from=date(2023, 1, 1))
    given().when(person).then(
        {"person-p-7": [PersonRegistered(person="p-7", name=sealed(5), unit="TH", valid_from=date(2023, 1, 1))]}
    )
    given().when(replace(person, unit="NOWHERE")).refuses(UnknownUnit, "unit")
    given().when(replace(person, unit="CU")).refuses(UnitNotInForce, "unit")
    given().when(replace(person, person="p-specialist")).refuses(PersonKnown, "person")


def test_registering_the_same_unit_after_it_was_renamed_changes_nothing() -> None:
    renamed = UnitRenamed(unit="KT", code="KTTH", name="Phòng Kinh tế tổng hợp", valid_from=JULY)
    given(more={"unit-KT": [KT, renamed], "unit-VPUB": [unit("VPUB", kind=UnitKind.OFFICE)]}).when(DIVISION).nothing()
