"""The published language: facts with a name on disk and a version, one module a stream."""

from shared.contracts import (
    calendar,
    case,
    consolidation,
    directory,
    document,
    fence,
    meeting,
    notice,
    opinion,
    plan,
    proposal,
    request,
    rules,
    session,
    submission,
    task,
)

__all__ = [
    "calendar",
    "case",
    "consolidation",
    "directory",
    "document",
    "fence",
    "meeting",
    "notice",
    "opinion",
    "plan",
    "proposal",
    "request",
    "rules",
    "session",
    "submission",
    "task",
]
