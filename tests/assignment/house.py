"""The assignment service as built, on a SQLite log of its own, with its read models brought up to the log's end on request."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx2
from sqlalchemy import delete

from services.assignment.app import build
from services.assignment.entrypoints.consumers import open_cases
from shared import migrations
from shared.clock import ScriptClock
from shared.commands import model_of
from shared.contracts.opinion import OpinionReferred
from shared.contracts.roles import Role
from shared.contracts.types import Sealed
from shared.database import Database
from shared.desk import Asked, Done
from shared.eventlog import codec
from shared.eventlog.records import ZERO, Record, Recorded
from shared.eventlog.sqlite import SqliteLog
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.permit import Subject
from shared.service import Kernel, Service
from shared.subscriptions.declared import Projection
from shared.subscriptions.rows import RowBuffer
from shared.vault.port import Entry, Erased, Vault
from shared.web.app import create_app
from tests.assignment.stage import OPENED, PUBLISHED

TENANT = "sonla"
START = datetime(2023, 1, 9, 2, tzinfo=UTC)


class PlainVault:
    """Keeps texts in memory; what a real vault seals and logs is tested with the vault."""

    def __init__(self) -> None:
        self.texts: dict[str, Entry] = {}
        self.erased: set[str] = set()
        self.openings: list[tuple[str, str, tuple[str, ...]]] = []
        self._ids = RandomIds()

    def seal(self, command_id: str, purpose: str, text: str, *, person: str | None = None, searchable: bool = False) -> Entry:
        sealed = Sealed(ref=self._ids.bytes("ref", "").hex(), digest=self._ids.bytes("digest", "", length=32).hex())
        return Entry(sealed=sealed, text=text, salt=b"", purpose=purpose, command_id=command_id, person=person)

    async def put(self, entries: Sequence[Entry]) -> None:
        self.texts |= {entry.sealed.ref: entry for entry in entries}

    async def open_many(self, refs: Sequence[str], *, reader: str, purpose: str) -> dict[str, str | Erased]:
        self.openings.append((reader, purpose, tuple(refs)))
        return {ref: Erased() if ref in self.erased else self.texts[ref].text for ref in refs if ref in self.texts}


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
    log: SqliteLog
    vault: PlainVault
    clock: ScriptClock
    done: dict[str, int] = field(default_factory=dict)
    asked: int = 0

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
        """Bring every read model to the end of the log."""
        for projection in self.service.subscriptions:
            if isinstance(projection, Projection):
                await self._follow(projection)

    async def rebuild(self, name: str) -> None:
        """Empty one read model and fill it again from the beginning, in one batch."""
        projection = next(each for each in self.service.subscriptions if each.name == name)
        assert isinstance(projection, Projection)
        async with self.database.write() as connection:
            for table in projection.tables.sorted_tables:
                await connection.execute(delete(table))
        self.done[name] = 0
        await self._follow(projection)

    async def _follow(self, projection: Projection) -> None:
        page = await self.log.read(self.done.get(projection.name, 0), 10_000)
        async with self.database.write() as connection:
            rows = RowBuffer(connection)
            for record in page.records:
                if record.type in projection.events:
                    await projection.apply(codec.read(record), rows)
            await rows.flush()
        self.done[projection.name] = page.after + len(page.records)

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        """The waiter of the HTTP frame: the read models are brought up on demand."""
        await self.follow()
        head = (await self.log.head()).position
        return all(position <= head for position in vector.values())

    async def refer(self, suffix: str, **changed: Any) -> str:
        """An opinion is referred by intake: its case is opened. Returns the case."""
        referred = OpinionReferred(**{**REFERRAL, "episode": f"{suffix}/1", "words": await self._words(), **changed})
        name, version, data = codec.encode(referred)
        record = Record("intake/sonla", 1, f"opinion-{suffix}", 3, UUID(int=1), name, version, data, b"{}", 0, 0, ZERO, ZERO)
        (reaction,) = open_cases(Recorded(record, referred))
        await self.ask(reaction.command, reaction.subject, **reaction.body)
        return f"case-{suffix}"

    async def _words(self) -> Sealed:
        entry = self.vault.seal("intake", "receive_opinion.words", "Đề nghị tổ chức thêm lớp bồi dưỡng.")
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
    vault = PlainVault()
    kernel = Kernel(
        service="assignment",
        tenant=TENANT,
        clock=clock,
        ids=RandomIds(),
        keyed=KeyedHash(b"k" * 32),
        database=database,
        log=log,
        logs={"assignment": log},
        vault=cast(Vault, vault),
    )
    made = House(service=build(kernel), database=database, log=log, vault=vault, clock=clock)
    await migrations.upgrade(database, "assignment")
    async with database.write() as connection:
        for subscription in made.service.subscriptions:
            if isinstance(subscription, Projection):
                await connection.run_sync(subscription.tables.create_all)
    await log.open("first")
    try:
        yield made
    finally:
        await log.close()
        await database.close()


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
