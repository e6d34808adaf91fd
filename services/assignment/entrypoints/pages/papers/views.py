"""What the pages of papers show, worked out from what the queries answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.assignment.domain.document.commands import DRAFT_DOCUMENT, NUMBER_DOCUMENT, SIGN_DOCUMENT
from shared.calendar import local_day
from shared.contracts.document import DocumentKind, SigningCapacity
from shared.contracts.roles import Role
from shared.documents.states import LABELS
from shared.papers.access import LIST_DOCUMENTS, LIST_RECEIVED, SEE_REGISTER
from shared.papers.views import DocumentDetail, NumberLine, RegisterPage, Step
from shared.permit import Resource, Subject, permit

SIGNED: Final = "document.signed"
DISPATCHED: Final = "document.dispatched"
DELIVERED: Final = "document.delivered"
PUBLISHED: Final = "document.published"
COMMENTED: Final = "document.commented"
KEPT: Final = "document.kept"
COPY: Final = "document.signed_copy_attached"


class Group(StrEnum):
    """A saved view of the list of papers."""

    RECEIVED = "received"  # what was sent to his unit
    SIGN = "sign"
    DRAFT = "draft"
    NUMBER = "number"
    ISSUE = "issue"
    SEND = "send"
    SENT = "sent"
    GONE = "gone"
    ALL = "all"


STATES: Final[Mapping[Group, tuple[str, ...]]] = {
    Group.SIGN: ("trinh_ky",),
    Group.DRAFT: ("du_thao", "lay_y_kien", "tra_lai"),
    Group.NUMBER: ("da_ky",),
    Group.ISSUE: ("da_cap_so",),
    Group.SEND: ("da_phat_hanh",),
    Group.SENT: ("da_gui", "da_cong_khai"),
    Group.GONE: ("thu_hoi", "thay_the"),
    Group.ALL: tuple(label for label in LABELS.values() if label),
}
# What somebody comes for first, by capacity, as long as there is any of it.
FIRST: Final[Mapping[Role, tuple[Group, ...]]] = {
    Role.CHIEF: (Group.SIGN,),
    Role.DEPUTY: (Group.SIGN,),
    Role.CHAIRMAN: (Group.SIGN,),
    Role.REGISTRY: (Group.NUMBER, Group.ISSUE, Group.SEND),
}


def lists_papers(subject: Subject) -> bool:
    """Whether he sees the papers of his office."""
    return permit(subject, LIST_DOCUMENTS, Resource(tenant=subject.tenant, office=subject.office)).allowed


def receives(subject: Subject) -> bool:
    """Whether his unit's people see what was sent to it."""
    units = frozenset({subject.unit})
    return permit(subject, LIST_RECEIVED, Resource(tenant=subject.tenant, units=units)).allowed


def sees_books(subject: Subject) -> bool:
    """Whether the books of his office are his to see."""
    return permit(subject, SEE_REGISTER, Resource(tenant=subject.tenant, office=subject.office)).allowed


def may_draft(subject: Subject) -> bool:
    """Whether he may begin a paper of his office."""
    return permit(subject, DRAFT_DOCUMENT, Resource(tenant=subject.tenant, office=subject.office)).allowed


def does_next(subject: Subject) -> frozenset[str]:
    """In which states what comes next is his to do: a list names that verb, and elsewhere only lets him look."""
    office = Resource(tenant=subject.tenant, office=subject.office)
    drafts, signs = may_draft(subject), permit(subject, SIGN_DOCUMENT, office).allowed
    numbers = permit(subject, NUMBER_DOCUMENT, office).allowed
    found = [
        *(STATES[Group.DRAFT] if drafts else ()),
        *(STATES[Group.SIGN] if signs else ()),
        *((*STATES[Group.NUMBER], *STATES[Group.ISSUE], *STATES[Group.SEND]) if numbers else ()),
    ]
    return frozenset(found)


def counted(states: Mapping[str, int]) -> dict[Group, int]:
    """How many papers each view holds, of how many stand in each state."""
    return {group: sum(states.get(state, 0) for state in of) for group, of in STATES.items()}


def wanted(subject: Subject) -> tuple[Group, ...]:
    """The views that somebody in his capacities comes for, those he acts in for others too."""
    roles = {*subject.capacities, *(each.role for each in subject.delegated)}
    return tuple(dict.fromkeys(group for role, groups in FIRST.items() if role in roles for group in groups))


def first_of(subject: Subject, counts: Mapping[Group, int]) -> Group:
    """The view that he comes for: what waits for him, else all."""
    found = next((group for group in wanted(subject) if counts.get(group)), None)
    return found or (Group.ALL if Group.ALL in counts else Group.RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A line of who gets the paper, for what; how and when is for the office's own people to see."""

    recipient: str
    purpose: str
    mandatory: bool
    went: bool
    delivered: bool
    means: str | None = None
    sent_on: date | None = None
    delivered_on: date | None = None
    on_behalf: bool = False


def sent(paper: DocumentDetail) -> tuple[Sent, ...]:
    """The distribution list with what became of each line, then whoever was sent it beside the list."""
    first: dict[str, Step] = {}
    for step in paper.history:
        if step.type == DISPATCHED:
            first.setdefault(step.detail["recipient"], step)
    had = {step.detail["recipient"]: step for step in paper.history if step.type == DELIVERED}

    def line(recipient: str, purpose: str, *, mandatory: bool, went: bool, delivered: bool) -> Sent:
        step, receipt = first.get(recipient), had.get(recipient)
        return Sent(
            recipient=recipient,
            purpose=purpose,
            mandatory=mandatory,
            went=went,
            delivered=delivered,
            means=step.detail["means"] if step is not None else None,
            sent_on=local_day(step.at) if step is not None else None,
            delivered_on=local_day(receipt.at) if receipt is not None else None,
            on_behalf=receipt is not None and bool(receipt.detail["on_behalf"]),
        )

    listed = [
        line(each.recipient, each.purpose, mandatory=each.mandatory, went=each.sent, delivered=each.delivered)
        for each in paper.recipients
    ]
    named = {each.recipient for each in listed}
    beside = [
        line(recipient, step.detail["purpose"], mandatory=False, went=True, delivered=recipient in had)
        for recipient, step in first.items()
        if recipient not in named
    ]
    return (*listed, *beside)


def last_of(paper: DocumentDetail, *types: str) -> Step | None:
    """The last fact of one of these types."""
    return next((step for step in reversed(paper.history) if step.type in types), None)


def capacities(allowed: Mapping[str, frozenset[SigningCapacity]], office: str) -> tuple[str, ...]:
    """In which capacities he may sign papers of an office, in the order of the closed list."""
    held = allowed.get(office, frozenset()) | allowed.get("", frozenset())
    return tuple(capacity.value for capacity in SigningCapacity if capacity in held)


def page_of(about: str | None) -> str | None:
    """The address of the page of what a paper is about."""
    kind, _, name = (about or "").partition("-")
    if kind == "plan":
        return f"/plan/{name.rpartition('-')[2]}"
    room = {"case": "cases", "task": "tasks", "proposal": "proposals", "session": "sessions", "notice": "notices"}.get(kind)
    return f"/{room}/{about}" if room is not None else None


KINDS: Final = tuple(kind.value for kind in DocumentKind if kind is not DocumentKind.REPORT)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a book as it is shown: a line, or a run of numbers that nothing was entered under."""

    line: NumberLine | None
    gap: tuple[int, int] | None = None


def rows_of(page: RegisterPage) -> tuple[Row, ...]:
    """The lines of a book with the gaps between them, in the order of numbers."""
    rows = [Row(None, gap) for gap in page.gaps] + [Row(line) for line in page.lines]
    return tuple(sorted(rows, key=lambda row: row.gap[0] if row.gap is not None else row.line.number if row.line else 0))
