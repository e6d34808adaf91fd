"""Files that came with a submission, for whoever reads its words and may know who spoke; every opening is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.intake.domain.attachment.commands import MOST_FILES
from services.intake.domain.attachment.decider import attachment_of
from services.intake.readmodel.opinions.queries import Opinions
from services.intake.readmodel.submissions.queries import Submissions
from shared.blobs.store import BlobGone, Blobs
from shared.contracts.document import AttachmentAdded
from shared.contracts.refusals import Unknown
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Subject
from shared.vault.port import Erased, Vault

PURPOSE: Final = "read_attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFile:
    """The `number`-th file of a submission; its name is None once it was erased."""

    number: int
    name: str | None
    media: str
    bytes: int


class Files:
    """The questions of one tenant, read from the log: a submission has at most five."""

    def __init__(self, *, log: EventLog, vault: Vault, blobs: Blobs, opinions: Opinions, requests: Submissions[Any]) -> None:
        self._log, self._vault, self._blobs, self._opinions, self._requests = log, vault, blobs, opinions, requests

    async def of(self, subject: Subject, about: str) -> tuple[SubmissionFile, ...]:
        """The files of an opinion or a request; their names are opened in the asker's name.

        Raises:
            Unknown, Forbidden: as for its words, and for who spoke.

        """
        added = await self._added(subject, about)
        refs = tuple(each.name.ref for each in added.values())
        names = await self._vault.open_many(refs, reader=subject.person, purpose=f"{PURPOSE} {about}") if refs else {}
        return tuple(
            SubmissionFile(number=number, name=_text(names.get(each.name.ref)), media=each.media, bytes=each.bytes)
            for number, each in added.items()
        )

    async def number_of(self, about: str, file: str) -> int:
        """Under which number a file stands that came with a submission, or would stand as the next one."""
        added = await self._attached(about)
        return next((number for number, each in added.items() if each.file == file), max(added, default=0) + 1)

    async def read(self, subject: Subject, about: str, number: int) -> tuple[SubmissionFile, bytes]:
        """One file with its content.

        Raises:
            Unknown, Forbidden: as for its words, and for who spoke; there is no such file, or it was erased.

        """
        found = (await self._added(subject, about)).get(number)
        if found is None:
            raise Unknown("number")
        purpose = f"{PURPOSE} {about}"
        try:
            opened = await self._blobs.open(found.file, reader=subject.person, purpose=purpose)
        except BlobGone:
            raise Unknown("number") from None
        name = _text(await self._vault.open(found.name.ref, reader=subject.person, purpose=purpose))
        return SubmissionFile(number=number, name=name, media=found.media, bytes=found.bytes), opened.content

    async def _added(self, subject: Subject, about: str) -> Mapping[int, AttachmentAdded]:
        if about.startswith("request_receipt-"):
            await self._requests.refuse_unless_read(subject, about)
        else:
            await self._opinions.refuse_unless_files_read(subject, about)
        return await self._attached(about)

    async def _attached(self, about: str) -> Mapping[int, AttachmentAdded]:
        streams = {attachment_of(about, number): number for number in range(1, MOST_FILES + 1)}
        found = await self._log.read_streams(tuple(streams))
        return {streams[stream]: codec.read(records[-1]).event for stream, records in found.items() if records}


def _text(opened: str | Erased | None) -> str | None:
    return opened if isinstance(opened, str) else None
