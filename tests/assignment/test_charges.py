"""Which of an office's leaders is in charge of what: dated data, set by command (phụ trách, R27)."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.assignment.domain.directory.commands import SetCharge
from services.assignment.domain.directory.refusals import (
    LeadOutsideOffice,
    NotALeaderOf,
    OutOfDateOrder,
    UnknownField,
    UnknownPost,
)
from shared.contracts.directory import ChargeSet, FieldRegistered, PostCreated, UnitKind
from shared.contracts.roles import Role
from tests.assignment.stage import given, unit

JANUARY, JULY = date(2023, 1, 1), date(2023, 7, 1)
STREAM = "charges-VPUB"


def post(key: str, unit: str, role: Role) -> dict[str, list[Any]]:
    return {f"post-{key}": [PostCreated(post=key, unit=unit, name=key, role=role, valid_from=JANUARY)]}


KNOWN = {
    "unit-CVP": [unit("CVP")],
    "unit-UBND-MSO": [unit("UBND-MSO", "UBND-MSO", UnitKind.OFFICE)],
    **post("PCVP", "CVP", Role.DEPUTY),
    **post("TP", "TH", Role.UNIT_LEADER),
    "field-y-te": [FieldRegistered(field="y-te", name="Y tế", restricted=False, valid_from=JANUARY)],
}
SET = SetCharge(office="VPUB", post="PCVP", fields=("y-te", "y-te"), units=("TH",), valid_from=JULY)
CHARGE = ChargeSet(office="VPUB", post="PCVP", fields=("y-te",), units=("TH",), valid_from=JULY)


def test_a_leader_is_in_charge_of_fields_and_units_from_a_day_on_until_something_else_is_said() -> None:
    given(more=KNOWN).when(SET).then({STREAM: [CHARGE]})
    charged = {**KNOWN, STREAM: [CHARGE]}
    given(more=charged).when(replace(SET, fields=("y-te",))).nothing()
    nothing = replace(CHARGE, fields=(), units=())
    given(more=charged).when(replace(SET, fields=(), units=())).then({STREAM: [nothing]})
    given(more=KNOWN).when(replace(SET, fields=(), units=())).nothing()


def test_only_a_chief_or_deputy_of_the_office_is_in_charge_and_of_what_there_is() -> None:
    given(more=KNOWN).when(replace(SET, post="TP")).refuses(NotALeaderOf, "post")
    given(more=KNOWN).when(replace(SET, office="UBND-MSO")).refuses(NotALeaderOf, "post")
    given().when(SET).refuses(UnknownPost, "post")
    given(more=KNOWN).when(replace(SET, fields=("khong-co",))).refuses(UnknownField, "fields")
    given(more=KNOWN).when(replace(SET, units=("VPUB",))).refuses(LeadOutsideOffice, "lead")


def test_charges_follow_one_another_in_time() -> None:
    earlier = replace(SET, units=(), valid_from=JANUARY)
    given(more={**KNOWN, STREAM: [CHARGE]}).when(earlier).refuses(OutOfDateOrder, "valid_from")
    given(more=KNOWN).when(replace(SET, valid_from=date(2022, 1, 1))).refuses(OutOfDateOrder, "valid_from")
