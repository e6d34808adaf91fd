"""The assignment service over HTTP: a route for each command, and its questions."""

from typing import Final

from fastapi import APIRouter

from services.assignment.domain.document.commands import ATTACH_SIGNED_DOCUMENT, AttachSignedDocument
from services.assignment.entrypoints.api import (
    attachments,
    cases,
    dialogue,
    directory,
    documents,
    meetings,
    notices,
    plans,
    proposals,
    requests,
    sessions,
    tasks,
    words,
)
from services.assignment.entrypoints.api.bounds import Commands
from services.assignment.readmodel.queries import Queries
from shared.clock import Clock
from shared.desk import Desk
from shared.eventlog.port import EventLog
from shared.papers.uploading import Uploads
from shared.web.api import Api

SERVICE: Final = "assignment"
COMMANDS: Final[Commands] = (
    *cases.COMMANDS,
    *tasks.COMMANDS,
    *meetings.COMMANDS,
    *sessions.COMMANDS,
    *notices.COMMANDS,
    *requests.COMMANDS,
    *proposals.COMMANDS,
    *plans.COMMANDS,
    *documents.COMMANDS,
    *directory.COMMANDS,
)


def router(desk: Desk, queries: Queries, log: EventLog, clock: Clock, files: attachments.Files) -> APIRouter:
    """Every route of the service under `/assignment/api`."""
    api = Api(service=SERVICE, desk=desk)
    for path, command, status in COMMANDS:
        api.command(path, command, status=status)
    cases.routes(api.router, queries.cases, queries.lists)
    tasks.routes(api.router, queries.tasks, log, clock)
    directory.routes(api.router, queries.deadlines, queries.following)
    dialogue.routes(api.router, queries.dialogues)
    words.routes(api.router, queries.words)
    documents.routes(api.router, queries.papers, queries.files, queries.signatures)
    attachments.routes(api.router, api, files)
    Uploads(
        api,
        queries.papers,
        queries.copies,
        command=AttachSignedDocument,
        action=ATTACH_SIGNED_DOCUMENT,
        field="document",
    ).serve()
    return api.router
