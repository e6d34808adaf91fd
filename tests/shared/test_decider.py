"""Load, decide, append: over one stream or several, again where one moved meanwhile, and all of it or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from shared import decider
from shared.clock import ScriptClock, instant
from shared.contracts.fence import LogFenced
from shared.contracts.refusals import Refused
from shared.decider import ATTEMPTS, Decide, Executed, Fold, Stood, execute
from shared.eventlog import schema
from shared.eventlog.port import StreamConflict
from shared.eventlog.records import Append, Appended
from shared.eventlog.sqlite import SqliteLog
from shared.ids import RandomIds

COUNTED: Final[Fold[int]] = Fold("fence", 0, lambda state, _event: state + 1)


class Moving(SqliteLog):
    """A log in which somebody else appends to a stream right before some of our appends arrive."""

    moves: Sequence[str] = ()
    appends = 0

    async def append(self, append: Append) -> Appended:
        self.appends += 1
        if self.moves and append.command_id == "ours":
            stream, *self.moves = self.moves
            await counted_on(self, f"other/{self.appends}", stream)
        return await super().append(append)


@pytest.fixture
async def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Moving]:
    monkeypatch.setattr(decider, "RETRY_SECONDS", 0.0)
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(schema.create)
    await engine.dispose()
    made = Moving(tmp_path / "intake.db", "intake/sonla", clock=ScriptClock(instant(1_672_800_000_000_000)))
    await made.open("first")
    yield made
    await made.close()


async def run(log: SqliteLog, command_id: str, streams: Sequence[str], decide: Decide, **more: Any) -> Executed:
    folds = dict.fromkeys(streams, COUNTED)
    return await execute(
        log, folds, decide, ids=RandomIds(), command_id=command_id, fingerprint=b"f" * 32, metadata=dict, occurred=0, **more
    )


async def counted_on(log: SqliteLog, command_id: str, stream: str) -> Executed:
    return await run(log, command_id, [stream], lambda stood: {stream: [LogFenced(report=f"report-{stood[stream].state}")]})


async def reports(log: SqliteLog, stream: str) -> list[bytes]:
    return [record.data for record in await log.read_stream(stream)]


async def test_what_is_decided_on_is_what_stands_when_it_is_appended(log: Moving) -> None:
    log.moves = ["fence-A", "fence-A", "fence-A"]
    executed = await counted_on(log, "ours", "fence-A")
    assert await reports(log, "fence-A") == [f'{{"report":"report-{n}"}}'.encode() for n in range(4)]
    assert (executed.versions["fence-A"], executed.states["fence-A"]) == (4, 4)


async def test_several_streams_are_written_in_one_append(log: Moving) -> None:
    def both(stood: Mapping[str, Stood]) -> Mapping[str, Sequence[Any]]:
        return {stream: [LogFenced(report=f"report-{at.state}")] for stream, at in stood.items()}

    executed = await run(log, "ours", ["fence-A", "fence-B"], both)
    assert executed.appended is not None
    assert (executed.appended.first, executed.appended.last, log.appends) == (1, 2, 1)
    assert executed.versions == {"fence-A": 1, "fence-B": 1}


async def test_a_stream_that_was_only_read_is_guarded(log: Moving) -> None:
    """The gate reads the case; when the case moves meanwhile, it is decided again on what the case is then."""
    seen: list[int] = []

    def only_a(stood: Mapping[str, Stood]) -> Mapping[str, Sequence[Any]]:
        seen.append(stood["fence-B"].state)
        return {"fence-A": [LogFenced(report=f"report-{stood['fence-B'].state}")]}

    log.moves = ["fence-B"]
    await run(log, "ours", ["fence-A", "fence-B"], only_a)
    assert seen == [0, 1]
    assert await reports(log, "fence-A") == [b'{"report":"report-1"}']


async def test_a_rule_that_says_no_at_the_second_look_leaves_nothing(log: Moving) -> None:
    def first_only(stood: Mapping[str, Stood]) -> Mapping[str, Sequence[Any]]:
        if stood["fence-B"].state:
            raise Refused
        return {"fence-A": [LogFenced(report="report-0")]}

    log.moves = ["fence-B"]
    with pytest.raises(Refused):
        await run(log, "ours", ["fence-A", "fence-B"], first_only)
    assert await reports(log, "fence-A") == []


async def test_streams_that_never_stand_still_are_given_up_after_so_many_attempts(log: Moving) -> None:
    log.moves = ["fence-A"] * (ATTEMPTS + 5)
    sealed: list[str] = []

    async def seal() -> None:
        sealed.append("put")

    with pytest.raises(StreamConflict):
        await run(log, "ours", ["fence-A"], lambda _: {"fence-A": [LogFenced(report="report-x")]}, before_append=seal)
    assert len(await reports(log, "fence-A")) == ATTEMPTS
    assert sealed == ["put"]  # once, however often it was decided


async def test_what_changes_nothing_appends_nothing_and_seals_nothing(log: Moving) -> None:
    async def seal() -> None:
        raise AssertionError("nothing is appended, so nothing is put")

    executed = await run(log, "ours", ["fence-A"], lambda _: {"fence-A": []}, before_append=seal)
    assert (executed.appended, log.appends) == (None, 0)


async def test_whoever_comes_at_once_is_counted_each_once(log: Moving) -> None:
    await asyncio.gather(*(counted_on(log, f"c-{n}", "fence-A") for n in range(ATTEMPTS)))
    assert await reports(log, "fence-A") == [f'{{"report":"report-{n}"}}'.encode() for n in range(ATTEMPTS)]


async def test_what_a_state_names_is_loaded_too_and_guarded(log: Moving) -> None:
    seen: list[set[str]] = []

    def further(states: Mapping[str, Any]) -> Mapping[str, Fold[Any]]:
        return {"fence-B": COUNTED} if "fence-A" in states else {}

    def decide(stood: Mapping[str, Stood]) -> Mapping[str, Sequence[Any]]:
        seen.append(set(stood))
        return {"fence-A": [LogFenced(report=f"report-{stood['fence-B'].state}")]}

    log.moves = ["fence-B"]
    await run(log, "ours", ["fence-A"], decide, further=further)
    assert seen == [{"fence-A", "fence-B"}] * 2
    assert await reports(log, "fence-A") == [b'{"report":"report-1"}']
