"""Where a subscription stands in a log, moved in the transaction of what it did."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select, update
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
_MOVED: Final = ("incarnation", "position", "hash", "kafka_partition", "kafka_offset", "updated_at")
_PASS_OVER: Final = (
    update(CHECKPOINT)
    .where(
        CHECKPOINT.c.subscription == bindparam("of"),
        CHECKPOINT.c.source == bindparam("in"),
        CHECKPOINT.c.incarnation == bindparam("before_incarnation"),
        CHECKPOINT.c.position == bindparam("before_position"),
        CHECKPOINT.c.hash == bindparam("before_hash"),
    )
    .values({name: bindparam(name) for name in _MOVED})
)


async def load(connection: AsyncConnection, subscription: str, source: str) -> Cursor:
    """The cursor stored, `START` where there is none."""
    return (await _stored(connection, [subscription])).get((subscription, source), START)


async def lock(connection: AsyncConnection, subscription: str, source: str) -> Cursor:
    """The cursor stored, and the subscription to oneself until the transaction ends.

    All its sources are locked: two of them may write the same rows, and each reads before it writes. The row of a new
    source is made first, because a row that is not there cannot be locked.
    """
    stored = await _stored(connection, [subscription], lock=True)
    if (subscription, source) not in stored:
        await begin(connection, subscription, [source])
        stored = await _stored(connection, [subscription], lock=True)
    return stored[subscription, source]


async def lock_all(connection: AsyncConnection, subscriptions: Collection[str], source: str) -> dict[str, Cursor]:
    """The same for several subscriptions: their cursors in `source`, by subscription; none for one that has not begun it.

    Nobody waits for one that is locked elsewhere, by a rebuild for seconds: it would keep all the others waiting.

    Raises:
        DBAPIError: one of them is, not now.
    """
    stored = await _stored(connection, subscriptions, lock=True, wait=False)
    return {subscription: cursor for (subscription, at), cursor in stored.items() if at == source}


async def begin(connection: AsyncConnection, subscription: str, sources: Iterable[str]) -> None:
    """Put the subscription at the start of sources it has not read yet."""
    rows = [
        {"subscription": subscription, "source": source, "incarnation": "", "position": 0, "hash": ZERO, "updated_at": 0}
        for source in sorted(sources)
    ]
    await connection.execute(_insert(connection).on_conflict_do_nothing(), rows)


async def positions(connection: AsyncConnection, subscriptions: Collection[str]) -> dict[tuple[str, str], int]:
    """How far subscriptions have come, by subscription and source."""
    wanted = select(CHECKPOINT.c.subscription, CHECKPOINT.c.source, CHECKPOINT.c.position)
    rows = await connection.execute(wanted.where(CHECKPOINT.c.subscription.in_(subscriptions)))
    return {(row.subscription, row.source): row.position for row in rows}


async def stands(connection: AsyncConnection, subscriptions: Collection[str]) -> dict[tuple[str, str], Cursor]:
    """Where subscriptions stand, by subscription and source."""
    return await _stored(connection, subscriptions)


async def save(connection: AsyncConnection, subscriptions: Collection[str], source: str, cursor: Cursor, now: int) -> None:
    """Store one cursor for several subscriptions; `now` in microseconds since 1970 UTC."""
    values = _values(cursor, now)
    rows = [{"subscription": subscription, "source": source, **values} for subscription in sorted(subscriptions)]
    insert = _insert(connection)
    replaced = {name: insert.excluded[name] for name in values}
    await connection.execute(insert.on_conflict_do_update(index_elements=["subscription", "source"], set_=replaced), rows)


async def pass_over(connection: AsyncConnection, subscription: str, source: str, before: Cursor, after: Cursor, now: int) -> bool:
    """Move from `before` to `after` what has nothing to do between them, in one statement; whether it stood at `before`."""
    stood = {
        "of": subscription,
        "in": source,
        "before_incarnation": before.incarnation,
        "before_position": before.position,
        "before_hash": before.hash,
    }
    moved = await connection.execute(_PASS_OVER, stood | _values(after, now))
    return moved.rowcount == 1


def _values(cursor: Cursor, now: int) -> dict[str, Any]:
    return {
        "incarnation": cursor.incarnation,
        "position": cursor.position,
        "hash": cursor.hash,
        "kafka_partition": cursor.hint.partition if cursor.hint else None,
        "kafka_offset": cursor.hint.offset if cursor.hint else None,
        "updated_at": now,
    }


async def _stored(
    connection: AsyncConnection, subscriptions: Collection[str], *, lock: bool = False, wait: bool = True
) -> dict[tuple[str, str], Cursor]:
    c = CHECKPOINT.c
    wanted = select(CHECKPOINT).where(c.subscription.in_(subscriptions))
    if lock and connection.dialect.name == "postgresql":
        # In one order, else two lockers wait for each other.
        wanted = wanted.order_by(c.subscription, c.source).with_for_update(nowait=not wait)
    rows = (await connection.execute(wanted)).mappings()
    return {(row["subscription"], row["source"]): _cursor(row) for row in rows}


def _cursor(row: Mapping[Any, Any]) -> Cursor:
    hint = None if row["kafka_offset"] is None else Hint(row["kafka_partition"], row["kafka_offset"])
    return Cursor(row["incarnation"], row["position"], bytes(row["hash"]), hint)


def _insert(connection: AsyncConnection) -> Any:
    return postgresql.insert(CHECKPOINT) if connection.dialect.name == "postgresql" else sqlite.insert(CHECKPOINT)
