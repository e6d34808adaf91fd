"""An office's meetings, sessions, notices, requests, proposals and plans: lists, and each by itself."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Id
from services.assignment.readmodel.dialogue.queries import DialogueQueries
from shared.web.api import After, Asker
from shared.web.responses import Json, etag


class Kind(StrEnum):
    """What can be listed."""

    MEETINGS = "meetings"
    SESSIONS = "sessions"
    NOTICES = "notices"
    REQUESTS = "requests"
    PROPOSALS = "proposals"
    PLANS = "plans"


_From = Annotated[date | None, Query(alias="from")]
_To = Annotated[date | None, Query(alias="to")]


def routes(router: APIRouter, queries: DialogueQueries) -> None:
    """Lists by kind, and each thing under its kind."""

    async def listed(office: Id, kind: Kind, subject: Asker, _at: After, first: _From = None, last: _To = None) -> Response:
        """The office's things of a kind by day, narrowed to the days given."""
        found = await queries.of_office(subject, office, kind.value.removesuffix("s"), first=first, last=last)
        return Json({"items": found})

    router.get("/offices/{office}/dialogue/{kind}")(listed)

    for kind in Kind:
        _one(router, queries, kind.value)


def _one(router: APIRouter, queries: DialogueQueries, kind: str) -> None:
    @router.get(f"/{kind}/{{thing}}")
    async def one(thing: Id, subject: Asker, _at: After) -> Response:
        """Where it stands, of a session also what was put to it and its dates; `whole`: all else. The ETag is its version."""
        found, puts, dates = await queries.one(subject, kind.removesuffix("s"), thing)
        whole = await queries.whole(subject, found.kind, thing, found.version)
        return Json({"line": found, "puts": puts, "dates": dates, "whole": whole}, headers=etag(found.version))
