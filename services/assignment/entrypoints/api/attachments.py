"""Files over HTTP: handed in as they are, and read back as a download, never as a page."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from email.message import Message
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.attachment.commands import AddAttachment
from services.assignment.handlers.attachments import Ownership
from services.assignment.readmodel.documents.queries import DocumentQueries
from services.assignment.readmodel.documents.views import AttachedFile
from shared.blobs.content import MEDIA_TYPES, recognise
from shared.blobs.store import BlobGone, Blobs
from shared.calendar import local_day
from shared.clock import Clock
from shared.commands import model_of
from shared.contracts.refusals import Invalid, Refused, Unknown
from shared.desk import Asked, name_of
from shared.directory.queries import Directories
from shared.eventlog.port import EventLog
from shared.permit import Subject
from shared.telemetry import current_trace
from shared.vault.port import Erased, Vault
from shared.web.api import After, Api, Asker, command_id_of
from shared.web.limits import takes
from shared.web.responses import Json, given_as
from shared.web.uploads import UPLOADS_AT_ONCE, body_of, described

LONGEST_NAME: Final = 255

File = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
About = Annotated[str, Query(pattern=r"^[a-z_]+-[A-Za-z0-9-]{1,80}$")]
MaybeAbout = Annotated[str | None, Query(pattern=r"^[a-z_]+-[A-Za-z0-9-]{1,80}$")]


class Files:
    """Taking files in and giving them out, for whoever may."""

    def __init__(
        self,
        *,
        queries: DocumentQueries,
        ownership: Ownership,
        blobs: Blobs,
        vault: Vault,
        directories: Directories,
        log: EventLog,
        clock: Clock,
    ) -> None:
        self.limit_bytes = blobs.limit_bytes
        self._queries, self._ownership, self._blobs, self._vault = queries, ownership, blobs, vault
        self._directories, self._log, self._clock = directories, log, clock

    async def may_add(self, subject: Subject, about: str, command_id: str) -> None:
        """Whether a file may be added, before it is taken in; asked again, it was.

        Raises:
            NothingToAttachTo, Unknown, Forbidden
            Refused: nothing is said of it any more.

        """
        if await self._log.find_command(command_id) is not None:
            return
        await self._ownership.may_add(subject, about, self._clock.now())

    async def takes(self, subject: Subject, about: str) -> bool:
        """Whether a file may be added to it by him now."""
        try:
            await self._ownership.may_add(subject, about, self._clock.now())
        except Refused:
            return False
        return True

    async def keep(self, content: bytes, name: str, command_id: str) -> str:
        """Seal a file and say its address.

        Raises:
            FileEmpty, FileTypeRefused, MacrosRefused, FileNameDiffers, FileTooLarge

        """
        media = await asyncio.to_thread(recognise, content, name)
        if await self._log.find_command(command_id) is None:
            return (await self._blobs.put(content, media, command_id=command_id)).address
        return self._blobs.address(content)  # asked again: it was kept then, and perhaps erased since

    async def attached(self, subject: Subject, about: str) -> list[dict[str, Any]]:
        """The files of something, with their names, which are opened in the asker's name.

        Raises:
            Unknown

        """
        files = await self._readable(subject, about, await self._queries.files(about=about))
        names = await self._vault.open_many(
            tuple(file.name for file in files), reader=subject.person, purpose=f"list_attachments {about}"
        )
        return [_shown(file, names.get(file.name)) for file in files]

    async def read(self, subject: Subject, file: str, about: str | None) -> tuple[AttachedFile, str, bytes]:
        """A file as it belongs to something that the asker may read, its name, and its content.

        Raises:
            Unknown: nothing that is there and the asker's to read has such a file, or it was erased.

        """
        found = await self._first_readable(subject, await self._queries.files(file=file, about=about))
        purpose = f"read_attachment {found.about}"
        try:
            opened = await self._blobs.open(file, reader=subject.person, purpose=purpose)
        except BlobGone:
            raise Unknown("file") from None
        name = await self._vault.open(found.name, reader=subject.person, purpose=purpose)
        return found, f"{file[:12]}.{found.media}" if isinstance(name, Erased) else name, opened.content

    async def _first_readable(self, subject: Subject, files: Sequence[AttachedFile]) -> AttachedFile:
        for file in files:
            with suppress(Unknown):
                for readable in await self._readable(subject, file.about, [file]):
                    return readable
        raise Unknown("file")

    async def _readable(self, subject: Subject, about: str, files: Sequence[AttachedFile]) -> Sequence[AttachedFile]:
        now = self._clock.now()
        directory = await self._directories.at(local_day(now))
        return await self._ownership.readable(subject, about, files, now, directory)


def routes(router: APIRouter, api: Api, files: Files) -> None:
    """Taking in, list, download."""
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.post("/attachments", status_code=201, name="add_attachment", openapi_extra=described(_NAME))
    @takes(files.limit_bytes)
    async def add(request: Request, subject: Asker, _at: After, about: About) -> Response:
        """Hand in a file that belongs to `about`: its bytes are the body, its name stands in Content-Disposition.

        What it is, its content says. Handed in again under the same key it is the same file.
        """
        command_id = command_id_of(request, subject, creating=True)
        name = file_name(request.headers.get("content-disposition"))
        await files.may_add(subject, about, command_id)
        async with taking:
            address = await files.keep(await body_of(request), name, command_id)
        asked = Asked(
            command=name_of(AddAttachment),
            body=model_of(AddAttachment).model_validate({"about": about, "file": address, "name": name}),
            subject=subject,
            command_id=command_id,
            trace=current_trace(),
        )
        return await api.handle(asked, 201)

    @router.get("/attachments")
    async def listed(subject: Asker, _at: After, about: About) -> Response:
        """The files of something, for whoever may read them; opening their names is logged."""
        return Json({"items": await files.attached(subject, about)})

    @router.get("/attachments/{file}", response_class=Response, responses=given_as(*MEDIA_TYPES.values()))
    async def read(file: File, subject: Asker, _at: After, about: MaybeAbout = None) -> Response:
        """A file by its digest, to be saved: permission is asked of what it belongs to, and the reading is logged."""
        found, name, content = await files.read(subject, file, about)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "ETag": f'"{file}"',
        }
        return Response(content, media_type=MEDIA_TYPES[found.media], headers=headers)


def file_name(disposition: str | None) -> str:
    """The name in a Content-Disposition header such as `attachment; filename*=UTF-8''Đơn.pdf`, percent-encoded.

    Raises:
        Invalid: there is none, or it is too long or holds what no name holds.

    """
    header = Message()
    header["content-disposition"] = disposition or ""
    try:
        name = (header.get_filename() or "").replace("\\", "/").rpartition("/")[2].strip()
    except (LookupError, UnicodeError):
        raise Invalid("Content-Disposition") from None
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid("Content-Disposition")
    return name


def _shown(file: AttachedFile, name: str | Erased | None) -> dict[str, Any]:
    return {
        "id": file.id,
        "about": file.about,
        "file": file.file,
        "media": file.media,
        "bytes": file.bytes,
        "name": name if isinstance(name, str) else None,
        "at": file.at,
        "unit": file.unit,
    }


_NAME: Final[dict[str, Any]] = {
    "name": "Content-Disposition",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "example": "attachment; filename*=UTF-8''bien-ban.pdf"},
}
