"""Parking what fails for good, in sequence: later events of a parked key wait behind it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog.records import Record
from shared.subscriptions.schema import DEAD_LETTER

PARKED: Final = "parked"
REQUEUED: Final = "requeued"
DISCARDED: Final = "discarded"
BEHIND: Final = "behind"


class Parked(NamedTuple):
    """A record to be parked with its keys. `error` says what failed, or is `BEHIND` for one that only waits."""

    record: Record
    keys: tuple[str, ...]
    error: str
    attempts: int = 1


async def parked_keys(connection: AsyncConnection, subscription: str) -> set[str]:
    """The keys that are blocked, over all sources of the subscription."""
    return (await all_parked_keys(connection, [subscription]))[subscription]


async def all_parked_keys(connection: AsyncConnection, subscriptions: Collection[str]) -> dict[str, set[str]]:
    """The same of several subscriptions, by subscription."""
    table = DEAD_LETTER.c
    wanted = select(table.subscription, table["keys"]).where(table.subscription.in_(subscriptions), table.state == PARKED)
    found: dict[str, set[str]] = {subscription: set() for subscription in subscriptions}
    for subscription, keys in await connection.execute(wanted.distinct()):
        found[subscription].update(keys.split("\n"))
    return found


async def park(connection: AsyncConnection, subscription: str, found: Sequence[Parked], now: int) -> None:
    """Write them down; `now` in microseconds since 1970 UTC."""
    if found:
        await connection.execute(insert(DEAD_LETTER), [_row(subscription, each, now) for each in found])


async def count(connection: AsyncConnection, subscription: str, source: str, upto: int | None = None) -> int:
    """How many of a source are parked, at or below `upto` where that is named."""
    wanted = select(func.count()).where(
        DEAD_LETTER.c.subscription == subscription, DEAD_LETTER.c.source == source, DEAD_LETTER.c.state == PARKED
    )
    if upto is not None:
        wanted = wanted.where(DEAD_LETTER.c.position <= upto)
    return int((await connection.execute(wanted)).scalar_one())


async def counts(connection: AsyncConnection, sources: Collection[str]) -> dict[str, int]:
    """How many of these sources are parked, by subscription; those with none are left out."""
    table = DEAD_LETTER.c
    parked = select(table.subscription, func.count()).where(table.source.in_(sources), table.state == PARKED)
    rows = await connection.execute(parked.group_by(table.subscription))
    return {row[0]: row[1] for row in rows}


async def set_aside(connection: AsyncConnection, subscription: str, source: str) -> set[int]:
    """Positions of a source that a rebuild passes over: still parked, or discarded by a person."""
    wanted = select(DEAD_LETTER.c.position).where(
        DEAD_LETTER.c.subscription == subscription,
        DEAD_LETTER.c.source == source,
        DEAD_LETTER.c.state.in_((PARKED, DISCARDED)),
    )
    return {row[0] for row in await connection.execute(wanted)}


def joined(keys: Iterable[str]) -> str:
    """Keys as they are stored."""
    return "\n".join(keys)


def _row(subscription: str, parked: Parked, now: int) -> dict[str, object]:
    record = parked.record
    return {
        "subscription": subscription,
        "source": record.log,
        "position": record.position,
        "event_id": record.event_id.hex,
        "stream": record.stream,
        "type": record.type,
        "keys": joined(parked.keys),
        "error": parked.error,
        "attempts": parked.attempts,
        "first_at": now,
        "state": PARKED,
    }
