"""Answers questions about papers and registers from the read side; asks permission first and never writes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import instant
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.documents.registers import gaps, symbol
from shared.papers.access import (
    LIST_DOCUMENTS,
    READ_DOCUMENT,
    SEE_DOCUMENT,
    SEE_REGISTER,
    document_resource,
)
from shared.papers.projections import lines_of
from shared.papers.streams import COPY, KEPT
from shared.papers.tables import (
    documents_document,
    documents_home,
    documents_step,
    registers_number,
    registers_register,
)
from shared.papers.views import (
    DocumentDetail,
    DocumentFilters,
    DocumentPage,
    DocumentRow,
    NumberLine,
    Recipient,
    RegisterPage,
    RegisterRow,
    Step,
)
from shared.permit import Resource, Subject, permit
from shared.vault.port import Erased, Vault

MOST: Final = 200
NO_FILTERS: Final = DocumentFilters()


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper's row, and the rows of its history, oldest first."""

    row: Mapping[str, Any]
    steps: list[Mapping[str, Any]]


class PaperQueries:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, vault: Vault) -> None:
        self._database, self._tenant, self._vault = database, tenant, vault

    async def document(self, subject: Subject, document: str) -> DocumentDetail:
        """One document with its list and history; another unit's people see what was sent to them, and no comment.

        Raises:
            Unknown

        """
        async with self._database.read() as connection:
            row = await self._visible(connection, subject, document, SEE_DOCUMENT)
            steps = await self._steps(connection, row)
        shown = _row(row)
        sent_to, delivered = row["sent_to"].split(), delivered_to(steps)
        own = permit(subject, READ_DOCUMENT, self._resource(row)).allowed
        return DocumentDetail(
            **{name: getattr(shown, name) for name in shown.__slots__},
            content=row["content"],
            recipients=tuple(
                Recipient(
                    recipient=line.recipient,
                    purpose=line.purpose,
                    mandatory=line.mandatory,
                    sent=line.recipient in sent_to,
                    delivered=line.recipient in delivered,
                )
                for line in lines_of(row)
            ),
            history=tuple(_step(step) for step in steps if own or step["issued"]),
        )

    async def words(self, subject: Subject, document: str) -> Mapping[str, str | None]:
        """The summary, the comments and the reasons of a document by reference, opened in the asker's name; erased ones are None.

        Raises:
            Unknown

        """
        async with self._database.read() as connection:
            row = await self._visible(connection, subject, document, READ_DOCUMENT)
            steps = await self._steps(connection, row)
        refs = [row["summary_ref"], *(step["words_ref"] for step in steps)]
        wanted = tuple(dict.fromkeys(ref for ref in refs if ref is not None))
        purpose = subject.reads_for(f"read_document {document}")
        opened = await self._vault.open_many(wanted, reader=subject.person, purpose=purpose)
        return {ref: None if isinstance(text, Erased) else text for ref, text in opened.items()}

    async def documents(
        self,
        subject: Subject,
        office: str,
        filters: DocumentFilters = NO_FILTERS,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DocumentPage:
        """The documents of an office, the latest drafted ahead.

        Raises:
            Unknown: not the asker's office.
            Invalid: the cursor was not made here.

        """
        self._allow(subject, LIST_DOCUMENTS, Resource(tenant=self._tenant, office=office))
        table = documents_document
        asked: Select[Any] = select(table).where(table.c.tenant == self._tenant, table.c.office == office)
        for name in ("kind", "state", "about"):
            if (value := getattr(filters, name)) is not None:
                asked = asked.where(table.c[name] == value)
        if cursor is not None:
            asked = asked.where(table.c.position < _position(cursor))
        limit = max(1, min(limit, MOST))
        asked = asked.order_by(table.c.position.desc()).limit(limit + 1)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        shown = rows[:limit]
        return DocumentPage(
            documents=tuple(_row(row) for row in shown),
            cursor=str(shown[-1]["position"]) if len(rows) > limit else None,
        )

    async def registers(self, subject: Subject, office: str, year: int | None = None) -> tuple[RegisterRow, ...]:
        """The books of an office, of one year or of all, by year and key.

        Raises:
            Unknown: not the asker's office.

        """
        self._allow(subject, SEE_REGISTER, Resource(tenant=self._tenant, office=office))
        table = registers_register
        asked: Select[Any] = select(table).where(table.c.tenant == self._tenant, table.c.office == office)
        if year is not None:
            asked = asked.where(table.c.year == year)
        async with self._database.read() as connection:
            found = (await connection.execute(asked.order_by(table.c.year.desc(), table.c.book).limit(MOST))).mappings()
            return tuple(_register(dict(row)) for row in found)

    async def register(
        self, subject: Subject, office: str, book: str, year: int, *, after: int = 0, limit: int = MOST
    ) -> RegisterPage:
        """A book's lines beyond number `after`, with the numbers that are missing between them.

        Raises:
            Unknown

        """
        self._allow(subject, SEE_REGISTER, Resource(tenant=self._tenant, office=office))
        place = {"tenant": self._tenant, "office": office, "book": book, "year": year}
        lines, registers = registers_number, registers_register
        limit = max(1, min(limit, MOST))
        asked = (
            select(lines)
            .where(*(lines.c[name] == value for name, value in place.items()), lines.c.number > after)
            .order_by(lines.c.number)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            found = await connection.execute(select(registers).where(*(registers.c[n] == v for n, v in place.items())))
            row = found.mappings().first()
            if row is None:
                raise Unknown("book")
            rows = [dict(line) for line in (await connection.execute(asked)).mappings()]
        shown = rows[:limit]
        return RegisterPage(
            register=_register(dict(row)),
            lines=tuple(_line(line, row["pattern"]) for line in shown),
            gaps=gaps([line["number"] for line in shown], after=after),
            after=shown[-1]["number"] if len(rows) > limit else None,
        )

    async def kept(self, documents: Collection[str]) -> Mapping[str, Kept]:
        """Each of some papers with its history, by name; whoever asks for them asks permission of what they belong to."""
        table, steps = documents_document, documents_step
        found: dict[str, Kept] = {}
        async with self._database.read() as connection:
            asked = select(table).where(table.c.tenant == self._tenant, table.c.document_id.in_(documents))
            for row in (await connection.execute(asked)).mappings():
                found[row["document_id"]] = Kept(dict(row), [])
            asked = select(steps).where(steps.c.tenant == self._tenant, steps.c.document_id.in_(found))
            for step in (await connection.execute(asked.order_by(steps.c.version))).mappings():
                found[step["document_id"]].steps.append(dict(step))
        return found

    async def issued(self) -> Mapping[str, Mapping[str, Any] | None]:
        """Every paper that was issued, by name, with what is kept of it (`DocumentKept`), if anything is."""
        table, steps = documents_document, documents_step
        async with self._database.read() as connection:
            asked = select(table.c.document_id).where(table.c.tenant == self._tenant, table.c.issued_on.is_not(None))
            found: dict[str, Mapping[str, Any] | None] = dict.fromkeys((await connection.execute(asked)).scalars())
            kept = select(steps.c.document_id, steps.c.detail).where(steps.c.tenant == self._tenant, steps.c.type == KEPT)
            for row in await connection.execute(kept.order_by(steps.c.version)):
                found[row.document_id] = orjson.loads(row.detail)
        return found

    async def addresses(self) -> frozenset[str]:
        """Of every file that papers ever had: kept as issued, or attached as a copy that was signed outside."""
        steps = documents_step
        asked = select(steps.c.type, steps.c.detail).where(steps.c.tenant == self._tenant, steps.c.type.in_([KEPT, COPY]))
        async with self._database.read() as connection:
            found = [(row.type, orjson.loads(row.detail)) for row in await connection.execute(asked)]
        return frozenset(
            form["file"] for type, detail in found for form in (detail["forms"] if type == KEPT else [detail["copy"]])
        )

    async def _visible(self, connection: AsyncConnection, subject: Subject, document: str, asked: Action) -> dict[str, Any]:
        home, table = documents_home, documents_document
        joined = (
            select(table)
            .join(
                home,
                and_(
                    home.c.tenant == table.c.tenant,
                    home.c.office == table.c.office,
                    home.c.document_id == table.c.document_id,
                ),
            )
            .where(home.c.tenant == self._tenant, home.c.document_id == document)
        )
        row = (await connection.execute(joined)).mappings().first()
        if row is None:
            raise Unknown("document")
        found = dict(row)
        self._allow(subject, asked, self._resource(found), "document")
        return found

    def _resource(self, row: Mapping[str, Any]) -> Resource:
        return document_resource(self._tenant, row["office"], row["sent_to"].split())

    def _allow(self, subject: Subject, asked: Action, resource: Resource, field: str | None = None) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown(field)

    async def _steps(self, connection: AsyncConnection, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Its history; `issued` says of each fact whether it belongs to the document's life outside the office."""
        table = documents_step
        key = (table.c[name] == document[name] for name in ("tenant", "office", "document_id"))
        found = await connection.execute(select(table).where(*key).order_by(table.c.version))
        return [{**row, "issued": row["type"] in OUTSIDE} for row in found.mappings()]


OUTSIDE: Final = frozenset(
    {
        "document.signed",
        "document.signed_copy_attached",
        "document.numbered",
        "document.issued",
        KEPT,
        "document.published",
        "document.recalled",
        "document.superseded",
    }
)


def delivered_to(steps: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The recipients that have a document, by its history."""
    return frozenset(orjson.loads(step["detail"])["recipient"] for step in steps if step["type"] == "document.delivered")


def _position(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Invalid("cursor")
    return int(cursor)


def _row(row: Mapping[str, Any]) -> DocumentRow:
    return DocumentRow(
        id=row["document_id"],
        version=row["version"],
        office=row["office"],
        kind=row["kind"],
        state=row["state"],
        about=row["about"],
        number=row["symbol"],
        issued_on=date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
        signer=row["signer"],
        capacity=row["capacity"],
        summary=row["summary_ref"],
        superseded_by=row["superseded_by"],
        drafted_at=instant(row["drafted_at"]),
        changed_at=instant(row["changed_at"]),
    )


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        version=row["version"],
        type=row["type"],
        state=row["state"],
        at=instant(row["at"]),
        recorded_at=instant(row["recorded_at"]),
        person=row["person"],
        unit=row["unit"],
        capacity=row["role"],
        detail=orjson.loads(row["detail"]),
        words=row["words_ref"],
    )


def _register(row: Mapping[str, Any]) -> RegisterRow:
    return RegisterRow(
        id=row["stream"],
        version=row["version"],
        office=row["office"],
        book=row["book"],
        year=row["year"],
        external=bool(row["external"]),
        pattern=row["pattern"],
        last=row["last"],
        next=None if row["external"] else row["last"] + 1,
        taken=row["taken"],
        voided=row["voided"],
    )


def _line(row: Mapping[str, Any], pattern: str) -> NumberLine:
    return NumberLine(
        number=row["number"],
        symbol=symbol(pattern, row["number"]),
        document=row["document"],
        void=row["reason_ref"],
        at=instant(row["at"]),
        recorded_at=instant(row["recorded_at"]),
    )
