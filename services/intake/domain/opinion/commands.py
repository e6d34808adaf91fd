"""What may be asked about an opinion before it is referred, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup, Wish
from shared.contracts.opinion_register import RegisterOutcome
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import (
    Declared,
    DocumentNumber,
    EpisodeId,
    FieldKey,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    PostKey,
    PublicName,
    StreamId,
    Text,
    UnitKey,
)

COLLECTORS: Final = (
    Role.FEEDER,
    Role.REGISTRY,
    Role.HUB,
    Role.UNIT_LEADER,
    Role.UNIT_DEPUTY,
    Role.SPECIALIST,
    Role.MASS_ORGANISATION,
)
HUB_OF_OFFICE: Final = grants(Scope.OFFICE, Role.HUB)
# Whoever hands something in himself, and later whoever holds its receipt (R8): nobody signs in for that.
ONE_S_OWN: Final = grants(Scope.SELF, Role.CITIZEN)

RECEIVE_OPINION: Final = action("receive_opinion", grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
REQUEST_COMPLETION: Final = action("request_completion", HUB_OF_OFFICE)
COMPLETE_OPINION: Final = action("complete_opinion", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
CLASSIFY_OPINION: Final = action("classify_opinion", HUB_OF_OFFICE)
REJECT_OPINION: Final = action("reject_opinion", grants(Scope.OFFICE, Role.HUB, Role.CHIEF))
FORWARD_OPINION: Final = action("forward_opinion", HUB_OF_OFFICE)
DIVERT_OPINION: Final = action("divert_opinion", HUB_OF_OFFICE)
MERGE_OPINION: Final = action("merge_opinion", HUB_OF_OFFICE)
SPLIT_OPINION: Final = action("split_opinion", HUB_OF_OFFICE)
WITHDRAW_OPINION: Final = action("withdraw_opinion", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
REFER_OPINION: Final = action("refer_opinion", HUB_OF_OFFICE)
UNMERGE_OPINION: Final = action("unmerge_opinion", HUB_OF_OFFICE)
CORRECT_OPINION: Final = action("correct_opinion", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS))
REDACT_OPINION: Final = action("redact_opinion", HUB_OF_OFFICE)
QUARANTINE_OPINION: Final = action("quarantine_opinion", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS))
RECORD_QUARANTINE: Final = action("record_quarantine", grants(Scope.OFFICE, Role.SYSTEM))
RECORD_WISH: Final = action("record_wish", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
REVISE_OPINION_DUE: Final = action("revise_opinion_due", grants(Scope.OFFICE, Role.SYSTEM))
RECORD_RAISED_RECEIPT: Final = action("record_raised_receipt", grants(Scope.OFFICE, Role.SYSTEM))
RECORD_REGISTER_ROW: Final = action("record_register_row", grants(Scope.OFFICE, Role.HUB, Role.REGISTRY))
# What stands in the first column: a number, with its year or without.
RowNumber = Annotated[str, Declared("number of a register's row", r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}(/[0-9]{4})?", 45)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveOpinion:
    """Take in an opinion for an office that holds dialogues (R4), under the unit's own id: handed in again, it is the same."""

    office: UnitKey
    channel: Channel
    source_group: SourceGroup
    words: Text
    local_id: LocalId | None = None
    locality: LocalityKey | None = None
    speaker_name: PersonalText | None = None
    speaker_contact: PersonalText | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCompletion:
    """Ask the speaker for what is missing."""

    opinion: StreamId
    asked: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteOpinion:
    """Record the whole opinion as the speaker completed it."""

    opinion: StreamId
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyOpinion:
    """State by content what it is, with one primary field; the due date follows by rule."""

    opinion: StreamId
    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...] = ()
    concerns_units: tuple[UnitKey, ...] = ()
    concerns_posts: tuple[PostKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectOpinion:
    """Do not take it up, for a reason of the closed list."""

    opinion: StreamId
    reason: RejectionReason
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardOpinion:
    """Send it to the body outside the office that has the authority."""

    opinion: StreamId
    to: UnitKey
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DivertOpinion:
    """Hand a complaint or denunciation to its statutory procedure (R47)."""

    opinion: StreamId
    kind: DivertedKind
    to: UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOpinion:
    """Treat it as the same matter as another opinion of the office, whose answer also goes to this submitter."""

    opinion: StreamId
    into: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One of the matters of an opinion that is split, in its own words."""

    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOpinion:
    """Let each matter live on as an opinion of its own."""

    opinion: StreamId
    parts: tuple[Matter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpinion:
    """Record that the speaker took it back."""

    opinion: StreamId
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferOpinion:
    """Hand a classified opinion over to the assignment service; `into` names the open case that it is a duplicate of."""

    opinion: StreamId
    into: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeOpinion:
    """Undo a merge that was an error: the opinion goes on as it stood, under its old due date."""

    opinion: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOpinion:
    """Put right what was written down wrongly at receipt; what is left out stays.

    Words put right stay in the vault, as a correction hides nothing (invariant 12); where they must go, redact it.
    """

    opinion: StreamId
    reason: Note
    channel: Channel | None = None
    source_group: SourceGroup | None = None
    locality: LocalityKey | None = None
    words: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactOpinion:
    """Take personal data out of the words; all it held before, and the words it was split off, are erased in the vault."""

    opinion: StreamId
    words: Text
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineOpinion:
    """Suspected of holding a state secret: erase the words here and keep a pointer to the paper only."""

    opinion: StreamId
    paper: DocumentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuarantine:
    """After referral the suspicion was found to be so of its case: the words go here too; the house asks this itself."""

    opinion: StreamId
    paper: DocumentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWish:
    """After referral, pass on what is wanted of the matter: withdraw, reopen, add to it."""

    opinion: StreamId
    wish: Wish
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRaisedReceipt:
    """Give a receipt to what was raised in a session; the house asks this itself."""

    opinion: StreamId
    case: StreamId
    session: StreamId
    episode: EpisodeId
    office: UnitKey
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseOpinionDue:
    """Count its due date by the calendar in force, never into the past; the house asks this itself."""

    opinion: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRegisterRow:
    """Record what a row of the office's own register states, all of it and nothing else; again, only what reads otherwise.

    Field, lead and locality are named as people write them: by key, code or name, with diacritics or without.
    """

    office: UnitKey
    number: RowNumber
    received: date
    source_group: SourceGroup
    words: Text
    speaker_name: PersonalText | None = None
    speaker_contact: PersonalText | None = None
    locality: PublicName | None = None
    field: PublicName | None = None
    lead: PublicName | None = None
    due: date | None = None
    outcome: RegisterOutcome = RegisterOutcome.OPEN
    ended: date | None = None
    into: RowNumber | None = None
    reopened: date | None = None
    reopened_due: date | None = None
    resolved_again: date | None = None
    note: Note | None = None
