"""What may be asked about a task, and by whom."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.case import Authority
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.task import Rung, TaskType
from shared.contracts.types import Digest, DocumentNumber, Note, PersonId, StreamId, UnitKey

# A post can be a unit (CVP): its holder leads it. Divisions' and mass organisations' people act in their own capacities.
LEADERS: Final = (Role.UNIT_LEADER, Role.CHIEF, Role.DEPUTY)
PEOPLE: Final = (
    *LEADERS,
    Role.UNIT_DEPUTY,
    Role.SPECIALIST,
    Role.HUB,
    Role.CONTENT_DIVISION,
    Role.MASS_ORGANISATION,
    Role.PARTY_COMMITTEE,
    Role.PROPOSER,
)
HEADS: Final = (Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN)
URGERS: Final = (Role.HUB, *HEADS)

ACCEPT_TASK: Final = action("accept_task", grants(Scope.LEAD, *PEOPLE, Role.APPRAISER))
RETURN_TASK: Final = action("return_task", grants(Scope.LEAD, *LEADERS, Role.PROPOSER))
DELEGATE_TASK: Final = action("delegate_task", grants(Scope.LEAD, *LEADERS, Role.PROPOSER))
ADD_PROOF: Final = action("add_proof", grants(Scope.LEAD, *PEOPLE))
SUBMIT_TASK: Final = action("submit_task", grants(Scope.LEAD, *PEOPLE))
REQUEST_REVISION: Final = action("request_revision", grants(Scope.OFFICE, Role.HUB, *HEADS))
COMPLETE_TASK: Final = action("complete_task", grants(Scope.OFFICE, Role.HUB, *HEADS, Role.SYSTEM))
REQUEST_EXTENSION: Final = action("request_extension", grants(Scope.LEAD, *PEOPLE))
GRANT_EXTENSION: Final = action("grant_extension", grants(Scope.OFFICE, *HEADS))
REFUSE_EXTENSION: Final = action("refuse_extension", grants(Scope.OFFICE, *HEADS))
REMIND_TASK: Final = action("remind_task", grants(Scope.OFFICE, Role.SYSTEM, Role.HUB))
URGE_TASK: Final = action("urge_task", grants(Scope.OFFICE, *URGERS))
ESCALATE_TASK: Final = action("escalate_task", grants(Scope.OFFICE, *URGERS))
CANCEL_TASK: Final = action("cancel_task", grants(Scope.OFFICE, *HEADS))
RECALL_TASK: Final = action("recall_task", grants(Scope.OFFICE, *HEADS))
# By the deputy what leads no case (R35): such work the handler shows as of the asker's unit.
TRANSFER_TASK: Final = action(
    "transfer_task", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN, Role.SYSTEM), grants(Scope.UNIT, Role.DEPUTY)
)
GIVE_TASK: Final = action("give_task", grants(Scope.OFFICE, Role.SYSTEM, *HEADS))
SETTLE_TASK: Final = action("settle_task", grants(Scope.OFFICE, Role.SYSTEM))
NOTICE_OVERDUE: Final = action("notice_overdue", grants(Scope.OFFICE, Role.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTask:
    """Take the work for the unit."""

    task: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTask:
    """Hand the work back because it is not this unit's to do; a case waits for another lead."""

    task: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateTask:
    """Give the work to a person of the unit (R32, R33)."""

    task: StreamId
    to: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProof:
    """Add what shows that the work was done: a file, or heads reached and the day (R29)."""

    task: StreamId
    file: Digest | None = None
    reached: int | None = None
    on: date | None = None
    result: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitTask:
    """Put the result forward, for the unit; answers go with their draft."""

    task: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRevision:
    """Send the result back with what is to be changed."""

    task: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """Confirm that the work is done, by another person than who put it forward (invariant 7)."""

    task: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtension:
    """Ask for more time."""

    task: StreamId
    until: date
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExtension:
    """Move the due date to the day that was asked for, or to another one (invariant 8)."""

    task: StreamId
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseExtension:
    """Leave the due date where it is."""

    task: StreamId
    reason: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindTask:
    """Remind the unit before the day; the house asks this itself."""

    task: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeTask:
    """Urge the unit in writing after the day (R39)."""

    task: StreamId
    letter: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateTask:
    """Put the delay before a higher rung of the ladder: specialist, unit leader, deputy in charge, Chief (R39)."""

    task: StreamId
    to: Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTask:
    """End work that belongs to no case: it is no longer needed."""

    task: StreamId
    reason: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallTask:
    """Take back work that belongs to no case: it was given by mistake."""

    task: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTask:
    """Let another unit hold the same task, with its history and due date (invariant 9)."""

    task: StreamId
    to: UnitKey
    basis: DocumentNumber | None = None
    due: date | None = None  # if it is stated, the one in force


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTask:
    """Give a unit of the office work that belongs to no case."""

    type: TaskType
    unit: UnitKey
    office: UnitKey
    about: StreamId
    due: date
    authority: Authority = Authority.HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTask:
    """End work whose own fact shows that it is done, such as a unit's list handed in; the house asks this itself."""

    type: TaskType
    about: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOverdue:
    """Note once that the day has passed; the house asks this itself."""

    task: StreamId
