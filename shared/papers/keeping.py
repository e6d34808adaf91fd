"""Keeps what was issued: written once in every form, sealed among the files, and handed out so for good (design decision 16)."""

import asyncio
import hashlib

from shared.blobs.store import BlobDamaged, BlobGone, Blobs
from shared.contracts.document import DocumentKept
from shared.documents.layout.composition import Composition
from shared.documents.layout.written import Form, written
from shared.documents.refusals import FileDiffers
from shared.papers.queries import PaperQueries
from shared.permit import Subject


class AsIssued:
    """The files of one tenant's papers as they were issued."""

    def __init__(self, papers: PaperQueries, blobs: Blobs) -> None:
        self._papers, self._blobs = papers, blobs

    @property
    def kept(self) -> bool:
        """Whether there is a place where files are kept."""
        return self._blobs.kept

    async def put(self, paper: Composition, command_id: str) -> tuple[DocumentKept, ...]:
        """Store the paper in every form; the same command stores the same once.

        Raises:
            LetterNotPrintable
            FileTooLarge, PlaceUnavailable, VaultUnavailable

        """
        found = []
        for form in Form:
            content = await asyncio.to_thread(written, paper, form)
            stored = await self._blobs.put(content, form.value, command_id=command_id)
            digest = hashlib.sha256(content).hexdigest()
            found.append(DocumentKept(form=form.value, content=digest, file=stored.address, bytes=stored.size))
        return tuple(found)

    async def file(self, subject: Subject, document: str, form: Form) -> bytes | None:
        """The file as it was issued, for whoever sees the document; the opening is logged. None where none is kept.

        Raises:
            Unknown
            FileDiffers: what lies there is not what was issued.
            PlaceUnavailable, VaultUnavailable

        """
        kept = await self._papers.issued_file(subject, document, form.value)
        if kept is None:
            return None
        try:
            opened = await self._blobs.open(kept.file, reader=subject.person, purpose=f"read_document {document}")
        except BlobDamaged as error:
            raise FileDiffers("document") from error
        except BlobGone:
            return None  # erased: the paper is composed of what is left
        if hashlib.sha256(opened.content).hexdigest() != kept.content:
            raise FileDiffers("document")
        return opened.content
