"""Answers questions about books of numbers from the read side; asks permission first and never writes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, select

from shared.clock import instant
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.documents.registers import gaps, symbol
from shared.papers.access import SEE_REGISTER
from shared.papers.tables import documents_document, registers_number, registers_register
from shared.papers.views import DocumentRow, Entered, NumberLine, RegisterPage, RegisterRow
from shared.permit import Resource, Subject, permit
from shared.vault.port import Vault

MOST: Final = 200


class Books:
    """The books of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, vault: Vault) -> None:
        self._database, self._tenant, self._vault = database, tenant, vault

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

    async def entered(self, subject: Subject, page: RegisterPage) -> Mapping[str, Entered]:
        """What each document of some lines of a book is, by name: the book shows it to whoever may see the book.

        Raises:
            Unknown: not his to see.

        """
        self._allow(subject, SEE_REGISTER, Resource(tenant=self._tenant, office=page.register.office))
        wanted = {line.document for line in page.lines if line.document is not None}
        table = documents_document
        mine = (table.c.tenant == self._tenant, table.c.office == page.register.office)
        async with self._database.read() as connection:
            rows = (await connection.execute(select(table).where(*mine, table.c.document_id.in_(wanted)))).mappings().all()
        return {row["document_id"]: Entered(document=row_of(dict(row)), sent_to=tuple(row["sent_to"].split())) for row in rows}

    async def reasons(self, subject: Subject, page: RegisterPage) -> Mapping[str, str]:
        """Why numbers among some lines of a book were voided, by reference, opened in the asker's name; erased ones are left out.

        Raises:
            Unknown: not his to see.

        """
        self._allow(subject, SEE_REGISTER, Resource(tenant=self._tenant, office=page.register.office))
        refs = [line.void for line in page.lines if line.void is not None]
        opened = await self._vault.open_many(
            refs, reader=subject.person, purpose=subject.reads_for(f"read_register {page.register.id}")
        )
        return {ref: text for ref, text in opened.items() if isinstance(text, str)}

    def _allow(self, subject: Subject, asked: Action, resource: Resource, field: str | None = None) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown(field)


def row_of(row: Mapping[str, Any]) -> DocumentRow:
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
