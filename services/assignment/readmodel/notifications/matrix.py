"""Which fact is told to whom, as what, and by which ways: one line a fact and audience. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.assignment.readmodel.work.piles import Pile


class Kind(StrEnum):
    """Why somebody is told; the order is that of the page."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DECISION = "decision"
    RETURNED = "returned"
    GIVEN = "given"
    RESULT = "result"


class Channel(StrEnum):
    """How it reaches him. Mail goes to whoever chose it, where the installation sends any."""

    PAGE = "page"
    MAIL = "mail"


class Audience(StrEnum):
    """Whom a fact concerns; an office's people are those who may do what the pile of that name waits for."""

    UNIT = "unit"  # whoever leads the unit that has the work
    PERSON = "person"  # whom it was passed on to
    ASSIGN = "assign"
    PROPOSE = "propose"
    CLEAR = "clear"
    EXTEND = "extend"
    CONFIRM = "confirm"


BOTH: Final = frozenset(Channel)
IN_PAGE: Final = frozenset({Channel.PAGE})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the fact by its name in the log, whom it concerns, why he is told, and by which ways."""

    fact: str
    audience: Audience
    kind: Kind
    channels: frozenset[Channel] = BOTH


MATRIX: Final[tuple[Line, ...]] = (
    Line("case.opened", Audience.ASSIGN, Kind.DECISION),
    Line("case.opened", Audience.PROPOSE, Kind.DECISION),
    Line("case.split_off", Audience.ASSIGN, Kind.DECISION),
    Line("case.split_off", Audience.PROPOSE, Kind.DECISION),
    Line("case.assignment_proposed", Audience.ASSIGN, Kind.DECISION),
    Line("case.handed_back", Audience.ASSIGN, Kind.RETURNED),
    Line("case.handed_back", Audience.PROPOSE, Kind.RETURNED),
    Line("case.answer_submitted", Audience.CLEAR, Kind.DECISION),
    Line("case.answer_approved", Audience.UNIT, Kind.RESULT),
    Line("case.answer_approved", Audience.PERSON, Kind.RESULT),
    Line("case.resolved", Audience.PROPOSE, Kind.RESULT, IN_PAGE),
    Line("task.assigned", Audience.UNIT, Kind.GIVEN),
    Line("task.transferred", Audience.UNIT, Kind.GIVEN),
    Line("task.delegated", Audience.PERSON, Kind.GIVEN),
    Line("task.returned", Audience.CONFIRM, Kind.RETURNED),
    Line("task.submitted", Audience.CONFIRM, Kind.DECISION),
    Line("task.revision_requested", Audience.UNIT, Kind.RETURNED),
    Line("task.revision_requested", Audience.PERSON, Kind.RETURNED),
    Line("task.completed", Audience.UNIT, Kind.RESULT, IN_PAGE),
    Line("task.completed", Audience.PERSON, Kind.RESULT, IN_PAGE),
    Line("task.extension_requested", Audience.EXTEND, Kind.DECISION),
    Line("task.extension_granted", Audience.UNIT, Kind.RESULT),
    Line("task.extension_granted", Audience.PERSON, Kind.RESULT),
    Line("task.extension_refused", Audience.UNIT, Kind.RESULT),
    Line("task.extension_refused", Audience.PERSON, Kind.RESULT),
    Line("task.reminded", Audience.UNIT, Kind.DUE_SOON),
    Line("task.reminded", Audience.PERSON, Kind.DUE_SOON),
    Line("overdue.noticed", Audience.UNIT, Kind.OVERDUE),
    Line("overdue.noticed", Audience.PERSON, Kind.OVERDUE),
    Line("task.urged", Audience.UNIT, Kind.OVERDUE),
    Line("task.urged", Audience.PERSON, Kind.OVERDUE),
    Line("task.escalated", Audience.CONFIRM, Kind.OVERDUE, IN_PAGE),
)
TOLD: Final = frozenset(line.fact for line in MATRIX)
MAILED: Final = frozenset(line.fact for line in MATRIX if Channel.MAIL in line.channels)
OF_OFFICE: Final = {each: Pile(each.value) for each in Audience if each not in (Audience.UNIT, Audience.PERSON)}


def lines_of(fact: str) -> tuple[Line, ...]:
    """What is told of a fact."""
    return tuple(line for line in MATRIX if line.fact == fact)


def by_mail(fact: str, kind: Kind) -> bool:
    """Whether a notice that this fact made is one for mail too."""
    return any(line.kind is kind and Channel.MAIL in line.channels for line in lines_of(fact))
