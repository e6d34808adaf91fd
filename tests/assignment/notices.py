"""The stage of a notice: its papers, items and work, and what a decision about it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from services.assignment.domain.notice.commands import AmendNotice, Conclusion, DraftNotice, IssueNotice
from services.assignment.domain.notice.decider import Drafting, Issuing
from shared.contracts.case import Authority, CaseConcluded, CaseDueSet, DueBase
from shared.contracts.document import (
    DispatchMeans,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKind,
    DocumentNumbered,
    DocumentSubmitted,
    Line,
    NumberTaken,
    RegisterOpened,
)
from shared.contracts.facts import Facts
from shared.contracts.notice import (
    ConclusionKind,
    DraftItem,
    IssuedItem,
    NoticeDrafted,
    NoticeIssued,
)
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.contracts.session import Outcome, OutcomeRecorded, SessionHeld, SessionOpened, Track
from shared.contracts.task import TaskAssigned, TaskType
from tests.assignment.stage import (
    ASSIGNED,
    CASE,
    EPISODE,
    KNOWN,
    OPENED,
    SESSION,
    WORK,
    given,
    session,
)
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
