"""How facts fill the tables of papers, registers and files of the assignment service."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table

from services.assignment.readmodel.documents.tables import ATTACHMENTS, attachments_file
from shared.eventlog.records import Recorded
from shared.papers.projections import documents_of, registers_of
from shared.subscriptions.declared import Projection, Rows

BECOMING: Final = {"opinion": "case", "request_receipt": "request"}


async def project_attachment(recorded: Recorded, rows: Rows) -> None:
    """A file and what it belongs to; what came with a submission belongs to what that becomes.

    A letter stays one that came with the submission, whoever adds its scan to the case as well, before or after.
    """
    event = recorded.event
    ((_, key),) = attached_row(recorded)
    came_with = event.about if key["about"] != event.about else None
    found = await rows.get(attachments_file, key)
    if came_with is None and found is not None and found["came_with"] is not None:
        return
    rows.put(
        attachments_file,
        {
            **key,
            "attachment_id": recorded.stream,
            "media": event.media,
            "bytes": event.bytes,
            "name_ref": event.name.ref,
            "at": recorded.record.occurred,
            "unit": recorded.metadata.get("unit"),
            "came_with": came_with,
            "position": recorded.position,
        },
    )


def attached_row(recorded: Recorded) -> Sequence[tuple[Table, Mapping[str, Any]]]:
    """The one row of a file and what it belongs to."""
    event = recorded.event
    return [(attachments_file, {"tenant": recorded.record.tenant, "file": event.file, "about": becoming(event.about)})]


def becoming(about: str) -> str:
    """The case or request that a submission becomes when it is referred: `case-7Q2K…` of `opinion-7Q2K…`; all else is itself."""
    kind, _, rest = about.partition("-")
    return f"{BECOMING[kind]}-{rest}" if kind in BECOMING else about


DOCUMENTS_PROJECTION: Final = documents_of("assignment", "documents")
REGISTERS_PROJECTION: Final = registers_of("assignment", "registers")
ATTACHMENTS_PROJECTION: Final = Projection(
    name="attachments",
    version=3,
    sources=("assignment", "intake"),
    tables=ATTACHMENTS,
    events=frozenset({"attachment.added"}),
    apply=project_attachment,
    reads=attached_row,
)
