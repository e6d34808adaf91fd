"""Where a subscription stands in a log, moved in the transaction of what it did."""

from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog.records import ZERO
from shared.feeds import Hint
from shared.subscriptions.schema import CHECKPOINT


class Cursor(NamedTuple):
    """The last position applied, with the hash of the event there, in one incarnation of the log."""

    incarnation: str
    position: int
    hash: bytes
    hint: Hint | None = None

    def same_place(self, other: "Cursor") -> bool:
        """Whether both stand at the same event; hints do not count."""
        return self[:3] == other[:3]


START: Final = Cursor("", 0, ZERO)


async def load(connection: AsyncConnection, subscription: str, source: str, *, lock: bool = False) -> Cursor:
    """The cursor stored, `START` where there is none. With `lock` no other process moves it before this one commits."""
    wanted = select(CHECKPOINT).where(CHECKPOINT.c.subscription == subscription, CHECKPOINT.c.source == source)
    if lock and connection.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        return START
    hint = None if row["kafka_offset"] is None else Hint(row["kafka_partition"], row["kafka_offset"])
    return Cursor(row["incarnation"], row["position"], bytes(row["hash"]), hint)


async def save(connection: AsyncConnection, subscription: str, source: str, cursor: Cursor, now: int) -> None:
    """Store the cursor; `now` in microseconds since 1970 UTC."""
    values = {
        "incarnation": cursor.incarnation,
        "position": cursor.position,
        "hash": cursor.hash,
        "kafka_partition": cursor.hint.partition if cursor.hint else None,
        "kafka_offset": cursor.hint.offset if cursor.hint else None,
        "updated_at": now,
    }
    insert = postgresql.insert(CHECKPOINT) if connection.dialect.name == "postgresql" else sqlite.insert(CHECKPOINT)
    await connection.execute(
        insert.values(subscription=subscription, source=source, **values).on_conflict_do_update(
            index_elements=["subscription", "source"], set_=values
        )
    )
