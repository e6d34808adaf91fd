"""Questions that arrive while others are served are served together; each has its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.vault.gathering import Gathering
from shared.vault.port import VaultUnavailable


class Counter:
    """Doubles numbers, in groups that it remembers; negative ones it cannot serve at all, and zero it refuses."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.away = False

    async def serve(self, asked: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(asked))
        await self.open.wait()
        if self.away:
            raise VaultUnavailable("away")
        if any(number < 0 for number in asked):
            raise ArithmeticError(f"one of {len(asked)}")
        return [number * 2 if number else ZeroDivisionError() for number in asked]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def gathering(counter: Counter) -> Gathering[int, int]:
    return Gathering(counter.serve, most=4)


async def ask_all(gathering: Gathering[int, int], *numbers: int) -> list[int | BaseException]:
    return await asyncio.gather(*map(gathering.ask, numbers), return_exceptions=True)


async def test_when_idle_a_question_is_served_at_once_and_alone(counter: Counter, gathering: Gathering[int, int]) -> None:
    assert [await gathering.ask(1), await gathering.ask(2)] == [2, 4]
    assert counter.groups == [[1], [2]]


async def test_what_arrives_meanwhile_is_served_together_next_in_its_order(
    counter: Counter, gathering: Gathering[int, int]
) -> None:
    counter.open.clear()
    first = asyncio.create_task(gathering.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = asyncio.create_task(ask_all(gathering, 2, 3, 4, 5, 6, 7))
    await asyncio.sleep(0.01)
    counter.open.set()
    assert (await first, await rest) == (2, [4, 6, 8, 10, 12, 14])
    assert counter.groups == [[1], [2, 3, 4, 5], [6, 7]]


async def test_an_answer_may_be_a_refusal_of_its_own(gathering: Gathering[int, int]) -> None:
    one, refused, two = await ask_all(gathering, 1, 0, 2)
    assert (one, two) == (2, 4)
    assert isinstance(refused, ZeroDivisionError)


async def test_one_bad_question_fails_alone(counter: Counter, gathering: Gathering[int, int]) -> None:
    one, bad, two = await ask_all(gathering, 1, -1, 2)
    assert (one, two) == (2, 4)
    assert isinstance(bad, ArithmeticError)
    assert counter.groups == [[1, -1, 2], [1], [-1], [2]]


async def test_when_nothing_can_be_reached_everyone_is_told_at_once(counter: Counter, gathering: Gathering[int, int]) -> None:
    counter.away = True
    answers = await ask_all(gathering, 1, 2, 3)
    assert all(isinstance(answer, VaultUnavailable) for answer in answers)
    assert len({id(answer) for answer in answers}) == 3  # one exception raised thrice would mix up its tracebacks
    assert counter.groups == [[1, 2, 3]]
    counter.away = False
    assert await gathering.ask(4) == 8


async def test_whoever_asked_may_go_and_the_others_are_answered(counter: Counter, gathering: Gathering[int, int]) -> None:
    counter.open.clear()
    gone, stays = (asyncio.create_task(gathering.ask(number)) for number in (1, 2))
    await asyncio.sleep(0.01)
    gone.cancel()
    counter.open.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_when_the_serving_is_cancelled_nobody_waits_for_ever(counter: Counter, gathering: Gathering[int, int]) -> None:
    counter.open.clear()
    asking = [asyncio.create_task(gathering.ask(number)) for number in range(6)]
    await asyncio.sleep(0.01)
    assert gathering._worker is not None
    gathering._worker.cancel()
    async with asyncio.timeout(2):
        answers = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers)
    counter.open.set()
    assert await gathering.ask(4) == 8
