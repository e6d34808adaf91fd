"""What became of each opinion that a unit's system fed: accepted, or parked with the reason. Kept, not projected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.readmodel.languages import Said
from services.intake.readmodel.reasons import said
from shared.clock import instant
from shared.eventlog.schema import APP_ROLE

FEED_TABLES: Final = MetaData()
ACCEPTED: Final = "accepted"
PARKED: Final = "parked"
NOBODY: Final = "-"  # the unit of what names none that is known

feed_item: Final = Table(
    "feed_item",
    FEED_TABLES,
    Column("tenant", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("n", BigInteger, primary_key=True),  # 1, 2, ... by unit
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("outcome", Text, nullable=False),
    Column("local_id", Text),
    Column("opinion", Text),
    Column("reason", Text),
    Column("field", Text),
    Column("body_ref", Text),  # what was parked, in the vault
    Column("place", Text, nullable=False),  # partition and offset
)

feed_key: Final = Table(
    "feed_key",
    FEED_TABLES,
    Column("tenant", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # the key itself follows from the installation's hash key
)

feed_key_made: Final = Table(
    "feed_key_made",
    FEED_TABLES,
    Column("tenant", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("command_id", Text, primary_key=True),  # who sends it again is answered the key it made, and makes no other
    Column("version", Integer, nullable=False),
)


def create(connection: Connection) -> None:
    """Make the tables."""
    FEED_TABLES.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update on {', '.join(FEED_TABLES.tables)} to {APP_ROLE}"))


def drop(connection: Connection) -> None:
    """Undo `create`."""
    FEED_TABLES.drop_all(connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a unit's feed. `previous` names the item before it, so that a sender sees that it missed none.

    What was parked says why, and what to do, in both languages.
    """

    n: int
    previous: int
    at: str
    outcome: str
    local_id: str | None
    opinion: str | None
    reason: str | None
    field: str | None
    titles: Said | None
    advice: Said | None
    place: str  # partition and offset, as the broker told its sender


async def record_item(connection: AsyncConnection, tenant: str, unit: str, values: Mapping[str, Any]) -> int:
    """Write down what became of an item; its number."""
    if connection.dialect.name == "postgresql":
        # Whoever writes may send to any partition, and each is read by itself: numbers of one unit would meet.
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"feed {tenant} {unit}", 0))))
    last = await connection.execute(select(func.max(feed_item.c.n)).where(feed_item.c.tenant == tenant, feed_item.c.unit == unit))
    n = (last.scalar() or 0) + 1
    await connection.execute(insert(feed_item).values(tenant=tenant, unit=unit, n=n, **values))
    return int(n)


async def items(connection: AsyncConnection, tenant: str, unit: str, after: int, limit: int) -> list[FeedItem]:
    """The items of a unit beyond `after`, in order."""
    query = (
        select(feed_item)
        .where(feed_item.c.tenant == tenant, feed_item.c.unit == unit, feed_item.c.n > after)
        .order_by(feed_item.c.n)
        .limit(limit)
    )
    return [_item(row) for row in (await connection.execute(query)).mappings()]


async def key_version(connection: AsyncConnection, tenant: str, unit: str) -> int:
    """Which of a unit's keys is in force; 1 until it was changed."""
    query = select(feed_key.c.version).where(feed_key.c.tenant == tenant, feed_key.c.unit == unit)
    return int((await connection.execute(query)).scalar() or 1)


async def renew_key(connection: AsyncConnection, tenant: str, unit: str, command_id: str) -> int:
    """Put a unit's next key in force, once for each command id; which of its keys that is."""
    begun = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(feed_key)
    await connection.execute(begun.values(tenant=tenant, unit=unit, version=1).on_conflict_do_nothing())
    # Its row is held from here on: of two who ask at once, the second finds what the first one made.
    of_unit = (feed_key.c.tenant == tenant, feed_key.c.unit == unit)
    version = (await connection.execute(select(feed_key.c.version).where(*of_unit).with_for_update())).scalar_one()
    made = feed_key_made.c
    same = (made.tenant == tenant, made.unit == unit, made.command_id == command_id)
    earlier = (await connection.execute(select(made.version).where(*same))).scalar()
    if earlier is not None:
        return int(earlier)
    await connection.execute(update(feed_key).where(*of_unit).values(version=version + 1))
    values = {"tenant": tenant, "unit": unit, "command_id": command_id, "version": version + 1}
    await connection.execute(insert(feed_key_made).values(values))
    return int(version) + 1


def _item(row: Mapping[Any, Any]) -> FeedItem:
    why = said(row["reason"]) if row["reason"] is not None else None
    return FeedItem(
        n=row["n"],
        previous=row["n"] - 1,
        at=instant(row["at"]).isoformat(),
        outcome=row["outcome"],
        local_id=row["local_id"],
        opinion=row["opinion"],
        reason=row["reason"],
        field=row["field"],
        titles=why and why.title,
        advice=why and why.advice,
        place=row["place"],
    )
