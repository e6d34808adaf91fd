"""Files of submissions over HTTP: listed, and given out as a download, never as a page."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.intake.domain.attachment.commands import MOST_FILES, AttachToSubmission
from services.intake.entrypoints.api.bounds import Commands, Id
from services.intake.readmodel.files import Files, SubmissionFile
from shared.blobs.content import MEDIA_TYPES
from shared.permit import Subject
from shared.web.api import After, Asker
from shared.web.responses import Json, given_as

COMMANDS: Commands = (("/attachments", AttachToSubmission, 201),)
Number = Annotated[int, Path(ge=1, le=MOST_FILES)]


def routes(router: APIRouter, files: Files) -> None:
    """Lists and downloads of opinions and requests."""

    async def given(subject: Subject, about: str, number: int) -> Response:
        found, content = await files.read(subject, about, number)
        return Response(content, media_type=MEDIA_TYPES[found.media], headers=as_download(found))

    @router.get("/opinions/{opinion}/attachments")
    async def of_opinion(opinion: Id, subject: Asker, _at: After) -> Response:
        """The files that came with an opinion, for whoever reads its words; opening their names is logged."""
        return Json({"items": await files.of(subject, opinion)})

    @router.get("/opinions/{opinion}/attachments/{number}", response_class=Response, responses=given_as(*MEDIA_TYPES.values()))
    async def file_of_opinion(opinion: Id, number: Number, subject: Asker, _at: After) -> Response:
        """One of them, to be saved; the reading is logged."""
        return await given(subject, opinion, number)

    @router.get("/requests/{request_receipt}/attachments")
    async def of_request(request_receipt: Id, subject: Asker, _at: After) -> Response:
        """The files that came with a request for dialogue, for whoever reads its words."""
        return Json({"items": await files.of(subject, request_receipt)})

    @router.get(
        "/requests/{request_receipt}/attachments/{number}", response_class=Response, responses=given_as(*MEDIA_TYPES.values())
    )
    async def file_of_request(request_receipt: Id, number: Number, subject: Asker, _at: After) -> Response:
        """One of them, to be saved; the reading is logged."""
        return await given(subject, request_receipt, number)


def as_download(file: SubmissionFile) -> dict[str, str]:
    """Headers under which a browser saves a file and shows nothing of it."""
    name = file.name or f"{file.number}.{file.media}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
