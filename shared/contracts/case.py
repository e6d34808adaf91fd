"""Stream `case-<opinion>`: an opinion's way through the office that answers it, from referral to its end."""

from datetime import datetime
from enum import StrEnum

from shared.contracts.due import Due
from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import EpisodeId, FieldKey, LocalityKey, Note, PersonId, StreamId, Text, UnitKey


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


class Means(StrEnum):
    """How an answer reached the speaker."""

    LETTER = "van_ban"
    IN_PERSON = "truc_tiep"
    ONLINE = "truc_tuyen"
    TELEPHONE = "dien_thoai"


@event("case.opened")
class CaseOpened:
    """A referred opinion stands with the office: nobody has it yet."""

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
    received_at: datetime
    words: Text
    hidden: bool


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
    """The approved answer reached the speaker."""

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
