"""Parked events as a person sees them: listed, shown, tried again in order, or discarded with a reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, instant, micros
from shared.contracts.refusals import Invalid
from shared.contracts.types import PersonId
from shared.database import Database
from shared.desk import Desk
from shared.eventlog.port import LogReader
from shared.eventlog.records import Record
from shared.subscriptions import checkpoints, effects
from shared.subscriptions.declared import Projection, Subscription
from shared.subscriptions.effects import Processing, understood
from shared.subscriptions.faults import said
from shared.subscriptions.parking import BEHIND, DISCARDED, PARKED, REQUEUED
from shared.subscriptions.rows import RowBuffer
from shared.subscriptions.schema import DEAD_LETTER

_REASON: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_ACTOR: Final = re.compile(get_args(PersonId)[1].pattern)
MAX_CODE: Final = 40


class NotACode(Invalid):
    """What is kept with a decision is kept in clear: a code, never a sentence or a name."""

    code = "not-a-code"
    title_vi = "Phải là mã, không phải câu chữ"
    title_en = "It must be a code, not words"
    advice_vi = "Lý do: chữ hoa, chữ số và dấu gạch dưới, ví dụ DUPLICATE_OF_12. Người quyết định: mã như th-01."
    advice_en = "A reason has capitals, digits and underscores, such as DUPLICATE_OF_12; whoever decides has an id such as th-01."


class NotParked(Exception):
    """Nothing is parked there, or something parked before it must go first; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A parked event: where it stands, why, since when, and who decided what about it. Its words stay where they are."""

    subscription: str
    source: str
    position: int
    event_id: str
    stream: str
    type: str
    keys: tuple[str, ...]
    error: str
    attempts: int
    state: str
    first_at: str
    reason: str | None
    decided_at: str | None
    decided_by: str | None


class DeadLetters:
    """The parked events of one service's subscriptions."""

    def __init__(
        self,
        subscriptions: Sequence[Subscription],
        database: Database,
        logs: Mapping[str, LogReader],
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._declared = {subscription.name: subscription for subscription in subscriptions}
        self._database, self._logs, self._desk, self._clock = database, logs, desk, clock

    async def list(self, *, state: str = PARKED) -> list[DeadLetter]:
        """Those in `state`, in the order they were met."""
        met = (DEAD_LETTER.c.first_at, DEAD_LETTER.c.error == BEHIND, DEAD_LETTER.c.source, DEAD_LETTER.c.position)
        wanted = select(DEAD_LETTER).where(DEAD_LETTER.c.state == state).order_by(DEAD_LETTER.c.subscription, *met)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings()
            return [_letter(row) for row in rows]

    async def show(self, subscription: str, source: str, position: int) -> tuple[DeadLetter, Record]:
        """One of them, with its event as the log holds it.

        Raises:
            NotParked: nothing was ever parked there.
        """
        letter = await self._one(subscription, source, position)
        return letter, await self._record(source, position)

    async def requeue(self, subscription: str, source: str | None = None, position: int | None = None, *, by: str) -> int:
        """Try again, in order, what is parked (all of the subscription, or one event); how many succeeded.

        What fails again, and what waits behind it, stays parked. An event that waits behind another is not tried alone.
        Those that succeed keep the id of whoever asked, `by`.

        Raises:
            NotParked: nothing is parked there, another must go first, or the log holds another event there now.
            NotACode: nobody has such an id.
        """
        _refuse_words(_ACTOR, by=by)
        waiting = [letter for letter in await self.list() if letter.subscription == subscription]
        chosen = [each for each in waiting if position is None or (each.source == source and each.position == position)]
        if not chosen:
            raise NotParked(f"nothing of {subscription} is parked there")
        _refuse_overtaking(chosen, waiting)
        done = 0
        blocked: set[str] = set()
        tried: set[tuple[str, int]] = set()
        while chosen:
            for letter in chosen:
                tried.add((letter.source, letter.position))
                if blocked.isdisjoint(letter.keys) and await self._again(letter, by):
                    done += 1
                else:
                    blocked.update(letter.keys)
            # While these were tried, others came to wait behind them, and nothing else would ever wake those.
            chosen = (
                []
                if position is not None
                else [
                    each
                    for each in await self.list()
                    if each.subscription == subscription and (each.source, each.position) not in tried
                ]
            )
        return done

    async def discard(self, subscription: str, source: str, position: int, reason: str, *, by: str) -> None:
        """Give one up for good, with the code of a reason and the id of whoever decides; a rebuild passes over it too.

        Raises:
            NotParked: it is not parked.
            NotACode: words were given as the reason or the id.
        """
        _refuse_words(_REASON, reason=reason)
        _refuse_words(_ACTOR, by=by)
        async with self._database.write() as connection:
            await checkpoints.lock(connection, subscription, source)
            await self._decide(connection, (subscription, source, position), DISCARDED, reason, by)

    async def _again(self, letter: DeadLetter, by: str) -> bool:
        """Whether it went through this time."""
        declared = self._declared[letter.subscription]
        record = await self._record(letter.source, letter.position)
        if record.event_id.hex != letter.event_id:
            raise NotParked(f"{letter.source} holds another event at position {letter.position} than the one that was parked")
        try:
            if not isinstance(declared, Projection):
                effect = effects.of(declared, self._database, self._desk, self._clock)
                assert isinstance(effect, Processing | effects.Dispatching)
                if (recorded := understood(record, declared.events)) is not None:
                    await effect.again(recorded)
            async with self._database.write() as connection:
                # Locked like a batch: neither one that is applied now nor a rebuild that swaps may miss it or do it twice.
                await checkpoints.lock(connection, letter.subscription, letter.source)
                await self._decide(connection, (letter.subscription, letter.source, letter.position), REQUEUED, None, by)
                if isinstance(declared, Projection):
                    rows = RowBuffer(connection)
                    if (recorded := understood(record, declared.events)) is not None:
                        await declared.apply(recorded, rows)
                    await rows.flush()
        except NotParked:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it stays parked under its new name
            async with self._database.write() as connection:
                await connection.execute(
                    update(DEAD_LETTER)
                    .where(*_at(letter.subscription, letter.source, letter.position))
                    .values(error=said(error), attempts=DEAD_LETTER.c.attempts + 1)
                )
            return False
        return True

    async def _record(self, source: str, position: int) -> Record:
        page = await self._logs[source.partition("/")[0]].read(position - 1, 1)
        if not page.records:
            raise NotParked(f"{source} ends before position {position}")
        return page.records[0]

    async def _one(self, subscription: str, source: str, position: int) -> DeadLetter:
        async with self._database.read() as connection:
            row = (await connection.execute(select(DEAD_LETTER).where(*_at(subscription, source, position)))).mappings().first()
        if row is None:
            raise NotParked(f"nothing of {subscription} is parked at position {position} of {source}")
        return _letter(row)

    async def _decide(
        self, connection: AsyncConnection, at: tuple[str, str, int], state: str, reason: str | None, by: str
    ) -> None:
        decided = await connection.execute(
            update(DEAD_LETTER)
            .where(*_at(*at), DEAD_LETTER.c.state == PARKED)
            .values(state=state, reason=reason, decided_at=micros(self._clock.now()), decided_by=by)
        )
        if not decided.rowcount:
            raise NotParked(f"nothing of {at[0]} is parked at position {at[2]} of {at[1]}")


def _refuse_words(pattern: re.Pattern[str], **given: str) -> None:
    for field, value in given.items():
        if len(value) > MAX_CODE or not pattern.fullmatch(value):
            raise NotACode(field)


def _refuse_overtaking(chosen: Sequence[DeadLetter], waiting: Sequence[DeadLetter]) -> None:
    for letter in chosen:
        earlier = next((each for each in waiting if each not in chosen and _before(each, letter)), None)
        if earlier is not None:
            raise NotParked(f"position {earlier.position} of {earlier.source} is parked under the same key and goes first")


def _before(earlier: DeadLetter, later: DeadLetter) -> bool:
    if set(earlier.keys).isdisjoint(later.keys):
        return False
    if earlier.source == later.source:
        return earlier.position < later.position
    return later.error == BEHIND and earlier.error != BEHIND  # positions of two logs tell nothing


def _at(subscription: str, source: str, position: int) -> list[Any]:
    table = DEAD_LETTER.c
    return [table.subscription == subscription, table.source == source, table.position == position]


def _letter(row: Mapping[Any, Any]) -> DeadLetter:
    return DeadLetter(
        subscription=row["subscription"],
        source=row["source"],
        position=row["position"],
        event_id=row["event_id"],
        stream=row["stream"],
        type=row["type"],
        keys=tuple(row["keys"].split("\n")),
        error=row["error"],
        attempts=row["attempts"],
        state=row["state"],
        first_at=instant(row["first_at"]).isoformat(),
        reason=row["reason"],
        decided_at=None if row["decided_at"] is None else instant(row["decided_at"]).isoformat(),
        decided_by=row["decided_by"],
    )
