"""Streams `session-<id>` and `item-<id>`: a dialogue from its proposal to its closing, and what is raised in the room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from shared.contracts.opinion import DivertedKind, Kind, RejectionReason, SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import Code, EpisodeId, FieldKey, Note, PersonalText, PersonId, PublicName, StreamId, Text, UnitKey


class Track(StrEnum):
    """Whose dialogue, and with whom."""

    STAFF = "A1"  # the head of the office with staff
    PEOPLE = "A2"  # the head of the office with the people
    CHAIRMAN = "B"  # the Chairman of the province with the people


# With whom it is held, as papers and reports say it, after "đối thoại với".
AUDIENCES: Final[Mapping[Track, str]] = {
    Track.STAFF: "công chức, viên chức, người lao động",
    Track.PEOPLE: "Nhân dân",
    Track.CHAIRMAN: "Nhân dân",
}


class Trigger(StrEnum):
    """Why the head holds it (R21-R23); Track B has none."""

    ON_REQUEST = "theo_yeu_cau"
    AD_HOC = "dot_xuat"
    PERIODIC = "dinh_ky"


# How papers and reports call such a dialogue, after "cuộc đối thoại".
TRIGGER_LABELS: Final[Mapping[Trigger, str]] = {
    Trigger.PERIODIC: "định kỳ",
    Trigger.AD_HOC: "đột xuất",
    Trigger.ON_REQUEST: "trực tiếp theo yêu cầu",
}


class Mode(StrEnum):
    """How it is held (R24)."""

    IN_PERSON = "gap_mat"
    ONLINE = "truc_tuyen"
    HYBRID = "ket_hop"


class Origin(StrEnum):
    """Where it comes from: decides column (1) or (2) of Biểu 01."""

    PLAN = "ke_hoach"
    RECURRENCE = "dinh_ky_lap"
    REQUEST = "yeu_cau"
    PROPOSAL = "de_xuat"
    ARISEN = "phat_sinh"


class AgendaKind(StrEnum):
    """What stands on the programme beside opinions (R3, R15)."""

    POLICY = "thong_tin_chu_truong"
    PUBLIC_CONCERN = "van_de_du_luan_quan_tam"


class Outcome(StrEnum):
    """What became of an opinion in the session, one each."""

    ANSWERED = "tra_loi_tai_cho"
    TAKEN_ON_BOARD = "tiep_thu"
    DIRECTED = "giao_giai_quyet"
    NOT_ACCEPTED = "khong_tiep_nhan"
    PASSED_ON = "chuyen"
    MERGED = "gop"
    WITHDRAWN = "rut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How many of one group were there."""

    group: SourceGroup
    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FromUnit:
    """How many of a unit's people were there."""

    unit: UnitKey
    heads: int


@event("session.proposed")
class SessionProposed:
    """A dialogue is to be held. `scheduled` is the day first fixed: its period in Biểu 01."""

    office: UnitKey
    track: Track
    trigger: Trigger | None
    mode: Mode
    origin: Origin
    scheduled: date
    meeting: StreamId | None  # what a periodic one is tied to
    short_form: bool  # at a briefing: no programme, no announcement
    field: FieldKey | None
    topic: Note | None
    requests: tuple[StreamId, ...]
    proposals: tuple[StreamId, ...]


@event("session.programme_approved")
class ProgrammeApproved:
    """The programme stands; `document` is its paper, if one was made. Approving again amends it."""

    version: int
    by: PersonId
    document: StreamId | None
    note: Note | None


@event("session.arranged")
class SessionArranged:
    """Where it is held and who writes its minutes, as far as it is settled (R9, R28); said again, it replaces the former."""

    place: PublicName | None  # the room, as programme, invitation and minutes name it
    secretary: PersonId | None


@event("session.announced")
class SessionAnnounced:
    """Those concerned know the day, at least 7 days ahead except for an ad-hoc one."""

    on: date
    invitation: StreamId | None


@event("session.case_linked")
class SessionCaseLinked:
    """A case is put to the session beforehand; `case.linked` stands in the same append."""

    case: StreamId
    episode: EpisodeId


@event("session.case_unlinked")
class SessionCaseUnlinked:
    """It is not put there after all."""

    case: StreamId
    episode: EpisodeId


@event("session.request_linked")
class SessionRequestLinked:
    """Another request for dialogue is met by this session."""

    request: StreamId


@event("session.attendance_assigned")
class AttendanceAssigned:
    """A unit and its people are to attend (R33), as a task of the unit."""

    unit: UnitKey
    people: tuple[PersonId, ...]
    task: StreamId


@event("session.answers_reported")
class AnswersReported:
    """The answers to all linked opinions lie before whoever holds the dialogue (R36)."""

    cases: tuple[StreamId, ...]


@event("session.readiness_waived")
class ReadinessWaived:
    """The head opens it without the answers, with his reason."""

    by: PersonId
    reason: Note


@event("session.opened")
class SessionOpened:
    """It began."""


@event("session.agenda_presented")
class AgendaPresented:
    """Something was presented that needs no opinion."""

    kind: AgendaKind
    content: Note


@event("session.item_raised")
class SessionItemRaised:
    """An opinion was raised in the room; `item.raised` and `case.opened` stand in the same append."""

    item: StreamId
    case: StreamId
    episode: EpisodeId


@event("session.item_split")
class SessionItemSplit:
    """An item turned out to be several matters: its parts take its place."""

    case: StreamId
    children: tuple[StreamId, ...]


@event("session.outcome_recorded")
class OutcomeRecorded:
    """What became of an opinion; recorded again before the session is held, it replaces the former."""

    case: StreamId
    episode: EpisodeId
    outcome: Outcome
    reason: RejectionReason | None  # of not accepted
    to: UnitKey | None  # of passed on
    diverted: DivertedKind | None  # of passed on to a statutory procedure
    into: StreamId | None  # of merged: a case
    answer: Text | None  # what was said on the spot
    direction: Note | None  # of directed


def _of_no_unit(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "units": []}


@event("session.attendance_recorded", version=2, upcasters={1: _of_no_unit})
class AttendanceRecorded:
    """Who was there, counted by group, and of them by unit (R33); recorded again, it replaces the former.

    Version 1 named no units.
    """

    present: tuple[Present, ...]
    units: tuple[FromUnit, ...]


@event("session.held")
class SessionHeld:
    """It ended: every opinion has its outcome, and each ending stands in the same append."""


@event("session.minutes_signed")
class MinutesSigned:
    """The minutes list every opinion with its outcome (R9)."""

    document: StreamId | None
    cases: tuple[StreamId, ...]


@event("session.concluded")
class SessionConcluded:
    """Its conclusions were issued: by a notice of its own, or as a line in the notice of its briefing."""

    notice: StreamId | None
    meeting: StreamId | None


@event("session.postponed")
class SessionPostponed:
    """It is held later; `to` once the day is known."""

    to: date | None
    reason: Note


@event("session.cancelled")
class SessionCancelled:
    """It is not held."""

    reason: Note


@event("session.closed")
class SessionClosed:
    """Nothing of it is open any more."""


def _name_not_kept(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "speaker_name": None}


@event("item.raised", version=2, upcasters={1: _name_not_kept})
class ItemRaised:
    """What was said in the room, born referred: intake records its receipt and gives its code.

    Version 1 did not keep who said it.
    """

    session: StreamId
    case: StreamId
    opinion: StreamId
    episode: EpisodeId
    office: UnitKey
    source_group: SourceGroup
    kind: Kind
    field: FieldKey
    words: Text
    speaker: PersonId | None
    speaker_name: PersonalText | None
    hidden: bool
    agenda: Code | None
