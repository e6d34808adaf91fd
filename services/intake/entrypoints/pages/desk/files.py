"""Files that came with an opinion or a request: scans are added until it is handed on, readers of the words save them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.attachment.refusals import FileNotKept
from services.intake.entrypoints.api.bounds import Id
from services.intake.entrypoints.api.files import Number, as_download
from services.intake.entrypoints.pages.behind import SERVICE, Behind
from services.intake.entrypoints.pages.desk.acts import ATTACH
from services.intake.readmodel.files import SubmissionFile
from shared.blobs.content import MEDIA_TYPES, recognise
from shared.blobs.refusals import FileEmpty
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.acting import tried
from shared.web.acts import Tried
from shared.web.api import WAIT_SECONDS, keyed_id
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
    """What came with a submission, and whether one more may be added; no file may be larger than `most_mb` megabytes."""

    files: Sequence[SubmissionFile]
    takes: bool
    most_mb: int


class Carrying:
    """The files of a submission for its page."""

    def __init__(self, behind: Behind) -> None:
        self._files, self._acting, self._most_mb = behind.queries.files, behind.acting, behind.blobs.limit_bytes // MEGABYTE

    async def of(self, subject: Subject, about: str, version: int) -> Carried:
        """None of them for whoever does not read its words; who took a letter in may add its scan all the same."""
        try:
            files: Sequence[SubmissionFile] = await self._files.of(subject, about)
        except (Unknown, Forbidden):
            files = ()
        return Carried(files=files, takes=await self._takes(subject, about, version), most_mb=self._most_mb)

    async def _takes(self, subject: Subject, about: str, version: int) -> bool:
        """Whether nothing speaks against one more but that it is not kept yet."""
        if not self._acting.may_ever(ATTACH, subject):
            return False
        number, told = await self._files.number_of(about, NO_FILE), (FileNotKept,)
        offer = await self._acting.offer(ATTACH, about, version, subject, told=told, number=number, file=NO_FILE, name="-")
        return offer is not None


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
        try:
            async with taking:
                sent = await read_form_and_files(request)
                if len(sent.files) != 1 or not sent.files[0].name:
                    raise FileEmpty("file")
                position = await _add(request, session, about, sent.files[0], sent.fields.get("key", ""))
        except Refused as refused:
            if isinstance(refused, ForeignForm | Unknown):
                raise
            return await show(request, session, about, tried(request, ATTACH, about, {}, refused))
        reached = not position or await request.app.state.positions.wait({SERVICE: position}, WAIT_SECONDS)
        late = {} if reached else {"late": "1"}
        return RedirectResponse(f"{path}/{about}?{urlencode({'done': ATTACH.slug} | late)}", 303)

    async def _add(request: Request, session: Session, about: str, file: SentFile, key: str) -> int:
        media = await asyncio.to_thread(recognise, file.content, file.name)
        address = behind.blobs.address(file.content)
        number = await behind.queries.files.number_of(about, address)
        values = {"number": number, "file": address, "name": file.name}
        body = body_of(ATTACH, about, {}, behind.acting.today, values)
        command_id = keyed_id(request, session.subject, key)
        with suppress(FileNotKept):  # whatever else speaks against it is said before anything is sealed
            await behind.acting.rehearse(ATTACH, body, session.subject)
        await behind.blobs.put(file.content, media, command_id=command_id)
        return (await behind.acting.do(ATTACH, body, session.subject, command_id=command_id, expected=None)).position
