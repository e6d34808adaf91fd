"""Subscriptions that stand at one place of a log, moved on in one transaction where each would need its own."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import structlog

from shared.clock import Clock, micros
from shared.database import Database
from shared.eventlog.records import Page
from shared.feeds import Delivery
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.checkpoints import Cursor
from shared.subscriptions.effects import Moved
from shared.subscriptions.follower import Follower, after_page

_log = structlog.get_logger()


async def move_together(followers: Sequence[Follower], delivery: Delivery, database: Database, clock: Clock) -> bool:
    """Apply a delivery to subscriptions of one service, all of it in one transaction; whether it was done.

    Each must stand where the page begins and may share it; nobody waits for one that is at work. Where anything fails
    nothing was done: then each is to go its own way, which tells what passes by itself from what is to be parked.
    """
    page = delivery.page
    async with AsyncExitStack() as turns:
        try:
            # At once or not at all: a turn that is free at this moment may be promised to somebody who waited for it.
            async with asyncio.timeout(0):
                for follower in followers:
                    await turns.enter_async_context(follower.turn)
        except TimeoutError:
            return False
        before = followers[0].cursor
        if not all(follower.cursor.same_place(before) and follower.may_share(page) for follower in followers):
            return False
        after = after_page(page.incarnation, page.records, delivery.hint or before.hint)
        try:
            parked = await _written(followers, page, before, after, database, micros(clock.now()))
        except Exception as error:  # noqa: BLE001  whatever it was, it comes again to the one it concerns
            _log.info("subscriptions.apart", source=page.records[0].log, error=type(error).__name__)
            return False
        for follower, found in zip(followers, parked, strict=True):
            await follower.arrive(after, page.records, found)
    return True


async def _written(
    followers: Sequence[Follower], page: Page, before: Cursor, after: Cursor, database: Database, now: int
) -> list[int]:
    """What every one of them does with the page, and the cursors; how many events each has parked."""
    names, source = [follower.subscription for follower in followers], followers[0].source
    parked: list[int] = []
    async with database.write() as connection:
        stored = await checkpoints.lock_all(connection, names, source)
        if len(stored) < len(names) or not all(cursor.same_place(before) for cursor in stored.values()):
            raise Moved
        blocked = await parking.all_parked_keys(connection, names)
        for follower in followers:
            behind = await follower.effect.write(connection, page.records, blocked[follower.subscription])
            await parking.park(connection, follower.subscription, behind, now)
            parked.append(len(behind))
        await checkpoints.save(connection, names, source, after, now)
    return parked
