"""Opinions over HTTP: their commands, lists, and what units' systems fed."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.intake.domain.opinion import commands
from services.intake.entrypoints.api.bounds import AsOf, Commands, Cursor, FieldAsked, Id, Limit, Number
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.queries import Filters, Opinions
from services.intake.readmodel.opinions.similar import MOST_SHOWN
from services.intake.readmodel.paging import MAX_PAGE
from shared.asof import moment_of
from shared.contracts.opinion import SourceGroup
from shared.web.api import After, Asker, CommandId
from shared.web.responses import Json, etag

COMMANDS: Final[Commands] = (
    ("/opinions", commands.ReceiveOpinion, 201),
    ("/opinions/{opinion}/completion-request", commands.RequestCompletion, 200),
    ("/opinions/{opinion}/completion", commands.CompleteOpinion, 200),
    ("/opinions/{opinion}/classification", commands.ClassifyOpinion, 200),
    ("/opinions/{opinion}/rejection", commands.RejectOpinion, 200),
    ("/opinions/{opinion}/forwarding", commands.ForwardOpinion, 200),
    ("/opinions/{opinion}/diversion", commands.DivertOpinion, 200),
    ("/opinions/{opinion}/merge", commands.MergeOpinion, 200),
    ("/opinions/{opinion}/split", commands.SplitOpinion, 200),
    ("/opinions/{opinion}/withdrawal", commands.WithdrawOpinion, 200),
    ("/opinions/{opinion}/referral", commands.ReferOpinion, 200),
    ("/opinions/{opinion}/unmerge", commands.UnmergeOpinion, 200),
    ("/opinions/{opinion}/correction", commands.CorrectOpinion, 200),
    ("/opinions/{opinion}/redaction", commands.RedactOpinion, 200),
    ("/opinions/{opinion}/quarantine", commands.QuarantineOpinion, 200),
    ("/opinions/{opinion}/wishes", commands.RecordWish, 200),
)


def routes(router: APIRouter, queries: Opinions) -> None:
    """Opinions and lists of them, feeds."""
    _opinions(router, queries)
    _feeds(router, queries)


def _filters(stage: Stage | None = None, field: FieldAsked = None, source_group: SourceGroup | None = None) -> Filters:
    return Filters(stage=stage, field=field, source_group=source_group)


_Narrowed = Annotated[Filters, Depends(_filters)]


def _opinions(routes: APIRouter, queries: Opinions) -> None:
    @routes.get("/opinions/{opinion}")
    async def opinion(opinion: Id, subject: Asker, _at: After) -> Response:
        """An opinion as it stands. The ETag is its version."""
        found = await queries.opinion(subject, opinion)
        return Json(found, headers=etag(found.version))

    @routes.get("/opinions/{opinion}/timeline")
    async def timeline(
        opinion: Id, subject: Asker, _at: After, as_of: AsOf = None, after: Number = 0, limit: Limit = MAX_PAGE
    ) -> Response:
        """What happened to it here, oldest first, with people, posts and units called as on the day; who read names is logged.

        `as_of` is an instant or a position of this log; `after` a version.
        """
        moment = moment_of(as_of, "intake")
        return Json(await queries.timeline(subject, opinion, as_of=moment, after=after, limit=limit))

    @routes.get("/opinions/{opinion}/words")
    async def words(opinion: Id, subject: Asker, _at: After) -> Response:
        """The words of an opinion; the opening is written down with who read."""
        return Json({"words": await queries.words(subject, opinion)})

    @routes.get("/opinions/{opinion}/speaker")
    async def speaker(opinion: Id, subject: Asker, _at: After) -> Response:
        """Who spoke; the opening is written down with who read."""
        return Json(await queries.speaker(subject, opinion))

    @routes.get("/opinions/{opinion}/similar")
    async def similar(
        opinion: Id, subject: Asker, _at: After, limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 10
    ) -> Response:
        """Opinions of its office that may be the same matter, the likest first; merging is for a person to command."""
        return Json({"items": await queries.similar(subject, opinion, limit=limit)})

    @routes.get("/offices/{office}/opinions")
    async def of_office(
        office: Id, subject: Asker, _at: After, filters: _Narrowed, cursor: Cursor = None, limit: Limit = 50
    ) -> Response:
        """The opinions of an office, latest first."""
        return Json(await queries.of_office(subject, office, filters, cursor=cursor, limit=limit))

    @routes.get("/units/{unit}/opinions")
    async def of_unit(
        unit: Id, subject: Asker, _at: After, filters: _Narrowed, cursor: Cursor = None, limit: Limit = 50
    ) -> Response:
        """The opinions that a unit took in, latest first."""
        return Json(await queries.of_unit(subject, unit, filters, cursor=cursor, limit=limit))


def _feeds(routes: APIRouter, queries: Opinions) -> None:
    @routes.get("/feed/{unit}")
    async def feed(unit: Id, subject: Asker, after: Number = 0, limit: Limit = MAX_PAGE) -> Response:
        """What became of each opinion that the unit's system fed, beyond `after`; go on with the `after` answered."""
        items = await queries.feed(subject, unit, after=after, limit=limit)
        return Json({"unit": unit, "items": items, "after": items[-1].n if items else after})

    @routes.get("/feed/{unit}/key")
    async def key(unit: Id, subject: Asker) -> Response:
        """The key that the unit's system signs with, in hex."""
        return Json({"unit": unit, "key": await queries.shown_feed_key(subject, unit)})

    @routes.post("/feed/{unit}/key")
    async def new_key(unit: Id, subject: Asker, command_id: CommandId) -> Response:
        """Another key from now on; what is signed with the former one is parked. Sent again, it answers the key it made."""
        return Json({"unit": unit, "key": await queries.new_feed_key(subject, unit, command_id)})
