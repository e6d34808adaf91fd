"""The service as built: it follows real logs, says the same figures, and its read models can be built anew."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.reporting.app import build
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table
from shared.clock import ScriptClock, instant
from shared.database import Database
from shared.eventlog.records import ZERO, Append, NewEvent, Recorded, Write
from shared.eventlog.sqlite import SqliteLog
from shared.ids import SeededIds
from shared.keys import KeyedHash
from shared.migrations import upgrade
from shared.service import Kernel, Service
from shared.subscriptions.following import Following
from tests.reporting.story import TENANT, Story
from tests.reporting.world import HUB, World, directory_of_sonla
from tests.reporting.year_2023 import FIRST_LOCK, YEAR

SERVICES = ("intake", "assignment", "reporting")


@dataclass
class House:
    service: Service
    following: Following
    clock: ScriptClock
    logs: dict[str, SqliteLog]

    async def happen(self, records: Iterable[Recorded]) -> None:
        """Append what a story tells, each event recorded at its own instant."""
        heads: dict[str, tuple[int, bytes]] = {}
        for n, (record, _) in enumerate(records):
            self.clock.move_to(max(self.clock.now(), instant(record.recorded)))
            new = NewEvent(*record[4:10])
            version, head = heads.get(record.stream, (0, ZERO))
            log = self.logs[record.service]
            command = f"{record.stream}/{record.version}/{n}"
            done = await log.append(Append(command, bytes(32), (Write(record.stream, version, (new,), head),)))
            heads[record.stream] = (version + 1, await log.hash_at(done.last) or ZERO)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock = ScriptClock()
    logs = {}
    databases = {}
    for name in SERVICES:
        path = tmp_path / f"house-{name}.db"
        databases[name] = Database(f"sqlite+aiosqlite:///{path}")
        await upgrade(databases[name], "reporting")  # a log's tables are the same in every service
        logs[name] = SqliteLog(path, f"{name}/{TENANT}", clock=clock, write_lock=databases[name].write_lock)
        await logs[name].open("first")
    kernel = Kernel(
        service="reporting",
        tenant=TENANT,
        clock=clock,
        ids=SeededIds("s"),
        keyed=KeyedHash(bytes(32)),
        database=databases["reporting"],
        log=logs["reporting"],
        logs=logs,
        vault=None,  # type: ignore[arg-type]  # reporting opens no words
    )
    service = build(kernel)
    yield House(service, Following(service), clock, logs)
    for log in logs.values():
        await log.close()
    for database in databases.values():
        await database.close()


async def test_figures_follow_the_logs_and_a_rebuild_changes_nothing(house: House, world: World, year: Story) -> None:
    await house.happen(directory_of_sonla())
    await house.happen(year.records())
    await house.following.drain()
    await world.play(year)
    first, last = YEAR
    asked = {"office": "VPUB", "first": first, "last": last, "by": By.UNIT, "as_of": FIRST_LOCK}
    followed = await house.service.queries.figures.figures(HUB, **asked)
    expected = await world.queries.figures(HUB, **asked)  # type: ignore[arg-type]
    assert (followed["rows"], followed["total"]) == (expected["rows"], expected["total"])
    tables = await tables_of(house)
    for table, found in tables.items():
        told = await world.table(table, YEAR, as_of=FIRST_LOCK)
        assert (found["rows"], found["total"]) == (told["rows"], told["total"])
    for projection in ("milestone", "reporting_directory"):
        assert (await house.following.rebuild(projection, check=True)).equal
        assert (await house.following.rebuild(projection)).swapped
    assert await house.service.queries.figures.figures(HUB, **asked) == followed
    assert await tables_of(house) == tables


async def tables_of(house: House) -> dict[Table, dict[str, Any]]:
    first, last = YEAR
    asked = {"office": "VPUB", "first": first, "last": last, "as_of": FIRST_LOCK}
    return {table: await house.service.queries.figures.table(HUB, table=table, **asked) for table in Table}


async def test_every_room_is_there(house: House) -> None:
    assert house.service.name == "reporting"
    assert [each.name for each in house.service.subscriptions] == [
        "milestone",
        "reports",
        "report_papers",
        "report_registers",
        "reporting_directory",
        "lock-reports",
        "keep-issued-reporting",
    ]
    assert {"open_report", "confirm_figures", "request_lock", "lock_data"} <= house.service.desk.handlers.keys()
    assert not house.service.jobs
