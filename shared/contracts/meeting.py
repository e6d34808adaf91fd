"""Stream `meeting-<id>`: the conferences and briefings that dialogues are tied to (R23)."""

from datetime import date
from enum import StrEnum

from shared.contracts.registry import event
from shared.contracts.types import Note, StreamId, UnitKey


class MeetingKind(StrEnum):
    """What is held."""

    YEAR_END = "tong_ket_trien_khai"
    STAFF_CONFERENCE = "hoi_nghi_ccvc"
    DOCUMENT_STUDY = "quan_triet_van_ban"
    WEEKLY_BRIEFING = "giao_ban_tuan"
    MONTHLY_BRIEFING = "giao_ban_thang"
    OTHER_CONFERENCE = "hoi_nghi_khac"


class MeetingBody(StrEnum):
    """Whose meeting it is."""

    LEADERSHIP = "lanh_dao_van_phong"
    OFFICE = "van_phong"


@event("meeting.scheduled")
class MeetingScheduled:
    """It stands in the calendar of the office."""

    office: UnitKey
    kind: MeetingKind
    body: MeetingBody
    on: date
    series: StreamId | None  # the first meeting of the series it was made in


@event("meeting.moved")
class MeetingMoved:
    """It is held on another day."""

    on: date
    reason: Note | None


@event("meeting.held")
class MeetingHeld:
    """It took place."""


@event("meeting.cancelled")
class MeetingCancelled:
    """It does not take place."""

    reason: Note
