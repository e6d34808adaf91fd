"""Dialogue sessions over HTTP."""

from typing import Final

from services.assignment.domain.session import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/sessions", asked.ProposeSession, 201),
    ("/sessions/{session}/programme", asked.ApproveProgramme, 200),
    ("/sessions/{session}/arrangement", asked.ArrangeSession, 200),
    ("/sessions/{session}/announcement", asked.AnnounceSession, 200),
    ("/sessions/{session}/cases", asked.LinkCase, 200),
    ("/sessions/{session}/cases/removal", asked.UnlinkCase, 200),
    ("/sessions/{session}/attendance/assignment", asked.AssignAttendance, 200),
    ("/sessions/{session}/answers-report", asked.ReportAnswers, 200),
    ("/sessions/{session}/waiver", asked.WaiveReadiness, 200),
    ("/sessions/{session}/opening", asked.OpenSession, 200),
    ("/sessions/{session}/agenda", asked.PresentAgenda, 200),
    ("/sessions/{session}/items", asked.RaiseItem, 201),
    ("/sessions/{session}/outcomes", asked.RecordOutcome, 200),
    ("/sessions/{session}/attendance", asked.RecordAttendance, 200),
    ("/sessions/{session}/holding", asked.HoldSession, 200),
    ("/sessions/{session}/minutes", asked.SignMinutes, 200),
    ("/sessions/{session}/conclusion-in-meeting", asked.ConcludeInMeeting, 200),
    ("/sessions/{session}/postponement", asked.PostponeSession, 200),
    ("/sessions/{session}/cancellation", asked.CancelSession, 200),
    ("/sessions/{session}/closure", asked.CloseSession, 200),
)
