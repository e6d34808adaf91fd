"""Whoever waits for a log to grow is woken by what this process appends, and asks the store only now and then, all together."""

import asyncio
from dataclasses import dataclass

from shared.eventlog.waking import Wakeup

EVERY = 0.02


@dataclass
class Store:
    """A log that other processes append to."""

    position: int = 0
    asked: int = 0

    async def end(self) -> int:
        self.asked += 1
        return self.position


async def test_ten_who_wait_ask_the_store_as_often_as_one() -> None:
    wakeup, store = Wakeup(), Store()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    waited = await asyncio.gather(*(wakeup.beyond(0, 10 * EVERY, poll=store.end, every=EVERY) for _ in range(10)))
    assert waited == [False] * 10
    assert store.asked <= (loop.time() - begun) / EVERY + 1


async def test_all_learn_of_what_another_process_appended() -> None:
    wakeup, store = Wakeup(), Store()
    waiting = [asyncio.create_task(wakeup.beyond(0, 5, poll=store.end, every=EVERY)) for _ in range(10)]
    await asyncio.sleep(2 * EVERY)
    store.position = 1
    assert await asyncio.gather(*waiting) == [True] * 10


async def test_what_is_appended_here_wakes_without_asking() -> None:
    wakeup, store = Wakeup(), Store()
    waiting = asyncio.create_task(wakeup.beyond(0, 5, poll=store.end, every=60))
    await asyncio.sleep(EVERY)
    wakeup.reached(1)
    assert await waiting
    assert store.asked == 1
