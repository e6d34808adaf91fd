"""Posts and who holds them, what their holders let others do, and who gets which documents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.directory.commands import (
    CreatePost,
    GrantDelegation,
    HoldPost,
    RevokeDelegation,
    SetRecipients,
    VacatePost,
)
from services.assignment.domain.directory.delegations import Delegating
from services.assignment.domain.directory.refusals import (
    DelegateHoldsPost,
    DelegateOutsideOffice,
    DelegationBackdated,
    DelegationBackwards,
    DelegationNotSigned,
    DelegationOutlasts,
    DelegationToHimself,
    KeyTaken,
    NotAnOffice,
    OutOfDateOrder,
    PersonNotInService,
    PostVacant,
    RecipientRepeated,
    RoleNotForPost,
    UnknownPerson,
    UnknownPost,
    UnknownUnit,
)
from shared.contracts.directory import (
    DelegationGranted,
    DelegationRevoked,
    PersonMoved,
    PersonRegistered,
    PostCreated,
    PostHeld,
    PostVacated,
    RecipientsSet,
)
from shared.contracts.document import (
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentRecalled,
    DocumentSubmitted,
)
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import given
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import sealed

START, MARCH, APRIL = date(2021, 1, 1), date(2023, 3, 1), date(2023, 4, 1)
NOW = datetime(2023, 2, 27, 2, tzinfo=UTC)
CREATE = CreatePost(post="TP-TH", unit="TH", name="Trưởng phòng Tổng hợp", role=Role.UNIT_LEADER, valid_from=START)
CREATED = PostCreated(post="TP-TH", unit="TH", name="Trưởng phòng Tổng hợp", role=Role.UNIT_LEADER, valid_from=START)
HOLD = HoldPost(post="TP-TH", person="p-other", valid_from=MARCH)
HELD = PostHeld(post="TP-TH", person="p-other", acting=False, valid_from=MARCH)
VACATED = PostVacated(post="TP-TH", valid_from=APRIL)
STREAM = "post-TP-TH"
DELEGATION = "delegation-00000000000000000001"
GRANT = GrantDelegation(post="TP-TH", to="p-specialist", valid_from=MARCH, valid_to=date(2023, 3, 10), basis="12/GUQ-VPUB")
GRANTED = DelegationGranted(
    post="TP-TH", to="p-specialist", actions=(), valid_from=MARCH, valid_to=date(2023, 3, 10), basis="12/GUQ-VPUB"
)
PAPER = "document-00000000000000000001"
SYMBOL = "12/VPUB"
NUMBERED = DocumentNumbered(register="CV-VPUB", year=2023, number=12, symbol=SYMBOL, on=START)


def signed_by(person: str, about: str = STREAM) -> tuple[Any, ...]:
    """A letter about a post, signed by somebody."""
    drafted = DocumentDrafted(
        kind=DocumentKind.LETTER, office="VPUB", about=about, summary=None, content="5e" * 32, recipients=()
    )
    return (drafted, DocumentSubmitted(by="p-hub"), replace(SIGNED, signer=person))


def told(at: datetime = NOW) -> Any:
    return Delegating(at=at, now=at, person="p-other", office="VPUB", unit="TH", capacity=Role.UNIT_LEADER, delegation=DELEGATION)


def post(*held: object) -> dict[str, Sequence[Any]]:
    return {STREAM: [CREATED, *held]}


def test_a_post_is_created_in_a_unit_once() -> None:
    given().when(CREATE).then({STREAM: [CREATED]})
    given(more=post()).when(CREATE).nothing()
    given(more=post()).when(replace(CREATE, role=Role.SPECIALIST)).refuses(KeyTaken, "post")
    given().when(replace(CREATE, unit="NOWHERE")).refuses(UnknownUnit, "unit")


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.CITIZEN])
def test_no_post_makes_anybody_the_house_or_a_citizen(role: Role) -> None:
    given().when(replace(CREATE, role=role)).refuses(RoleNotForPost, "role")


def test_a_post_is_held_by_one_person_at_a_time_acting_or_not() -> None:
    given(more=post()).when(HOLD).then({STREAM: [HELD]})
    given(more=post(HELD)).when(HOLD).nothing()
    given(more=post(HELD)).when(replace(HOLD, acting=True)).then({STREAM: [replace(HELD, acting=True)]})
    after = replace(HOLD, person="p-specialist", valid_from=APRIL)
    given(more=post(HELD)).when(after).then({STREAM: [replace(HELD, person="p-specialist", valid_from=APRIL)]})


def test_only_somebody_in_service_holds_a_post() -> None:
    given().when(HOLD).refuses(UnknownPost, "post")
    given(more=post()).when(replace(HOLD, person="p-nobody")).refuses(UnknownPerson, "person")
    gone = PersonMoved(person="p-gone", unit=None, valid_from=date(2022, 1, 1))
    left = {**post(), "person-p-gone": [PersonRegistered(person="p-gone", name=sealed(), unit="TH", valid_from=START), gone]}
    given(more=left).when(replace(HOLD, person="p-gone")).refuses(PersonNotInService, "person")


def test_a_post_is_vacated_and_changes_follow_one_another() -> None:
    given(more=post(HELD)).when(VacatePost(post="TP-TH", valid_from=APRIL)).then({STREAM: [VACATED]})
    given(more=post(HELD, VACATED)).when(VacatePost(post="TP-TH", valid_from=APRIL)).nothing()
    given(more=post()).when(VacatePost(post="TP-TH", valid_from=APRIL)).nothing()
    given(more=post(HELD, VACATED)).when(HOLD).refuses(OutOfDateOrder, "valid_from")


def test_the_holder_of_a_post_delegates_it_within_dates() -> None:
    given(more=post(HELD)).when(GRANT, told()).then({DELEGATION: [GRANTED]})
    given(more={**post(HELD), DELEGATION: [GRANTED]}).when(GRANT, told()).nothing()
    some = replace(GRANT, actions=("delegate_task", "accept_task", "delegate_task"))
    given(more=post(HELD)).when(some, told()).then({DELEGATION: [replace(GRANTED, actions=("accept_task", "delegate_task"))]})


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"post": "NOWHERE"}, UnknownPost, "post"),
        ({"valid_to": date(2023, 2, 28)}, DelegationBackwards, "valid_to"),
        ({"valid_from": date(2023, 2, 26)}, DelegationBackdated, "valid_from"),
        ({"valid_from": date(2023, 2, 28)}, PostVacant, "post"),
        ({"to": "p-other"}, DelegateHoldsPost, "to"),
        ({"to": "p-nobody"}, UnknownPerson, "to"),
        ({"to": "p-mso"}, DelegateOutsideOffice, "to"),
    ],
)
def test_a_delegation_is_refused(changed: dict[str, Any], rule: type[Refused], field: str) -> None:
    elsewhere = {"person-p-mso": [PersonRegistered(person="p-mso", name=sealed(), unit="MS1", valid_from=START)]}
    given(more={**post(HELD), **elsewhere}).when(replace(GRANT, **changed), told()).refuses(rule, field)


def test_a_delegation_is_revoked_from_a_day_on_and_never_for_what_was_done() -> None:
    revoke = RevokeDelegation(delegation=DELEGATION, valid_from=date(2023, 3, 5))
    revoked = DelegationRevoked(valid_from=date(2023, 3, 5), basis=None)
    granted: dict[str, Sequence[Any]] = {**post(replace(HELD, valid_from=START)), DELEGATION: [GRANTED]}
    given(more=granted).when(revoke, told()).then({DELEGATION: [revoked]})
    given(more={DELEGATION: [GRANTED, revoked]}).when(revoke, told()).nothing()
    given(more=granted).when(replace(revoke, valid_from=date(2023, 3, 11)), told()).nothing()
    late = told(datetime(2023, 3, 6, 2, tzinfo=UTC))
    given(more=granted).when(revoke, late).refuses(DelegationBackdated, "valid_from")
    given().when(revoke, told()).refuses(Unknown, "delegation")


def by_the_keeper() -> Any:
    return replace(told(), person="p-admin", unit="VPUB", capacity=Role.ADMINISTRATOR)


def test_whoever_keeps_the_directory_records_only_what_the_holder_signed() -> None:
    recorded, signed = replace(GRANT, basis=None, document=PAPER), (*signed_by("p-other"), NUMBERED)
    held = post(replace(HELD, valid_from=START))
    given(more=held).when(GRANT, by_the_keeper()).refuses(DelegationNotSigned, "document")
    given(more={**held, PAPER: [*signed]}).when(recorded, by_the_keeper()).then({DELEGATION: [replace(GRANTED, basis=SYMBOL)]})
    unfit = (
        signed_by("p-other"),  # has no number
        (*signed_by("p-deputy"), NUMBERED),
        (*signed_by("p-other", about="post-CVP"), NUMBERED),
        (*signed, DocumentIssued(on=START), DocumentRecalled(reason=sealed(1))),
    )
    for paper in unfit:
        given(more={**held, PAPER: [*paper]}).when(recorded, by_the_keeper()).refuses(DelegationNotSigned, "document")
    revoke = RevokeDelegation(delegation=DELEGATION, valid_from=date(2023, 3, 5))
    standing: dict[str, Sequence[Any]] = {**held, DELEGATION: [GRANTED], PAPER: [*signed]}
    given(more=standing).when(revoke, by_the_keeper()).refuses(DelegationNotSigned, "document")
    ended = DelegationRevoked(valid_from=date(2023, 3, 5), basis=SYMBOL)
    given(more=standing).when(replace(revoke, document=PAPER), by_the_keeper()).then({DELEGATION: [ended]})


def test_nobody_records_a_delegation_in_his_own_favour() -> None:
    held = {**post(replace(HELD, valid_from=START)), PAPER: [*signed_by("p-other"), NUMBERED]}
    himself = replace(by_the_keeper(), person="p-specialist")
    given(more=held).when(replace(GRANT, document=PAPER), himself).refuses(DelegationToHimself, "to")


def test_nobody_delegates_for_longer_than_he_holds_the_post() -> None:
    ends = replace(VACATED, valid_from=date(2023, 3, 10))
    given(more=post(HELD, ends)).when(GRANT, told()).refuses(DelegationOutlasts, "valid_to")
    given(more=post(HELD, ends)).when(replace(GRANT, valid_to=date(2023, 3, 9)), told()).decided()


LINE = Recipient(role="co_quan_dan_van", unit="SGTVT", purpose="Báo cáo", mandatory=True)
SET = SetRecipients(office="VPUB", kind=DocumentKind.REPORT, recipients=(LINE,), valid_from=date(2023, 1, 4))
LIST = RecipientsSet(office="VPUB", kind="bao_cao", recipients=(LINE,), valid_from=date(2023, 1, 4))


def test_a_kind_of_document_has_its_recipients_from_a_day_on() -> None:
    given().when(SET).then({"recipients-VPUB": [LIST]})
    known = {"recipients-VPUB": [LIST]}
    given(more=known).when(SET).nothing()
    given(more=known).when(replace(SET, kind=DocumentKind.NOTICE)).then({"recipients-VPUB": [replace(LIST, kind="thong_bao")]})
    given(more=known).when(replace(SET, recipients=(), valid_from=date(2023, 1, 3))).refuses(OutOfDateOrder, "valid_from")


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"office": "TH"}, NotAnOffice, "office"),
        ({"office": "NOWHERE"}, UnknownUnit, "office"),
        ({"recipients": (LINE, replace(LINE, role="khac"))}, RecipientRepeated, "recipients"),
        ({"recipients": (replace(LINE, unit="CU"),)}, UnitNotInForce, "recipients"),
    ],
)
def test_a_list_of_recipients_is_refused(changed: dict[str, Any], rule: type[Refused], field: str) -> None:
    given().when(replace(SET, **changed)).refuses(rule, field)
