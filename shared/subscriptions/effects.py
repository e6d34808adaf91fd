"""What a subscription does with records in a row: the three kinds, each moving the cursor with its effects."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from pydantic import ValidationError
from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, micros
from shared.commands import model_of
from shared.contracts.registry import event_type
from shared.database import Database
from shared.desk import Asked, Desk
from shared.eventlog import codec
from shared.eventlog.records import Record, Recorded
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Cursor
from shared.subscriptions.declared import Dispatch, Message, Process, Projection, Reaction, Subscription
from shared.subscriptions.faults import is_transient, said
from shared.subscriptions.parking import BEHIND, Parked, park, parked_keys
from shared.subscriptions.rows import RowBuffer
from shared.subscriptions.schema import LEDGER

AT_ONCE: Final = 64
Care = Literal["together", "each", "unforgiving"]
SENDING: Final = "sending"
SENT: Final = "sent"


class Moved(Exception):
    """Another process has moved the cursor meanwhile: load it, and fit the records anew."""


class Effect(Protocol):
    """One kind of subscription at work."""

    def shares(self, records: Sequence[Record]) -> bool:
        """Whether all it does with the records is to write in the transaction that moves its cursor."""
        ...

    async def write(self, connection: AsyncConnection, records: Sequence[Record], blocked: set[str]) -> list[Parked]:
        """Do so in a transaction that others may share; what is to be parked behind `blocked` keys. Any failure is raised."""
        ...

    def known(self, records: Sequence[Record]) -> int:
        """How many records stand before the first one that newer code has written and this subscription would read."""
        ...

    async def apply(self, before: Cursor, after: Cursor, source: str, records: Sequence[Record], *, care: Care) -> int:
        """Do what the records ask for and move the cursor from `before` to `after`; how many were parked.

        `together`: any failure is raised and nothing was done. `each`: every record is tried by itself, and one that
        fails for good is parked with its keys. `unforgiving`: so is one whose fault should have passed and did not.

        Raises:
            Moved: the stored cursor is not `before`.
        """
        ...


def of(subscription: Subscription, database: Database, desk: Desk, clock: Clock) -> Effect:
    """The effect of a declared subscription."""
    match subscription:
        case Projection():
            return Projecting(subscription, database, clock)
        case Process():
            return Processing(subscription, database, clock, desk)
        case Dispatch():
            return Dispatching(subscription, database, clock)


def understood(record: Record, events: frozenset[str]) -> Recorded | None:
    """The record decoded, or None where the subscription does not read its type."""
    return codec.read(record) if record.type in events else None


class _Effect:
    def __init__(self, subscription: Any, database: Database, clock: Clock) -> None:
        self._declared, self._database, self._clock = subscription, database, clock

    def known(self, records: Sequence[Record]) -> int:
        newer = {each for each in {(record.type, record.schema_version) for record in records} if self._is_newer(*each)}
        if not newer:
            return len(records)
        return next(n for n, record in enumerate(records) if (record.type, record.schema_version) in newer)

    def _is_newer(self, type: str, schema_version: int) -> bool:
        declared = event_type(type) if type in self._declared.events else None
        return declared is not None and schema_version > declared.version

    def shares(self, records: Sequence[Record]) -> bool:
        return self._has_none_of(records)

    async def write(self, connection: AsyncConnection, records: Sequence[Record], blocked: set[str]) -> list[Parked]:
        return []  # none of them concerns it

    async def apply(self, before: Cursor, after: Cursor, source: str, records: Sequence[Record], *, care: Care) -> int:
        if self._has_none_of(records):
            return await self._pass_over(before, after, source)
        return await self._apply(before, after, source, records, care)

    async def _apply(self, before: Cursor, after: Cursor, source: str, records: Sequence[Record], care: Care) -> int:
        raise AssertionError("each kind does its own")

    async def _begin(self, connection: AsyncConnection, before: Cursor, source: str) -> None:
        stored = await checkpoints.lock(connection, self._declared.name, source)
        if not stored.same_place(before):
            raise Moved

    async def _finish(self, connection: AsyncConnection, after: Cursor, source: str, parked: Sequence[Parked]) -> int:
        now = micros(self._clock.now())
        await park(connection, self._declared.name, parked, now)
        await checkpoints.save(connection, [self._declared.name], source, after, now)
        return len(parked)

    def _has_none_of(self, records: Sequence[Record]) -> bool:
        """Whether the subscription reads none of the records; most of a log is of no interest to most of its readers."""
        return all(record.type not in self._declared.events for record in records)

    async def _pass_over(self, before: Cursor, after: Cursor, source: str) -> int:
        now = micros(self._clock.now())
        async with self._database.once() as connection:
            if not await checkpoints.pass_over(connection, self._declared.name, source, before, after, now):
                raise Moved
        return 0

    def _behind(self, record: Record, keys: tuple[str, ...], blocked: set[str]) -> Parked | None:
        """The record as one that waits behind another, where one of its keys is blocked.

        One that could not even be read is parked under its stream, whatever the keys would have been: so the stream
        always counts.
        """
        if not blocked:
            return None
        touched = keys if record.stream in keys or record.stream not in blocked else (*keys, record.stream)
        if blocked.isdisjoint(touched):
            return None
        blocked.update(touched)
        return Parked(record, touched, BEHIND, attempts=0)


class Projecting(_Effect):
    """Rows and cursor in one transaction."""

    def __init__(
        self, projection: Projection, database: Database, clock: Clock, stand_in: Mapping[str, Table] | None = None
    ) -> None:
        super().__init__(projection, database, clock)
        self._stand_in = stand_in

    async def _apply(self, before: Cursor, after: Cursor, source: str, records: Sequence[Record], care: Care) -> int:
        async with self._database.write() as connection:
            await self._begin(connection, before, source)
            blocked = await parked_keys(connection, self._declared.name)
            parked: list[Parked] = []
            if care == "together":
                parked = await self.write(connection, records, blocked)
            else:
                for record in records:
                    await self._try(connection, record, blocked, parked, care)
            return await self._finish(connection, after, source, parked)

    def shares(self, records: Sequence[Record]) -> bool:
        return True

    async def write(self, connection: AsyncConnection, records: Sequence[Record], blocked: set[str]) -> list[Parked]:
        rows, parked = RowBuffer(connection, self._stand_in), list[Parked]()
        read = [each for record in records if (each := understood(record, self._declared.events)) is not None]
        await rows.fetch(row for recorded in read for row in self._declared.reads(recorded))
        for recorded in read:
            await self._project(recorded, rows, blocked, parked)
        await rows.flush()
        return parked

    async def _try(
        self, connection: AsyncConnection, record: Record, blocked: set[str], parked: list[Parked], care: Care
    ) -> None:
        try:
            async with connection.begin_nested():
                rows = RowBuffer(connection, self._stand_in)
                recorded = understood(record, self._declared.events)
                if recorded is not None:
                    await self._project(recorded, rows, blocked, parked)
                await rows.flush()
        except Exception as error:
            if is_transient(error) and care != "unforgiving":
                raise
            keys = keys_of(self._declared, record)
            blocked.update(keys)
            parked.append(Parked(record, keys, said(error)))

    async def _project(self, recorded: Recorded, rows: RowBuffer, blocked: set[str], parked: list[Parked]) -> None:
        if blocked and (behind := self._behind(recorded.record, tuple(self._declared.keys(recorded)), blocked)):
            parked.append(behind)
            return
        await self._declared.apply(recorded, rows)


def keys_of(subscription: Subscription, record: Record) -> tuple[str, ...]:
    """A record's sequence keys; its stream where it cannot even be read."""
    try:
        recorded = codec.read(record)
        return tuple(subscription.keys(recorded))
    except Exception:  # noqa: BLE001  whatever is wrong with it, it is parked under something
        return (record.stream,)


class _Sequenced(_Effect):
    """Records whose keys are disjoint go at the same time, up to `AT_ONCE`; then the cursor moves."""

    async def _apply(self, before: Cursor, after: Cursor, source: str, records: Sequence[Record], care: Care) -> int:
        async with self._database.read() as connection:
            blocked = await parked_keys(connection, self._declared.name)
        parked: list[Parked] = []
        wanted = [record for record in records if record.type in self._declared.events]
        await self._all(wanted, blocked, parked, care=care)
        parked.sort(key=lambda each: each.record.position)
        async with self._database.write() as connection:
            await self._begin(connection, before, source)
            return await self._finish(connection, after, source, parked)

    async def _all(self, records: Sequence[Record], blocked: set[str], parked: list[Parked], *, care: Care) -> None:
        free = asyncio.Semaphore(AT_ONCE)
        last: dict[str, asyncio.Task[None]] = {}

        async def one(record: Record, keys: tuple[str, ...], earlier: Sequence[asyncio.Task[None]]) -> None:
            for task in earlier:
                await task
            if behind := self._behind(record, keys, blocked):
                parked.append(behind)
                return
            async with free:
                try:
                    await self.again(codec.read(record))
                except Exception as error:
                    if care == "together" or (is_transient(error) and care != "unforgiving"):
                        raise
                    blocked.update(keys)
                    parked.append(Parked(record, keys, said(error)))

        tasks: list[asyncio.Task[None]] = []
        for record in records:
            keys = keys_of(self._declared, record)
            touched = {*keys, record.stream}
            earlier = list({id(last[key]): last[key] for key in touched if key in last}.values())
            tasks.append(asyncio.create_task(one(record, keys, earlier)))
            last.update(dict.fromkeys(touched, tasks[-1]))
        # A failure of one ends no other: cancelled between its sending and its line in the ledger, a message goes out twice.
        failed = [each for each in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(each, BaseException)]
        if failed:
            raise BaseExceptionGroup(f"{self._declared.name}: {len(failed)} of {len(tasks)} failed", failed)

    async def again(self, recorded: Recorded) -> None:
        """Do what one event asks for; done before, it changes nothing."""
        raise AssertionError("each kind does its own")


class Processing(_Sequenced):
    """Commands first, each with an id that follows from the event, then the cursor: asked again, they change nothing."""

    def __init__(self, process: Process, database: Database, clock: Clock, desk: Desk) -> None:
        super().__init__(process, database, clock)
        self._desk = desk

    async def again(self, recorded: Recorded) -> None:
        for n, reaction in enumerate(self._declared.react(recorded)):
            await self._desk.handle(self._asked(recorded, reaction, n))

    def _asked(self, recorded: Recorded, reaction: Reaction, n: int) -> Asked:
        record = recorded.record
        metadata = recorded.metadata
        command = self._desk.handlers[reaction.command].command
        try:
            body = model_of(command).model_validate(reaction.body)
        except ValidationError as error:
            raise WrongReaction(reaction.command, tuple(str(p["loc"]) for p in error.errors(include_input=False))) from None
        return Asked(
            command=reaction.command,
            body=body,
            subject=reaction.subject,
            command_id=f"{self._declared.name}/{record.log}/{record.event_id.hex}/{n}",
            occurred_at=recorded.occurred_at,
            correlation=str(metadata.get("correlation") or ""),
            causation=record.event_id.hex,
            trace=str(metadata.get("trace") or ""),
        )


class WrongReaction(Exception):
    """A process asked for a command with values it does not take."""


class Dispatching(_Sequenced):
    """Each message once: the ledger knows it before it is sent, and knows when it was."""

    async def again(self, recorded: Recorded) -> None:
        for message in self._declared.messages(recorded):
            if await self._enter(recorded, message):
                await self._declared.send(message)
                await self._mark(recorded, message)

    async def _enter(self, recorded: Recorded, message: Message) -> bool:
        """Write the message down; whether it is still to be sent."""
        async with self._database.write() as connection:
            insert = postgresql.insert(LEDGER) if connection.dialect.name == "postgresql" else sqlite.insert(LEDGER)
            line = {**self._line(recorded, message), "state": SENDING, "at": micros(self._clock.now())}
            await connection.execute(insert.values(line).on_conflict_do_nothing())
            found = await connection.execute(select(LEDGER.c.state).where(*self._is(recorded, message)))
            return str(found.scalar_one()) != SENT

    async def _mark(self, recorded: Recorded, message: Message) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(LEDGER).where(*self._is(recorded, message)).values(state=SENT, at=micros(self._clock.now()))
            )

    def _line(self, recorded: Recorded, message: Message) -> dict[str, str]:
        return {
            "subscription": self._declared.name,
            "event_id": recorded.record.event_id.hex,
            "recipient": message.recipient,
            "channel": message.channel,
        }

    def _is(self, recorded: Recorded, message: Message) -> list[Any]:
        return [LEDGER.c[name] == value for name, value in self._line(recorded, message).items()]
