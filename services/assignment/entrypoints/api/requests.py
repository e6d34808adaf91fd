"""Requests for dialogue over HTTP."""

from typing import Final

from services.assignment.domain.request import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/requests/{request}/acceptance", asked.AcceptRequest, 200),
    ("/requests/{request}/refusal", asked.RefuseRequest, 200),
    ("/requests/{request}/withdrawal", asked.WithdrawRequest, 200),
    ("/requests/{request}/meeting", asked.MeetRequest, 200),
)
