"""Answers questions about papers from the read side; asks permission first and never writes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import instant
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action
from shared.papers.access import (
    LIST_DOCUMENTS,
    LIST_RECEIVED,
    READ_DOCUMENT,
    SEE_DOCUMENT,
    document_resource,
)
from shared.papers.books import MOST, Books, row_of
from shared.papers.projections import lines_of
from shared.papers.streams import COPY, KEPT
from shared.papers.tables import (
    documents_document,
    documents_home,
    documents_received,
    documents_step,
)
from shared.papers.views import (
    DocumentDetail,
    DocumentFilters,
    DocumentPage,
    DocumentRow,
    Received,
    ReceivedPage,
    Recipient,
    Step,
)
from shared.permit import Resource, Subject, permit
from shared.vault.port import Erased

NO_FILTERS: Final = DocumentFilters()


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper's row, and the rows of its history, oldest first."""

    row: Mapping[str, Any]
    steps: list[Mapping[str, Any]]


class PaperQueries(Books):
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    async def document(self, subject: Subject, document: str) -> DocumentDetail:
        """One document with its list and history; another unit's people see what was sent to them, and no comment.

        Raises:
            Unknown

        """
        async with self._database.read() as connection:
            row = await self._visible(connection, subject, document, SEE_DOCUMENT)
            steps = await self._steps(connection, row)
        shown = row_of(row)
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
        for name in ("kind", "state", "about", "number"):
            if (value := getattr(filters, name)) is not None:
                asked = asked.where(table.c[name] == value)
        if filters.states:
            asked = asked.where(table.c.state.in_(filters.states))
        if cursor is not None:
            asked = asked.where(table.c.position < _position(cursor))
        limit = max(1, min(limit, MOST))
        asked = asked.order_by(table.c.position.desc()).limit(limit + 1)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        shown = rows[:limit]
        return DocumentPage(
            documents=tuple(row_of(row) for row in shown),
            cursor=str(shown[-1]["position"]) if len(rows) > limit else None,
        )

    async def counts(self, subject: Subject, office: str, kind: str | None = None) -> Mapping[str, int]:
        """How many documents of an office, of one kind or of all, stand in each state; a state that none has is not named.

        Raises:
            Unknown: not the asker's office.

        """
        self._allow(subject, LIST_DOCUMENTS, Resource(tenant=self._tenant, office=office))
        table = documents_document.c
        asked = select(table.state, func.count()).where(table.tenant == self._tenant, table.office == office)
        if kind is not None:
            asked = asked.where(table.kind == kind)
        async with self._database.read() as connection:
            return {state: int(many) for state, many in await connection.execute(asked.group_by(table.state))}

    async def received(
        self, subject: Subject, *, waiting: bool = False, cursor: str | None = None, limit: int = 50
    ) -> ReceivedPage:
        """What was sent to the asker's unit, the latest ahead; `waiting`: only what it has not said it has.

        Raises:
            Unknown: his capacities receive nothing.
            Invalid: the cursor was not made here.

        """
        table, papers = documents_received, documents_document
        same = and_(*(papers.c[name] == table.c[name] for name in ("tenant", "office", "document_id")))
        sent = (table.c.purpose, table.c.sent_at, table.c.delivered_at, table.c.position.label("sent_position"))
        asked = select(papers, *sent).join(papers, same).where(*self._sent_to(subject))
        if waiting:
            asked = asked.where(table.c.delivered_at.is_(None))
        if cursor is not None:
            asked = asked.where(table.c.position < _position(cursor))
        limit = max(1, min(limit, MOST))
        async with self._database.read() as connection:
            found = await connection.execute(asked.order_by(table.c.position.desc()).limit(limit + 1))
            rows = [dict(row) for row in found.mappings()]
        shown = rows[:limit]
        return ReceivedPage(
            received=tuple(
                Received(
                    document=row_of(row),
                    purpose=row["purpose"],
                    sent_at=instant(row["sent_at"]),
                    delivered_at=instant(row["delivered_at"]) if row["delivered_at"] is not None else None,
                )
                for row in shown
            ),
            cursor=str(shown[-1]["sent_position"]) if len(rows) > limit else None,
        )

    async def waiting(self, subject: Subject) -> int:
        """How many documents were sent to the asker's unit that it has not said it has.

        Raises:
            Unknown: his capacities receive nothing.

        """
        table = documents_received
        asked = select(func.count()).where(*self._sent_to(subject), table.c.delivered_at.is_(None))
        async with self._database.read() as connection:
            return int((await connection.execute(asked)).scalar_one())

    async def summaries(self, subject: Subject, documents: Sequence[DocumentRow], *, purpose: str) -> Mapping[str, str]:
        """The summary of each of some documents by its name, as far as it is the asker's to read, opened in one access."""
        own = [each for each in documents if each.summary is not None and await self._reads(subject, each)]
        opened = await self._vault.open_many(
            [each.summary for each in own if each.summary], reader=subject.person, purpose=purpose
        )
        texts = {each.id: opened.get(each.summary or "") for each in own}
        return {document: text for document, text in texts.items() if isinstance(text, str)}

    async def _reads(self, subject: Subject, document: DocumentRow) -> bool:
        """Whether what the document says is the asker's to read."""
        return permit(subject, READ_DOCUMENT, document_resource(self._tenant, document.office)).allowed

    def _sent_to(self, subject: Subject) -> tuple[ColumnElement[bool], ...]:
        resource = Resource(tenant=self._tenant, units=frozenset({subject.unit}))
        self._allow(subject, LIST_RECEIVED, resource)
        return (documents_received.c.tenant == self._tenant, documents_received.c.recipient == subject.unit)

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
