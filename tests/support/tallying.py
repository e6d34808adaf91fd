"""A service that follows logs: two logs of others, one of its own, and all three kinds of subscription over them."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from fastapi import APIRouter
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import app_url, owner_url
from shared.clock import ScriptClock
from shared.contracts.fence import LogFenced
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import StreamId
from shared.database import Database
from shared.decider import Fold
from shared.desk import Asking, Desk, Handler
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.eventlog import schema as log_schema
from shared.eventlog.port import LogReader, LogUnavailable
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, Head, NewEvent, Page, Recorded, Write
from shared.eventlog.sqlite import SqliteLog
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.permit import Resource, Subject
from shared.service import Kernel, Service
from shared.subscriptions import schema
from shared.subscriptions.checkpoints import Cursor, load
from shared.subscriptions.deadletters import DeadLetters
from shared.subscriptions.declared import Dispatch, Message, Process, Projection, Reaction, Rows, Subscription
from shared.subscriptions.following import Following
from shared.subscriptions.rebuild import state_hash
from shared.vault.port import Vault

Log = SqliteLog | PostgresLog
TENANT: Final = "sonla"
SERVICES: Final = ("source", "other", "reading")
START: Final = datetime(2023, 1, 9, 2, tzinfo=UTC)
OCCURRED: Final = 1_673_000_000_000_000
FENCED: Final = frozenset({"log.fenced"})

TABLES: Final = MetaData()
STREAMS: Final = Table(
    "tally_stream",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("events", Integer, nullable=False),
    Column("reports", Text, nullable=False),  # in the order they were met
    Column("last_position", BigInteger, nullable=False),
    Index("tally_stream_by_events", "tenant", "events"),
)
REPORTS: Final = Table(
    "tally_report",
    TABLES,
    Column("report", Text, primary_key=True),
    Column("stream", Text, nullable=False),
)


class Echo(Refused):
    """Not this one."""

    code = "not-echoed"
    title_en = "It is not echoed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Say it again in our own log."""

    stream: StreamId
    report: StreamId


REPEAT: Final = action("repeat", grants(Scope.TENANT, Role.SYSTEM))
HOUSE: Final = Subject(person="echo", tenant=TENANT, office="VPUB", unit="VPUB", capacities=frozenset({Role.SYSTEM}))


@dataclass
class Faults:
    """What goes wrong, by report: raised as often as it stands there."""

    waiting: dict[str, list[Exception]] = field(default_factory=dict)

    def always(self, report: str, error: Exception) -> None:
        self.waiting[report] = [error] * 1_000

    def once(self, report: str, *errors: Exception) -> None:
        self.waiting[report] = list(errors)

    def mend(self) -> None:
        self.waiting.clear()

    def meet(self, report: str) -> None:
        if self.waiting.get(report):
            raise self.waiting[report].pop(0)


def tally(faults: Faults, sources: Sequence[str] = ("source",), version: int = 1) -> Projection:
    """Counts and lists the reports of each stream: counted twice or out of order, it shows."""

    async def apply(recorded: Recorded, rows: Rows) -> None:
        faults.meet(recorded.event.report)
        key = {"tenant": recorded.record.tenant, "stream": recorded.stream}
        found = await rows.get(STREAMS, key) or {"events": 0, "reports": ""}
        reports = f"{found['reports']} {recorded.event.report}".strip()
        row = {"events": found["events"] + 1, "reports": reports, "last_position": recorded.position}
        rows.put(STREAMS, {**key, **row})
        rows.put(REPORTS, {"report": recorded.event.report, "stream": recorded.stream})

    return Projection(name="tally", version=version, sources=tuple(sources), tables=TABLES, events=FENCED, apply=apply)


def echo(faults: Faults) -> Process:
    """Asks for every report of the source to be repeated in our own log."""

    def react(recorded: Recorded) -> Sequence[Reaction]:
        faults.meet(recorded.event.report)
        body = {"stream": f"echo-{recorded.stream}", "report": recorded.event.report}
        return [Reaction(command="repeat", body=body, subject=HOUSE)]

    return Process(name="echo", sources=("source",), events=FENCED, react=react)


def mail(faults: Faults, sent: list[str]) -> Dispatch:
    """Sends every report to two recipients."""

    def messages(recorded: Recorded) -> Sequence[Message]:
        return [Message(recipient=name, channel="mail", body={"report": recorded.event.report}) for name in ("a", "b")]

    async def send(message: Message) -> None:
        faults.meet(f"{message.body['report']} to {message.recipient}")
        sent.append(f"{message.body['report']} to {message.recipient}")

    return Dispatch(name="mail", sources=("source",), events=FENCED, messages=messages, send=send)


class Reaching:
    """A log as another service reaches it: it may be away, and may leave out what it holds."""

    def __init__(self, log: Log) -> None:
        self.log, self.name = log, log.name
        self.away = False
        self.without: set[int] = set()

    async def read(self, after: int, limit: int) -> Page:
        self._answer()
        page = await self.log.read(after, limit)
        kept = tuple(record for record in page.records if record.position not in self.without)
        return Page(page.incarnation, page.after, page.previous_hash, kept)

    async def head(self) -> Head:
        self._answer()
        return await self.log.head()

    async def hash_at(self, position: int) -> bytes | None:
        self._answer()
        return await self.log.hash_at(position)

    def _answer(self) -> None:
        if self.away:
            raise LogUnavailable(f"{self.name} is away")


class Naps:
    """Waits of no length, written down."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Stage:
    """The service's database with its logs, and whatever follows them."""

    database: Database
    owner: Database  # may do what the application may not
    logs: dict[str, Log]
    open_log: Callable[[str], Awaitable[Log]]
    clock: ScriptClock
    reaching: Reaching
    faults: Faults = field(default_factory=Faults)
    sent: list[str] = field(default_factory=list)
    naps: Naps = field(default_factory=Naps)

    async def say(self, stream: str, *reports: str, service: str = "source") -> int:
        """Append reports to a stream; the last position."""
        return await self.append(stream, *(codec.encode(LogFenced(report=f"report-{each}")) for each in reports), service=service)

    async def append(self, stream: str, *encoded: tuple[str, int, bytes], service: str = "source") -> int:
        """Append stored forms, whatever they are."""
        log = self.logs[service]
        before = await log.read_stream(stream)
        new = tuple(NewEvent(uuid.uuid4(), *each, b"{}", OCCURRED) for each in encoded)
        write = Write(stream, len(before), new, before[-1].hash if before else ZERO)
        return (await log.append(Append(uuid.uuid4().hex, bytes(32), (write,)))).last

    def follow(self, *subscriptions: Subscription) -> Following:
        """A process of the service, with these subscriptions; `tally` where none is named."""
        return Following(self.service(*(subscriptions or (tally(self.faults),))), sleep=self.naps)

    def letters(self, *subscriptions: Subscription) -> DeadLetters:
        service = self.service(*(subscriptions or (tally(self.faults),)))
        return DeadLetters(service.subscriptions, self.database, service.kernel.logs, service.desk, self.clock)

    def service(self, *subscriptions: Subscription) -> Service:
        vault = cast(Vault, None)  # nothing here has words
        ids, keyed = RandomIds(), KeyedHash(b"k" * 32)
        readers: dict[str, LogReader] = {**self.logs, "source": self.reaching}
        kernel = Kernel(
            service="reading",
            tenant=TENANT,
            clock=self.clock,
            ids=ids,
            keyed=keyed,
            database=self.database,
            log=self.logs["reading"],
            logs=readers,
            vault=vault,
        )
        desk = Desk([_repeat()], log=self.logs["reading"], vault=vault, clock=self.clock, ids=ids, keyed=keyed)
        directories = Directories(self.database, "reading_directory", TENANT)
        return Service(
            name="reading",
            kernel=kernel,
            desk=desk,
            directories=directories,
            routes=APIRouter,
            subscriptions=subscriptions,
        )

    async def streams(self) -> dict[str, str]:
        """The reports of each stream, as the projection met them."""
        async with self.database.read() as connection:
            rows = (await connection.execute(select(STREAMS).order_by(STREAMS.c.stream))).all()
        assert all(row.events == len(row.reports.split()) for row in rows)
        return {row.stream: row.reports.replace("report-", "") for row in rows}

    async def hash(self) -> str:
        return await state_hash(self.database, tally(self.faults))

    async def cursor(self, subscription: str = "tally", source: str = "source") -> Cursor:
        async with self.database.read() as connection:
            return await load(connection, subscription, f"{source}/{TENANT}")

    async def echoes(self) -> list[str]:
        """What stands in our own log."""
        page = await self.logs["reading"].read(0, 1_000)
        return [codec.read(record).event.report.replace("report-", "") for record in page.records]

    async def as_app(self, statement: str) -> None:
        """Spoil a read model, which is the application's own."""
        async with self.database.write() as connection:
            await connection.execute(text(statement))

    async def as_owner(self, *statements: str) -> None:
        async with self.owner.write() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    async def new_incarnation(self, name: str) -> None:
        """The source as after a restore that says so, opened anew."""
        await self.as_owner(f"update log set incarnation = '{name}' where name = 'source/{TENANT}'")
        await self.logs["source"].close()
        self.logs["source"] = self.reaching.log = await self.open_log("source")

    async def put_back(self, position: int) -> None:
        """The source as a backup made after `position` had it."""
        log = f"source/{TENANT}"
        await self.as_owner(
            f"delete from event where log = '{log}' and position > {position}",
            f"delete from stream_head where log = '{log}'",
            "insert into stream_head (log, stream, version, hash) select log, stream, version, hash from event e where "
            f"log = '{log}' and version = (select max(version) from event where log = e.log and stream = e.stream)",
            f"delete from command where log = '{log}' and last > {position}",
        )


def _repeat() -> Handler:
    def decide(command: Repeat, states: Mapping[str, Any], facts: Any) -> Mapping[str, Sequence[Any]]:
        if command.report == "report-refused":
            raise Echo
        return {command.stream: [LogFenced(report=command.report)]}

    def streams(asking: Asking) -> Mapping[str, Fold[Any]]:
        return {asking.body.stream: Fold("echo", 0, lambda count, _event: count + 1)}

    return Handler(
        command=Repeat, action=REPEAT, streams=streams, resource=lambda _asking, _states: Resource(TENANT), decide=decide
    )


@asynccontextmanager
async def sqlite_stage(path: Path) -> AsyncIterator[Stage]:
    """A stage on a file, which holds all three logs."""
    clock = ScriptClock(START)
    database = Database(f"sqlite+aiosqlite:///{path / 'reading.db'}")
    async with database.write() as connection:
        await connection.run_sync(log_schema.create)
        await connection.run_sync(schema.create)

    async def open_log(service: str) -> Log:
        log = SqliteLog(path / "reading.db", f"{service}/{TENANT}", clock=clock, write_lock=database.write_lock)
        await log.open("first")
        return log

    async with _on(database, database, open_log, clock) as stage:
        yield stage


@asynccontextmanager
async def postgres_stage(address: str, name: str) -> AsyncIterator[Stage]:
    """A stage in an empty database of a real PostgreSQL, used as the application's role."""
    clock = ScriptClock(START)
    engine = create_async_engine(owner_url(address, name))
    async with engine.begin() as connection:
        await connection.run_sync(log_schema.create)
        await connection.run_sync(schema.create)
        for service in SERVICES:
            await connection.run_sync(log_schema.open_log, f"{service}/{TENANT}", "first")
    await engine.dispose()
    database, owner = Database(app_url(address, name), tenant=TENANT), Database(owner_url(address, name))

    async def open_log(service: str) -> Log:
        log = PostgresLog(database.engine, f"{service}/{TENANT}", clock=clock)
        await log.open()
        return log

    try:
        async with _on(database, owner, open_log, clock) as stage:
            yield stage
    finally:
        await owner.close()


@asynccontextmanager
async def _on(
    database: Database, owner: Database, open_log: Callable[[str], Awaitable[Log]], clock: ScriptClock
) -> AsyncIterator[Stage]:
    logs = {service: await open_log(service) for service in SERVICES}
    try:
        yield Stage(database, owner, logs, open_log, clock, Reaching(logs["source"]))
    finally:
        for log in logs.values():
            await log.close()
        await database.close()
