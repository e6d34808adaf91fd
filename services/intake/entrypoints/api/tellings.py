"""Telling submitters what became of their opinions, over HTTP."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.intake.domain.telling.commands import TellSubmitter
from services.intake.entrypoints.api.bounds import Commands, Listed
from services.intake.readmodel.opinions.tellings import Tellings
from shared.web.api import After, Asker
from shared.web.responses import Json

COMMANDS: Final[Commands] = (("/opinions/{opinion}/telling", TellSubmitter, 200),)


def routes(router: APIRouter, queries: Tellings) -> None:
    """The list of what is to be told."""

    @router.get("/tellings")
    async def listed(subject: Asker, _at: After, asked: Listed, untold: bool | None = None) -> Response:
        """Whom the asker's office (or `office`, or one unit) has to tell that it ended unanswered, by when, who was told."""
        return Json(await queries.of_office(subject, untold=untold, **asked))
