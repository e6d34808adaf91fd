"""What the assignment service adds to the life cycle of papers: whose they are, whom they go to, whose register it is."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import reduce
from typing import Any

import pytest

from services.assignment.domain.directory.refusals import NotAnOffice, UnknownUnit
from services.assignment.domain.document import commands as asked
from services.assignment.domain.document import decider as document
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import NotByOrder, ReportsPaper, SigningKeyNotInUse
from services.assignment.domain.register import decider as register
from services.assignment.domain.register.commands import OpenRegister, VoidNumber
from services.assignment.handlers.streams import (
    REGISTER,
    SIGNING_KEYS,
    UNIT,
)
from shared.contracts.directory import SigningKeyRetired, UnitKind
from shared.contracts.document import (
    DispatchMeans,
    DocumentDelivered,
    DocumentDispatched,
    DocumentDrafted,
    DocumentKind,
    Line,
    NumberTaken,
    NumberVoided,
    RegisterOpened,
    SigningCapacity,
)
from shared.contracts.facts import Facts
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.decider import Fold
from shared.documents import acts, refusals
from shared.documents.refusals import UnitNotInForce
from shared.documents.signing import capacities
from shared.papers.streams import DOCUMENT
from tests.assignment.stage import DIRECTORY, unit
from tests.shared.documents import papers
from tests.shared.documents.papers import DOCUMENT as PAPER
from tests.shared.documents.papers import ISSUED, NUMBERED, SIGNED, SUBMITTED, TO_SIGNATURE, WORDS
from tests.support.scenario import sealed
from tests.support.signatures import KEY, MADE, by_key, recorded

OTHER = papers.OTHER
BOOK = "register-VPUB-TB-VPUB-2023"
AT = datetime(2023, 2, 17, 2, tzinfo=UTC)
FOLDS: Mapping[str, Fold[Any]] = {"document": DOCUMENT, "register": REGISTER, "signing_key": SIGNING_KEYS, "unit": UNIT}
OPENED = RegisterOpened(office="VPUB", register="TB-VPUB", year=2023, external=True, pattern="{number}/TB-VPUB")
NOTICE = DocumentDrafted(
    kind=DocumentKind.NOTICE,
    office="VPUB",
    about=None,
    summary=None,
    content=papers.TEXT,
    recipients=(Line(recipient="TH", purpose="Thực hiện", mandatory=True),),
)
LISTS = {("VPUB", "thong_bao"): (Recipient(role="dan_van", unit="BDVTU", purpose="Báo cáo", mandatory=True),)}
LISTED = (Line(recipient="BDVTU", purpose="Báo cáo", mandatory=True),)
TO_SIGNING = (NOTICE, SUBMITTED)
ISSUED_PAPER = (NOTICE, SUBMITTED, SIGNED, NUMBERED, ISSUED)
TO_TH = DocumentDispatched(recipient="TH", purpose="Thực hiện", means=DispatchMeans.PAPER)


def told(kind: type[Facts] = Listing, **changed: Any) -> Any:
    """The facts that a decision gets: the registry on 17/02/2023 unless said otherwise."""
    known: dict[str, Any] = {
        "at": AT,
        "now": AT,
        "person": "p-registry",
        "office": "VPUB",
        "unit": "VPUB",
        "capacity": Role.REGISTRY,
        "document": PAPER,
        "may_sign": {},
        "by_key": None,
        "lists": {},
        "ended": frozenset(),
        "chairmen": frozenset(),
        "heirs": {},
    } | changed
    return kind(**{field.name: known[field.name] for field in fields(kind)})


class _States(dict[str, Any]):
    def __missing__(self, stream: str) -> Any:
        return FOLDS[stream.partition("-")[0]].initial


def given(*on_paper: Any, **streams: Sequence[Any]) -> _States:
    """Units as registered, the facts of the paper, and those of other streams."""
    states = _States()
    history = {**DIRECTORY, "signing_key-VPUB": (MADE,), PAPER: on_paper, **streams}
    for stream, events in history.items():
        kind = stream.partition("-")[0]
        if kind in FOLDS:
            states[stream] = reduce(FOLDS[kind].evolve, events, FOLDS[kind].initial)
    return states


def decided(command: Any, states: _States, facts: Facts | None = None) -> dict[str, list[Any]]:
    decide: Any = register.decide if isinstance(command, OpenRegister | VoidNumber) else document.decide
    return {stream: list(events) for stream, events in decide(command, states, facts or told()).items() if events}


def refused(rule: type[Refused], command: Any, states: _States, facts: Facts | None = None, field: str | None = None) -> Refused:
    with pytest.raises(rule) as found:
        decided(command, states, facts)
    assert (type(found.value), found.value.field) == (rule, field or found.value.field)
    return found.value


def draft(**changed: Any) -> asked.DraftDocument:
    return asked.DraftDocument(
        **{"kind": DocumentKind.NOTICE, "content": papers.TEXT, "recipients": NOTICE.recipients, **changed}
    )


def test_a_paper_is_drafted_for_the_office_of_whoever_drafts_it() -> None:
    assert decided(draft(), given(), told(document.Drafting)) == {PAPER: [NOTICE]}


def test_the_paper_of_a_report_is_drafted_from_the_report_and_not_here() -> None:
    refused(ReportsPaper, draft(kind=DocumentKind.REPORT), given(), told(document.Drafting), "kind")


def test_only_an_office_has_papers() -> None:
    refused(NotAnOffice, draft(), given(), told(document.Drafting, office="SGTVT"), "office")
    refused(UnknownUnit, draft(), given(), told(document.Drafting, office="KHONG-CO"), "office")


def test_a_paper_goes_to_units_in_force_on_the_day() -> None:
    gone = (Line(recipient="CU", purpose="Để biết", mandatory=False),)
    never = (Line(recipient="KHONG-CO", purpose="Để biết", mandatory=False),)
    refused(UnitNotInForce, draft(recipients=gone), given(), told(document.Drafting), "recipients")
    refused(UnknownUnit, draft(recipients=never), given(), told(document.Drafting), "recipients")
    redraft = asked.RedraftDocument(document=PAPER, recipients=gone)
    refused(UnitNotInForce, redraft, given(NOTICE), field="recipients")
    send = asked.DispatchDocument(document=PAPER, recipient="CU", purpose="Để biết", means=DispatchMeans.PAPER)
    refused(UnitNotInForce, send, given(*ISSUED_PAPER), field="recipient")


def test_drafting_again_keeps_what_the_paper_is_and_replaces_what_it_says() -> None:
    again = asked.RedraftDocument(document=PAPER, content=papers.REDACTED)
    (event,) = decided(again, given(NOTICE))[PAPER]
    assert (event.kind, event.office, event.content, event.recipients) == (NOTICE.kind, "VPUB", papers.REDACTED, ())


def test_a_paper_drafted_without_recipients_takes_its_office_s_list_for_its_kind_of_the_day() -> None:
    drafting = told(document.Drafting, lists=LISTS)
    (event,) = decided(draft(recipients=()), given(), drafting)[PAPER]
    assert event.recipients == LISTED
    (event,) = decided(draft(recipients=(), kind=DocumentKind.PROGRAMME), given(), drafting)[PAPER]
    assert event.recipients == ()
    (event,) = decided(asked.RedraftDocument(document=PAPER), given(NOTICE), told(lists=LISTS))[PAPER]
    assert event.recipients == LISTED
    (event,) = decided(draft(), given(), drafting)[PAPER]
    assert event.recipients == NOTICE.recipients


def test_a_list_on_which_nobody_has_the_place_of_a_unit_that_is_no_more_has_to_be_set_anew() -> None:
    ended = told(document.Drafting, lists=LISTS, ended=frozenset({"BDVTU"}))
    refused(UnitNotInForce, draft(recipients=()), given(), ended, "recipients")
    assert decided(draft(), given(), ended) == {PAPER: [NOTICE]}


def test_a_paper_that_names_nobody_goes_out_to_the_list_of_the_day() -> None:
    nobody = replace(NOTICE, recipients=())
    issue = asked.IssueDocument(document=PAPER, means=DispatchMeans.PAPER)
    out = given(nobody, SUBMITTED, SIGNED, NUMBERED)
    *_, sent = decided(issue, out, told(lists=LISTS))[PAPER]
    assert sent == DocumentDispatched(recipient="BDVTU", purpose="Báo cáo", means=DispatchMeans.PAPER)
    ended = told(lists=LISTS, ended=frozenset({"BDVTU"}))
    refused(UnitNotInForce, issue, out, ended, "recipients")
    *_, sent = decided(issue, given(NOTICE, SUBMITTED, SIGNED, NUMBERED), ended)[PAPER]
    assert sent == TO_TH


def test_a_paper_is_sent_to_somebody() -> None:
    nobody = replace(NOTICE, recipients=())
    issue = asked.IssueDocument(document=PAPER, means=DispatchMeans.PAPER)
    found = refused(refusals.RecipientsMissing, issue, given(nobody, SUBMITTED, SIGNED, NUMBERED), told(), "recipients")
    assert found.rule == ("R42", "R45")


@pytest.mark.parametrize(
    "command",
    [
        asked.RedraftDocument(document=PAPER),
        asked.CommentOnDocument(document=PAPER, comment=sealed(1)),
        asked.SubmitDocument(document=PAPER),
        asked.ReturnDocument(document=PAPER, reason=sealed(1)),
        asked.SignDocument(document=PAPER, capacity=SigningCapacity.IN_PERSON),
        asked.NumberDocument(document=PAPER, book="TB-VPUB", number=3),
        asked.IssueDocument(document=PAPER),
        asked.DispatchDocument(document=PAPER, recipient="TH", purpose="Để biết", means=DispatchMeans.PAPER),
        asked.DeliverDocument(document=PAPER, recipient="TH"),
        asked.PublishDocument(document=PAPER, place="TTDT", content=papers.REDACTED, redacted=True),
        asked.RecallDocument(document=PAPER, reason=sealed(1)),
        asked.SupersedeDocument(document=PAPER, successor=OTHER),
    ],
    ids=lambda command: type(command).__name__,
)
def test_of_a_paper_that_was_never_drafted_nothing_is_known(command: Any) -> None:
    refused(Unknown, command, given(), told(acts.Signing), "document")


def test_who_signs_is_whoever_asks_in_a_capacity_held_at_the_paper_s_office() -> None:
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.FOR_THE_HEAD)
    deputy = frozenset({SigningCapacity.FOR_THE_HEAD})
    by = by_key(PAPER, "p-deputy", SigningCapacity.FOR_THE_HEAD, papers.TEXT)
    asks = told(acts.Signing, person="p-deputy", may_sign={"VPUB": deputy}, by_key=by)
    assert decided(sign, given(*TO_SIGNING), asks) == {PAPER: [recorded(by)]}
    elsewhere = told(acts.Signing, person="p-mso", may_sign={"UBND-MSO": deputy})
    refused(refusals.CapacityNotHeld, sign, given(*TO_SIGNING), elsewhere, "capacity")
    by = by_key(PAPER, "p-pct", SigningCapacity.FOR_THE_HEAD, papers.TEXT)
    chairman = told(acts.Signing, person="p-pct", may_sign={"": deputy}, by_key=by)
    assert decided(sign, given(*TO_SIGNING), chairman)


def test_an_office_without_a_key_signs_nothing_and_is_told_how_to_get_one() -> None:
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.FOR_THE_HEAD)
    keyless = told(acts.Signing, person="p-deputy", may_sign={"VPUB": frozenset({SigningCapacity.FOR_THE_HEAD})})
    found = refused(refusals.SigningKeyMissing, sign, given(*TO_SIGNING), keyless, "document")
    assert "doithoai keys make --office VPUB" in found.said(found.advice_en)
    assert "doithoai keys make --office VPUB" in found.said(found.advice_vi)


def test_a_key_whose_retirement_is_recorded_signs_nothing_more_on_that_day_either() -> None:
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.FOR_THE_HEAD)
    by = by_key(PAPER, "p-deputy", SigningCapacity.FOR_THE_HEAD, papers.TEXT)
    asks = told(acts.Signing, person="p-deputy", may_sign={"VPUB": frozenset({SigningCapacity.FOR_THE_HEAD})}, by_key=by)
    retired = SigningKeyRetired(office="VPUB", key=KEY, last=AT.date())
    for keys in ((MADE, retired), (MADE, retired, replace(MADE, key="7a" * 16)), ()):
        found = refused(SigningKeyNotInUse, sign, given(*TO_SIGNING, **{"signing_key-VPUB": keys}), asks, "document")
        assert found.facts == {"office": "VPUB"}
    once_signed = given(*TO_SIGNING, recorded(by), **{"signing_key-VPUB": (MADE, retired)})
    assert decided(sign, once_signed, asks) == {}


@pytest.mark.parametrize(
    "other",
    [{"content": papers.REDACTED}, {"signer": "p-chief"}, {"capacity": SigningCapacity.IN_PERSON}, {"office": "UBND-MSO"}],
    ids=lambda other: next(iter(other)),
)
def test_a_key_s_signature_over_something_else_is_not_taken_for_one_of_this(other: dict[str, Any]) -> None:
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.FOR_THE_HEAD)
    said: dict[str, Any] = {"signer": "p-deputy", "capacity": SigningCapacity.FOR_THE_HEAD, "content": papers.TEXT, **other}
    may = {"VPUB": frozenset({SigningCapacity.FOR_THE_HEAD})}
    for paper, differs in ((PAPER, said), (OTHER, said | {"content": papers.TEXT})):
        asks = told(acts.Signing, person="p-deputy", may_sign=may, by_key=by_key(paper, **differs))
        refused(refusals.OtherContent, sign, given(*TO_SIGNING), asks, "content")


def test_the_leader_of_a_unit_does_not_sign_by_order_what_directs_work() -> None:
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.BY_ORDER)
    by = by_key(PAPER, "p-leader", SigningCapacity.BY_ORDER, papers.TEXT)
    leader = told(acts.Signing, person="p-leader", may_sign={"VPUB": frozenset({SigningCapacity.BY_ORDER})}, by_key=by)
    assert decided(sign, given(*TO_SIGNING), leader)
    about = (replace(TO_SIGNING[0], about="notice-00000000000000000001"), *TO_SIGNING[1:])
    refused(NotByOrder, sign, given(*about), leader, "capacity")
    in_his_place = replace(sign, capacity=SigningCapacity.BY_ORDER_FOR_THE_HEAD)
    by = by_key(PAPER, "p-2", SigningCapacity.BY_ORDER_FOR_THE_HEAD, papers.TEXT)
    second = told(acts.Signing, person="p-2", may_sign={"VPUB": frozenset({SigningCapacity.BY_ORDER_FOR_THE_HEAD})}, by_key=by)
    assert decided(in_his_place, given(*TO_SIGNING), second)
    refused(NotByOrder, in_his_place, given(*about), second, "capacity")


def test_what_directs_work_is_signed_by_order_of_the_chairman_by_the_chief_or_by_his_deputy_in_his_place() -> None:
    about = (replace(TO_SIGNING[0], about="notice-00000000000000000001"), *TO_SIGNING[1:])
    sign = asked.SignDocument(document=PAPER, capacity=SigningCapacity.BY_ORDER)
    in_his_place = replace(sign, capacity=SigningCapacity.BY_ORDER_FOR_THE_HEAD)
    for by_post, command, other in (
        (Role.CHIEF, sign, in_his_place),
        (Role.DEPUTY, in_his_place, sign),
    ):
        by = by_key(PAPER, "p-x", command.capacity, papers.TEXT)
        facts = told(acts.Signing, person="p-x", may_sign={"VPUB": capacities([by_post])}, by_key=by)
        assert decided(command, given(*about), facts)
        refused(refusals.CapacityNotHeld, other, given(*about), facts, "capacity")


def test_the_registry_types_the_number_of_an_external_register() -> None:
    command = asked.NumberDocument(document=PAPER, book="TB-VPUB", number=3)
    states = given(*TO_SIGNATURE, **{BOOK: [OPENED]})
    assert decided(command, states) == {PAPER: [NUMBERED], BOOK: [NumberTaken(number=3, document=PAPER)]}


def test_a_number_comes_from_the_register_of_the_year_in_which_it_is_given() -> None:
    command = asked.NumberDocument(document=PAPER, book="TB-VPUB", number=3)
    next_year = told(at=datetime(2023, 12, 31, 18, tzinfo=UTC))  # 01/01/2024 in Vietnam
    refused(refusals.NoSuchRegister, command, given(*TO_SIGNATURE, **{BOOK: [OPENED]}), next_year, "book")


def test_an_unsigned_paper_takes_no_number() -> None:
    command = asked.NumberDocument(document=PAPER, book="TB-VPUB", number=3)
    refused(refusals.NotSigned, command, given(NOTICE, **{BOOK: [OPENED]}))


def test_issuing_with_a_register_and_means_is_one_append_of_number_issue_and_sending() -> None:
    command = asked.IssueDocument(document=PAPER, book="TB-VPUB", number=3, means=DispatchMeans.PAPER)
    states = given(NOTICE, SUBMITTED, SIGNED, **{BOOK: [OPENED]})
    assert decided(command, states) == {PAPER: [NUMBERED, ISSUED, TO_TH], BOOK: [NumberTaken(number=3, document=PAPER)]}
    refused(refusals.NotNumbered, asked.IssueDocument(document=PAPER), given(*TO_SIGNATURE))


def test_a_recipient_says_itself_that_it_has_the_paper_and_the_registry_for_those_who_do_not_answer() -> None:
    command = asked.DeliverDocument(document=PAPER, recipient="TH")
    sent = given(*ISSUED_PAPER, TO_TH)
    own = told(unit="TH", capacity=Role.UNIT_LEADER)
    assert decided(command, sent, own) == {PAPER: [DocumentDelivered(recipient="TH", on_behalf=False)]}
    assert decided(command, sent) == {PAPER: [DocumentDelivered(recipient="TH", on_behalf=True)]}
    refused(refusals.NotForOthers, command, sent, told(unit="SGTVT", capacity=Role.UNIT_LEADER), "recipient")


def test_a_successor_that_is_not_there_is_said_to_be_unknown() -> None:
    command = asked.SupersedeDocument(document=PAPER, successor=OTHER)
    refused(Unknown, command, given(*ISSUED_PAPER), field="successor")
    assert PAPER in decided(command, given(*ISSUED_PAPER, **{OTHER: ISSUED_PAPER}))


def test_a_register_is_opened_for_an_office_only() -> None:
    def opening(office: str) -> OpenRegister:
        return OpenRegister(office=office, book="TB-VPUB", year=2023, external=True, pattern="{number}/TB-VPUB")

    assert decided(opening("VPUB"), given()) == {BOOK: [OPENED]}
    refused(NotAnOffice, opening("TH"), given(), field="office")
    refused(UnknownUnit, opening("KHONG-CO"), given(), field="office")


def test_two_offices_whose_registers_come_to_one_name_do_not_share_it() -> None:
    office: Sequence[Any] = [unit("VPUB-TB", "VPUB-TB", UnitKind.OFFICE)]
    states = given(**{"unit-VPUB-TB": office, BOOK: [OPENED]})
    theirs = OpenRegister(office="VPUB-TB", book="VPUB", year=2023, external=True, pattern="{number}/TB")
    refused(refusals.RegisterStands, theirs, states, field="book")
    spoiling = VoidNumber(office="VPUB-TB", book="VPUB", year=2023, number=1, reason=WORDS)
    refused(refusals.NoSuchRegister, spoiling, states, field="book")


def test_a_number_that_a_standing_paper_has_is_not_voided() -> None:
    spoil = VoidNumber(office="VPUB", book="TB-VPUB", year=2023, number=3, reason=WORDS)
    taken = NumberTaken(number=3, document=PAPER)
    refused(refusals.NumberTaken, spoil, given(*ISSUED_PAPER, **{BOOK: [OPENED, taken]}), field="number")
    unused = given(*papers.TO_NUMBER, papers.SUPERSEDED, **{BOOK: [OPENED, taken]})
    assert decided(spoil, unused) == {BOOK: [NumberVoided(number=3, reason=WORDS)]}
    assert decided(spoil, given(**{BOOK: [OPENED, NumberVoided(number=3, reason=WORDS)]})) == {}
