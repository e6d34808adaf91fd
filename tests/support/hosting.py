"""A service as built, on SQLite or PostgreSQL: its log, another service's beside it, a vault, and whoever asks it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx2
from fastapi import FastAPI
from sqlalchemy import Connection, select

from deploy.servers.postgres import app_url, owner_url
from shared import migrations
from shared.blobs.place import at
from shared.blobs.store import Blobs
from shared.canonical import canonical
from shared.clock import ScriptClock, micros
from shared.commands import model_of
from shared.contracts.roles import Role
from shared.database import Database
from shared.desk import Asked, Done
from shared.eventlog import codec
from shared.eventlog import schema as log_schema
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, NewEvent, Write
from shared.eventlog.sqlite import SqliteLog
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.mail.outlet import MailOutlet
from shared.permit import Subject
from shared.service import Holders, Kernel, Service
from shared.subscriptions.following import Following
from shared.vault import schema as vault_schema
from shared.vault.keyring import MemoryKeyring
from shared.vault.schema import RECORD
from shared.vault.store import DatabaseVault
from shared.web.app import create_app

TENANT: Final = "sonla"
ORIGIN: Final = "https://doithoai.example.vn"
START: Final = datetime(2023, 1, 9, 2, tzinfo=UTC)
Log = SqliteLog | PostgresLog
Build = Callable[[Kernel], Service]


def subject(person: str, unit: str, *capacities: Role, office: str = "VPUB") -> Subject:
    """Someone of the installation."""
    return Subject(person=person, tenant=TENANT, office=office, unit=unit, capacities=frozenset(capacities))


class Tokens:
    """A person's id is the token, of whoever the house knows when it is shown."""

    def __init__(self, house: "Hosted") -> None:
        self._house = house

    async def subject(self, secret: str) -> Subject | None:
        return self._house.people.get(secret)


async def healthy() -> Mapping[str, Any]:
    return {"ready": True, "state": "ok"}


async def nothing() -> None:
    return


@dataclass
class Hosted:
    """One service, running."""

    service: Service
    database: Database
    texts: Database
    logs: Mapping[str, Log]
    vault: DatabaseVault
    clock: ScriptClock
    following: Following
    people: Mapping[str, Subject]
    asked: int = 0
    live: bool = False

    @property
    def log(self) -> Log:
        """The service's own."""
        return self.logs[self.service.name]

    async def ask(
        self,
        command: str,
        by: Subject,
        *,
        at: datetime | None = None,
        expected: int | None = None,
        command_id: str | None = None,
        **data: Any,
    ) -> Done:
        """Ask a command through the desk, in plain JSON values."""
        self.asked += 1
        handler = self.service.desk.handlers[command]
        return await self.service.desk.handle(
            Asked(
                command=command,
                body=model_of(handler.command).model_validate(data),
                subject=by,
                command_id=command_id or f"test/{self.asked}",
                occurred_at=at,
                expected=expected,
            )
        )

    async def happen(self, service: str, facts: Mapping[str, Sequence[Any]], *, at: datetime | None = None) -> None:
        """Facts of another service, by stream, stand in its log; they happened at `at`, else now."""
        log = self.logs[service]
        before = await log.read_streams(tuple(facts))
        now = micros(at or self.clock.now())
        writes = []
        for stream, events in facts.items():
            new = tuple(NewEvent(uuid4(), *codec.encode(event), canonical({}), now) for event in events)
            last = before[stream][-1] if before[stream] else None
            writes.append(Write(stream, last.version if last else 0, new, last.hash if last else ZERO))
        await log.append(Append(f"elsewhere/{uuid4()}", bytes(32), tuple(writes)))

    async def follow(self) -> None:
        """Bring every subscription to the end of its logs."""
        await self.following.drain()

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        """The waiter of the HTTP frame: unless the service is running, the read models are brought up on demand."""
        if not self.live:
            await self.follow()
        return await self.following.wait(vector, timeout)

    async def start(self) -> None:
        """Follow the logs from now on, as a running service does."""
        self.live = True
        await self.following.start()

    async def sealed(self) -> list[Mapping[str, Any]]:
        """What the vault holds: purpose, person and reference of each text."""
        async with self.texts.read() as connection:
            return [dict(row) for row in (await connection.execute(select(RECORD))).mappings()]

    def client(self, by: Subject | None = None) -> httpx2.AsyncClient:
        """A caller over HTTP, signed in as `by`."""
        headers = {"Authorization": f"Bearer {by.person}"} if by else {}
        transport = httpx2.ASGITransport(app=self._application, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://house", headers=headers)

    @cached_property
    def _application(self) -> FastAPI:
        """The service's application, made once: that takes longer than asking it."""
        return create_app(
            [self.service.routes()],
            tokens=Tokens(self),
            positions=self,
            health=healthy,
            measure=nothing,
            acting_for=self.service.desk.acting_for,
        )

    async def close(self) -> None:
        if self.live:
            await self.following.stop()
        for log in self.logs.values():
            await log.close()
        for database in {id(each): each for each in (self.database, self.texts)}.values():
            await database.close()


H = TypeVar("H", bound=Hosted)
REPORTS: Final = "reporting"  # whose log every service follows, to put up its fence


@asynccontextmanager
async def on_sqlite(
    kind: type[H],
    path: Path,
    name: str,
    build: Build,
    *,
    beside: str | Sequence[str],
    people: Mapping[str, Subject],
    mail: MailOutlet | None = None,
) -> AsyncIterator[H]:
    """The service called `name` in an empty folder, with the logs of `beside` and of the reports; it knows nothing yet."""
    clock = ScriptClock(START)
    others = [each for each in dict.fromkeys([*([beside] if isinstance(beside, str) else beside), REPORTS]) if each != name]
    databases = {
        name: await _new(path / f"{name}.db", name, lambda database: migrations.upgrade(database, name)),
        **{each: await _new(path / f"{each}.db", "a log", lambda database: _run(database, log_schema.create)) for each in others},
        "vault": await _new(path / "vault.db", "vault", lambda database: _run(database, vault_schema.create)),
    }
    logs: dict[str, Log] = {}
    for each in (name, *others):
        lock = databases[each].write_lock
        logs[each] = opened = SqliteLog(path / f"{each}.db", f"{each}/{TENANT}", clock=clock, write_lock=lock)
        await opened.open("first")
    made = _hosted(kind, name, build, databases[name], databases["vault"], logs, clock, people, path / "blobs", mail)
    await made.following.prepare()
    try:
        yield made
    finally:
        await made.close()
        for each in others:
            await databases[each].close()


_EMPTY: Final[dict[str, bytes]] = {}  # database files whose tables are made: that takes longer than most tests


async def _new(path: Path, what: str, make: Callable[[Database], Awaitable[None]]) -> Database:
    """A database file with its tables and nothing in them."""
    url = f"sqlite+aiosqlite:///{path}"
    if what not in _EMPTY:
        first = Database(url)
        await make(first)
        await first.close()
        _EMPTY[what] = await asyncio.to_thread(path.read_bytes)
    await asyncio.to_thread(path.write_bytes, _EMPTY[what])
    return Database(url)


async def _run(database: Database, make: Callable[[Connection], None]) -> None:
    async with database.write() as connection:
        await connection.run_sync(make)


@asynccontextmanager
async def on_postgres(
    kind: type[H],
    address: str,
    database: str,
    name: str,
    build: Build,
    *,
    beside: str | Sequence[str],
    people: Mapping[str, Subject],
) -> AsyncIterator[H]:
    """The same in an empty database of a real PostgreSQL, as the application's role."""
    clock = ScriptClock(START)
    names = tuple(dict.fromkeys([name, *([beside] if isinstance(beside, str) else beside), REPORTS]))
    owner = Database(owner_url(address, database))
    await migrations.upgrade(owner, name)
    async with owner.write() as connection:
        await connection.run_sync(vault_schema.create)
        for each in names:
            await connection.run_sync(log_schema.open_log, f"{each}/{TENANT}", "first")
    await owner.close()
    used = Database(app_url(address, database), tenant=TENANT)
    logs: dict[str, Log] = {}
    for each in names:
        logs[each] = opened = PostgresLog(used.engine, f"{each}/{TENANT}", clock=clock)
        await opened.open()
    made = _hosted(kind, name, build, used, used, logs, clock, people)
    await made.following.prepare()
    try:
        yield made
    finally:
        await made.close()


def _posts_of(people: Mapping[str, Subject]) -> Holders:
    """Everybody acts from the one post that a test gives him, as long as it does."""

    async def of(person: str) -> Sequence[Subject]:
        return [people[person]] if person in people else []

    return of


def _hosted(
    kind: type[H],
    name: str,
    build: Build,
    database: Database,
    texts: Database,
    logs: Mapping[str, Log],
    clock: ScriptClock,
    people: Mapping[str, Subject],
    files: Path | None = None,
    mail: MailOutlet | None = None,
) -> H:
    keyring = MemoryKeyring()
    keyring.add("m1", b"m" * 32)
    keyed, ids = KeyedHash(b"k" * 32), RandomIds()
    vault = DatabaseVault(TENANT, texts, keyring, keyed=keyed, ids=ids, clock=clock)
    service = build(
        Kernel(
            service=name,
            tenant=TENANT,
            clock=clock,
            ids=ids,
            keyed=keyed,
            database=database,
            log=logs[name],
            logs=logs,
            vault=vault,
            blobs=Blobs(at(files), tenant=TENANT, vault=vault, keyed=keyed, ids=ids) if files else None,
            holders=_posts_of(people),
            mail=mail,
            origin=ORIGIN,
        )
    )
    return kind(
        service=service,
        database=database,
        texts=texts,
        logs=logs,
        vault=vault,
        clock=clock,
        following=Following(service),
        people=people,
    )
