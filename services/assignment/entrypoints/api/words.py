"""What cases, tasks and an office's dialogue work say, in one way for all of them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor, Id, Limit
from services.assignment.readmodel.words.pieces import TELLING
from services.assignment.readmodel.words.queries import Words
from shared.web.api import After, Asker
from shared.web.responses import Json

_Fact = Annotated[str | None, Query(max_length=60)]


def routes(router: APIRouter, queries: Words) -> None:
    """The words of each kind of thing, under its kind."""
    for kind in TELLING:
        _words(router, queries, kind)


def _words(router: APIRouter, queries: Words, kind: str) -> None:
    @router.get(f"/{kind}s/{{thing}}/words", name=f"{kind}_words")
    async def words(
        thing: Id, subject: Asker, _at: After, fact: _Fact = None, cursor: Cursor = None, limit: Limit = 50
    ) -> Response:
        """What it says, as far as it is the asker's to read, of all facts or of one kind (`fact`); the reading is logged."""
        page = await queries.of(subject, kind, thing, fact=fact, cursor=cursor, limit=limit)
        return Json({"items": page.words, "cursor": page.cursor})
