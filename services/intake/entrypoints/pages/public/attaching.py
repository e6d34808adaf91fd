"""Files that come with what is handed in: read within bounds, known by their content, sealed before anything refers to them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final
from weakref import WeakValueDictionary

import structlog
from fastapi import Request

from services.intake.domain.attachment.commands import MOST_FILES, AttachToSubmission
from services.intake.domain.attachment.refusals import TooManyFiles
from services.intake.entrypoints.pages.behind import Behind
from shared.blobs.content import recognise
from shared.blobs.place import PlaceUnavailable
from shared.blobs.refusals import FileTooLarge, FileTypeRefused
from shared.blobs.store import BlobDamaged
from shared.commands import model_of
from shared.contracts.refusals import Refused
from shared.eventlog.port import AppendRefused, LogUnavailable, StreamConflict
from shared.permit import Subject
from shared.vault.port import PersonErased, VaultUnavailable
from shared.web.acts import Act
from shared.web.gateway import address_of
from shared.web.multipart import Sent, SentFile
from shared.web.problems import TooOften

__all__ = ["MOST_FILES", "Attaching"]

log = structlog.get_logger()
ATTACH: Final = Act(command=AttachToSubmission)
TAKEN: Final = ("pdf", "jpeg", "png")  # what a telephone makes, and what an office opens without a thought
BESIDE_FILES_BYTES: Final = 262_144  # the words and the rest of the form
SMALL_BYTES: Final = 262_144  # read without waiting for a place
AT_ONCE: Final = 4  # larger ones, each held in memory whole: in clear nothing touches a disk
PATIENCE_SECONDS: Final = 30  # for a place
MEGABYTE: Final = 1_048_576
# Why a file cannot be kept that could be read: a rule, or what lies beneath is away.
NOT_KEPT: Final = (
    *(Refused, PlaceUnavailable, VaultUnavailable, PersonErased, BlobDamaged),
    *(LogUnavailable, AppendRefused, StreamConflict),
)

Reading = Callable[[Request], Awaitable[Sent]]


def is_small(request: Request) -> bool:
    """Whether a form says that it is small enough to be read at once."""
    stated = request.headers.get("content-length", "")
    return stated.isascii() and stated.isdigit() and int(stated) <= SMALL_BYTES


class Attaching:
    """Takes the files of the public form; all of one form together are bounded like one file elsewhere."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._places = asyncio.Semaphore(AT_ONCE)
        self._of_address: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # one place each
        self.limit_bytes = behind.blobs.limit_bytes + BESIDE_FILES_BYTES
        self.megabytes = behind.blobs.limit_bytes // MEGABYTE

    @property
    def possible(self) -> bool:
        """Whether the installation has a place for files."""
        return self._behind.blobs.kept

    async def read(self, request: Request, reading: Reading) -> Sent:
        """The form; a large one waits until others are through, those of its own address first.

        Raises:
            TooOften: it waited too long; nothing of it was read.

        """
        if is_small(request):
            return await reading(request)
        own = self._of_address.setdefault(address_of(request), asyncio.Lock())
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._places)
            except TimeoutError:
                raise TooOften from None
            return await reading(request)

    async def recognised(self, files: Sequence[SentFile]) -> list[str | Refused]:
        """What each file is by its content, or why it is not taken."""
        if len(files) > MOST_FILES:
            return [TooManyFiles("files", most=MOST_FILES)]
        return [await self._recognised(each) for each in files]

    async def keep(
        self, about: str, speaker: Subject, files: Sequence[SentFile], kinds: Sequence[str | Refused]
    ) -> tuple[int, bool]:
        """Seal the files and attach them in their order; done again, they are attached already.

        Answers a log position, and whether all were kept: what they came with was taken in, and its receipt is given anyway.
        """
        position, all_kept = 0, True
        for number, (file, media) in enumerate(zip(files, kinds, strict=True), 1):
            assert isinstance(media, str)
            try:
                position = max(position, await self._keep(about, number, speaker, file, media))
            except NOT_KEPT as error:
                log.warning("file.not_kept", error=type(error).__name__)
                all_kept = False
        return position, all_kept

    async def _keep(self, about: str, number: int, speaker: Subject, file: SentFile, media: str) -> int:
        command_id = f"public/{about}/{number}"
        stored = await self._behind.blobs.put(file.content, media, command_id=command_id, person=speaker.person)
        body = model_of(AttachToSubmission).model_validate(
            {"about": about, "number": number, "file": stored.address, "name": file.name}
        )
        return (await self._behind.acting.do(ATTACH, body, speaker, command_id=command_id, expected=None)).position

    async def _recognised(self, file: SentFile) -> str | Refused:
        try:
            media = await asyncio.to_thread(recognise, file.content, file.name)
        except Refused as refused:
            return refused
        if len(file.content) > self._behind.blobs.limit_bytes:
            return FileTooLarge("files", limit_bytes=self._behind.blobs.limit_bytes)
        if media not in TAKEN:
            return FileTypeRefused("files", allowed=", ".join(TAKEN))
        try:
            await self._behind.blobs.refuse_harmful(file.content)
        except Refused as refused:
            return refused
        return media
