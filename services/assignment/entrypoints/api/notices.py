"""Conclusion notices over HTTP."""

from typing import Final

from services.assignment.domain.notice import commands as asked
from services.assignment.entrypoints.api.bounds import Commands

COMMANDS: Final[Commands] = (
    ("/notices", asked.DraftNotice, 201),
    ("/notices/{notice}/comments", asked.CommentNotice, 200),
    ("/notices/{notice}/issue", asked.IssueNotice, 200),
    ("/notices/{notice}/amendments", asked.AmendNotice, 200),
)
