"""Who takes over from a unit: many to many, by field, on a day, with its basis."""

from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

import pytest

from services.assignment.domain.directory.commands import AddUnitAlias, SetFurtherLeads, SucceedUnit
from services.assignment.domain.directory.refusals import (
    AlreadyDissolved,
    LeadOutsideOffice,
    OutOfDateOrder,
    SucceedsItself,
    SuccessionRepeated,
    SuccessorMissing,
    UnitNotThere,
    UnknownField,
    UnknownUnit,
)
from services.assignment.domain.directory.succession import Goes, Stays, Undecided, taken_over
from services.assignment.domain.directory.units import NO_UNIT, evolve_unit
from shared.contracts.directory import (
    FieldRegistered,
    FurtherLeadsSet,
    Succession,
    UnitAliasAdded,
    UnitDissolved,
    UnitKind,
    UnitSucceeded,
)
from shared.contracts.refusals import Refused
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import given, unit

MARCH = date(2025, 3, 1)
REST = Succession(field=None, to="SNV")
POVERTY = Succession(field="giam-ngheo", to="SNNMT")
SUCCEED = SucceedUnit(unit="SLD", successions=(REST, POVERTY), basis="14/NQ-HĐND", valid_from=MARCH)
SUCCEEDED = UnitSucceeded(unit="SLD", successions=(REST, POVERTY), basis="14/NQ-HĐND", valid_from=MARCH)
ENDED = UnitDissolved(unit="SLD", valid_from=MARCH)


def body(key: str) -> Any:
    return unit(key, None, UnitKind.PROVINCIAL_BODY)


def field(key: str) -> FieldRegistered:
    return FieldRegistered(field=key, name=key, restricted=False, valid_from=date(2021, 1, 1))


KNOWN = {
    "unit-SLD": [body("SLD")],
    "unit-SNV": [body("SNV")],
    "unit-SNNMT": [replace(body("SNNMT"), valid_from=MARCH)],
    "field-giam-ngheo": [field("giam-ngheo")],
    "field-bao-tro": [field("bao-tro")],
}


def after(*events: Any) -> Any:
    return reduce(evolve_unit, (body("SLD"), *events), NO_UNIT)


def test_a_succession_names_successors_by_field_and_ends_the_unit() -> None:
    given(more=KNOWN).when(SUCCEED).then({"unit-SLD": [SUCCEEDED, ENDED]})
    given(more={**KNOWN, "unit-SLD": [body("SLD"), SUCCEEDED, ENDED]}).when(SUCCEED).nothing()


def test_a_part_is_given_away_by_a_unit_that_goes_on() -> None:
    part = replace(SUCCEED, successions=(POVERTY,), dissolves=False)
    given_away = replace(SUCCEEDED, successions=(POVERTY,))
    given(more=KNOWN).when(part).then({"unit-SLD": [given_away]})
    given(more={**KNOWN, "unit-SLD": [body("SLD"), given_away]}).when(part).nothing()
    ends = replace(part, dissolves=True)
    given(more={**KNOWN, "unit-SLD": [body("SLD"), given_away]}).when(ends).then({"unit-SLD": [ENDED]})


def test_successors_may_be_named_after_the_unit_was_dissolved_for_the_same_day() -> None:
    given(more={**KNOWN, "unit-SLD": [body("SLD"), ENDED]}).when(SUCCEED).then({"unit-SLD": [SUCCEEDED]})
    other_day = replace(ENDED, valid_from=date(2025, 2, 1))
    given(more={**KNOWN, "unit-SLD": [body("SLD"), other_day]}).when(SUCCEED).refuses(AlreadyDissolved, "unit")


@pytest.mark.parametrize(
    ("changed", "rule", "named"),
    [
        ({"unit": "NOWHERE"}, UnitNotThere, "unit"),
        ({"successions": ()}, SuccessorMissing, "successions"),
        ({"successions": (REST, REST)}, SuccessionRepeated, "successions"),
        ({"successions": (Succession(field=None, to="SLD"),)}, SucceedsItself, "successions"),
        ({"successions": (Succession(field="no-field", to="SNV"),)}, UnknownField, "successions"),
        ({"successions": (Succession(field=None, to="NOWHERE"),)}, UnknownUnit, "successions"),
        ({"valid_from": date(2025, 2, 1)}, UnitNotInForce, "successions"),
        ({"valid_from": date(2020, 1, 1)}, OutOfDateOrder, "valid_from"),
    ],
)
def test_a_succession_is_refused(changed: dict[str, Any], rule: type[Refused], named: str) -> None:
    given(more=KNOWN).when(replace(SUCCEED, **changed)).refuses(rule, named)


def test_the_field_decides_who_takes_a_piece_of_work_over() -> None:
    state = after(SUCCEEDED, ENDED)
    assert taken_over(state, "giam-ngheo", MARCH) == Goes("SNNMT", "14/NQ-HĐND", MARCH)
    assert taken_over(state, "bao-tro", MARCH) == Goes("SNV", "14/NQ-HĐND", MARCH)
    assert taken_over(state, None, MARCH) == Goes("SNV", "14/NQ-HĐND", MARCH)
    assert taken_over(state, "giam-ngheo", date(2025, 2, 28)) == Stays()


def test_what_no_line_decides_waits_for_a_person() -> None:
    both = replace(SUCCEEDED, successions=(POVERTY, Succession(field="bao-tro", to="SYT")))
    assert taken_over(after(both, ENDED), "lao-dong-ncc", MARCH) == Undecided()
    assert taken_over(after(both, ENDED), None, MARCH) == Undecided()
    assert taken_over(after(both), "lao-dong-ncc", MARCH) == Stays()
    assert taken_over(after(ENDED), "bao-tro", MARCH) == Undecided()
    one = replace(SUCCEEDED, successions=(POVERTY,))
    assert taken_over(after(one, ENDED), "bao-tro", MARCH) == Goes("SNNMT", "14/NQ-HĐND", MARCH)


def test_where_several_units_take_one_field_a_person_chooses() -> None:
    communes = replace(SUCCEEDED, successions=(REST, Succession(field=None, to="SYT"), POVERTY))
    assert taken_over(after(communes, ENDED), "bao-tro", MARCH) == Undecided()
    assert taken_over(after(communes, ENDED), "giam-ngheo", MARCH) == Goes("SNNMT", "14/NQ-HĐND", MARCH)


def test_the_first_succession_that_names_a_field_has_taken_it() -> None:
    first = replace(SUCCEEDED, successions=(POVERTY,), valid_from=date(2024, 1, 1), basis="01/NQ")
    assert taken_over(after(first, SUCCEEDED, ENDED), "giam-ngheo", MARCH) == Goes("SNNMT", "01/NQ", date(2024, 1, 1))


def test_a_place_is_looked_up_under_other_spellings_too() -> None:
    alias = AddUnitAlias(unit="SNV", alias="Sở nội vụ")
    added = UnitAliasAdded(unit="SNV", alias="Sở nội vụ")
    given(more=KNOWN).when(alias).then({"unit-SNV": [added]})
    given(more={**KNOWN, "unit-SNV": [body("SNV"), added]}).when(alias).nothing()
    given().when(replace(alias, unit="NOWHERE")).refuses(UnitNotThere, "unit")
    dissolved = {"unit-SNV": [body("SNV"), replace(ENDED, unit="SNV")]}
    given(more=dissolved).when(alias).then({"unit-SNV": [added]})


def test_several_units_of_an_office_answer_for_a_field_beside_its_lead() -> None:
    further = SetFurtherLeads(field="bao-tro", office="VPUB", leads=("TH", "TCHCQT", "TH"), valid_from=MARCH)
    leads = FurtherLeadsSet(field="bao-tro", office="VPUB", leads=("TCHCQT", "TH"), valid_from=MARCH)
    given(more=KNOWN).when(further).then({"field-bao-tro": [leads]})
    known = {**KNOWN, "field-bao-tro": [field("bao-tro"), leads]}
    given(more=known).when(further).nothing()
    given(more=known).when(replace(further, leads=(), valid_from=date(2025, 2, 1))).refuses(OutOfDateOrder, "valid_from")
    given(more=KNOWN).when(replace(further, leads=("SNV",))).refuses(LeadOutsideOffice, "lead")
    given(more=KNOWN).when(replace(further, field="no-field")).refuses(UnknownField, "field")
