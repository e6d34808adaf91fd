"""How soon a thousand open pages hear of what somebody did, and what they cost the process that tells them."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from shared.contracts.roles import Role
from tests.bench.proving import Unsound
from tests.bench.rows import Place, Row, aimed, percentile
from tests.bench.served import Seat, Served, chief, served

CLIENTS: Final = 1_000
LIVES: Final = 2_000
COMMANDS: Final = 40
EVERY_SECONDS: Final = 0.5
AT_ONCE: Final = 25  # begin to listen
PATIENCE_SECONDS: Final = 10.0
LEAD: Final = "TH"
P99_MS: Final = 200.0
MEMORY_MIB: Final = 300.0
HEARD: Final = b"event: moved"
LISTENING: Final = ((Role.HUB, "TCHCQT"), (Role.DEPUTY, "CVP"), (Role.UNIT_LEADER, LEAD))


async def measure(place: Place) -> list[Row]:
    """`live_*`: from a command's acknowledgement to the event at each page whom it concerns, and the memory of the process."""
    seats = [
        Seat(person=f"nghe-{n:04}", unit=unit, role=role)
        for n in range(CLIENTS)
        for role, unit in (LISTENING[n % len(LISTENING)],)
    ]
    async with served(place, seats, LIVES, LIVES) as at:
        before = at.memory("assignment")
        hearing = Hearing(CLIENTS)
        listeners = await _listening(at, hearing)
        delays = await _told(at, hearing, place.events(COMMANDS, 10))
        rows = [
            Row("live_p50", "ms", percentile(delays, 0.5)),
            aimed("live_p99", "ms", percentile(delays, 0.99), P99_MS),
            aimed("live_memory", "MiB", at.memory("assignment", most=True), MEMORY_MIB),
        ]
        place.notes.append(
            f"live: {len(delays)} events at {len(listeners)} clients, the last after {max(delays):.0f} ms; "
            f"{before:.0f} MiB before anybody listened"
        )
        for listener in listeners:
            listener.close()
    return rows


class Listener(asyncio.Protocol):
    """A page that listens over a connection of its own, and says when it hears that something moved."""

    def __init__(self, seat: Seat, port: int, heard: Callable[["Listener"], None]) -> None:
        self._seat, self._port, self._heard = seat, port, heard
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._head = b""

    async def begin(self) -> None:
        """Raises Unsound where it is not let in."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        lines = ("GET /live?topic=assignment.work HTTP/1.1", "host: 127.0.0.1", f"cookie: {self._seat.headers['cookie']}")
        self._transport.write("\r\n".join((*lines, "", "")).encode())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._begun

    def data_received(self, data: bytes) -> None:
        if HEARD in data:
            self._heard(self)
        if self._begun.done():
            return
        self._head += data
        if b": open" in self._head:
            self._begun.set_result(None)
        elif b"\r\n" in self._head and b" 200 " not in self._head.partition(b"\r\n")[0]:
            self._begun.set_exception(Unsound(f"live: {self._head[:300]!r}"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Hearing:
    """When each of so many pages heard of the command in hand first."""

    def __init__(self, pages: int) -> None:
        self.at: dict[Listener, float] = {}
        self._pages, self._all = pages, asyncio.Event()

    def __call__(self, listener: Listener) -> None:
        self.at.setdefault(listener, time.perf_counter())
        if len(self.at) == self._pages:
            self._all.set()

    def anew(self) -> None:
        """Another command is in hand."""
        self.at = {}
        self._all.clear()

    async def everywhere(self) -> None:
        """Wait until every page has heard.

        Raises:
            Unsound: one has not, though it concerned it.

        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._all.wait()
        except TimeoutError:
            raise Unsound(f"live: {self._pages - len(self.at)} of {self._pages} pages did not hear") from None


async def _listening(at: Served, hearing: Hearing) -> list[Listener]:
    port, places = at.house.ports["assignment"], asyncio.Semaphore(AT_ONCE)
    listeners = [Listener(seat, port, hearing) for seat in at.seats]

    async def begin(listener: Listener) -> None:
        async with places:
            await listener.begin()

    await asyncio.gather(*(begin(listener) for listener in listeners))
    return listeners


async def _told(at: Served, hearing: Hearing, commands: int) -> list[float]:
    """Milliseconds from each acknowledgement to each page; less than none counts as none."""
    head, delays = await chief(at, LIVES), list[float]()
    for _ in range(commands):
        hearing.anew()
        acknowledged = await head.assign(LEAD)
        await hearing.everywhere()
        delays += [max(0.0, heard - acknowledged) * 1_000 for heard in hearing.at.values()]
        await asyncio.sleep(EVERY_SECONDS)
    await head.leave()
    return delays
