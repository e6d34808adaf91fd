"""What may be asked about a case, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from services.assignment.domain.task.commands import PEOPLE
from shared.contracts.case import Authority, Means
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import (
    Declared,
    DocumentNumber,
    EpisodeId,
    FieldKey,
    LocalityKey,
    Note,
    PostKey,
    StreamId,
    Text,
    UnitKey,
)

HEADS: Final = (Role.CHIEF, Role.DEPUTY)

HEAD_ONLY: Final = grants(Scope.OFFICE, Role.CHIEF)
JUDGES: Final = grants(Scope.OFFICE, Role.HUB, *HEADS)

OPEN_CASE: Final = action("open_case", grants(Scope.OFFICE, Role.SYSTEM))
ADD_SUBMITTER: Final = action("add_submitter", grants(Scope.OFFICE, Role.SYSTEM))
REMOVE_SUBMITTER: Final = action("remove_submitter", grants(Scope.OFFICE, Role.SYSTEM))
PROPOSE_ASSIGNMENT: Final = action("propose_assignment", grants(Scope.OFFICE, Role.HUB))
ASSIGN_CASE: Final = action("assign_case", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN))
SET_COORDINATION: Final = action("set_coordination", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN))
DIRECT_CASE: Final = action("direct_case", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN))
RECALL_CASE: Final = action("recall_case", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN))
SET_CASE_DUE: Final = action("set_case_due", HEAD_ONLY)
CONSULT_UNIT: Final = action("consult_unit", grants(Scope.LEAD, *PEOPLE), grants(Scope.OFFICE, Role.HUB))
GIVE_CONSULTATION: Final = action("give_consultation", grants(Scope.UNIT, *PEOPLE), grants(Scope.LEAD, *PEOPLE))
RECORD_PARTY_OPINION: Final = action("record_party_opinion", grants(Scope.OFFICE, Role.PARTY_COMMITTEE))
TAKE_ON_BOARD: Final = action("take_on_board", HEAD_ONLY)
RECLASSIFY_CASE: Final = action("reclassify_case", JUDGES)
REJECT_CASE: Final = action("reject_case", JUDGES)
QUARANTINE_CASE: Final = action("quarantine_case", JUDGES)
FORWARD_CASE: Final = action("forward_case", JUDGES)
DIVERT_CASE: Final = action("divert_case", JUDGES)
WITHDRAW_CASE: Final = action("withdraw_case", JUDGES, grants(Scope.OFFICE, Role.SYSTEM))
MERGE_CASE: Final = action("merge_case", JUDGES)
UNMERGE_CASE: Final = action("unmerge_case", JUDGES)
SPLIT_CASE: Final = action("split_case", JUDGES, grants(Scope.OFFICE, Role.SECRETARY))
SUBMIT_ANSWER: Final = action("submit_answer", grants(Scope.LEAD, *PEOPLE))
RETURN_ANSWER: Final = action("return_answer", grants(Scope.OFFICE, *HEADS, Role.CHAIRMAN))
APPROVE_ANSWER: Final = action("approve_answer", grants(Scope.OFFICE, *HEADS, Role.CHAIRMAN))
DELIVER_ANSWER: Final = action("deliver_answer", grants(Scope.LEAD, *PEOPLE), grants(Scope.OFFICE, Role.HUB, Role.REGISTRY))
CLOSE_CASE: Final = action("close_case", grants(Scope.OFFICE, Role.HUB, *HEADS))
DECLINE_REOPENING: Final = action("decline_reopening", grants(Scope.OFFICE, Role.HUB, *HEADS))
REOPEN_CASE: Final = action("reopen_case", grants(Scope.OFFICE, Role.HUB, *HEADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsInVault:
    """Words that were sealed when they were handed in: only their reference and digest travel."""

    ref: Annotated[str, Declared("vault reference", r"[0-9a-f]{32}", 32)]
    digest: Annotated[str, Declared("salted digest", r"[0-9a-f]{64}", 64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Take a referred opinion in as a case of its office; the house asks this itself when intake refers one."""

    case: StreamId
    opinion: StreamId
    episode: EpisodeId
    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    channel: Channel
    locality: LocalityKey | None
    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    due: Due
    concerns_units: tuple[UnitKey, ...]
    concerns_posts: tuple[PostKey, ...]
    received_at: datetime
    words: WordsInVault
    hidden: bool
    into: StreamId | None = None
    merged: tuple[StreamId, ...] = ()  # opinions, to whose submitters its answer goes too


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSubmitter:
    """Let its answer go to the submitter of another opinion too; the house asks this itself when intake has merged one."""

    case: StreamId
    merged: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSubmitter:
    """Let its answer no longer go there; the house asks this itself when intake has undone that merge."""

    case: StreamId
    merged: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAssignment:
    """Propose to the head whom he should give the case to (R35)."""

    case: StreamId
    lead: UnitKey
    coordinating: tuple[UnitKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatingUnit:
    """A unit that co-ordinates, and its own day; none: that of the case or conclusion."""

    unit: UnitKey
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase:
    """Give the case to one lead unit (R35), and to any number that co-ordinate; each gets its task with it."""

    case: StreamId
    lead: UnitKey
    authority: Authority = Authority.HEAD
    coordinating: tuple[CoordinatingUnit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCoordination:
    """Say anew which units co-ordinate; those that do no longer lose their task."""

    case: StreamId
    coordinating: tuple[CoordinatingUnit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectCase:
    """Direct how it is to be resolved (bút phê, R10, R14): it is due anew from now."""

    case: StreamId
    direction: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCase:
    """Take it back from its lead unit: given by mistake."""

    case: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCaseDue:
    """Order another day (invariant 8)."""

    case: StreamId
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultUnit:
    """Ask another unit's opinion, as a task of that unit."""

    case: StreamId
    unit: UnitKey
    question: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsultation:
    """Say what the unit asked has to say."""

    case: StreamId
    given: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPartyOpinion:
    """Record cấp ủy's opinion, a step in the fields where it leads (corrections)."""

    case: StreamId
    opinion: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOnBoard:
    """Accept a suggestion (R17): the head settles it without an answer in writing."""

    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassifyCase:
    """Say anew what it is and whom it is about; what is left out stays."""

    case: StreamId
    kind: Kind | None = None
    field: FieldKey | None = None
    flags: tuple[Flag, ...] | None = None
    concerns_units: tuple[UnitKey, ...] | None = None
    concerns_posts: tuple[PostKey, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCase:
    """Do not take it up after all, for a reason of the closed list."""

    case: StreamId
    reason: RejectionReason
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineCase:
    """Suspected of holding a state secret: erase all that it says, here and where it came in; keep a pointer to the paper."""

    case: StreamId
    paper: DocumentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardCase:
    """Send it to the body that has the authority."""

    case: StreamId
    to: UnitKey
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DivertCase:
    """Hand a complaint or denunciation to its statutory procedure (R47)."""

    case: StreamId
    kind: DivertedKind
    to: UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase:
    """Record that the speaker took it back."""

    case: StreamId
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCase:
    """Treat it as the same matter as another case, whose answer also goes to this submitter (invariant 3)."""

    case: StreamId
    into: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeCase:
    """Undo a merge that was an error."""

    case: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMatter:
    """One of the matters of a case that is split, in its own words."""

    words: Text
    field: FieldKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCase:
    """Let each matter live on as a case of its own, with the receipt and the due date of this one."""

    case: StreamId
    parts: tuple[SplitMatter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnswer:
    """Put the unit's draft to whoever approves it: the answer, and as needed solution, direction and legal basis (R34)."""

    case: StreamId
    answer: Text
    solution: Text | None = None
    direction: Text | None = None
    legal_basis: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnswer:
    """Send the draft back with what is to be changed."""

    case: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAnswer:
    """Let the draft stand."""

    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAnswer:
    """Record that the approved answer reached the speaker; this resolves the case."""

    case: StreamId
    means: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Put a resolved case away."""

    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReopening:
    """Decide against taking up again what somebody wants to be taken up again, with the reason."""

    case: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    """Take a resolved matter up again in a new episode, with its lead and a due date counted anew."""

    case: StreamId
    reason: Note
