"""What may be asked about a meeting, and by whom."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.meeting import MeetingBody, MeetingKind
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Note, StreamId, UnitKey

KEEPERS: Final = grants(Scope.OFFICE, Role.HUB, Role.CHIEF, Role.DEPUTY, Role.SECRETARY)

SCHEDULE_MEETING: Final = action("schedule_meeting", KEEPERS)
SCHEDULE_MEETINGS: Final = action("schedule_meetings", KEEPERS)
MOVE_MEETING: Final = action("move_meeting", KEEPERS)
HOLD_MEETING: Final = action("hold_meeting", KEEPERS)
CANCEL_MEETING: Final = action("cancel_meeting", KEEPERS)


class Every(StrEnum):
    """How often a series is held."""

    WEEK = "tuan"
    MONTH = "thang"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeeting:
    """Put a conference or briefing of one of the two bodies into the calendar (R23)."""

    office: UnitKey
    kind: MeetingKind
    body: MeetingBody
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeetings:
    """Put a whole series in: every week on the weekday of `first`, or every month on its day, up to `last`.

    A day that is not worked moves to the next one that is.
    """

    office: UnitKey
    kind: MeetingKind
    body: MeetingBody
    every: Every
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting:
    """Hold it on another day."""

    meeting: StreamId
    on: date
    reason: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMeeting:
    """Record that it took place."""

    meeting: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Record that it does not take place."""

    meeting: StreamId
    reason: Note
