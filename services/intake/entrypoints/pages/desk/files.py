"""Files that came with an opinion or a request: scans are added until it is handed on, readers of the words save them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.domain.attachment.refusals import FileNotKept
from services.intake.entrypoints.api.bounds import Id
from services.intake.entrypoints.api.files import Number, as_download
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.desk.acts import ATTACH
from services.intake.readmodel.files import SubmissionFile
from shared.blobs.content import MEDIA_TYPES, recognise
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.acting import tried
from shared.web.acts import Offer, Tried
from shared.web.api import keyed_id
from shared.web.filling import body_of
from shared.web.forms import ForeignForm
from shared.web.limits import takes
from shared.web.multipart import SentFile, read_form_and_files
from shared.web.uploads import UPLOADS_AT_ONCE

FORM_BYTES: Final = 16_384  # of a form around its file
MEGABYTE: Final = 1_048_576
NO_FILE: Final = "0" * 64
Seen = Callable[[Subject, str], Awaitable[Any]]  # raises where it is not his to see
Show = Callable[[Request, Session, str, Tried], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What came with a submission, and how one more is added, if it may; none may be larger than `most_mb` megabytes."""

    files: Sequence[SubmissionFile]
    offer: Offer | None
    most_mb: int


class Carrying:
    """The files of a submission for its page."""

    def __init__(self, behind: Behind) -> None:
        self._files, self._acting, self._most_mb = behind.queries.files, behind.acting, behind.blobs.limit_bytes // MEGABYTE

    async def of(self, subject: Subject, about: str, version: int) -> Carried:
        """None of them for whoever does not read its words; who took a letter in may add its scan all the same."""
        try:
            files: Sequence[SubmissionFile] = await self._files.of(subject, about)
            number = max((each.number for each in files), default=0) + 1
        except (Unknown, Forbidden):
            files, number = (), await self._files.number_of(about, NO_FILE)
        # Nothing may speak against it but that there is no file yet.
        next_one: dict[str, Any] = {"number": number, "file": NO_FILE, "name": "-"}
        offer = await self._acting.offer(ATTACH, about, version, subject, told=(FileNotKept,), **next_one)
        return Carried(files=files, offer=offer, most_mb=self._most_mb)


def routes(router: APIRouter, behind: Behind, path: str, seen: Seen, show: Show) -> None:
    """Save one, add one, of what has its page under `path`."""
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.get(f"{path}/{{about}}/files/{{number}}")
    async def save(about: Id, number: Number, session: Working) -> Response:
        """One file, to be saved; the reading is logged."""
        found, content = await behind.queries.files.read(session.subject, about, number)
        return Response(content, media_type=MEDIA_TYPES[found.media], headers=as_download(found))

    @router.post(f"{path}/{{about}}/{ATTACH.slug}")
    @takes(behind.blobs.limit_bytes + FORM_BYTES)
    async def add(request: Request, about: Id, session: Working) -> Response:
        """Seal a file and let it belong to the submission; what it is, its content says."""
        await seen(session.subject, about)

        async def again(refused: Tried) -> Response:
            return await show(request, session, about, refused)

        try:
            async with taking:
                sent = await read_form_and_files(request)
                file = sent.files[0] if len(sent.files) == 1 else SentFile("", b"")
                stored = await _keep(request, session, about, file, sent.fields.get("key", ""))
        except Refused as refused:
            if isinstance(refused, ForeignForm | Unknown):
                raise
            return await again(tried(request, ATTACH, about, {}, refused))
        return await behind.acting.ask(
            request, session, ATTACH, about, again=again, onward=f"{path}/{about}", form=sent.fields, **stored
        )

    async def _keep(request: Request, session: Session, about: str, file: SentFile, key: str) -> dict[str, Any]:
        """Seal the file, once nothing else speaks against attaching it; what the command is given of it."""
        media = await asyncio.to_thread(recognise, file.content, file.name)
        address = behind.blobs.address(file.content)
        number = await behind.queries.files.number_of(about, address)
        stored = {"number": number, "file": address, "name": file.name}
        command_id = keyed_id(request, session.subject, key)
        if not await behind.acting.known(command_id):  # pressed again: it was kept then, and perhaps erased since
            with suppress(FileNotKept):
                await behind.acting.rehearse(ATTACH, body_of(ATTACH, about, {}, behind.acting.today, stored), session.subject)
            await behind.blobs.put(file.content, media, command_id=command_id)
        return stored
