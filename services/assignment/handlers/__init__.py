"""Every command of the assignment service, by the stream it is about."""

from collections.abc import Mapping
from typing import Any, Final

from services.assignment.handlers import (
    attachments,
    cases,
    deadlines,
    directory,
    documents,
    meetings,
    notices,
    plans,
    posts,
    proposals,
    reorganisation,
    requests,
    sessions,
    tasks,
)
from services.assignment.handlers.streams import (
    ATTACHMENT,
    CALENDAR,
    CASE,
    CHARGES,
    CHECKLIST,
    DELEGATION,
    FIELD,
    ITEM,
    LETTERHEAD,
    MEETING,
    NOTICE,
    OVERDUE,
    PARTY_FIELDS,
    PERSON,
    PLAN,
    PLANNED_DIALOGUE,
    POST,
    PROPOSAL,
    RECIPIENTS,
    REGISTER,
    REORGANISATION,
    REQUEST,
    RULES,
    SESSION,
    SIGNING_KEYS,
    TASK,
    UNIT,
)
from services.assignment.readmodel.cases.queries import Wanted
from services.assignment.readmodel.dialogue.queries import Tied
from shared import fences
from shared.blobs.store import Blobs
from shared.decider import Fold
from shared.desk import Handler
from shared.directory.queries import Directories
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.signing import Signatures
from shared.papers.streams import DOCUMENT

FOLDS: Final[Mapping[str, Fold[Any]]] = {
    fold.kind: fold
    for fold in (
        CASE,
        TASK,
        OVERDUE,
        MEETING,
        SESSION,
        ITEM,
        NOTICE,
        REQUEST,
        PROPOSAL,
        PLAN,
        PLANNED_DIALOGUE,
        DOCUMENT,
        REGISTER,
        ATTACHMENT,
        UNIT,
        FIELD,
        PERSON,
        POST,
        DELEGATION,
        RECIPIENTS,
        RULES,
        CHARGES,
        LETTERHEAD,
        SIGNING_KEYS,
        PARTY_FIELDS,
        CHECKLIST,
        REORGANISATION,
        CALENDAR,
        fences.FENCE,
    )
}


def handlers(
    tenant: str,
    directories: Directories | None = None,
    blobs: Blobs | None = None,
    wanted: Wanted | None = None,
    tied: Tied | None = None,
    files: PaperFiles | None = None,
    signatures: Signatures | None = None,
    copies: Copies | None = None,
) -> list[Handler]:
    """The handlers of one tenant, those of cases and tasks first."""
    return [
        *cases.handlers(tenant, directories, wanted),
        *tasks.handlers(tenant, directories),
        *meetings.handlers(tenant, tied),
        *sessions.handlers(tenant, directories),
        *notices.handlers(tenant, directories),
        *requests.handlers(tenant),
        *proposals.handlers(tenant, directories),
        *plans.handlers(tenant, directories),
        *directory.handlers(tenant),
        *posts.handlers(tenant),
        *deadlines.handlers(tenant),
        *reorganisation.handlers(tenant, directories),
        *documents.handlers(tenant, directories, files, signatures, copies),
        *attachments.handlers(tenant, blobs, directories),
        fences.handler(tenant),
    ]
