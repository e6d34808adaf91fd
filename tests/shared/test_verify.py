"""Verification finds what was changed, moved, dated back or cut off, and says where."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from deploy.servers.postgres import app_url, owner_url
from shared.canonical import canonical
from shared.clock import ScriptClock, instant
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog import verify as verification
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, NewEvent, Record, Write, event_hash
from shared.eventlog.sqlite import SqliteLog
from shared.eventlog.tree import LogShrank, TreeFollower
from shared.eventlog.verify import Kind, Report, verify
from shared.merkle import Frontier
from shared.subscriptions import schema as subscriptions

NAME = "intake/sonla"
COMMANDS = 6


@dataclass
class Store:
    """A log with its tree, and a way to do to its tables what nobody may."""

    log: SqliteLog | PostgresLog
    database: Database
    owner: Database
    clock: ScriptClock
    tree: TreeFollower

    async def tamper(self, statement: str, **values: Any) -> None:
        async with self.owner.write() as connection:
            await connection.execute(text(statement), values)

    async def report(self) -> Report:
        return await verify(self.log, self.database)

    async def records(self) -> list[Record]:
        return list((await self.log.read(0, 1_000)).records)

    async def append(self, number: int, streams: Mapping[str, int]) -> None:
        """One command that writes so many events to each stream."""
        metadata = canonical({"command": f"c-{number}"})
        writes = []
        for stream, events in streams.items():
            held = await self.log.read_stream(stream)
            new = tuple(
                NewEvent(UUID(int=number * 100 + n), "opinion.received", 1, canonical({"n": n}), metadata, 1_000_000 * number)
                for n in range(events)
            )
            writes.append(Write(stream, len(held), new, held[-1].hash if held else ZERO))
        await self.log.append(Append(f"c-{number}", b"f" * 32, tuple(writes)))

    async def swap(self, one: int, other: int) -> None:
        """Put two events in each other's places."""
        place = "position = :here" if self.database.dialect == "postgresql" else "id = id - position + :here"
        for there, here in ((one, 1_000), (other, one), (1_000, other)):
            await self.tamper(f"update event set {place} where position = :there", here=here, there=there)

    async def cursor(self, position: int, hash: bytes, incarnation: str = "i-1") -> None:
        values = {"position": position, "hash": hash, "incarnation": incarnation, "log": NAME}
        await self.tamper(
            "insert into checkpoint (subscription, source, incarnation, position, hash, updated_at) "
            "values ('cases', :log, :incarnation, :position, :hash, 0)",
            **values,
        )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Six commands over three streams, ten events; the tree has roots at 2, 4 and 10."""
    clock = ScriptClock(instant(1_672_800_000_000_000))
    log: SqliteLog | PostgresLog
    if request.param == "sqlite":
        owner = database = Database(f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}")
    else:
        address, name = request.getfixturevalue("postgres"), request.getfixturevalue("database_name")
        owner, database = Database(owner_url(address, name)), Database(app_url(address, name), tenant=NAME.partition("/")[2])
    async with owner.write() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(subscriptions.create)
        await connection.run_sync(schema.open_log, NAME, "i-1")
    if request.param == "sqlite":
        log = SqliteLog(tmp_path / "intake.db", NAME, clock=clock, write_lock=database.write_lock)
        await log.open("i-1")
    else:
        log = PostgresLog(database.engine, NAME, clock=clock)
        await log.open()
    made = Store(log, database, owner, clock, TreeFollower(log, database))
    for number in range(1, COMMANDS + 1):
        await made.append(number, {"case-A": 1, "task-A": 1} if number > 2 else {f"opinion-{number % 2}": 1})
        clock.move_to(instant(1_672_800_000_000_000 + number * 1_000_000))
        if number in (2, 3, COMMANDS):
            await made.tree.drain()
    yield made
    await log.close()
    await database.close()
    await owner.close()


async def test_an_untouched_log_is_sound(store: Store) -> None:
    last = (await store.records())[-1]
    await store.cursor(10, last.hash)
    report = await store.report()
    assert report.faults == ()
    assert (report.events, report.streams, report.roots_compared, report.incarnation) == (10, 4, 3, "i-1")


async def test_whoever_watches_hears_of_every_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", 4)
    heard: list[int] = []
    await verify(store.log, store.database, at=heard.append)
    assert heard == [4, 8, 10]


async def test_an_empty_log_is_sound(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    async with database.write() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(schema.open_log, NAME, "i-1")
    log = SqliteLog(tmp_path / "empty.db", NAME, clock=ScriptClock())
    await log.open("i-1")
    report = await verify(log, database)
    assert (report.sound, report.events) == (True, 0)
    await log.close()
    await database.close()


@pytest.mark.parametrize("column", ["data", "metadata"])
async def test_a_changed_byte_is_found_where_it_stands(store: Store, column: str) -> None:
    await store.tamper(f"update event set {column} = :bytes where position = 5", bytes=b'{"n":9}')
    assert [(fault.position, fault.kind) for fault in (await store.report()).faults] == [(5, Kind.BYTES_CHANGED)]


async def test_a_changed_byte_with_its_hash_made_anew_is_found_by_chain_and_tree(store: Store) -> None:
    """Whoever changes an event and its hash must change what follows; whoever changes all of that meets the tree."""
    records = await store.records()
    stream = [record for record in records if record.stream == "case-A"]
    previous = ZERO
    for record in stream:
        new = NewEvent(*record[4:10])._replace(data=b'{"n":7}')
        hash = event_hash(NAME, record.stream, record.version, new, previous)
        await store.tamper(
            "update event set data = :data, prev_hash = :prev, hash = :hash where position = :at",
            data=new.data,
            prev=previous,
            hash=hash,
            at=record.position,
        )
        previous = hash
    await store.tamper("update stream_head set hash = :hash where stream = 'case-A'", hash=previous)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.position, fault.last) == (Kind.ROOT_DIFFERS, 3, 4)


async def test_a_swapped_pair_is_found(store: Store) -> None:
    await store.swap(5, 8)
    faults = (await store.report()).faults
    found = {(fault.kind, fault.position) for fault in faults}
    assert {(Kind.COMMAND_DIFFERS, 5), (Kind.COMMAND_DIFFERS, 8), (Kind.RECORDED_BACK, 6)} <= found
    assert (Kind.ROOT_DIFFERS, 5) in found


async def test_a_pair_swapped_within_one_command_is_found_by_the_tree(store: Store) -> None:
    await store.swap(5, 6)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.position, fault.last) == (Kind.ROOT_DIFFERS, 5, 10)


async def test_a_changed_recorded_time_is_found(store: Store) -> None:
    await store.tamper("update event set recorded_at = recorded_at + 1 where position = 5")
    found = {(fault.kind, fault.position) for fault in (await store.report()).faults}
    assert (Kind.COMMAND_DIFFERS, 5) in found
    assert (Kind.RECORDED_BACK, 6) in found
    assert (Kind.ROOT_DIFFERS, 5) in found


async def test_a_missing_event_is_found(store: Store) -> None:
    await store.tamper("delete from event where position = 4")
    found = {(fault.kind, fault.position) for fault in (await store.report()).faults}
    assert {(Kind.POSITION_GAP, 4), (Kind.CHAIN_BROKEN, 6)} <= found


async def test_a_log_shorter_than_a_stored_root_is_found(store: Store) -> None:
    await _cut(store, 8)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.position, fault.last) == (Kind.LOG_SHORT, 9, 10)
    with pytest.raises(LogShrank):
        await TreeFollower(store.log, store.database).drain()


async def test_a_log_shorter_than_a_stream_head_is_found(store: Store) -> None:
    heads = "update stream_head set version = version + 1 where stream = 'case-A'"
    await _cut(store, 8)
    await store.tamper("delete from tree_root where size > 8")
    assert (await store.report()).sound
    await store.tamper(heads)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.what) == (Kind.LOG_SHORT, "case-A stood at version 4")


async def test_a_log_shorter_than_a_cursor_is_found_wherever_the_cursor_is_kept(store: Store) -> None:
    await _cut(store, 8)
    await store.tamper("delete from tree_root where size > 8")
    await store.cursor(10, b"h" * 32)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.position, fault.what) == (Kind.LOG_SHORT, 9, "cases has read up to 10")
    assert len((await verify(store.log, store.database, others=[store.database])).faults) == 2


async def test_a_cursor_of_another_incarnation_says_nothing_about_this_log(store: Store) -> None:
    await store.cursor(99, b"h" * 32, incarnation="i-0")
    assert (await store.report()).sound


async def test_a_cursor_that_has_read_another_event_is_found(store: Store) -> None:
    await store.cursor(7, b"h" * 32)
    assert [(fault.kind, fault.position) for fault in (await store.report()).faults] == [(Kind.CURSOR_DIFFERS, 7)]


async def test_a_stream_head_with_another_hash_is_found(store: Store) -> None:
    await store.tamper("update stream_head set hash = :hash where stream = 'case-A'", hash=b"h" * 32)
    assert [fault.kind for fault in (await store.report()).faults] == [Kind.HEAD_DIFFERS]
    await store.tamper("delete from stream_head where stream = 'opinion-1'")
    assert {fault.kind for fault in (await store.report()).faults} == {Kind.HEAD_DIFFERS}


async def test_a_command_that_wrote_beyond_the_end_is_found(store: Store) -> None:
    await _cut(store, 8)
    await store.tamper("delete from tree_root where size > 8")
    await store.tamper("insert into command values (:log, 'c-9', :print, 9, 12, 0)", log=NAME, print=b"f" * 32)
    (fault,) = (await store.report()).faults
    assert (fault.kind, fault.position, fault.last) == (Kind.LOG_SHORT, 9, 12)


async def test_the_tree_is_taken_up_where_it_was_left(store: Store) -> None:
    await store.append(7, {"opinion-0": 1})
    again = TreeFollower(store.log, store.database)
    assert await again.drain() == 11
    assert await again.drain() == 11
    report = await store.report()
    assert (report.sound, report.roots_compared) == (True, 4)


async def test_a_long_log_has_a_root_every_thousand_events(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.eventlog.tree.PAGE", 10)
    await store.append(7, {"opinion-9": 25})
    await store.tree.drain()
    async with store.database.read() as connection:
        rows = (await connection.execute(text("select size, root, frontier from tree_root order by size"))).all()
    assert [row.size for row in rows] == [2, 4, 10, 20, 30, 35]
    assert all(Frontier.from_bytes(row.size, row.frontier).root() == row.root for row in rows)
    assert (await store.report()).sound


async def _cut(store: Store, last: int) -> None:
    """Take the log back to `last` with all that an attacker can reach but the roots and cursors."""
    await store.tamper("delete from event where position > :last", last=last)
    await store.tamper("delete from command where last > :last", last=last)
    kept = {record.stream: record for record in await store.records()}
    for stream, record in kept.items():
        await store.tamper(
            "update stream_head set version = :version, hash = :hash where stream = :stream",
            version=record.version,
            hash=record.hash,
            stream=stream,
        )
