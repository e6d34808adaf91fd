"""Stream `opinion-<id>`: what intake decides about an opinion until it is referred (R4, R9, R47, R48)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import (
    DocumentNumber,
    EpisodeId,
    FieldKey,
    Keyed,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    PersonId,
    PostKey,
    StreamId,
    Text,
    UnitKey,
    VaultRef,
)


def _about_nobody(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "concerns_units": [], "concerns_posts": []}


def _into_a_case_of_its_own(data: dict[str, Any]) -> dict[str, Any]:
    return {**_about_nobody(data), "into": None}


def _with_nothing_merged(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "merged": []}


# What stands in the place of a name, on lists and papers, where the speaker asked not to be shown (R12).
HIDDEN_SPEAKER: Final = "Người nêu ý kiến đề nghị giấu tên"


class SourceGroup(StrEnum):
    """Whose opinion it is."""

    INTERNAL = "noi_bo"
    PEOPLE = "nhan_dan"
    ORGANISATION = "to_chuc"


# How papers and reports call them.
SOURCE_LABELS: Final[Mapping[str, str]] = {
    SourceGroup.INTERNAL: "Nội bộ",
    SourceGroup.PEOPLE: "Nhân dân",
    SourceGroup.ORGANISATION: "Tổ chức",
}


class Channel(StrEnum):
    """How it came in."""

    LETTER = "van_ban"
    IN_PERSON = "truc_tiep"
    TELEPHONE = "dien_thoai"
    ONLINE = "truc_tuyen"
    UNIT_SUMMARY = "tong_hop_don_vi"
    FEED = "he_thong"
    SESSION = "tai_doi_thoai"
    REGISTER = "so_theo_doi"  # the office's own register tells of it, and does not say how it came in


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


def _at_an_unknown_time(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "at": None}


@event("opinion.completion_requested", version=2, upcasters={1: _at_an_unknown_time})
class CompletionRequested:
    """The speaker was asked for what is missing; from `at` on the clock stands still. Version 1 did not say when."""

    asked: Note
    at: datetime | None


@event("opinion.completed", version=2, upcasters={1: _at_an_unknown_time})
class OpinionCompleted:
    """What was missing came in: `words` is the whole opinion as completed. Version 1 did not say when."""

    words: Text
    at: datetime | None


@event("opinion.classified", version=2, upcasters={1: _about_nobody})
class OpinionClassified:
    """Kind, one primary field, flags, whom it is about, and the due date the rule gives. Classifying again replaces it.

    Version 1 named nobody.
    """

    kind: Kind
    field: FieldKey
    flags: tuple[Flag, ...]
    concerns_units: tuple[UnitKey, ...]  # in clear, because the rule against answering about oneself needs it (R16, R18)
    concerns_posts: tuple[PostKey, ...]
    due: Due


class Wish(StrEnum):
    """What the speaker, or whoever took the opinion in, wants of a matter that was referred."""

    WITHDRAW = "rut"
    REOPEN = "mo_lai"
    ADD = "bo_sung"


@event("opinion.due_set")
class OpinionDueSet:
    """The due date counted anew after the clock stood still for a completion: the working days that were left, from then."""

    episode: EpisodeId
    due: Due


@event("opinion.corrected")
class OpinionCorrected:
    """What was written down wrongly at receipt is put right; `corrects` is the version of the event it corrects."""

    corrects: int
    channel: Channel | None  # none: as it was, of each of these
    source_group: SourceGroup | None
    locality: LocalityKey | None
    words: Text | None
    reason: Note


@event("opinion.redacted")
class OpinionRedacted:
    """Personal data was taken out of the words: these replace them, and all it held before are erased in the vault."""

    words: Text
    former: tuple[VaultRef, ...]
    reason: Note


@event("opinion.quarantined")
class OpinionQuarantined:
    """Suspected of holding a state secret: the words are erased here, only a pointer to the paper is kept."""

    paper: DocumentNumber
    former: tuple[VaultRef, ...]


@event("opinion.unmerged")
class OpinionUnmerged:
    """The merge was an error and is void: the opinion goes on under its old due date."""

    episode: EpisodeId
    out_of: StreamId
    reason: Note


@event("opinion.submitter_removed")
class SubmitterRemoved:
    """A merge into this opinion was undone."""

    merged: StreamId


@event("opinion.wish_recorded")
class WishRecorded:
    """After referral: what is wanted of the matter; the assignment service decides about it."""

    case: StreamId
    office: UnitKey
    wish: Wish
    note: Note | None


@event("opinion.receipt_recorded")
class RaisedReceiptRecorded:
    """An opinion was raised in a session and born referred: intake only records its receipt and gives its code."""

    case: StreamId
    session: StreamId
    episode: EpisodeId
    office: UnitKey
    received_at: datetime
    receipt: PersonalText
    receipt_key: Keyed


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


@event("opinion.referred", version=3, upcasters={1: _into_a_case_of_its_own, 2: _with_nothing_merged})
class OpinionReferred:
    """Handed over: from here on the assignment service decides. Carries all a case needs to open.

    With `into` it is the same matter as that open case, and assignment merges it there. `merged` are the opinions whose
    submitters get its answer too; flags and whom it is about are those of all of them (R5, R16, invariant 3). Version 1 knew
    no `into` and named nobody, version 2 none that were merged.
    """

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
    words: Text
    hidden: bool
    into: StreamId | None  # a case
    merged: tuple[StreamId, ...]
