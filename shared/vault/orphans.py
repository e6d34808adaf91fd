"""Texts that nothing refers to: put, and then the command never was appended."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from sqlalchemy import delete, select, update

from shared.database import Database
from shared.eventlog.port import EventLog
from shared.vault.port import Known, Stored
from shared.vault.rows import Tables
from shared.vault.schema import RECORD

BATCH: Final = 200


async def sweep(database: Database, tables: Tables, tenant: str, known: Known, *, older_than: int, now: int) -> int:
    """Keep what is known, doubt what is not, delete what was doubted long enough; how many went (see the port)."""
    gone = last = 0
    loose = (
        select(RECORD.c.n, RECORD.c.ref, RECORD.c.command_id, RECORD.c.doubted_at, RECORD.c.tokens)
        .where(RECORD.c.tenant == tenant, RECORD.c.kept.is_(False), RECORD.c.stored_at < older_than)
        .order_by(RECORD.c.n)
        .limit(BATCH)
    )
    while True:
        async with database.read() as connection:
            rows: Sequence[Any] = (await connection.execute(loose.where(RECORD.c.n > last))).all()
        if not rows:
            return gone
        last = rows[-1].n
        standing = await known([Stored(row.ref, row.command_id) for row in rows])
        stays = [row.n for row in rows if row.ref in standing]
        fresh = [row.n for row in rows if row.ref not in standing and row.doubted_at is None]
        goes = [row.n for row in rows if row.ref not in standing and row.doubted_at is not None and row.doubted_at < older_than]
        async with database.write() as connection:
            await connection.execute(update(RECORD).where(RECORD.c.n.in_(stays)).values(kept=True, doubted_at=None))
            await connection.execute(update(RECORD).where(RECORD.c.n.in_(fresh)).values(doubted_at=now))
            # Opened or put again meanwhile, it is no longer doubted.
            doubted = (RECORD.c.n.in_(goes), RECORD.c.doubted_at < older_than)
            deleted = set((await connection.execute(delete(RECORD).where(*doubted).returning(RECORD.c.n))).scalars())
            await tables.untoken(connection, [(row.n, row.tokens) for row in rows if row.n in deleted])
        gone += len(deleted)


async def referred_to(logs: Sequence[EventLog], stored: Sequence[Stored]) -> AbstractSet[str]:
    """Which of some texts the events of these logs refer to: those that the events of their own command name."""
    found: set[str] = set()
    refs: dict[str, set[str]] = defaultdict(set)
    for each in stored:
        refs[each.command_id].add(each.ref)
    for log in logs:
        for command_id, wanted in refs.items():
            appended = await log.find_command(command_id)
            if appended is not None:
                page = await log.read(appended.first - 1, appended.last - appended.first + 1)
                found |= {ref for ref in wanted if any(ref.encode() in record.data for record in page.records)}
    return found
