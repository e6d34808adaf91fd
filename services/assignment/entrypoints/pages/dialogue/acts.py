"""What can be done about dialogues, meetings and requests from their pages, and which values each act asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.assignment.domain.case import refusals as case_rules
from services.assignment.domain.meeting import commands as of_meeting
from services.assignment.domain.meeting import refusals as meeting_rules
from services.assignment.domain.request import commands as of_request
from services.assignment.domain.request import refusals as request_rules
from services.assignment.domain.session import commands as of_session
from services.assignment.domain.session import refusals as session_rules
from shared.contracts.meeting import MeetingBody, MeetingKind
from shared.contracts.opinion import DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.refusals import Refused
from shared.contracts.session import AgendaKind, Mode, Outcome, Track, Trigger
from shared.web.acts import Act, Asks, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSession(Act):
    """What can be done about a dialogue; `tab`: on which of its pages."""

    on: str = "session"
    tab: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMeeting(Act):
    """What can be done about a meeting."""

    on: str = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRequest(Act):
    """What can be done about a request for dialogue."""

    on: str = "request"


REASON: Final = Field("reason", Asks.TEXT)
PROGRAMME: Final = "programme"
PEOPLE: Final = "people"
PAPERS: Final = "papers"
ROOM: Final = "room"
NOTE: Final = Field("note", Asks.TEXT, required=False)
# An opinion that is raised is one of those whom the dialogue hears.
GROUPS: Final[Mapping[Track, tuple[SourceGroup, ...]]] = {
    Track.STAFF: (SourceGroup.INTERNAL,),
    Track.PEOPLE: (SourceGroup.PEOPLE, SourceGroup.ORGANISATION),
    Track.CHAIRMAN: tuple(SourceGroup),
}

PROPOSE: Final = Act(
    command=of_session.ProposeSession,
    fields=(
        Field("track", Asks.CHOICE, choices=tuple(Track)),
        Field("trigger", Asks.ONE, required=False, choices=tuple(Trigger)),
        Field("scheduled", Asks.DAY),
        Field("mode", Asks.CHOICE, choices=tuple(Mode)),
        Field("meeting", Asks.ONE, required=False),
        Field("short_form", Asks.YES, required=False),
        Field("field", Asks.ONE, required=False),
        Field("topic", Asks.TEXT, required=False),
        Field("requests", Asks.MANY, required=False),
        Field("proposals", Asks.MANY, required=False),
        Field("planned.number", Asks.ONE, required=False),
    ),
)


def raising(track: Track) -> OnSession:
    """The form of an opinion in the room: whose it can be depends on the dialogue."""
    return OnSession(
        command=of_session.RaiseItem,
        tab=ROOM,
        key="n",
        fields=(
            Field("words", Asks.TEXT, longest=4_000),
            Field("kind", Asks.CHOICE, choices=tuple(Kind)),
            Field("field", Asks.ONE),
            *(Field("source_group", Asks.CHOICE, choices=groups) for groups in (GROUPS[track],) if len(groups) > 1),
            Field("speaker_name", Asks.LINE, required=False, longest=200),
            Field("hidden", Asks.YES, required=False),
            Field("flags", Asks.MANY, required=False, choices=tuple(Flag)),
            Field("concerns_units", Asks.MANY, required=False),
            *(() if track is Track.STAFF else (Field("locality", Asks.ONE, required=False),)),
        ),
    )


# In the order in which they come first where several can be done.
SESSION_ACTS: Final[tuple[OnSession, ...]] = (
    OnSession(command=of_session.OpenSession),
    OnSession(command=of_session.ReportAnswers),
    OnSession(command=of_session.WaiveReadiness, fields=(REASON,), apart=True),
    OnSession(command=of_session.LinkCase, fields=(Field("case", Asks.ONE),), apart=True),
    OnSession(command=of_session.UnlinkCase, fields=(Field("case", Asks.ONE),), apart=True),
    OnSession(command=of_session.ApproveProgramme, tab=PROGRAMME, fields=(Field("document", Asks.ONE, required=False), NOTE)),
    OnSession(
        command=of_session.ArrangeSession,
        tab=PROGRAMME,
        fields=(Field("place", Asks.LINE, required=False, longest=200), Field("secretary", Asks.ONE, required=False)),
        apart=True,
    ),
    OnSession(command=of_session.AnnounceSession, tab=PROGRAMME, fields=(Field("invitation", Asks.ONE, required=False),)),
    OnSession(
        command=of_session.PostponeSession, tab=PROGRAMME, fields=(Field("to", Asks.DAY, required=False), REASON), apart=True
    ),
    OnSession(command=of_session.CancelSession, tab=PROGRAMME, fields=(REASON,), apart=True),
    OnSession(
        command=of_session.AssignAttendance,
        tab=PEOPLE,
        fields=(Field("unit", Asks.ONE), Field("people", Asks.MANY, required=False)),
        apart=True,
    ),
    OnSession(
        command=of_session.RecordOutcome,
        tab=ROOM,
        fields=(
            Field("case", Asks.FIXED),
            Field("outcome", Asks.CHOICE, choices=tuple(Outcome)),
            Field("answer", Asks.TEXT, required=False),
            Field("direction", Asks.TEXT, required=False),
            Field("reason", Asks.ONE, required=False, choices=tuple(RejectionReason)),
            Field("to", Asks.ONE, required=False),
            Field("diverted", Asks.CHOICE, required=False, choices=tuple(DivertedKind)),
            Field("into", Asks.ONE, required=False),
        ),
    ),
    OnSession(
        command=of_session.RecordAttendance,
        tab=ROOM,
        fields=(
            Field(
                "present", Asks.TABLE, of=(Field("group", Asks.FIXED, choices=tuple(SourceGroup)), Field("heads", Asks.NUMBER))
            ),
            Field("units", Asks.TABLE, required=False, of=(Field("unit", Asks.FIXED), Field("heads", Asks.NUMBER))),
        ),
        apart=True,
    ),
    OnSession(command=of_session.HoldSession, tab=ROOM),
    OnSession(
        command=of_session.PresentAgenda,
        tab=ROOM,
        fields=(Field("kind", Asks.CHOICE, choices=tuple(AgendaKind)), Field("content", Asks.TEXT)),
        apart=True,
    ),
    OnSession(command=of_session.SignMinutes, tab=PAPERS, fields=(Field("document", Asks.ONE, required=False),)),
    OnSession(command=of_session.ConcludeInMeeting, tab=PAPERS),
    OnSession(command=of_session.CloseSession, tab=PAPERS),
)
SCHEDULE: Final = Act(
    command=of_meeting.ScheduleMeeting,
    fields=(
        Field("kind", Asks.CHOICE, choices=tuple(MeetingKind)),
        Field("body", Asks.CHOICE, choices=tuple(MeetingBody)),
        Field("on", Asks.DAY),
    ),
)
SCHEDULE_SERIES: Final = Act(
    command=of_meeting.ScheduleMeetings,
    fields=(
        Field("kind", Asks.CHOICE, choices=(MeetingKind.WEEKLY_BRIEFING, MeetingKind.MONTHLY_BRIEFING)),
        Field("body", Asks.CHOICE, choices=tuple(MeetingBody)),
        Field("every", Asks.CHOICE, choices=tuple(of_meeting.Every)),
        Field("first", Asks.DAY),
        Field("last", Asks.DAY),
    ),
)
MEETING_ACTS: Final[tuple[OnMeeting, ...]] = (
    OnMeeting(command=of_meeting.HoldMeeting),
    OnMeeting(
        command=of_meeting.MoveMeeting, fields=(Field("on", Asks.DAY), Field("reason", Asks.TEXT, required=False)), apart=True
    ),
    OnMeeting(command=of_meeting.CancelMeeting, fields=(REASON,), apart=True),
)
REQUEST_ACTS: Final[tuple[OnRequest, ...]] = (
    OnRequest(command=of_request.AcceptRequest, fields=(Field("session", Asks.ONE),)),
    OnRequest(
        command=of_request.RefuseRequest,
        fields=(Field("reason", Asks.ONE, choices=tuple(RejectionReason)), Field("note", Asks.TEXT)),
        apart=True,
    ),
    OnRequest(command=of_request.MeetRequest),
    OnRequest(command=of_request.WithdrawRequest, fields=(NOTE,), apart=True),
)

# Conditions that are told beside the act, which cannot be done yet; other refusals mean that it is not for now or not for him.
TOLD: Final[tuple[type[Refused], ...]] = (
    session_rules.DayUnknown,
    session_rules.NotYetDay,
    session_rules.ProgrammeMissing,
    session_rules.NotAnnounced,
    session_rules.TooLateToAnnounce,
    session_rules.AnswersMissing,
    session_rules.PartyOpinionsMissing,
    session_rules.MeetingFellAway,
    session_rules.OutcomesMissing,
    session_rules.AttendanceMissing,
    session_rules.NothingPut,
    session_rules.MinutesMissing,
    session_rules.WorkOpen,
    case_rules.AuthorityNotHeld,
    meeting_rules.MeetingNotYet,
    meeting_rules.DialogueHangsOnIt,
    request_rules.DialogueNotHeld,
)
