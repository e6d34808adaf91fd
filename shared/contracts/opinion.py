"""Stream `opinion-<id>`: what intake decides about an opinion until it is referred (R4, R9, R47, R48)."""

from datetime import datetime
from enum import StrEnum

from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import (
    EpisodeId,
    FieldKey,
    Keyed,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    PersonId,
    StreamId,
    Text,
    UnitKey,
)


class SourceGroup(StrEnum):
    """Whose opinion it is."""

    INTERNAL = "noi_bo"
    PEOPLE = "nhan_dan"
    ORGANISATION = "to_chuc"


class Channel(StrEnum):
    """How it came in."""

    LETTER = "van_ban"
    IN_PERSON = "truc_tiep"
    TELEPHONE = "dien_thoai"
    ONLINE = "truc_tuyen"
    UNIT_SUMMARY = "tong_hop_don_vi"
    FEED = "he_thong"
    SESSION = "tai_doi_thoai"


class Kind(StrEnum):
    """What it is by content, not by its title (TT 05/2021)."""

    PROPOSAL = "kien_nghi"
    REPORT = "phan_anh"
    SUGGESTION = "gop_y"


class DivertedKind(StrEnum):
    """What the statutory procedures take instead."""

    COMPLAINT = "khieu_nai"
    DENUNCIATION = "to_cao"


class Flag(StrEnum):
    """Marks of a matter that must be settled for good (R5)."""

    COMPLEX = "phuc_tap"
    PRESSING = "buc_xuc"
    BACKLOG = "ton_dong"
    LONG_DRAWN = "keo_dai"


class RejectionReason(StrEnum):
    """Why an opinion is not taken up (domain brief §2)."""

    MISSING_DETAILS = "THIEU_THONG_TIN"
    UNCLEAR = "KHONG_RO_NOI_DUNG"
    ANONYMOUS = "NAC_DANH"
    REPEATED = "TRUNG"
    ALREADY_GUIDED = "DA_HUONG_DAN"
    FINAL_DECISION = "DA_CO_QD_CUOI_CUNG"
    OUTSIDE_COMPETENCE = "KHONG_THUOC_THAM_QUYEN"
    SESSION_RULES = "VI_PHAM_NOI_QUY"
    STATE_SECRET = "NGHI_BI_MAT_NHA_NUOC"


@event("opinion.received")
class OpinionReceived:
    """An opinion was handed in; `occurred_at` is when, by the office's word. Opens the first handling episode."""

    episode: EpisodeId
    office: UnitKey  # the office that holds the dialogue
    unit: UnitKey  # the unit that took it in
    local_id: LocalId
    content_key: Keyed  # keyed hash of what was handed in: the same local id with other content is seen without the words
    channel: Channel
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime  # the envelope's occurred time, which folds do not see
    words: Text
    speaker: PersonId | None
    speaker_name: PersonalText | None
    speaker_contact: PersonalText | None
    hidden: bool  # the speaker is not shown to peers (R12)
    receipt: PersonalText
    receipt_key: Keyed  # keyed hash of the receipt code, for look-up


@event("opinion.split_off")
class OpinionSplitOff:
    """A matter of a split opinion stands as an opinion of its own; it inherits the receipt, and the parent counts nowhere."""

    episode: EpisodeId
    parent: StreamId
    office: UnitKey
    unit: UnitKey
    channel: Channel
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    words: Text
    speaker: PersonId | None
    hidden: bool


@event("opinion.completion_requested")
class CompletionRequested:
    """The speaker was asked for what is missing."""

    asked: Note


@event("opinion.completed")
class OpinionCompleted:
    """What was missing came in: `words` is the whole opinion as completed."""

    words: Text


@event("opinion.classified")
class OpinionClassified:
    """Kind, one primary field, flags, and the due date the rule gives. Classifying again replaces the former."""

    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    due: Due


@event("opinion.rejected")
class OpinionRejected:
    """Not taken up, for a reason of the closed list; ends the episode (column D)."""

    episode: EpisodeId
    reason: RejectionReason
    note: Note | None


@event("opinion.forwarded")
class OpinionForwarded:
    """Outside the office's authority: sent to the body that has it; ends the episode (column E)."""

    episode: EpisodeId
    to: UnitKey
    note: Note | None


@event("opinion.diverted")
class OpinionDiverted:
    """A complaint or denunciation: goes to its statutory procedure (R47); ends the episode (column E)."""

    episode: EpisodeId
    kind: DivertedKind
    to: UnitKey


@event("opinion.merged")
class OpinionMerged:
    """The same matter as `into`, whose answer also goes to this submitter; ends the episode (column G)."""

    episode: EpisodeId
    into: StreamId


@event("opinion.submitter_added")
class SubmitterAdded:
    """Another opinion was merged into this one: its submitter gets this one's answer too."""

    merged: StreamId


@event("opinion.split")
class OpinionSplit:
    """Several matters in one paper: each lives on as an opinion of its own; the parent is counted nowhere."""

    episode: EpisodeId
    children: tuple[StreamId, ...]


@event("opinion.withdrawn")
class OpinionWithdrawn:
    """The speaker took it back; ends the episode (column F)."""

    episode: EpisodeId
    note: Note | None


@event("opinion.referred")
class OpinionReferred:
    """Handed over: from here on the assignment service decides. Carries all a case needs to open."""

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
