"""Meetings over HTTP."""

from typing import Final

from services.assignment.domain.meeting import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/meetings", asked.ScheduleMeeting, 201),
    ("/meetings/series", asked.ScheduleMeetings, 201),
    ("/meetings/{meeting}/day", asked.MoveMeeting, 200),
    ("/meetings/{meeting}/holding", asked.HoldMeeting, 200),
    ("/meetings/{meeting}/cancellation", asked.CancelMeeting, 200),
)
