"""The head's conclusions: drafted, out on a signed and numbered paper with their work in one append, amended (R31, R37, R38)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
import pytest

from services.assignment.domain.case.commands import CoordinatingUnit
from services.assignment.domain.case.refusals import AboutThatUnit, CoordinatesItself
from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import MeansMissing, OtherPaper, PaperMissing, SignedByAnother
from services.assignment.domain.notice import refusals
from services.assignment.domain.notice.commands import AmendNotice, CommentNotice, Conclusion, DraftNotice, IssueNotice
from services.assignment.domain.notice.decider import Drafting, Issuing
from shared.calendar import RULES
from shared.contracts.case import Authority, CaseAssigned, CaseClosed, CaseConcluded, CaseDueSet, DueBase
from shared.contracts.document import (
    DispatchMeans,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentRecalled,
    DocumentSubmitted,
    Line,
    NumberTaken,
    RegisterOpened,
    SigningCapacity,
)
from shared.contracts.facts import Facts
from shared.contracts.notice import (
    Beside,
    ConclusionKind,
    DraftItem,
    IssuedItem,
    NoticeAmended,
    NoticeCommented,
    NoticeDrafted,
    NoticeIssued,
    OwnDay,
)
from shared.contracts.opinion import Flag
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from shared.contracts.session import Outcome, OutcomeRecorded, SessionConcluded, SessionHeld, SessionOpened, Track
from shared.contracts.task import TaskAssigned, TaskCompleted, TaskDueSet, TaskTransferred, TaskType
from shared.documents import refusals as of_papers
from shared.documents.refusals import UnitNotInForce
from shared.eventlog import codec
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    DELIVERED,
    EPISODE,
    KNOWN,
    OPENED,
    RESOLVED,
    SESSION,
    SUBMITTED,
    WORK,
    given,
    session,
    unit,
)
from tests.contracts.test_registry import GOLDEN
from tests.shared.documents.papers import SIGNED
from tests.support.scenario import Given, sealed

NOTICE: Final = "notice-00000000000000000001"
PAPER: Final = "document-00000000000000000001"
AMENDING: Final = "document-00000000000000000002"
BOOK: Final = "register-VPUB-TB-VPUB-2023"
OWN_BOOK: Final = "register-VPUB-TBNB-2023"
FIRST, SECOND = "task-0000000000000000000A", "task-0000000000000000000B"
OF_NC, OF_VP = "task-0000000000000000000C", "task-0000000000000000000D"
DAY: Final = date(2023, 2, 17)
LATER: Final = datetime(2023, 2, 24, 2, tzinfo=UTC)
DUE: Final = KNOWN.due_in_days(DAY, 15, rule="carry_out", rules="2023.1")

OPEN_BOOK: Final = RegisterOpened(office="VPUB", register="TB-VPUB", year=2023, external=True, pattern="{number}/TB-VPUB")
OPEN_OWN: Final = RegisterOpened(office="VPUB", register="TBNB", year=2023, external=False, pattern="{number}/TB-NB")
TO_TH: Final = Line(recipient="TH", purpose="Thực hiện", mandatory=True)
SHEET: Final = DocumentDrafted(
    kind=DocumentKind.NOTICE, office="VPUB", about=NOTICE, summary=None, content="5e" * 32, recipients=(TO_TH,)
)
PUT_FORWARD: Final = DocumentSubmitted(by="p-hub")
NUMBERED: Final = DocumentNumbered(register="TB-VPUB", year=2023, number=3, symbol="03/TB-VPUB", on=DAY)
OUT: Final = DocumentIssued(on=DAY)
SENT: Final = DocumentDispatched(recipient="TH", purpose="Thực hiện", means=DispatchMeans.PAPER)

ORDER: Final = DraftItem(
    number=1,
    kind=ConclusionKind.DIRECTS,
    case=CASE,
    text=sealed(1),
    unit="TH",
    coordinating=(),
    days=15,
    until=None,
)
DRAFTED: Final = NoticeDrafted(
    office="VPUB", authority=Authority.HEAD, session=None, meeting=None, document=PAPER, items=(ORDER,)
)
GIVEN_OUT: Final = IssuedItem(
    number=1,
    kind=ConclusionKind.DIRECTS,
    case=CASE,
    episode=EPISODE,
    unit="TH",
    coordinating=(),
    due=DUE,
    task=FIRST,
)
ISSUED: Final = NoticeIssued(document=PAPER, number="03/TB-VPUB", on=DAY, items=(GIVEN_OUT,))
CARRY_OUT: Final = TaskAssigned(
    type=TaskType.CARRY_OUT,
    unit="TH",
    office="VPUB",
    about=NOTICE,
    case=CASE,
    episode=EPISODE,
    authority=Authority.HEAD,
    due=DUE,
)
CONCLUDED: Final = CaseConcluded(episode=EPISODE, notice=NOTICE, item=1, unit="TH", task=FIRST)
MOVED_BY_NOTICE: Final = CaseDueSet(episode=EPISODE, base=DueBase.CONCLUSION, due=DUE)

ISSUE: Final = IssueNotice(notice=NOTICE, book="TB-VPUB", number=3, means=DispatchMeans.PAPER)
AMEND: Final = AmendNotice(
    notice=NOTICE,
    item=1,
    until=date(2023, 3, 20),
    document=AMENDING,
    book="TB-VPUB",
    number=9,
    means=DispatchMeans.PAPER,
    reason=sealed(3),
)
DIRECTS: Final = Conclusion(kind=ConclusionKind.DIRECTS, text=sealed(1), case=CASE, unit="TH", days=15)
CONCLUDES: Final = Conclusion(kind=ConclusionKind.CONCLUDES, text=sealed(1), case=CASE)


def told(kind: type[Facts] = Issuing, at: datetime = datetime(2023, 2, 17, 2, tzinfo=UTC), **changed: Any) -> Any:
    """The facts that a decision gets: the registry on 17/02/2023 unless said otherwise."""
    known: dict[str, Any] = {
        "at": at,
        "now": at,
        "person": "p-registry",
        "office": "VPUB",
        "unit": "VPUB",
        "capacity": Role.REGISTRY,
        "notice": NOTICE,
        "tasks": {1: FIRST, 2: SECOND},
        "beside": lambda number, unit: {"NC": OF_NC, "VP": OF_VP}.get(unit, f"task-{number}-{unit}"),
        "lists": {},
        "ended": frozenset(),
        "chairmen": frozenset({"p-chairman"}),
        "heirs": {},
    } | changed
    return kind(**{field.name: known[field.name] for field in fields(kind)})


HUB: Final = told(Drafting, person="p-hub", unit="TCHCQT", capacity=Role.HUB)


def noticed(
    *on_notice: Any,
    paper: Sequence[Any] = (SHEET, PUT_FORWARD, SIGNED),
    case: Sequence[Any] = (OPENED, ASSIGNED),
    more: Mapping[str, Sequence[Any]] | None = None,
) -> Given:
    """The facts of a notice, of its paper signed by the head, and of the case that it is about; the book is open."""
    return given(*case, task=[WORK], more={NOTICE: on_notice, PAPER: paper, BOOK: [OPEN_BOOK], **(more or {})})


DRAFT: Final = noticed(DRAFTED)
IN_FORCE: Final = noticed(
    DRAFTED,
    ISSUED,
    paper=(SHEET, PUT_FORWARD, SIGNED, NUMBERED, OUT, SENT),
    case=(OPENED, ASSIGNED, CONCLUDED, MOVED_BY_NOTICE),
    more={
        BOOK: [OPEN_BOOK, NumberTaken(number=3, document=PAPER)],
        FIRST: [CARRY_OUT],
        AMENDING: [SHEET, PUT_FORWARD, SIGNED],
    },
)


def draft(*items: Conclusion, **changed: Any) -> DraftNotice:
    return DraftNotice(**{"office": "VPUB", "document": PAPER, "items": items, **changed})


def held(track: Track = Track.STAFF) -> list[Any]:
    """A dialogue that was held, at which the case was directed."""
    outcome = OutcomeRecorded(
        case=CASE,
        episode=EPISODE,
        outcome=Outcome.DIRECTED,
        reason=None,
        to=None,
        diverted=None,
        into=None,
        answer=None,
        direction=sealed(4),
    )
    return [*session(track, on=date(2023, 2, 10)), SessionOpened(), outcome, SessionHeld()]


def of_a_dialogue(*events: Any, item: DraftItem = ORDER) -> Given:
    sheet = replace(SHEET, about=SESSION)
    drafted = replace(DRAFTED, session=SESSION, items=(item,))
    return noticed(drafted, paper=(sheet, PUT_FORWARD, SIGNED), more={SESSION: events})


def refused(outcome: Any, rule: type[Refused], code: str, field: str | None = None) -> None:
    """It is refused by the rule, whose name on the wire is `code`."""
    assert outcome.refuses(rule, field).code == code


def test_conclusions_are_drafted_without_a_dialogue() -> None:
    noticed().when(draft(DIRECTS), HUB).then({NOTICE: [DRAFTED]})


def test_a_draft_is_commented_on_and_drafted_again_and_the_last_one_counts() -> None:
    comment = CommentNotice(notice=NOTICE, comment=sealed(2))
    DRAFT.when(comment, told(Listing, unit="TH")).then({NOTICE: [NoticeCommented(unit="TH", comment=sealed(2))]})
    again = replace(DRAFTED, items=(replace(ORDER, unit="NC"),))
    commented = noticed(DRAFTED, NoticeCommented(unit="TH", comment=sealed(2)))
    commented.when(draft(replace(DIRECTS, unit="NC"), notice=NOTICE), HUB).then({NOTICE: [again]})


def test_issuing_numbers_issues_and_sends_the_paper_and_gives_the_work_in_one_append() -> None:
    assert DUE.day == date(2023, 3, 6)  # 15 calendar days end on a Saturday
    DRAFT.when(ISSUE, told()).then(
        {
            PAPER: [NUMBERED, OUT, SENT],
            BOOK: [NumberTaken(number=3, document=PAPER)],
            NOTICE: [ISSUED],
            FIRST: [CARRY_OUT],
            CASE: [CONCLUDED, MOVED_BY_NOTICE],
        }
    )


def test_an_internal_book_gives_the_next_number() -> None:
    history = noticed(DRAFTED, more={OWN_BOOK: [OPEN_OWN, NumberTaken(number=1, document="document-of-another")]})
    found = history.when(replace(ISSUE, book="TBNB", number=None), told()).decided()
    assert found[OWN_BOOK] == [NumberTaken(number=2, document=PAPER)]
    assert found[NOTICE] == [replace(ISSUED, number="02/TB-NB")]


def test_the_paper_may_be_named_when_issuing() -> None:
    history = noticed(replace(DRAFTED, document=None))
    assert history.when(replace(ISSUE, document=PAPER), told()).decided()[NOTICE] == [ISSUED]


@pytest.mark.parametrize(
    ("done", "left"),
    [((), [NUMBERED, OUT, SENT]), ((NUMBERED,), [OUT, SENT]), ((NUMBERED, OUT), [SENT]), ((NUMBERED, OUT, SENT), [])],
)
def test_what_the_registry_did_to_the_paper_before_is_not_done_again(done: tuple[Any, ...], left: list[Any]) -> None:
    book = [OPEN_BOOK, *([NumberTaken(number=3, document=PAPER)] if done else [])]
    history = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, SIGNED, *done), more={BOOK: book})
    found = history.when(ISSUE, told()).decided()
    assert (found.get(PAPER, []), found[NOTICE]) == (left, [ISSUED])
    assert (BOOK in found) is not bool(done)


def test_a_paper_that_was_issued_before_keeps_its_number_and_its_day() -> None:
    history = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, SIGNED, NUMBERED, OUT, SENT))
    found = history.when(IssueNotice(notice=NOTICE), told(at=LATER)).decided()
    assert found[NOTICE] == [ISSUED]


def test_a_named_day_is_never_rolled_forward() -> None:
    sunday = replace(ORDER, days=None, until=date(2023, 3, 5))
    found = noticed(replace(DRAFTED, items=(sunday,))).when(ISSUE, told()).decided()
    assert found[NOTICE][0].items[0].due.day == date(2023, 3, 5)


def test_a_case_that_nobody_has_is_given_to_whoever_carries_it_out() -> None:
    found = noticed(DRAFTED, case=(OPENED,)).when(ISSUE, told()).decided()
    led = CaseAssigned(episode=EPISODE, lead="TH", authority=Authority.HEAD, task=FIRST, due=DUE)
    assert found[CASE] == [led, CONCLUDED, MOVED_BY_NOTICE]


def test_what_only_concludes_gives_no_work_and_moves_no_day() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    found = noticed(replace(DRAFTED, items=(item,))).when(ISSUE, told()).decided()
    assert found[CASE] == [CaseConcluded(episode=EPISODE, notice=NOTICE, item=1, unit=None, task=None)]
    assert FIRST not in found


def test_a_settled_matter_is_still_concluded_on() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    over = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    found = noticed(replace(DRAFTED, items=(item,)), case=over).when(ISSUE, told()).decided()
    assert [type(event) for event in found[CASE]] == [CaseConcluded]


def test_the_notice_of_a_dialogue_concludes_it_in_the_same_append() -> None:
    found = of_a_dialogue(*held()).when(ISSUE, told()).decided()
    assert found[SESSION] == [SessionConcluded(notice=NOTICE, meeting=None)]
    assert (found[FIRST], found[NOTICE]) == ([CARRY_OUT], [ISSUED])


def test_the_chairman_gives_work_to_any_body_after_his_own_dialogue() -> None:
    sheet = replace(SHEET, about=SESSION)
    drafted = replace(DRAFTED, authority=Authority.CHAIRMAN, session=SESSION, items=(replace(ORDER, unit="SGTVT"),))
    signed = replace(SIGNED, capacity=SigningCapacity.BY_ORDER)
    history = noticed(drafted, paper=(sheet, PUT_FORWARD, signed), more={SESSION: held(Track.CHAIRMAN)})
    (work,) = history.when(ISSUE, told()).decided()[FIRST]
    assert (work.unit, work.authority) == ("SGTVT", Authority.CHAIRMAN)


@pytest.mark.parametrize("capacity", [SigningCapacity.BY_ORDER, SigningCapacity.ON_BEHALF])
def test_no_work_is_given_on_a_paper_that_is_not_signed_for_the_head(capacity: SigningCapacity) -> None:
    signed = replace(SIGNED, signer="p-leader", capacity=capacity)
    outcome = noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, signed)).when(ISSUE, told())
    refused(outcome, SignedByAnother, "signed-by-another", "document")


@pytest.mark.parametrize("capacity", ["truc_tiep", "KT", "Q", "TUQ"])
def test_a_notice_rests_on_what_head_deputy_acting_head_or_delegate_signed(capacity: str) -> None:
    signed = replace(SIGNED, capacity=SigningCapacity(capacity))
    assert noticed(DRAFTED, paper=(SHEET, PUT_FORWARD, signed)).when(ISSUE, told()).decided()[NOTICE] == [ISSUED]


def test_a_notice_of_the_chairman_rests_on_his_signature_or_one_by_his_order() -> None:
    drafted = replace(DRAFTED, authority=Authority.CHAIRMAN, items=(replace(ORDER, unit="SGTVT"),))
    outcome = noticed(drafted).when(ISSUE, told())
    refused(outcome, SignedByAnother, "signed-by-another", "document")
    own = replace(SIGNED, signer="p-chairman")
    assert noticed(drafted, paper=(SHEET, PUT_FORWARD, own)).when(ISSUE, told()).decided()[NOTICE]


def test_issuing_again_under_the_same_number_changes_nothing() -> None:
    IN_FORCE.when(ISSUE, told()).nothing()
    IN_FORCE.when(IssueNotice(notice=NOTICE), told()).nothing()


def test_an_amendment_goes_out_on_its_own_paper_and_moves_the_days_of_task_and_case() -> None:
    moved = replace(DUE, day=date(2023, 3, 20))
    day = date(2023, 2, 24)
    IN_FORCE.when(AMEND, told(Listing, at=LATER)).then(
        {
            AMENDING: [
                replace(NUMBERED, number=9, symbol="09/TB-VPUB", on=day),
                DocumentIssued(on=day),
                SENT,
            ],
            BOOK: [NumberTaken(number=9, document=AMENDING)],
            NOTICE: [
                NoticeAmended(
                    document=AMENDING, number="09/TB-VPUB", on=day, item=replace(GIVEN_OUT, due=moved), reason=sealed(3)
                )
            ],
            FIRST: [TaskDueSet(unit="TH", due=moved)],
            CASE: [CaseDueSet(episode=EPISODE, base=DueBase.CONCLUSION, due=moved)],
        }
    )


def test_amending_to_the_day_that_stands_changes_nothing() -> None:
    IN_FORCE.when(replace(AMEND, until=DUE.day), told(Listing, at=LATER)).nothing()


def helped(*coordinating: CoordinatingUnit, **changed: Any) -> Conclusion:
    return replace(DIRECTS, coordinating=coordinating, **changed)


OWN: Final = date(2023, 2, 28)
OWN_DUE: Final = replace(KNOWN.due_in_days(DAY, 11, rule="carry_out", rules="2023.1"), day=OWN)
BESIDE: Final = Beside(unit="NC", task=OF_NC, due=DUE)
BEFORE: Final = Beside(unit="VP", task=OF_VP, due=OWN_DUE)
FOR_TWO: Final = replace(GIVEN_OUT, coordinating=(BESIDE, BEFORE))
WITH_TWO: Final = Given(
    IN_FORCE.rules,
    {
        **IN_FORCE.history,
        NOTICE: [DRAFTED, replace(ISSUED, items=(FOR_TWO,))],
        OF_NC: [replace(CARRY_OUT, unit="NC")],
        OF_VP: [replace(CARRY_OUT, unit="VP", due=OWN_DUE)],
    },
)


def test_each_unit_that_co_ordinates_has_a_task_until_its_own_day_or_the_item_s() -> None:
    item = helped(CoordinatingUnit(unit="NC"), CoordinatingUnit(unit="VP", due=OWN))
    (drafted,) = noticed().when(draft(item), HUB).decided()[NOTICE]
    assert drafted.items[0].coordinating == ("NC", OwnDay(unit="VP", until=OWN))
    found = noticed(drafted, more={"unit-VP": [replace(unit("NC"), unit="VP")]}).when(ISSUE, told()).decided()
    assert found[NOTICE] == [replace(ISSUED, items=(FOR_TWO,))]
    assert found[FIRST] == [CARRY_OUT]
    assert found[OF_NC] == [replace(CARRY_OUT, unit="NC")]
    assert found[OF_VP] == [replace(CARRY_OUT, unit="VP", due=OWN_DUE)]
    assert found[CASE] == [CONCLUDED, MOVED_BY_NOTICE]  # it is settled with its lead's work


def test_an_amendment_takes_along_whoever_co_ordinates_until_the_day_of_the_item() -> None:
    moved = replace(DUE, day=AMEND.until)
    found = WITH_TWO.when(AMEND, told(Listing, at=LATER)).decided()
    (amended,) = found[NOTICE]
    assert amended.item == replace(FOR_TWO, due=moved, coordinating=(replace(BESIDE, due=moved), BEFORE))
    assert found[FIRST] == [TaskDueSet(unit="TH", due=moved)]
    assert found[OF_NC] == [TaskDueSet(unit="NC", due=moved)]
    assert OF_VP not in found


def test_the_day_of_one_that_co_ordinates_is_amended_alone() -> None:
    moved = replace(OWN_DUE, day=AMEND.until)
    found = WITH_TWO.when(replace(AMEND, unit="VP"), told(Listing, at=LATER)).decided()
    (amended,) = found[NOTICE]
    assert amended.item == replace(FOR_TWO, coordinating=(BESIDE, replace(BEFORE, due=moved)))
    assert found[OF_VP] == [TaskDueSet(unit="VP", due=moved)]
    assert not {FIRST, OF_NC, CASE} & found.keys()
    WITH_TWO.when(replace(AMEND, unit="VP", until=OWN), told(Listing, at=LATER)).nothing()


def test_work_that_was_moved_is_amended_for_whoever_holds_it() -> None:
    to_nc = TaskTransferred(former="TH", unit="NC", basis=None, succession=None)
    history = Given(IN_FORCE.rules, {**IN_FORCE.history, FIRST: [CARRY_OUT, to_nc]})
    found = history.when(AMEND, told(Listing, at=LATER)).decided()
    assert found[FIRST] == [TaskDueSet(unit="NC", due=replace(DUE, day=AMEND.until))]


def test_only_open_work_of_a_unit_beside_the_lead_is_amended() -> None:
    for key in ("TH", "KT"):
        refused(WITH_TWO.when(replace(AMEND, unit=key), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")
    done = Given(WITH_TWO.rules, {**WITH_TWO.history, OF_VP: [replace(CARRY_OUT, unit="VP"), TaskCompleted(unit="VP")]})
    refused(done.when(replace(AMEND, unit="VP"), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")


def test_a_unit_has_one_part_in_a_conclusion() -> None:
    for units in (("TH",), ("NC", "NC")):
        item = helped(*(CoordinatingUnit(unit=key) for key in units))
        refused(noticed().when(draft(item), HUB), CoordinatesItself, "coordinates-itself", "items.0.coordinating")
    old = noticed(replace(DRAFTED, items=(replace(ORDER, coordinating=("TH",)),)))
    refused(old.when(ISSUE, told()), CoordinatesItself, "coordinates-itself", "items.0.coordinating")


def test_the_own_day_of_a_unit_lies_after_the_issue_too() -> None:
    late = replace(ORDER, coordinating=(OwnDay(unit="NC", until=DAY),))
    outcome = noticed(replace(DRAFTED, items=(late,))).when(ISSUE, told())
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "items.0.coordinating")


def test_what_was_issued_before_units_beside_the_lead_had_tasks_has_none() -> None:
    stored = orjson.loads((GOLDEN / "notice.issued.v1.json").read_bytes())
    assert stored["items"][0]["coordinating"] == ["TCHCQT"]
    read = codec.decode("notice.issued", 1, orjson.dumps(stored))
    assert read.items[0].coordinating == (Beside(unit="TCHCQT", task=None, due=None),)


def test_a_notice_concludes_something() -> None:
    refused(noticed().when(draft(), HUB), refusals.NothingConcluded, "nothing-concluded", "items")


@pytest.mark.parametrize(
    ("flags", "rule", "day"),
    [((), "carry_out", date(2023, 3, 6)), ((Flag.PRESSING, Flag.COMPLEX), "carry_out_complex", date(2023, 3, 20))],
)
def test_work_directed_by_rule_has_the_days_that_the_rules_of_its_issue_give_more_where_it_is_complex(
    flags: tuple[Flag, ...], rule: str, day: date
) -> None:
    (drafted,) = noticed().when(draft(replace(DIRECTS, days=None, by_rule=True)), HUB).decided()[NOTICE]
    opened = (replace(OPENED, flags=flags), ASSIGNED)
    (issued,) = noticed(drafted, case=opened).when(ISSUE, told()).decided()[NOTICE]
    due = issued.items[0].due
    assert (due.day, due.rule, due.start, due.rules) == (day, rule, DAY, "2023.1")
    fewer = tuple(DeadlineRule(rule=code, days=7, counting=Counting.CALENDAR_DAYS) for code in RULES[0].deadlines)
    published = RulesPublished(office="VPUB", version="VPUB.1", rules=fewer, valid_from=DAY)
    (issued,) = noticed(drafted, case=opened, more={"rules-VPUB": [published]}).when(ISSUE, told()).decided()[NOTICE]
    due = issued.items[0].due
    assert (due.day, due.days, due.rule, due.rules) == (date(2023, 2, 24), 7, rule, "VPUB.1")


@pytest.mark.parametrize(
    "item",
    [
        replace(DIRECTS, unit=None),
        replace(DIRECTS, days=None),
        replace(DIRECTS, until=date(2023, 3, 20)),
        replace(DIRECTS, days=0),
        replace(DIRECTS, by_rule=True),
        replace(DIRECTS, days=None, until=date(2023, 3, 20), by_rule=True),
        replace(DIRECTS, unit=None, days=None, by_rule=True),
    ],
)
def test_work_is_directed_to_one_unit_until_one_day(item: Conclusion) -> None:
    refused(noticed().when(draft(item), HUB), refusals.UnitOrDayMissing, "unit-or-day-missing", "items.0")


@pytest.mark.parametrize(
    "more",
    [{"unit": "TH"}, {"days": 15}, {"until": date(2023, 3, 20)}, {"coordinating": (CoordinatingUnit(unit="NC"),)}],
)
def test_what_only_concludes_names_neither_unit_nor_day(more: dict[str, Any]) -> None:
    outcome = noticed().when(draft(DIRECTS, replace(CONCLUDES, case=None, **more)), HUB)
    refused(outcome, refusals.WorkWithoutDirecting, "work-without-directing", "items.1")


def test_an_opinion_has_one_conclusion_in_a_notice() -> None:
    refused(noticed().when(draft(DIRECTS, CONCLUDES), HUB), refusals.ConcludedTwice, "concluded-twice", "items")


@pytest.mark.parametrize("authority", list(Authority))
def test_each_concludes_in_his_own_name(authority: Authority) -> None:
    track = Track.STAFF if authority is Authority.CHAIRMAN else Track.CHAIRMAN
    outcome = noticed(more={SESSION: held(track)}).when(draft(DIRECTS, session=SESSION, authority=authority), HUB)
    refused(outcome, refusals.NotInThatName, "not-in-that-name", "authority")


def test_what_a_draft_names_is_there() -> None:
    noticed().when(draft(DIRECTS, notice=NOTICE), HUB).refuses(Unknown)
    noticed().when(draft(DIRECTS, session=SESSION), HUB).refuses(Unknown)
    noticed(case=()).when(draft(DIRECTS), HUB).refuses(Unknown)
    noticed().when(ISSUE, told()).refuses(Unknown)


def test_an_issued_notice_is_neither_drafted_commented_on_nor_issued_otherwise() -> None:
    refused(IN_FORCE.when(draft(DIRECTS, notice=NOTICE), HUB), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(CommentNotice(notice=NOTICE, comment=sealed(2)), HUB), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(replace(ISSUE, number=4), told()), refusals.NoticeInForce, "notice-in-force")
    refused(IN_FORCE.when(replace(ISSUE, document=AMENDING), told()), refusals.NoticeInForce, "notice-in-force")


def test_the_named_day_lies_after_the_issue() -> None:
    late = replace(ORDER, days=None, until=DAY)
    outcome = noticed(replace(DRAFTED, items=(late,))).when(ISSUE, told())
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "items.0.until")
    outcome = IN_FORCE.when(replace(AMEND, until=LATER.date()), told(Listing, at=LATER))
    refused(outcome, refusals.DayNotAhead, "day-not-ahead", "until")


@pytest.mark.parametrize("over", [(RESOLVED,), (RESOLVED, CaseClosed(episode=EPISODE))])
def test_no_work_is_directed_on_a_matter_that_is_over(over: tuple[Any, ...]) -> None:
    case = (OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, *over)
    refused(noticed(DRAFTED, case=case).when(ISSUE, told()), refusals.CaseHasEnded, "case-has-ended", "items.0")


def test_a_dialogue_is_concluded_once_and_after_it_was_held() -> None:
    refused(of_a_dialogue(*held()[:-1]).when(ISSUE, told()), refusals.SessionNotToConclude, "session-not-to-conclude", "session")
    concluded = (*held(), SessionConcluded(notice="notice-00000000000000000002", meeting=None))
    refused(of_a_dialogue(*concluded).when(ISSUE, told()), refusals.SessionNotToConclude, "session-not-to-conclude", "session")


def test_every_opinion_directed_at_a_dialogue_is_directed_in_its_notice() -> None:
    item = replace(ORDER, kind=ConclusionKind.CONCLUDES, unit=None, days=None)
    outcome = of_a_dialogue(*held(), item=item).when(ISSUE, told())
    refused(outcome, refusals.OutcomeWithoutConclusion, "outcome-without-conclusion", "items")


def test_only_an_issued_notice_is_amended() -> None:
    refused(DRAFT.when(AMEND, told(Listing)), refusals.NoticeNotInForce, "notice-not-in-force")


def test_only_an_item_with_open_work_is_amended() -> None:
    refused(IN_FORCE.when(replace(AMEND, item=2), told(Listing)), refusals.NoSuchItem, "no-such-item", "item")
    done = Given(IN_FORCE.rules, {**IN_FORCE.history, FIRST: [CARRY_OUT, TaskCompleted(unit="TH")]})
    refused(done.when(AMEND, told(Listing)), refusals.NoSuchItem, "no-such-item", "item")


def test_a_notice_is_not_amended_by_the_paper_that_it_went_out_on() -> None:
    outcome = IN_FORCE.when(replace(AMEND, document=PAPER), told(Listing))
    refused(outcome, refusals.AmendedByItself, "amended-by-itself", "document")


def test_neither_notice_nor_amendment_goes_out_without_a_paper() -> None:
    refused(noticed(replace(DRAFTED, document=None)).when(ISSUE, told()), PaperMissing, "paper-missing", "document")
    refused(IN_FORCE.when(replace(AMEND, document=None), told(Listing)), PaperMissing, "paper-missing", "document")


@pytest.mark.parametrize(
    "sheet", [replace(SHEET, kind=DocumentKind.PLAN), replace(SHEET, about=None), replace(SHEET, about=SESSION)]
)
def test_the_paper_is_a_notice_about_this_one(sheet: DocumentDrafted) -> None:
    outcome = noticed(DRAFTED, paper=(sheet, PUT_FORWARD, SIGNED)).when(ISSUE, told())
    refused(outcome, OtherPaper, "other-paper", "document")


@pytest.mark.parametrize("sheets", [(), (replace(SHEET, office="UBND-MSO"), PUT_FORWARD, SIGNED)])
def test_the_paper_is_one_of_the_office(sheets: tuple[Any, ...]) -> None:
    noticed(DRAFTED, paper=sheets).when(ISSUE, told()).refuses(Unknown, "document")


@pytest.mark.parametrize("stage", [(SHEET,), (SHEET, PUT_FORWARD)])
def test_an_unsigned_paper_carries_nothing(stage: tuple[Any, ...]) -> None:
    refused(noticed(DRAFTED, paper=stage).when(ISSUE, told()), of_papers.NotSigned, "not-signed")


def test_a_recalled_paper_carries_nothing() -> None:
    recalled = (SHEET, PUT_FORWARD, SIGNED, NUMBERED, OUT, DocumentRecalled(reason=sealed(5)))
    refused(noticed(DRAFTED, paper=recalled).when(ISSUE, told()), of_papers.WasRecalled, "was-recalled")


def test_a_number_is_given_once() -> None:
    taken = [OPEN_BOOK, NumberTaken(number=3, document="document-of-another")]
    refused(noticed(DRAFTED, more={BOOK: taken}).when(ISSUE, told()), of_papers.NumberTaken, "number-taken", "number")
    refused(IN_FORCE.when(replace(AMEND, number=3), told(Listing)), of_papers.NumberTaken, "number-taken", "number")


def test_the_number_comes_from_an_open_book() -> None:
    outcome = noticed(DRAFTED).when(replace(ISSUE, book="TB-KHAC"), told())
    refused(outcome, of_papers.NoSuchRegister, "no-such-register", "book")
    refused(DRAFT.when(replace(ISSUE, number=None), told()), of_papers.NumberMissing, "number-missing", "number")
    refused(DRAFT.when(replace(ISSUE, book=None), told()), of_papers.NotNumbered, "not-numbered", "document")


def test_it_is_said_how_the_paper_is_sent() -> None:
    refused(DRAFT.when(replace(ISSUE, means=None), told()), MeansMissing, "means-missing", "means")


def test_work_is_given_to_units_of_the_office_in_force() -> None:
    elsewhere = noticed(replace(DRAFTED, items=(replace(ORDER, unit="SGTVT"),)))
    refused(elsewhere.when(ISSUE, told()), LeadOutsideOffice, "lead-outside-office")
    gone = noticed(replace(DRAFTED, items=(replace(ORDER, coordinating=("CU",)),)))
    refused(gone.when(ISSUE, told()), UnitNotInForce, "unit-not-in-force")


@pytest.mark.parametrize(
    ("item", "field"),
    [(ORDER, "items.0.unit"), (replace(ORDER, unit="NC", coordinating=("TH",)), "items.0.coordinating")],
)
def test_no_unit_carries_out_what_is_concluded_on_an_opinion_about_itself(item: DraftItem, field: str) -> None:
    about_th = (replace(OPENED, concerns_units=("TH",)), ASSIGNED)
    outcome = noticed(replace(DRAFTED, items=(item,)), case=about_th).when(ISSUE, told())
    refused(outcome, AboutThatUnit, "about-that-unit", field)


def test_who_took_over_a_unit_that_the_opinion_is_about_carries_nothing_out_either() -> None:
    about_former = (replace(OPENED, concerns_units=("CU",)), ASSIGNED)
    outcome = noticed(DRAFTED, case=about_former).when(ISSUE, told(heirs={"CU": frozenset({"TH"})}))
    refused(outcome, AboutThatUnit, "about-that-unit", "items.0.unit")
    others = noticed(DRAFTED, case=about_former).when(ISSUE, told(heirs={"CU": frozenset({"NC"})}))
    assert others.decided()[FIRST] == [CARRY_OUT]


def test_criticism_that_the_head_took_on_himself_he_also_carries_out() -> None:
    of_the_head = replace(OPENED, field="lanh-dao-chi-dao", concerns_units=("TH",))
    taken = noticed(DRAFTED, case=(of_the_head, replace(ASSIGNED, lead="TH")))
    assert taken.when(ISSUE, told()).decided()[FIRST] == [CARRY_OUT]
    left = noticed(DRAFTED, case=(of_the_head, ASSIGNED))
    refused(left.when(ISSUE, told()), AboutThatUnit, "about-that-unit", "items.0.unit")


def test_a_draft_names_only_a_paper_about_it_or_its_session_which_may_be_signed_later() -> None:
    for paper in ((SHEET, PUT_FORWARD, SIGNED), (SHEET,)):
        found = noticed(paper=paper).when(draft(DIRECTS, document=PAPER), HUB).decided()[NOTICE]
        assert found[0].document == PAPER
    refused(noticed(paper=()).when(draft(DIRECTS, document=PAPER), HUB), Unknown, "unknown", "document")
    for other in ({"about": "notice-of-another"}, {"kind": DocumentKind.PLAN}):
        paper = (replace(SHEET, **other), PUT_FORWARD, SIGNED)
        refused(noticed(paper=paper).when(draft(DIRECTS, document=PAPER), HUB), OtherPaper, "other-paper", "document")
    by_order = (SHEET, PUT_FORWARD, replace(SIGNED, capacity=SigningCapacity.BY_ORDER))
    refused(noticed(paper=by_order).when(draft(DIRECTS, document=PAPER), HUB), SignedByAnother, "signed-by-another", "document")
