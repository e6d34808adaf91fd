"""Stream `case-<opinion>`: an opinion's way through the office that answers it, from referral to its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.contracts.due import Due
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import (
    DocumentNumber,
    EpisodeId,
    FieldKey,
    LocalityKey,
    Note,
    PersonId,
    PostKey,
    StreamId,
    Text,
    UnitKey,
)


class Authority(StrEnum):
    """In whose name work is given: the head of the office, or the Chairman."""

    HEAD = "CVP"
    CHAIRMAN = "CT"


class Resolution(StrEnum):
    """How an episode was resolved."""

    WRITTEN = "van_ban"
    ON_THE_SPOT = "tra_loi_tai_cho"
    TAKEN_ON_BOARD = "tiep_thu"
    DIRECTED = "giao_giai_quyet"


class DueBase(StrEnum):
    """Which fact a due date is counted from, or moved by (domain brief, corrections: due dates are set by rule)."""

    RECEIPT = "tiep_nhan"
    DIRECTION = "chi_dao"
    SESSION = "cuoc_doi_thoai"
    SESSION_CANCELLED = "huy_doi_thoai"
    CONCLUSION = "ket_luan"
    EXTENSION = "gia_han"
    CALENDAR = "lich_lam_viec"
    ORDER = "lenh_nguoi_dung_dau"  # the head ordered another day


class Means(StrEnum):
    """How an answer reached the speaker."""

    LETTER = "van_ban"
    IN_PERSON = "truc_tiep"
    ONLINE = "truc_tuyen"
    TELEPHONE = "dien_thoai"


def _about_nobody(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "concerns_units": [], "concerns_posts": [], "session": None}


@event("case.opened", version=2, upcasters={1: _about_nobody})
class CaseOpened:
    """A referred opinion, or one raised in a session, stands with the office: nobody has it yet.

    Version 1 named nobody and knew no sessions.
    """

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
    concerns_units: tuple[UnitKey, ...]
    concerns_posts: tuple[PostKey, ...]
    due: Due
    received_at: datetime
    words: Text
    hidden: bool
    session: StreamId | None  # where it was raised


@event("case.assigned")
class CaseAssigned:
    """The head gave the case to one lead unit of his own office (R35); the unit's task stands in the same append."""

    episode: EpisodeId
    lead: UnitKey
    authority: Authority
    task: StreamId
    due: Due


@event("case.handed_back")
class CaseHandedBack:
    """The lead unit returned its task for lack of competence: the case waits for a new assignment."""

    episode: EpisodeId
    lead: UnitKey
    task: StreamId
    reason: Note


@event("case.answer_submitted")
class AnswerSubmitted:
    """The lead unit put its answer to whoever approves it (R32, R34): four parts, the last three as needed."""

    episode: EpisodeId
    draft: int  # 1, 2, ... within the episode
    drafter: PersonId
    answer: Text
    solution: Text | None
    direction: Text | None
    legal_basis: Text | None


@event("case.answer_returned")
class AnswerReturned:
    """The draft goes back with what is to be changed."""

    episode: EpisodeId
    draft: int
    reviewer: PersonId
    reason: Note


@event("case.answer_approved")
class AnswerApproved:
    """The draft stands, by another person than its drafter (invariant 7)."""

    episode: EpisodeId
    draft: int
    reviewer: PersonId


@event("case.answer_delivered")
class AnswerDelivered:
    """The approved answer reached the speaker; with `draft` 0 what a notice concluded, which needs no draft (R38)."""

    episode: EpisodeId
    draft: int
    means: Means


@event("case.resolved")
class CaseResolved:
    """Ends the episode as settled (column I); in time when the local day of `occurred_at` is not after the due day in force."""

    episode: EpisodeId
    how: Resolution
    due: Due


@event("case.closed")
class CaseClosed:
    """Nothing more is to be done; counts nothing."""

    episode: EpisodeId


@event("case.reopened")
class CaseReopened:
    """A resolved matter is taken up again: a new episode (column B2) that inherits field and lead."""

    episode: EpisodeId  # the new one
    previous: EpisodeId
    reason: Note
    field: FieldKey
    lead: UnitKey | None
    task: StreamId | None  # the lead unit's new task, in the same append
    due: Due


@event("case.reopening_declined")
class ReopeningDeclined:
    """The office does not take the matter up again, though that was wanted; what has ended stays as it ended (year §4)."""

    episode: EpisodeId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """A co-ordinating unit with the task and the date of its own."""

    unit: UnitKey
    task: StreamId
    due: Due


@event("case.assignment_proposed")
class AssignmentProposed:
    """The hub proposes whom the head should give it to (R35); decides nothing."""

    episode: EpisodeId
    lead: UnitKey
    coordinating: tuple[UnitKey, ...]


@event("case.coordination_set")
class CoordinationSet:
    """These units co-ordinate (phối hợp), each with its own task in the same append; replaces the former list."""

    episode: EpisodeId
    coordinating: tuple[Coordination, ...]


@event("case.directed")
class CaseDirected:
    """The head's direction (bút phê): from now on the case is resolved only when its work is done and the answer delivered."""

    episode: EpisodeId
    author: PersonId
    authority: Authority
    direction: Note
    session: StreamId | None


@event("case.due_set")
class CaseDueSet:
    """The due date in force from now on, by rule from another fact, or moved as invariant 8 allows."""

    episode: EpisodeId
    base: DueBase
    due: Due


@event("case.recalled")
class CaseRecalled:
    """The head takes the case back from its lead unit, given by mistake: it waits for a new assignment."""

    episode: EpisodeId
    lead: UnitKey
    task: StreamId
    reason: Note


@event("case.transferred")
class CaseTransferred:
    """Another unit leads: same case, episode, history, task and due date (invariants 8, 9)."""

    episode: EpisodeId
    former: UnitKey
    lead: UnitKey
    basis: DocumentNumber | None
    succession: UnitKey | None  # the unit whose succession moved it; none: a head's order


@event("case.consulted")
class CaseConsulted:
    """The lead unit asks another unit's opinion, as a task of that unit."""

    episode: EpisodeId
    unit: UnitKey
    task: StreamId
    question: Note
    due: Due


@event("case.consultation_given")
class ConsultationGiven:
    """What the unit asked has to say."""

    episode: EpisodeId
    unit: UnitKey
    task: StreamId
    given: Note


@event("case.consultation_moved")
class ConsultationMoved:
    """Another unit holds the task by which an opinion was asked: it is the one that gives it, and sees the case for that."""

    episode: EpisodeId
    task: StreamId
    former: UnitKey
    unit: UnitKey


@event("case.party_opinion_recorded")
class PartyOpinionRecorded:
    """Cấp ủy's opinion on an answer in the fields where it leads (N4, N8, N10-N12)."""

    episode: EpisodeId
    opinion: Note


@event("case.reclassified")
class CaseReclassified:
    """After referral: kind, field, flags or whom it is about are other than was thought; replaces all of them."""

    episode: EpisodeId
    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    concerns_units: tuple[UnitKey, ...]
    concerns_posts: tuple[PostKey, ...]


@event("case.rejected")
class CaseRejected:
    """Not taken up after all; ends the episode (column D)."""

    episode: EpisodeId
    reason: RejectionReason
    note: Note | None


@event("case.quarantined")
class CaseQuarantined:
    """Suspected of holding a state secret: all that it says is erased, and only a pointer to the paper is kept.

    `opinion` is the one that it came from, whose words go too. An open episode ends rejected, in the same append.
    """

    episode: EpisodeId
    office: UnitKey
    opinion: StreamId
    paper: DocumentNumber


@event("case.forwarded")
class CaseForwarded:
    """Outside the office's authority after all; ends the episode (column E)."""

    episode: EpisodeId
    to: UnitKey
    note: Note | None


@event("case.diverted")
class CaseDiverted:
    """A complaint or denunciation after all; ends the episode (column E)."""

    episode: EpisodeId
    kind: DivertedKind
    to: UnitKey


@event("case.withdrawn")
class CaseWithdrawn:
    """The speaker took it back; ends the episode (column F)."""

    episode: EpisodeId
    note: Note | None


@event("case.merged")
class CaseMerged:
    """The same matter as the case `into`, whose answer also goes to this submitter; ends the episode (column G)."""

    episode: EpisodeId
    into: StreamId


@event("case.unmerged")
class CaseUnmerged:
    """The merge was an error and is void: the episode goes on under its old due date."""

    episode: EpisodeId
    out_of: StreamId
    reason: Note


@event("case.submitter_added")
class CaseSubmitterAdded:
    """Another case was merged into this one."""

    merged: StreamId


@event("case.submitter_removed")
class CaseSubmitterRemoved:
    """A merge into this case was undone."""

    merged: StreamId


@event("case.split")
class CaseSplit:
    """Several matters: each lives on as a case of its own; the parent is counted nowhere."""

    episode: EpisodeId
    children: tuple[StreamId, ...]


def _of_its_session(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "dialogue": data["session"]}


@event("case.split_off", version=2, upcasters={1: _of_its_session})
class CaseSplitOff:
    """A matter of a split case stands as a case of its own; inherits receipt, due date and classification.

    Version 1 knew no dialogue but the one that it is put to.
    """

    opinion: StreamId  # the parent's
    parent: StreamId
    episode: EpisodeId
    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    channel: Channel
    locality: LocalityKey | None
    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    concerns_units: tuple[UnitKey, ...]
    concerns_posts: tuple[PostKey, ...]
    due: Due
    received_at: datetime
    words: Text
    hidden: bool
    session: StreamId | None  # what it is put to
    dialogue: StreamId | None  # the same, or what its matter was put to in an episode before: whose matter it is


@event("case.linked")
class CaseLinked:
    """Put to a dialogue session; at most one at a time."""

    episode: EpisodeId
    session: StreamId


@event("case.unlinked")
class CaseUnlinked:
    """No longer put to that session."""

    episode: EpisodeId
    session: StreamId


@event("case.concluded")
class CaseConcluded:
    """An item of an issued notice concludes it, with a task where it directs work. A flagged case closes only after this (R5)."""

    episode: EpisodeId
    notice: StreamId
    item: int
    unit: UnitKey | None
    task: StreamId | None


@event("case.carried_out")
class CaseCarriedOut:
    """A task that carries out its conclusion was completed."""

    episode: EpisodeId
    task: StreamId
