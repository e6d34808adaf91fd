"""What was issued is kept as it was issued: composed when it is, sealed as files, and given out from then on (decision 16)."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.blobs.store import BlobDamaged, BlobGone, Blobs
from shared.contracts.document import DocumentIssued, DocumentKept, Form, KeptForm
from shared.contracts.refusals import Unknown
from shared.desk import name_of
from shared.documents.layout.composition import Composition
from shared.documents.layout.written import written
from shared.documents.refusals import FileDiffers
from shared.documents.states import NoDocument, Paper
from shared.eventlog.records import Recorded
from shared.papers.composing import Composed, house_reader
from shared.papers.queries import PaperQueries
from shared.papers.refusals import FileLost, NotComposable, SignedDiffers
from shared.papers.streams import KEPT
from shared.permit import Subject
from shared.subscriptions.declared import Process, Reaction

NAME: Final = "keep-issued"
Erased = Callable[[str], Awaitable[bool]]  # of a document: whether what it speaks of was erased, and its files with it


def keeper(service: str) -> str:
    """The process that keeps what a service issues."""
    return f"{NAME}-{service}"


def room_of(blobs: Blobs, service: str) -> Blobs:
    """Where a service's papers lie as files: apart from attached ones and from other services', each swept by what it knows."""
    return blobs.apart(f"issued-{service}", formerly="issued")


async def never(_document: str) -> bool:
    """Nothing is erased that papers of this kind speak of."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper as a file, and the digest of what it says; `issued` is the SHA-256 of its bytes where they are those issued."""

    file: bytes
    content: str
    issued: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Issued papers whose kept files are gone though nothing was erased, and those of which none is kept, by name."""

    lost: tuple[str, ...] = ()
    unkept: tuple[str, ...] = ()


class PaperFiles:
    """Papers as files, of one tenant: as they were issued, else as they read now.

    What was issued is for the office's own people, as its words are; `also_recipients`: and for whom it was sent to.
    `signed_text`: what is signed is the digest of what the house composed, so what is kept must have it.
    """

    def __init__(
        self,
        composed: Composed,
        papers: PaperQueries,
        blobs: Blobs,
        *,
        erased: Erased = never,
        also_recipients: bool = False,
        signed_text: bool = False,
    ) -> None:
        self._composed, self._papers, self._blobs = composed, papers, room_of(blobs, composed.service)
        self._erased, self._also_recipients, self._signed_text = erased, also_recipients, signed_text
        self._made: dict[str, tuple[KeptForm, ...]] = {}  # by command, until it is known what became of it

    async def keep(self, document: str, *, command_id: str) -> DocumentKept | None:
        """Compose the paper and keep it in every form; `settle` is to be told what became of it.

        None where it is not issued or kept already, no place for files is set up, or what it speaks of was erased.

        Raises:
            LogUnavailable: ask again soon.
            NotComposable: it cannot be read, though nothing was erased.
            SignedDiffers: it does not say what was signed.
            FileTooLarge, PlaceUnavailable, VaultUnavailable, LetterNotPrintable

        """
        state = await self._composed.state_of(document)
        if not self._blobs.kept or isinstance(state, NoDocument) or state.paper.issued is None or state.paper.kept is not None:
            return None
        if await self._erased(document):
            return None
        try:
            paper = await self._composed.now(self._keeper(document, state.paper), document)
        except Unknown:
            if await self._erased(document):
                return None
            raise NotComposable(document=document) from None
        signed = state.paper.signed.content if state.paper.signed is not None else None
        if self._signed_text and signed != paper.content:
            raise SignedDiffers(document=document)
        paper = replace(paper, mark=None)  # recalled or superseded in the meantime, it was issued without one
        outside = (state.paper.copy.copy,) if state.paper.copy is not None else ()
        own = tuple(
            [await self._kept(paper, form, command_id) for form in Form if all(form is not each.form for each in outside)]
        )
        self._made[command_id] = own
        return DocumentKept(content=paper.content, forms=outside + own)

    async def settle(self, command_id: str, kept: DocumentKept | None) -> None:
        """Destroy what was made for a command and is not what is `kept` of the paper, as the log has it now."""
        stand = {form.file for form in kept.forms} if kept is not None else set()
        for form in self._made.pop(command_id, ()):
            if form.file not in stand:
                await self._blobs.erase(form.file)

    async def file(self, subject: Subject, document: str, form: Form, *, marked: bool = False) -> Made:
        """The paper for whoever may read it; the reading is logged.

        What was issued is given as it was issued. `marked` composes a copy that says what became of it since: recalled,
        superseded.

        Raises:
            Unknown: it is not there, or not his to read.
            FileDiffers: the bytes are no longer those that were issued.
            FileLost: they are gone, and nothing was erased.
            LetterNotPrintable, PlaceUnavailable, VaultUnavailable

        """
        issued = None if marked else await self._issued(subject, document, form)
        if issued is not None:
            return issued
        paper = await self._composed.read(subject, document)
        return Made(file=await asyncio.to_thread(written, paper, form), content=paper.content)

    async def missing(self) -> Missing:
        """What is not there of what was issued; nothing where no place for files is set up.

        Raises:
            PlaceUnavailable

        """
        if not self._blobs.kept:
            return Missing()
        lost: list[str] = []
        unkept: list[str] = []
        for document, kept in (await self._papers.issued()).items():
            there = kept is not None and all([await self._lies(form["file"]) for form in kept["forms"]])
            if not there and not await self._erased(document):
                (unkept if kept is None else lost).append(document)
        return Missing(lost=tuple(lost), unkept=tuple(unkept))

    async def sweep(self, older_than: datetime) -> int:
        """Destroy files that lay there before `older_than` and that no paper has; how many went.

        The read model is believed: ask only when it holds everything that stands in the log.
        """
        if not self._blobs.kept:
            return 0
        known = await self._papers.addresses()

        async def referred(addresses: Sequence[str]) -> frozenset[str]:
            return known & set(addresses)

        return await self._blobs.sweep(referred, older_than)

    async def _issued(self, subject: Subject, document: str, form: Form) -> Made | None:
        try:
            paper = await self._papers.document(subject, document)
            if not self._also_recipients:
                await self._papers.words(subject, document)
        except Unknown:
            return None  # not drafted yet, or not his: composing it says which
        kept = next((step.detail for step in reversed(paper.history) if step.type == KEPT), None)
        found = next((each for each in kept["forms"] if each["form"] == form), None) if kept is not None else None
        if kept is None or found is None:
            return None
        try:
            purpose = subject.reads_for(f"read_document {document}")
            opened = await self._blobs.open(found["file"], reader=subject.person, purpose=purpose)
        except BlobGone:
            if await self._erased(document):
                return None
            raise FileLost("document") from None
        except BlobDamaged as error:
            raise FileDiffers("document") from error
        if hashlib.sha256(opened.content).hexdigest() != found["sha256"]:
            raise FileDiffers("document")
        return Made(file=opened.content, content=kept["content"], issued=found["sha256"])

    async def _kept(self, paper: Composition, form: Form, command_id: str) -> KeptForm:
        made = await asyncio.to_thread(written, paper, form)
        stored = await self._blobs.put(made, form.value, command_id=command_id)
        return KeptForm(form=form, file=stored.address, sha256=hashlib.sha256(made).hexdigest(), bytes=len(made))

    async def _lies(self, address: str) -> bool:
        try:
            return await self._blobs.stored(address) is not None
        except BlobDamaged:
            return False

    def _keeper(self, document: str, paper: Paper) -> Subject:
        name, purpose = keeper(self._composed.service), f"keep_issued {document}"
        return house_reader(self._composed.tenant, paper.drafted.office, name=name, purpose=purpose)


def keep_issued(service: str, command: type, body_of: Callable[[str], dict[str, Any]]) -> Process:
    """Has what is issued kept by `command`, whose body `body_of` makes from the document's stream."""

    def react(recorded: Recorded) -> Sequence[Reaction]:
        if not isinstance(recorded.event, DocumentIssued):
            return []
        subject = Subject.house(NAME, tenant=recorded.record.tenant, office=str(recorded.metadata["office"]))
        return [Reaction(command=name_of(command), body=body_of(recorded.stream), subject=subject)]

    return Process(name=keeper(service), sources=(service,), events=frozenset({"document.issued"}), react=react)
