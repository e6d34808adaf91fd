"""How facts fill the lines of imported files and their rows."""

from typing import Final

from services.intake.readmodel.batches.tables import BATCHES, batches_imported, batches_row
from shared.contracts.consolidation import BatchImported, BatchRowRefused, BatchRowTaken
from shared.contracts.registry import all_events
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


async def project_batch(recorded: Recorded, rows: Rows) -> None:
    """One fact of a file into its line, or into the line of a row."""
    key = {"tenant": recorded.record.tenant, "batch": recorded.stream}
    version = {"version": recorded.record.version}
    match recorded.event:
        case BatchImported() as event:
            counts = {"rows": event.rows, "taken": event.taken, "known": event.known, "refused": event.refused}
            whose = {"office": event.office, "unit": event.unit, "source": event.source.value, "file": event.file}
            rows.put(batches_imported, {**key, **whose, **counts, "imported_at": recorded.record.occurred, **version})
        case BatchRowTaken(row=row, opinion=opinion):
            rows.put(batches_row, {**key, "row": row, "opinion": opinion, "code": None, "field": None})
            rows.patch(batches_imported, key, version)
        case BatchRowRefused(row=row, code=code, field=field):
            rows.put(batches_row, {**key, "row": row, "opinion": None, "code": code, "field": field})
            rows.patch(batches_imported, key, version)


BATCHES_PROJECTION: Final = Projection(
    name="batches",
    version=1,
    sources=("intake",),
    tables=BATCHES,
    events=frozenset(declared.name for declared in all_events() if declared.stream_kind == "batch"),
    apply=project_batch,
)
