"""What was issued is kept as it was issued: composed when it is, sealed as files, and given out from then on (decision 16)."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from shared.blobs.store import BlobDamaged, BlobGone, Blobs
from shared.contracts.document import DocumentIssued, DocumentKept, Form, KeptForm
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.decider import Fold, load
from shared.desk import name_of
from shared.documents.layout.composition import Composition
from shared.documents.layout.written import written
from shared.documents.refusals import FileDiffers
from shared.documents.states import INITIAL, Document, NoDocument, evolve
from shared.eventlog.port import EventLog, LogUnavailable
from shared.eventlog.records import Recorded
from shared.papers.queries import PaperQueries
from shared.permit import Subject
from shared.subscriptions import checkpoints
from shared.subscriptions.declared import Process, Reaction

NAME: Final = "keep-issued"
DOCUMENT: Final = Fold("document", INITIAL, evolve)
ROOM: Final = "issued"  # apart from attached files: those are swept by what one service alone refers to
KEPT: Final = "document.kept"
PAUSE_SECONDS: Final = 0.02
Compose = Callable[[Subject, str], Awaitable[Composition]]


def house_reader(tenant: str, office: str) -> Subject:
    """The house, reading all that the office's hub and head read."""
    return Subject(person=NAME, tenant=tenant, office=office, unit=office, capacities=frozenset({Role.HUB, Role.CHIEF}))


class Composed:
    """Papers of one service and tenant as they read now, composed for the house itself.

    `compose` puts a paper's elements together for a reader; `copies` are the projections of the service's own log that it
    reads.
    """

    def __init__(
        self, compose: Compose, *, database: Database, log: EventLog, service: str, tenant: str, copies: Collection[str]
    ) -> None:
        self._compose, self._database, self._log = compose, database, log
        self._source, self._tenant, self._copies = f"{service}/{tenant}", tenant, frozenset(copies)

    async def now(self, document: str, office: str) -> Composition:
        """The paper as it reads when everything is known that stands in its stream.

        Raises:
            LogUnavailable: the read models have not come up to that yet; ask again soon.
            Unknown: it says nothing that may be read, such as of a matter that was quarantined.

        """
        await self.come_to(await self.stands_at(document))
        return await self._compose(house_reader(self._tenant, office), document)

    async def stands_at(self, document: str) -> int:
        """The log position of the last fact of the document; 0 where there is none."""
        return max((record.position for record in await self._log.read_stream(document)), default=0)

    async def come_to(self, position: int, *, within_seconds: float = 0.0) -> None:
        """Wait until the read models hold the service's log up to `position`.

        Raises:
            LogUnavailable: not within that time; ask again soon.

        """
        until = time.monotonic() + within_seconds
        while True:
            async with self._database.read() as connection:
                stand = await checkpoints.positions(connection, set(self._copies))
            behind = next((copy for copy in self._copies if stand.get((copy, self._source), 0) < position), None)
            if behind is None:
                return
            if time.monotonic() >= until:
                raise LogUnavailable(f"{behind} has not read {self._source} up to {position} yet")
            await asyncio.sleep(PAUSE_SECONDS)

    async def read(self, subject: Subject, document: str) -> Composition:
        """The paper as it reads now, for whoever asks.

        Raises:
            Unknown: it is not there, or not his to read.

        """
        return await self._compose(subject, document)

    async def state_of(self, document: str) -> Document:
        """How the document stands in the log."""
        state: Document = (await load(self._log, {document: DOCUMENT}))[document].state
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper as a file, and the digest of what it says; `issued` is the SHA-256 of its bytes where they are those issued."""

    file: bytes
    content: str
    issued: str | None = None


class PaperFiles:
    """Papers as files, of one tenant: as they were issued, else as they read now.

    What was issued is for the office's own people, as its words are; `also_recipients`: and for whom it was sent to.
    """

    def __init__(self, composed: Composed, papers: PaperQueries, blobs: Blobs, *, also_recipients: bool = False) -> None:
        self._composed, self._papers, self._blobs = composed, papers, blobs.apart(ROOM)
        self._also_recipients = also_recipients

    async def keep(self, document: str, *, command_id: str) -> DocumentKept | None:
        """Compose the paper and keep it in every form.

        None where it is not issued or kept already, no place for files is set up, or it may not be read.

        Raises:
            LogUnavailable: ask again soon.
            FileTooLarge, PlaceUnavailable, VaultUnavailable, LetterNotPrintable

        """
        state = await self._composed.state_of(document)
        if not self._blobs.kept or isinstance(state, NoDocument) or state.paper.issued is None or state.paper.kept is not None:
            return None
        try:
            paper = await self._composed.now(document, state.paper.drafted.office)
        except Unknown:
            return None
        paper = replace(paper, mark=None)  # recalled or superseded in the meantime, it was issued without one
        outside = (state.paper.copy.copy,) if state.paper.copy is not None else ()
        forms = outside + tuple(
            [await self._kept(paper, form, command_id) for form in Form if all(form is not each.form for each in outside)]
        )
        return DocumentKept(content=paper.content, forms=forms)

    async def file(self, subject: Subject, document: str, form: Form, *, marked: bool = False) -> Made:
        """The paper for whoever may read it; the reading is logged.

        What was issued is given as it was issued. `marked` composes a copy that says what became of it since: recalled,
        superseded.

        Raises:
            Unknown: it is not there, or not his to read.
            FileDiffers: the bytes are no longer those that were issued.
            LetterNotPrintable, PlaceUnavailable, VaultUnavailable

        """
        issued = None if marked else await self._issued(subject, document, form)
        if issued is not None:
            return issued
        paper = await self._composed.read(subject, document)
        return Made(file=await asyncio.to_thread(written, paper, form), content=paper.content)

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
            opened = await self._blobs.open(found["file"], reader=subject.person, purpose=f"read_document {document}")
        except BlobGone:
            return None
        except BlobDamaged as error:
            raise FileDiffers("document") from error
        if hashlib.sha256(opened.content).hexdigest() != found["sha256"]:
            raise FileDiffers("document")
        return Made(file=opened.content, content=kept["content"], issued=found["sha256"])

    async def _kept(self, paper: Composition, form: Form, command_id: str) -> KeptForm:
        made = await asyncio.to_thread(written, paper, form)
        stored = await self._blobs.put(made, form.value, command_id=command_id)
        return KeptForm(form=form, file=stored.address, sha256=hashlib.sha256(made).hexdigest(), bytes=len(made))


def keep_issued(service: str, command: type, body_of: Callable[[str], dict[str, Any]]) -> Process:
    """Has what is issued kept by `command`, whose body `body_of` makes from the document's stream."""

    def react(recorded: Recorded) -> Sequence[Reaction]:
        if not isinstance(recorded.event, DocumentIssued):
            return []
        subject = Subject.house(NAME, tenant=recorded.record.tenant, office=str(recorded.metadata["office"]))
        return [Reaction(command=name_of(command), body=body_of(recorded.stream), subject=subject)]

    return Process(name=f"{NAME}-{service}", sources=(service,), events=frozenset({"document.issued"}), react=react)
