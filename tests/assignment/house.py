"""The assignment service as built, on SQLite: its log, intake's log beside it, the vault, and subscriptions that follow both."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import select

from services.assignment.app import build
from shared import migrations
from shared.canonical import canonical
from shared.clock import ScriptClock, micros
from shared.commands import model_of
from shared.contracts.opinion import OpinionReferred
from shared.contracts.roles import Role
from shared.contracts.types import Sealed
from shared.database import Database
from shared.desk import Asked, Done
from shared.eventlog import codec
from shared.eventlog import schema as log_schema
from shared.eventlog.records import Append, NewEvent, Write
from shared.eventlog.sqlite import SqliteLog
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.permit import Subject
from shared.service import Kernel, Service
from shared.subscriptions.following import Following
from shared.vault import schema as vault_schema
from shared.vault.keyring import MemoryKeyring
from shared.vault.schema import RECORD
from shared.vault.store import DatabaseVault
from shared.web.app import create_app
from tests.assignment.stage import OPENED, PUBLISHED

TENANT = "sonla"
START = datetime(2023, 1, 9, 2, tzinfo=UTC)


def subject(person: str, unit: str, *capacities: Role, office: str = "VPUB") -> Subject:
    return Subject(person=person, tenant=TENANT, office=office, unit=unit, capacities=frozenset(capacities))


CHIEF = subject("p-chief", "CVP", Role.CHIEF)
DEPUTY = subject("p-deputy", "CVP", Role.DEPUTY)
HUB = subject("p-hub", "TCHCQT", Role.HUB)
LEADER = subject("p-leader", "TCHCQT", Role.UNIT_LEADER)
SPECIALIST = subject("p-specialist", "TCHCQT", Role.SPECIALIST)
OTHER_UNIT = subject("p-other", "TH", Role.UNIT_LEADER)
OTHER_OFFICE = subject("p-mso", "UBND-MSO", Role.CHIEF, office="UBND-MSO")
FEEDER = subject("p-feeder", "BTCD", Role.FEEDER)
AUDITOR = subject("p-auditor", "VPUB", Role.AUDITOR)
ADMIN = subject("p-admin", "VPUB", Role.ADMINISTRATOR)
PEOPLE = {
    each.person: each for each in (CHIEF, DEPUTY, HUB, LEADER, SPECIALIST, OTHER_UNIT, OTHER_OFFICE, FEEDER, AUDITOR, ADMIN)
}


class Tokens:
    """A person's id is the token."""

    async def subject(self, secret: str) -> Subject | None:
        return PEOPLE.get(secret)


REFERRAL = {
    name: getattr(OPENED, name)
    for name in (
        "office",
        "unit",
        "source_group",
        "channel",
        "locality",
        "kind",
        "field",
        "flags",
        "due",
        "received_at",
        "hidden",
    )
} | {"unit": "BTCD"}


async def _healthy() -> Mapping[str, Any]:
    return {"ready": True, "state": "ok"}


@dataclass
class House:
    """One assignment service, running."""

    service: Service
    database: Database
    texts: Database
    log: SqliteLog
    intake: SqliteLog
    vault: DatabaseVault
    clock: ScriptClock
    following: Following
    asked: int = 0
    live: bool = False

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

    async def refer(self, suffix: str, **changed: Any) -> str:
        """An opinion is referred by intake, and its case opened. Returns the case."""
        referred = OpinionReferred(**{**REFERRAL, "episode": f"{suffix}/1", "words": await self._words(), **changed})
        new = NewEvent(uuid4(), *codec.encode(referred), canonical({}), micros(self.clock.now()))
        await self.intake.append(Append(f"refer/{suffix}", bytes(32), (Write(f"opinion-{suffix}", 0, (new,)),)))
        await self.follow()
        return f"case-{suffix}"

    async def sealed(self) -> list[Mapping[str, Any]]:
        """What the vault holds: purpose, person and reference of each text."""
        async with self.texts.read() as connection:
            return [dict(row) for row in (await connection.execute(select(RECORD))).mappings()]

    async def _words(self) -> Sealed:
        entry = self.vault.seal(f"intake/{self.asked}", "receive_opinion.words", "Đề nghị tổ chức thêm lớp bồi dưỡng.")
        await self.vault.put([entry])
        return entry.sealed

    def client(self, by: Subject | None = None) -> httpx2.AsyncClient:
        """A caller over HTTP, signed in as `by`."""
        app = create_app([self.service.router], tokens=Tokens(), positions=self, health=_healthy)
        headers = {"Authorization": f"Bearer {by.person}"} if by else {}
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://house", headers=headers)


@asynccontextmanager
async def house(path: Path) -> AsyncIterator[House]:
    """A house in an empty folder, with the directory and the calendar it needs."""
    async with bare_house(path) as made:
        await furnish(made)
        yield made


@asynccontextmanager
async def bare_house(path: Path) -> AsyncIterator[House]:
    """A house in an empty folder that knows nothing yet."""
    clock = ScriptClock(START)
    database = Database(f"sqlite+aiosqlite:///{path / 'assignment.db'}")
    log = SqliteLog(path / "assignment.db", f"assignment/{TENANT}", clock=clock, write_lock=database.write_lock)
    elsewhere = Database(f"sqlite+aiosqlite:///{path / 'intake.db'}")
    intake = SqliteLog(path / "intake.db", f"intake/{TENANT}", clock=clock, write_lock=elsewhere.write_lock)
    texts = Database(f"sqlite+aiosqlite:///{path / 'vault.db'}")
    keyring = MemoryKeyring()
    keyring.add("m1", b"m" * 32)
    keyed, ids = KeyedHash(b"k" * 32), RandomIds()
    vault = DatabaseVault(TENANT, texts, keyring, keyed=keyed, ids=ids, clock=clock)
    kernel = Kernel(
        service="assignment",
        tenant=TENANT,
        clock=clock,
        ids=ids,
        keyed=keyed,
        database=database,
        log=log,
        logs={"assignment": log, "intake": intake},
        vault=vault,
    )
    service = build(kernel)
    made = House(
        service=service,
        database=database,
        texts=texts,
        log=log,
        intake=intake,
        vault=vault,
        clock=clock,
        following=Following(service),
    )
    await migrations.upgrade(database, "assignment")
    async with elsewhere.write() as connection:
        await connection.run_sync(log_schema.create)
    async with texts.write() as connection:
        await connection.run_sync(vault_schema.create)
    await log.open("first")
    await intake.open("first")
    try:
        yield made
    finally:
        if made.live:
            await made.following.stop()
        for each in (log, intake, database, elsewhere, texts):
            await each.close()


async def furnish(made: House) -> None:
    """Two offices, the units and people of the tests, two fields, a calendar."""
    for key, office in (
        ("VPUB", None),
        ("UBND-MSO", None),
        ("CVP", "VPUB"),
        ("TCHCQT", "VPUB"),
        ("TH", "VPUB"),
        ("BTCD", "VPUB"),
    ):
        kind = "phong" if office else "van_phong"
        await made.ask("register_unit", ADMIN, unit=key, code=key, name=key, kind=kind, office=office, valid_from="2021-01-01")
    for each, restricted in (("dao-tao-boi-duong", False), ("dao-duc-loi-song", True)):
        await made.ask("register_field", ADMIN, field=each, name=each, restricted=restricted, valid_from="2021-01-01")
    for person, unit in (("p-specialist", "TCHCQT"), ("p-other", "TH")):
        await made.ask("register_person", ADMIN, person=person, name="Nguyễn Văn A", unit=unit, valid_from="2021-01-01")
    await made.ask(
        "publish_calendar",
        ADMIN,
        version=PUBLISHED.version,
        first="2023-01-01",
        last="2023-12-31",
        days_off=[{"day": off.day.isoformat(), "name": off.name} for off in PUBLISHED.days_off],
    )
    await made.follow()
