"""Consolidation rounds over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.intake.domain.consolidation import commands
from services.intake.entrypoints.api.bounds import Commands, Cursor, Id, Limit, Listed, StreamAsked, UnitAsked
from services.intake.readmodel.consolidations.projections import Stage
from services.intake.readmodel.consolidations.queries import Consolidations
from services.intake.readmodel.consolidations.views import Filters
from shared.contracts.refusals import Unknown
from shared.web.api import After, Asker
from shared.web.responses import Json, etag

COMMANDS: Final[Commands] = (
    ("/consolidations", commands.OpenConsolidation, 201),
    ("/consolidations/{consolidation}/submission", commands.SubmitConsolidation, 200),
    ("/consolidations/{consolidation}/amendments", commands.AmendConsolidation, 200),
    ("/consolidations/{consolidation}/return", commands.ReturnConsolidation, 200),
    ("/consolidations/{consolidation}/report", commands.ReportConsolidation, 200),
)


def routes(router: APIRouter, queries: Consolidations) -> None:
    """Units' rounds and lists of them, and the rounds by meeting with who has not handed in."""
    _units(router, queries)
    _rounds(router, queries)


def _filters(about: StreamAsked = None, stage: Stage | None = None, missing: bool | None = None) -> Filters:
    return Filters(about=about, stage=stage, missing=missing)


_Narrowed = Annotated[Filters, Depends(_filters)]


def _units(routes: APIRouter, queries: Consolidations) -> None:
    @routes.get("/consolidations")
    async def listed(subject: Asker, _at: After, filters: _Narrowed, asked: Listed) -> Response:
        """The rounds of all units of the asker's office (or of `office`), or of one unit, those of the latest date first."""
        return Json(await queries.asked(subject, filters, **asked))

    @routes.get("/consolidations/{consolidation}")
    async def one(consolidation: Id, subject: Asker, _at: After) -> Response:
        """A unit's round as it stands, and whether the unit has yet to hand in. The ETag is its version."""
        found = await queries.consolidation(subject, consolidation)
        return Json(found, headers=etag(found.version))

    @routes.get("/consolidations/{consolidation}/words")
    async def words(consolidation: Id, subject: Asker, _at: After) -> Response:
        """The unit's note, why it amended and why the hub returned it; the opening is written down with who read."""
        return Json(await queries.words(subject, consolidation))


def _rounds(routes: APIRouter, queries: Consolidations) -> None:
    @routes.get("/rounds")
    async def listed(subject: Asker, _at: After, office: UnitAsked = None, cursor: Cursor = None, limit: Limit = 50) -> Response:
        """The rounds of the asker's office (or of `office`) by meeting or session, each with the units that are missing."""
        return Json(await queries.rounds(subject, office=office or subject.office, cursor=cursor, limit=limit))

    @routes.get("/rounds/{about}")
    async def one(about: Id, subject: Asker, _at: After, office: UnitAsked = None) -> Response:
        """Before this meeting or session: how many units were asked, how many handed in, and which have not."""
        found = (await queries.rounds(subject, office=office or subject.office, about=about)).items
        if not found:
            raise Unknown("about")
        return Json(found[0])
