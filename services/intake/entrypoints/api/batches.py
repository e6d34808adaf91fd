"""Imported files over HTTP, row by row."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.intake.domain.consolidation import commands
from services.intake.entrypoints.api.bounds import Commands, Id, Limit, Listed, Number
from services.intake.readmodel.batches.queries import Batches
from services.intake.readmodel.paging import MAX_PAGE
from shared.web.api import After, Asker
from shared.web.responses import Json, etag

COMMANDS: Final[Commands] = (("/batches", commands.RecordBatch, 201),)


def routes(router: APIRouter, queries: Batches) -> None:
    """Files, lists of them, and what became of their rows."""

    @router.get("/batches")
    async def listed(subject: Asker, _at: After, asked: Listed) -> Response:
        """The files handed in for the asker's office (or for `office`), perhaps those of one unit, the latest first."""
        return Json(await queries.of_office(subject, **asked))

    @router.get("/batches/{batch}")
    async def one(batch: Id, subject: Asker, _at: After) -> Response:
        """A file: how many rows, and how many of them became opinions, met their first copy or were refused."""
        found = await queries.batch(subject, batch)
        return Json(found, headers=etag(found.version))

    @router.get("/batches/{batch}/rows")
    async def rows(
        batch: Id, subject: Asker, _at: After, refused: bool | None = None, after: Number = 0, limit: Limit = MAX_PAGE
    ) -> Response:
        """What became of each row beyond the one numbered `after`; go on with the `after` answered."""
        items = await queries.rows(subject, batch, refused=refused, after=after, limit=limit)
        return Json({"batch": batch, "items": items, "after": items[-1].row if items else after})
