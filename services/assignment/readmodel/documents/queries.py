"""Answers questions about papers, registers and files of the assignment service."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import select

from services.assignment.readmodel.documents.tables import attachments_file
from services.assignment.readmodel.documents.views import AttachedFile
from services.assignment.readmodel.words.queries import Words
from shared.clock import instant
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.papers.books import MOST
from shared.papers.queries import PaperQueries
from shared.papers.views import DocumentRow
from shared.permit import Subject
from shared.vault.port import Vault


class DocumentQueries(PaperQueries):
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, vault: Vault, words: Words) -> None:
        super().__init__(database=database, tenant=tenant, vault=vault)
        self._said = words

    async def words(self, subject: Subject, document: str) -> Mapping[str, str | None]:
        """As for every paper, but closed as its files are to whoever is kept from the matter that it is about.

        Raises:
            Unknown

        """
        if not await self._said.reads_files_of(subject, document):
            raise Unknown("document")
        return await super().words(subject, document)

    async def _reads(self, subject: Subject, document: DocumentRow) -> bool:
        if not await super()._reads(subject, document):
            return False
        return document.about is None or await self._said.reads_files_of(subject, document.id)

    async def files(self, *, file: str | None = None, about: str | None = None) -> tuple[AttachedFile, ...]:
        """Files by digest, by what they belong to, or both; whoever asks for them asks permission of what they belong to."""
        table = attachments_file
        asked = select(table).where(table.c.tenant == self._tenant)
        if file is not None:
            asked = asked.where(table.c.file == file)
        if about is not None:
            asked = asked.where(table.c.about == about)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked.order_by(table.c.position).limit(MOST))).mappings()
            return tuple(_file(dict(row)) for row in rows)

    async def attached(self, files: Sequence[str]) -> AbstractSet[str]:
        """Which of some digests something has among its files."""
        table = attachments_file
        asked = select(table.c.file).where(table.c.tenant == self._tenant, table.c.file.in_(files)).distinct()
        async with self._database.read() as connection:
            return set((await connection.execute(asked)).scalars())


def _file(row: Mapping[str, Any]) -> AttachedFile:
    return AttachedFile(
        id=row["attachment_id"],
        about=row["about"],
        file=row["file"],
        media=row["media"],
        bytes=row["bytes"],
        name=row["name_ref"],
        at=instant(row["at"]),
        unit=row["unit"],
        came_with=row["came_with"],
    )
