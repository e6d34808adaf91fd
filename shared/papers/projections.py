"""How facts fill the tables of papers and registers, in whichever service has them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from shared.canonical import canonical
from shared.contracts.document import (
    DocumentCommented,
    DocumentDelivered,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentNumbered,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSigned,
    DocumentSubmitted,
    DocumentSuperseded,
    Line,
    NumberTaken,
    RegisterOpened,
)
from shared.contracts.types import Sealed
from shared.documents.states import (
    LABELS,
    Commented,
    Drafted,
    Issued,
    Numbered,
    Published,
    Recalled,
    Returned,
    Sent,
    Signed,
    Submitted,
    Superseded,
    awaits_nobody,
)
from shared.eventlog.records import Recorded
from shared.papers.tables import (
    DOCUMENTS,
    REGISTERS,
    documents_document,
    documents_home,
    documents_received,
    documents_step,
    registers_home,
    registers_number,
    registers_register,
)
from shared.subscriptions.declared import Projection, Rows

DOCUMENT_EVENTS: Final = frozenset(
    {
        "document.drafted",
        "document.commented",
        "document.submitted",
        "document.returned",
        "document.signed",
        "document.signed_copy_attached",
        "document.numbered",
        "document.issued",
        "document.kept",
        "document.dispatched",
        "document.delivered",
        "document.published",
        "document.recalled",
        "document.superseded",
    }
)
REGISTER_EVENTS: Final = frozenset({"register.opened", "register.number_taken", "register.number_voided"})

# The stage that a fact brings a document to; sending it and receiving it are judged by whom it must reach.
_STAGES: Final[Mapping[type, str]] = {
    DocumentDrafted: LABELS[Drafted],
    DocumentCommented: LABELS[Commented],
    DocumentSubmitted: LABELS[Submitted],
    DocumentReturned: LABELS[Returned],
    DocumentSigned: LABELS[Signed],
    DocumentNumbered: LABELS[Numbered],
    DocumentIssued: LABELS[Issued],
    DocumentPublished: LABELS[Published],
    DocumentRecalled: LABELS[Recalled],
    DocumentSuperseded: LABELS[Superseded],
}


async def project_document(recorded: Recorded, rows: Rows) -> None:
    """One fact of a document into its row, and as a step of its history."""
    tenant, document, event = recorded.record.tenant, recorded.stream, recorded.event
    home = await rows.get(documents_home, {"tenant": tenant, "document_id": document})
    if home is None:
        assert isinstance(event, DocumentDrafted), f"{document} has facts before it was drafted"
        home = {"tenant": tenant, "document_id": document, "office": event.office}
        rows.put(documents_home, home)
    key = {"tenant": tenant, "office": home["office"], "document_id": document}
    row = await rows.get(documents_document, key)
    changed = _begun(recorded) if row is None else _changed(event, row)
    changed |= {"changed_at": recorded.record.occurred, "version": recorded.record.version}
    if row is None:
        rows.put(documents_document, {**key, **changed})
    else:
        rows.patch(documents_document, key, changed)
    rows.put(documents_step, {**key, **_step(recorded, changed["state"])})
    await _project_received(recorded, home["office"], rows)


async def _project_received(recorded: Recorded, office: str, rows: Rows) -> None:
    """A sending or a receipt into the recipient's line; sent again it stays where it stood first."""
    event = recorded.event
    if not isinstance(event, DocumentDispatched | DocumentDelivered):
        return
    key = {"tenant": recorded.record.tenant, "recipient": event.recipient, "document_id": recorded.stream}
    known = await rows.get(documents_received, key)
    if isinstance(event, DocumentDelivered):
        if known is not None:
            rows.patch(documents_received, key, {"delivered_at": recorded.record.occurred})
    elif known is None:
        sent = {"purpose": event.purpose, "sent_at": recorded.record.occurred, "delivered_at": None}
        rows.put(documents_received, {**key, "office": office, **sent, "position": recorded.position})


def _begun(recorded: Recorded) -> dict[str, Any]:
    empty = dict.fromkeys(("signer", "capacity", "register", "year", "number", "symbol", "issued_on", "superseded_by"))
    at = {"drafted_at": recorded.record.occurred, "position": recorded.position}
    return {**empty, **at, "sent_to": "", **_draft(recorded.event)}


def _draft(event: DocumentDrafted) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        "state": _STAGES[DocumentDrafted],
        "about": event.about,
        "summary_ref": event.summary.ref if event.summary else None,
        "content": event.content,
        "lines": canonical(event.recipients).decode(),
    }


def _changed(event: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a document's row that `event` changes."""
    changed: dict[str, Any] = {"state": _STAGES.get(type(event), row["state"])}
    match event:
        case DocumentDrafted():
            changed |= _draft(event)
        case DocumentSigned():
            changed |= {"signer": event.signer, "capacity": event.capacity.value}
        case DocumentNumbered():
            changed |= {"register": event.register, "year": event.year, "number": event.number, "symbol": event.symbol}
        case DocumentIssued():
            changed |= {"issued_on": event.on.isoformat()}
        case DocumentSuperseded():
            changed |= {"superseded_by": event.by}
        case DocumentDispatched():
            sent_to = tuple(dict.fromkeys([*row["sent_to"].split(), event.recipient]))
            changed |= {"sent_to": " ".join(sent_to)}
            if row["state"] == LABELS[Issued] and awaits_nobody(lines_of(row), sent_to):
                changed |= {"state": LABELS[Sent]}
    return changed


def lines_of(row: Mapping[str, Any]) -> tuple[Line, ...]:
    """The distribution list of a document's row."""
    return tuple(Line(**line) for line in json.loads(row["lines"]))


def _step(recorded: Recorded, state: str) -> dict[str, Any]:
    said, words = _said(recorded.event)
    metadata = recorded.metadata
    return {
        "version": recorded.record.version,
        "type": recorded.record.type,
        "state": state,
        "at": recorded.record.occurred,
        "recorded_at": recorded.record.recorded,
        "person": metadata.get("actor"),
        "unit": metadata.get("unit"),
        "role": metadata.get("capacity"),
        "detail": canonical(said).decode(),
        "words_ref": words,
    }


def _said(event: Any) -> tuple[dict[str, Any], str | None]:
    """What a fact says, and where its words are."""
    values = dict(vars(event))
    words = next((value.ref for value in values.values() if isinstance(value, Sealed)), None)
    return {name: value for name, value in values.items() if value is not None and not isinstance(value, Sealed)}, words


async def project_register(recorded: Recorded, rows: Rows) -> None:
    """One fact of a register into its row, and the line of its number."""
    tenant, stream, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, RegisterOpened):
        place = {"office": event.office, "book": event.register, "year": event.year}
        rows.put(registers_home, {"tenant": tenant, "stream": stream, **place})
        opened = {"external": event.external, "pattern": event.pattern, "last": 0, "taken": 0, "voided": 0, "version": 1}
        rows.put(registers_register, {"tenant": tenant, **place, "stream": stream, **opened})
        return
    home = await rows.get(registers_home, {"tenant": tenant, "stream": stream})
    assert home is not None, f"{stream} has facts before it was opened"
    key = {name: home[name] for name in ("tenant", "office", "book", "year")}
    row = await rows.get(registers_register, key)
    assert row is not None
    line = {**key, "number": event.number}
    was_taken = (await rows.get(registers_number, line)) is not None
    taken = isinstance(event, NumberTaken)
    counted = {
        "last": max(row["last"], event.number),
        "taken": row["taken"] + 1 if taken else row["taken"] - was_taken,
        "voided": row["voided"] + (not taken),
        "version": recorded.record.version,
    }
    rows.patch(registers_register, key, counted)
    entered = {
        "document": event.document if taken else None,
        "reason_ref": None if taken else event.reason.ref,
        "at": recorded.record.occurred,
        "recorded_at": recorded.record.recorded,
    }
    rows.put(registers_number, {**line, **entered})


def documents_of(service: str, name: str) -> Projection:
    """The papers that `service` has, from its own log."""
    return Projection(
        name=name,
        version=3,
        sources=(service,),
        tables=DOCUMENTS,
        events=DOCUMENT_EVENTS,
        apply=project_document,
    )


def registers_of(service: str, name: str) -> Projection:
    """The books of numbers that `service` keeps, from its own log."""
    return Projection(
        name=name,
        version=1,
        sources=(service,),
        tables=REGISTERS,
        events=REGISTER_EVENTS,
        apply=project_register,
    )
