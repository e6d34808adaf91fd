"""Group commit: who arrives while a commit runs shares the next one, and nobody waits when nothing runs."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.eventlog import groups
from shared.eventlog.groups import Groups, Outcome, Pending
from shared.eventlog.port import LogUnavailable
from shared.eventlog.records import Append, Appended, Guard, Write
from tests.support import records


def one(command: str, stream: str, *guards: str) -> Append:
    writes = (Write(stream, 0, (records.event(1),)),)
    return Append(command, b"f" * 32, writes, tuple(Guard(guard, 0) for guard in guards))


class Store:
    """Commits whole groups, as long as it is told to wait, and remembers them."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.fails = False

    async def commit(self, group: Sequence[Pending]) -> list[Outcome]:
        self.groups.append([pending.append.command_id for pending in group])
        await self.open.wait()
        if self.fails:
            raise OSError
        return [Appended(pending.append.command_id, pending.append.fingerprint, 1, 1, 0) for pending in group]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def log(store: Store) -> Groups:
    return Groups("intake/sonla", store.commit)


async def while_one_runs(store: Store, log: Groups, *appends: Append) -> list[list[str]]:
    """The groups in which `appends` are committed that arrive during another commit."""
    store.open.clear()
    running = asyncio.create_task(log.add(one("first", "opinion-first")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert store.groups == [["first"]]
    arriving = [asyncio.create_task(log.add(append)) for append in appends]
    await asyncio.sleep(0)
    store.open.set()
    await asyncio.gather(running, *arriving)
    return store.groups[1:]


async def test_when_idle_an_append_is_committed_at_once_and_alone(store: Store, log: Groups) -> None:
    for n in range(3):
        await log.add(one(f"c-{n}", f"opinion-{n}"))
    assert store.groups == [["c-0"], ["c-1"], ["c-2"]]


async def test_what_arrives_while_a_commit_runs_shares_the_next_one(store: Store, log: Groups) -> None:
    arriving = [one(f"c-{n}", f"opinion-{n}") for n in range(50)]
    assert await while_one_runs(store, log, *arriving) == [[f"c-{n}" for n in range(50)]]


@pytest.mark.parametrize(
    ("appends", "committed"),
    [
        ([one("a", "case-1"), one("b", "case-1"), one("c", "case-2")], [["a", "c"], ["b"]]),
        ([one("a", "case-1"), one("a", "case-2")], [["a"], ["a"]]),
        ([one("a", "case-1"), one("b", "session-1", "case-1")], [["a"], ["b"]]),
        ([one("a", "session-1", "case-1"), one("b", "case-1")], [["a"], ["b"]]),
        ([one("a", "session-1", "case-1"), one("b", "session-2", "case-1")], [["a", "b"]]),
        ([one("a", "case-1"), one("b", "case-1", "case-2"), one("c", "case-2")], [["a"], ["b"], ["c"]]),
    ],
    ids=["one stream", "one command", "written and guarded", "guarded and written", "guarded twice", "behind one that waits"],
)
async def test_what_meets_over_a_stream_or_a_command_waits_for_the_next_in_its_order(
    store: Store, log: Groups, appends: list[Append], committed: list[list[str]]
) -> None:
    assert await while_one_runs(store, log, *appends) == committed


async def test_a_group_is_bounded(store: Store, log: Groups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MAX_COMMANDS", 4)
    found = await while_one_runs(store, log, *(one(f"c-{n}", f"opinion-{n}") for n in range(10)))
    assert [len(group) for group in found] == [4, 4, 2]


async def test_a_commit_that_fails_is_told_to_its_own_group_and_the_next_goes_on(store: Store, log: Groups) -> None:
    store.fails = True
    failed = await asyncio.gather(*(log.add(one(f"c-{n}", f"opinion-{n}")) for n in range(3)), return_exceptions=True)
    assert [type(each) for each in failed] == [LogUnavailable] * 3
    store.fails = False
    assert (await log.add(one("c-4", "opinion-4"))).command_id == "c-4"


async def test_whoever_asked_may_go_and_the_others_are_answered(store: Store, log: Groups) -> None:
    store.open.clear()
    gone, stays = [asyncio.create_task(log.add(one(f"c-{n}", f"opinion-{n}"))) for n in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    store.open.set()
    assert (await stays).command_id == "c-1"
    assert store.groups == [["c-0", "c-1"]]
