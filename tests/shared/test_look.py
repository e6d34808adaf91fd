"""Looks shared by all who ask at the same time."""

import asyncio

import pytest

from shared.look import Look


class Board:
    """Something others write on; looking at it takes a while, and sees what was there when the look began."""

    def __init__(self) -> None:
        self.written, self.looks = 0, 0

    async def seen(self, _: frozenset[str]) -> int:
        self.looks += 1
        seen = self.written
        await asyncio.sleep(0.01)
        return seen


async def test_whoever_asks_sees_all_that_was_there_before() -> None:
    board = Board()
    look = Look(board.seen)
    first = asyncio.create_task(look.fresh())
    await asyncio.sleep(0.005)
    board.written = 1  # while the first look is under way, which has not seen it
    assert (await look.fresh(), await first) == (1, 0)


async def test_a_hundred_who_ask_while_one_look_is_under_way_share_the_next() -> None:
    board = Board()
    look = Look(board.seen)
    first = asyncio.create_task(look.fresh())
    await asyncio.sleep(0.005)
    board.written = 1
    assert await asyncio.gather(*(look.fresh() for _ in range(100))) == [1] * 100
    await first
    assert board.looks == 2


async def test_the_next_look_is_told_of_everything_that_one_of_those_who_wait_asks_about() -> None:
    looks: list[frozenset[str]] = []

    async def length(words: frozenset[str]) -> dict[str, int]:
        looks.append(words)
        await asyncio.sleep(0.005)
        return {word: len(word) for word in words}

    look = Look(length)
    first = asyncio.create_task(look.fresh("a"))
    await asyncio.sleep(0.002)
    found = await asyncio.gather(look.fresh("bb"), look.fresh("ccc", "bb"))
    assert all(each == {"bb": 2, "ccc": 3} for each in found)
    assert (await first, looks) == ({"a": 1}, [frozenset({"a"}), frozenset({"bb", "ccc"})])


async def test_a_look_that_failed_fails_those_who_asked_for_it_and_nobody_else() -> None:
    fails = True

    async def once(_: frozenset[str]) -> str:
        await asyncio.sleep(0.005)
        if fails:
            raise OSError("away")
        return "there"

    look = Look(once)
    earlier = asyncio.gather(look.fresh(), look.fresh(), return_exceptions=True)
    await asyncio.sleep(0.002)
    later = asyncio.create_task(look.fresh())
    assert [type(each) for each in await earlier] == [OSError, OSError]
    fails = False
    assert await later == "there"


async def test_whoever_stops_waiting_takes_nothing_from_the_others() -> None:
    board = Board()
    look = Look(board.seen)
    impatient, patient = asyncio.create_task(look.fresh()), asyncio.create_task(look.fresh())
    await asyncio.sleep(0.002)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient == 0
