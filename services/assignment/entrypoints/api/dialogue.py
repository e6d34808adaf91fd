"""An office's meetings, sessions, notices, requests, proposals and plans: lists, and each by itself."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import AsOf, Beyond, Id, Limit
from services.assignment.readmodel.cases.lists import MAX_PAGE
from services.assignment.readmodel.dialogue.queries import DialogueQueries
from shared.asof import moment_of
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

    async def listed(
        office: Id, kind: Kind, subject: Asker, _at: After, first: _From = None, last: _To = None, as_of: AsOf = None
    ) -> Response:
        """The office's things of a kind by day, narrowed to the days given; `as_of` is an instant or a position of this log."""
        moment, of_kind = moment_of(as_of, "assignment"), kind.value.removesuffix("s")
        if moment is None:
            return Json({"items": await queries.of_office(subject, office, of_kind, first=first, last=last)})
        found, until = await queries.known_as_of(subject, office, of_kind, moment, first=first, last=last)
        return Json({"items": found, "as_of": {"assignment": until}})

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

    @router.get(f"/{kind}/{{thing}}/timeline", name=f"{kind}_timeline")
    async def timeline(
        thing: Id, subject: Asker, _at: After, as_of: AsOf = None, after: Beyond = 0, limit: Limit = MAX_PAGE
    ) -> Response:
        """What happened to it, oldest first, with people, posts and units called as on the day; the opening of names is logged.

        `as_of` is an instant or a position of this log; `after` a version.
        """
        moment, of_kind = moment_of(as_of, "assignment"), kind.removesuffix("s")
        return Json(await queries.timeline(subject, of_kind, thing, as_of=moment, after=after, limit=limit))
