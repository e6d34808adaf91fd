"""The hub of an office that locks reports while opinions go on being handed in, in an installation that is being broken."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx2

from shared.calendar import ZONE
from shared.clock import micros
from shared.contracts.roles import Role
from tests.support.installation import Installation

PATIENCE_SECONDS: Final = 180.0  # intake is away while three others are started, one by one
HUB: Final = {"office": "VPUB", "unit": "TCHCQT", "actor": "tchcqt-02", "capacity": "hub"}
OPINION: Final = {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": "Đề nghị mở lớp bồi dưỡng."}


@dataclass(slots=True)
class Hub:
    """Asks again, under the same key, while a service is away. What is handed in happened on `day`."""

    house: Installation
    client: httpx2.AsyncClient
    token: str
    day: date = field(default_factory=lambda: datetime.now(ZONE).date() - timedelta(days=30))

    async def ask(self, service: str, command: str, *, occurred: datetime | None = None, **body: Any) -> Any:
        """One command in the hub's name."""
        order = {"command": command, "body": body, "command_id": uuid4().hex, **HUB}
        if occurred is not None:
            order["occurred_at"] = occurred.isoformat()
        return await self._sent(service, "/internal/commands", order)

    async def receive(self) -> str:
        """Somebody says something on that day."""
        return str((await self.ask("intake", "receive_opinion", occurred=self._at(8), **OPINION))["stream"])

    async def hand_in(self) -> None:
        """An opinion of that day, on its way to the assignment service."""
        opinion = await self.receive()
        classified: dict[str, Any] = {"opinion": opinion, "kind": "kien_nghi", "field": "che-do-chinh-sach"}
        await self.ask("intake", "classify_opinion", occurred=self._at(9), **classified)
        await self.ask("intake", "refer_opinion", occurred=self._at(10), opinion=opinion)

    async def withdraw(self, opinion: str) -> None:
        """Whoever said it has taken it back, before it was handed on."""
        await self.ask("intake", "withdraw_opinion", occurred=self._at(10), opinion=opinion)

    async def request(self, report: str) -> None:
        """Ask for the lock."""
        await self.ask("reporting", "request_lock", report=report)

    async def opened(self, year: int) -> str:
        """A report whose window is that day alone, which no unit is waited for any more and of which something is known."""
        window: dict[str, Any] = {"office": "VPUB", "kind": "six_month", "year": year, "first": self.day.isoformat()}
        window |= {"last": self.day.isoformat(), "before": (self.day + timedelta(days=60)).isoformat()}
        report: str = (await self.ask("reporting", "open_report", **window))["stream"]
        one = await self.until(report, lambda _one: True)
        for unit in one["units"]:
            await self.ask("reporting", "waive_confirmation", report=report, unit=unit["unit"], reason="Không có số liệu.")
        await self.hand_in()
        return report

    async def until(self, report: str, seen: Callable[[Any], bool]) -> Any:
        """How the report stands, as soon as that is `seen`."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                one = await self.read(f"/reporting/api/reports/{report}")
                if one is not None and seen(one):
                    return one
                await asyncio.sleep(0.1)

    async def read(self, path: str) -> Any:
        """What the reporting service answers; None where it is away or does not know it yet."""
        try:
            answer = await self.client.get(f"{self.house.url('reporting')}{path}", headers=self._bearer(self.token))
        except httpx2.HTTPError:
            return None
        return answer.json() if answer.status_code == 200 else None

    async def requeue(self, subscription: str) -> int:
        """Try again what was parked; how many events went through."""
        asked = {"subscription": subscription, "source": None, "position": None, "by": HUB["actor"]}
        return int((await self._sent("reporting", "/internal/dlq/requeue", asked))["succeeded"])

    async def recorded(self, service: str, type_: str, stream: str | None = None) -> list[int]:
        """Where events of a type, and of a stream, stand in a service's log."""
        about = f" and stream = '{stream}'" if stream else ""
        query = f"select event_id, position from event where type = '{type_}'{about} order by position"
        return sorted((await self.house.rows(service, query)).values())

    async def once_recorded(self, service: str, type_: str, stream: str, count: int = 1) -> int:
        """Where the last of so many events stands, as soon as they are there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if len(found := await self.recorded(service, type_, stream)) >= count:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def once_published(self, service: str, position: int) -> None:
        """Wait until Kafka holds a log up to there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                cursor = await self.house.rows(service, "select log, position from relay_cursor")
                if cursor.get(f"{service}/sonla", 0) >= position:
                    return
                await asyncio.sleep(0.05)

    async def received(self, day: date, upto: int | None = None) -> int:
        """How many opinions of a day intake's log holds, at or below a position."""
        first = micros(datetime.combine(day, time(), ZONE))
        last = micros(datetime.combine(day + timedelta(days=1), time(), ZONE))
        below = f" and position <= {upto}" if upto is not None else ""
        when = f"occurred_at >= {first} and occurred_at < {last}{below}"
        found = await self.house.rows("intake", f"select 'all', count(*) from event where type = 'opinion.received' and {when}")
        return int(found["all"])

    def _at(self, hour: int) -> datetime:
        return datetime.combine(self.day, time(hour), ZONE)

    async def _sent(self, service: str, path: str, body: Mapping[str, Any]) -> Any:
        headers = self._bearer(self.house.service_token)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    answer = await self.client.post(f"{self.house.url(service)}{path}", json=body, headers=headers)
                except httpx2.HTTPError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code < 500:
                    assert answer.status_code == 200, answer.text
                    return answer.json()
                await asyncio.sleep(0.1)

    @staticmethod
    def _bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def at_work(house: Installation) -> AsyncIterator[Hub]:
    """Within the block opinions are handed in, some in a second, as long as intake answers."""
    over = asyncio.Event()

    async def feed(hub: Hub) -> None:
        while not over.is_set():
            await hub.hand_in()
            await asyncio.sleep(0.2)  # else processes that are started again have no processor to come up on

    token = await house.token(HUB["actor"], HUB["unit"], Role.HUB)
    async with httpx2.AsyncClient(timeout=10) as client, asyncio.TaskGroup() as tasks:
        hub = Hub(house, client, token)
        tasks.create_task(feed(hub))
        yield hub
        over.set()


@asynccontextmanager
async def held_back(house: Installation, database: str, type_: str) -> AsyncIterator[None]:
    """Within the block the log takes no event of the type, as a store that is not to be had for a moment."""
    connection = await _connected(house.servers.postgres_owner, database)
    await connection.execute(
        "create function held_back() returns trigger language plpgsql as "
        "$$ begin raise exception 'held back' using errcode = 'lock_not_available'; end $$"
    )
    await connection.execute(
        f"create trigger held_back before insert on event for each row when (new.type = '{type_}') execute function held_back()"
    )
    try:
        yield
    finally:
        await connection.execute("drop trigger held_back on event")
        await connection.execute("drop function held_back")
        await connection.close()


@asynccontextmanager
async def refusing(house: Installation, database: str, table: str, rows: str) -> AsyncIterator[None]:
    """Within the block the table takes no new row of which `rows` holds: whoever writes one meets a lasting fault."""
    connection = await _connected(house.servers.postgres_owner, database)
    await connection.execute(f"alter table {table} add constraint spoiled check (not ({rows})) not valid")
    try:
        yield
    finally:
        await connection.execute(f"alter table {table} drop constraint spoiled")
        await connection.close()


async def _connected(server: str, database: str) -> Any:
    return await asyncpg.connect(f"{server.replace('+asyncpg', '')}/{database}")
