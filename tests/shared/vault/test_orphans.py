"""Texts of commands that never happened: doubted first, deleted later, and never while anything refers to them."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.clock import ScriptClock, micros
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog.port import EventLog
from shared.eventlog.records import Append, Write
from shared.eventlog.sqlite import SqliteLog
from shared.vault import orphans
from shared.vault.orphans import referred_to
from shared.vault.port import ERASED, Stored
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import WORDS, keep, read, records
from tests.support.records import event

AFTER = timedelta(hours=24)


class Sweeper:
    """Sweeps a vault as days go by; remembers what it asked about."""

    def __init__(self, vault: DatabaseVault, clock: ScriptClock) -> None:
        self._vault, self._clock = vault, clock
        self.known: set[str] = set()
        self.asked: list[Stored] = []

    async def sweep(self, *, days: int) -> int:
        """So many days on, everything older than one."""
        self._clock.move_to(self._clock.now() + timedelta(days=days))
        return await self._vault.sweep_orphans(self._referred, micros(self._clock.now() - AFTER))

    async def _referred(self, stored: Sequence[Stored]) -> AbstractSet[str]:
        self.asked += stored
        return self.known


@pytest.fixture
def sweeper(vault: DatabaseVault, clock: ScriptClock) -> Sweeper:
    return Sweeper(vault, clock)


async def test_a_first_sweep_only_doubts_and_a_later_one_deletes(vault: DatabaseVault, sweeper: Sweeper) -> None:
    done, orphan = await keep(vault, command="done"), await keep(vault, command="orphan")
    sweeper.known = {done}
    assert await sweeper.sweep(days=2) == 0
    assert sweeper.asked == [Stored(done, "done"), Stored(orphan, "orphan")]
    assert await sweeper.sweep(days=2) == 1
    assert await vault.open_many([done, orphan], reader="p", purpose="t") == {done: WORDS}
    assert await vault.search("sat lo") == [done]
    assert await sweeper.sweep(days=2) == 0


async def test_what_is_young_or_was_doubted_only_lately_is_left(vault: DatabaseVault, sweeper: Sweeper) -> None:
    await keep(vault)
    assert await sweeper.sweep(days=0) == 0
    assert sweeper.asked == []  # an append may still follow
    assert [await sweeper.sweep(days=2), await sweeper.sweep(days=0), await sweeper.sweep(days=2)] == [0, 0, 1]


async def test_what_was_found_to_be_referred_to_is_kept_for_good(vault: DatabaseVault, sweeper: Sweeper) -> None:
    ref = await keep(vault)
    assert await sweeper.sweep(days=2) == 0
    sweeper.known = {ref}  # the append came late
    assert await sweeper.sweep(days=2) == 0
    sweeper.known, sweeper.asked = set(), []
    assert [await sweeper.sweep(days=2), await sweeper.sweep(days=2)] == [0, 0]
    assert sweeper.asked == []
    assert await read(vault, ref) == WORDS


async def test_what_was_opened_since_is_no_longer_doubted(vault: DatabaseVault, sweeper: Sweeper) -> None:
    ref = await keep(vault)
    await sweeper.sweep(days=2)
    assert await read(vault, ref) == WORDS
    assert [await sweeper.sweep(days=2), await sweeper.sweep(days=2)] == [0, 1]


async def test_what_was_put_again_since_is_no_longer_doubted(vault: DatabaseVault, sweeper: Sweeper) -> None:
    entry = vault.seal("c-1", "words", WORDS, searchable=True)
    await vault.put([entry])
    await sweeper.sweep(days=2)
    await vault.put([entry])
    assert await sweeper.sweep(days=2) == 0
    assert await vault.search("sat lo") == [entry.sealed.ref]
    assert await sweeper.sweep(days=2) == 1
    assert await vault.search("sat lo") == []


async def test_what_is_put_again_while_it_is_being_swept_is_not_deleted(
    vault: DatabaseVault, beside: DatabaseVault, clock: ScriptClock
) -> None:
    entry = vault.seal("c-1", "words", WORDS)
    await vault.put([entry])

    async def nothing(stored: Sequence[Stored]) -> AbstractSet[str]:
        return set()

    async def nothing_yet(stored: Sequence[Stored]) -> AbstractSet[str]:
        await beside.put([entry])
        return set()

    soon = micros(clock.now()) + 1
    assert await vault.sweep_orphans(nothing, soon) == 0
    assert await vault.sweep_orphans(nothing_yet, soon) == 0
    assert await read(vault, entry.sealed.ref) == WORDS


async def test_what_is_kept_or_erased_is_not_swept(vault: DatabaseVault, sweeper: Sweeper) -> None:
    kept, erased = vault.seal("feed", "body", "parked"), await keep(vault)
    await vault.put([kept], kept=True)
    await vault.erase_record(erased)
    assert [await sweeper.sweep(days=2), await sweeper.sweep(days=2)] == [0, 0]
    assert await vault.open_many([kept.sealed.ref, erased], reader="p", purpose="t") == {
        kept.sealed.ref: "parked",
        erased: ERASED,
    }


async def test_many_orphans_go_in_batches_with_their_tokens(database: Database, vault: DatabaseVault, sweeper: Sweeper) -> None:
    entries = [vault.seal(f"c-{n}", "words", f"ý kiến {n}", searchable=True) for n in range(2 * orphans.BATCH + 5)]
    await vault.put(entries)
    sweeper.known = {entry.sealed.ref for entry in entries[::100]}
    await sweeper.sweep(days=2)
    assert await sweeper.sweep(days=2) == len(entries) - len(sweeper.known)
    assert {row["ref"] for row in await records(database)} == sweeper.known
    assert set(await vault.search("ý kiến", limit=1_000)) == sweeper.known
    if database.dialect == "sqlite":
        async with database.read() as connection:
            left = await connection.execute(text("select count(*) from token where n not in (select n from record)"))
            assert left.scalar_one() == 0


async def test_nothing_is_doubted_when_a_log_cannot_be_asked(vault: DatabaseVault, sweeper: Sweeper, clock: ScriptClock) -> None:
    await keep(vault)

    async def away(stored: Sequence[Stored]) -> AbstractSet[str]:
        raise LookupError("intake does not answer")

    clock.move_to(clock.now() + 2 * AFTER)
    for _ in range(2):
        with pytest.raises(LookupError):
            await vault.sweep_orphans(away, micros(clock.now() - AFTER))
        clock.move_to(clock.now() + 2 * AFTER)
    assert await sweeper.sweep(days=0) == 0


@pytest.fixture
async def logs(tmp_path: Path) -> AsyncIterator[list[EventLog]]:
    """Of two services."""
    opened = []
    for service in ("intake", "assignment"):
        file = tmp_path / f"{service}.db"
        database = Database(f"sqlite+aiosqlite:///{file}")
        async with database.write() as connection:
            await connection.run_sync(schema.create)
            await connection.run_sync(schema.open_log, f"{service}/sonla", "i-1")
        await database.close()
        log = SqliteLog(file, f"{service}/sonla", clock=ScriptClock())
        await log.open("i-1")
        opened.append(log)
    yield list(opened)
    for log in opened:
        await log.close()


async def append(log: EventLog, command_id: str, *refs: str) -> None:
    """A command whose events carry these references, one each."""
    number = 10 * (await log.head()).position
    events = tuple(event(number + n, f'{{"words":{{"ref":"{ref}"}}}}'.encode()) for n, ref in enumerate(refs, 1))
    await log.append(Append(command_id, b"f" * 32, (Write(f"opinion-{command_id}", 0, events),)))


async def test_a_text_is_referred_to_by_an_event_of_its_own_command_in_any_log(logs: list[EventLog]) -> None:
    intake, assignment = logs
    await append(intake, "c-0", "0" * 32)
    await append(intake, "c-1", "a" * 32, "b" * 32)
    await append(assignment, "c-2", "c" * 32)
    await append(intake, "c-3", "d" * 32)
    stored = [
        Stored("a" * 32, "c-1"),
        Stored("b" * 32, "c-1"),
        Stored("c" * 32, "c-2"),
        Stored("d" * 32, "c-2"),  # an event carries it, but of another command
        Stored("e" * 32, "c-3"),  # put by an attempt before the one that was appended
        Stored("f" * 32, "c-4"),  # of a command that never was
    ]
    assert await referred_to(logs, stored) == {"a" * 32, "b" * 32, "c" * 32}
    assert await referred_to([assignment], stored) == {"c" * 32}
    assert await referred_to(logs, []) == set()


async def test_of_two_attempts_of_a_command_the_one_that_was_appended_keeps_its_texts(
    vault: DatabaseVault, clock: ScriptClock, logs: list[EventLog]
) -> None:
    lost, appended = await keep(vault, command="c-1"), await keep(vault, command="c-1")
    await append(logs[0], "c-1", appended)

    async def known(stored: Sequence[Stored]) -> AbstractSet[str]:
        return await referred_to(logs, stored)

    assert await vault.sweep_orphans(known, micros(clock.now()) + 1) == 0
    assert await vault.sweep_orphans(known, micros(clock.now()) + 1) == 1
    assert await vault.open_many([lost, appended], reader="p", purpose="t") == {appended: WORDS}
