"""Puts an installation together: logs, vault, services and their subscriptions, on one ground, in one process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from importlib import import_module
from typing import Any, Final

from deploy import sonla
from deploy.ground import Ground
from deploy.performing import LineRefused, Outcome
from deploy.script import Line
from deploy.stores import Access, Stores, open_access, open_stores
from deploy.timekeeping import Due
from shared import commands
from shared.blobs.store import Blobs
from shared.clock import ScriptClock
from shared.config import SERVICES
from shared.contracts.refusals import Refused, Unknown
from shared.desk import Asked, Desk
from shared.eventlog.port import LogReader
from shared.eventlog.tree import TreeFollower
from shared.feeds.outlet import Outlet
from shared.keys import KeyedHash
from shared.permit import Subject
from shared.service import Job, Kernel, Service
from shared.subscriptions.following import Following, Foreign, heads_of, log_feed
from shared.vault.orphans import referred_to
from shared.vault.port import Stored
from shared.web import problems

INIT: Final = "init"
SEEDED_LAST: Final = "calendar-VN"
Readers = Callable[[str], LogReader]


class House:
    """The services of one process for one tenant, and everything that works for them."""

    def __init__(
        self,
        ground: Ground,
        stores: Stores,
        *,
        services: Sequence[str],
        others: Readers | None,
        foreign: Foreign,
        outlet: Outlet | None = None,
    ) -> None:
        self.ground, self.stores, self._outlet = ground, stores, outlet
        self.logs = stores.logs
        readers: dict[str, LogReader] = {name: self._reader(name, others) for name in SERVICES}
        self.services: dict[str, Service] = {name: self._built(name, readers) for name in services}
        self.followings = {name: Following(service, foreign=foreign) for name, service in self.services.items()}
        self.trees = {name: TreeFollower(stores.logs[name], stores.databases[name]) for name in services}

    @property
    def tenant(self) -> str:
        return self.ground.tenant

    @property
    def clock_kind(self) -> str:
        return self.stores.clock.kind

    @property
    def desks(self) -> Mapping[str, Desk]:
        return {name: service.desk for name, service in self.services.items()}

    async def known(self) -> Mapping[str, type]:
        """Every command's class by its name on the wire."""
        return {name: handler.command for desk in self.desks.values() for name, handler in desk.handlers.items()}

    async def script_clock(self) -> bool:
        return self.clock_kind == "script"

    async def now(self) -> datetime:
        return self.stores.clock.now()

    async def move(self, instant: datetime) -> None:
        """Set a script's clock on to `instant`."""
        assert isinstance(self.stores.clock, ScriptClock)
        self.stores.clock.move_to(instant)

    async def due(self) -> list[Due]:
        """Every job that is waiting for an instant."""
        now = self.stores.clock.now()
        waiting = [(name, job, await job.next_due(now)) for name, job in self._jobs()]
        return [Due(at=at, service=name, name=job.name) for name, job, at in waiting if at is not None]

    async def run(self, job: Due) -> int:
        """Do what a job finds due now; how much was done."""
        found = next(each for name, each in self._jobs() if (name, each.name) == (job.service, job.name))
        return await found.run(self.stores.clock.now())

    async def performed(self, command_ids: Sequence[str]) -> AbstractSet[str]:
        """Those of `command_ids` that stand in a log of this process."""
        found = set()
        for name in self.services:
            for command_id in command_ids:
                if command_id not in found and await self.logs[name].find_command(command_id) is not None:
                    found.add(command_id)
        return found

    async def referred(self, stored: Sequence[Stored]) -> AbstractSet[str]:
        """Those of some texts in the vault that events in the logs of this process refer to: their references."""
        return await referred_to(list(self.logs.values()), stored)

    async def ask(self, line: Line, body: commands.Body) -> Outcome:
        """Perform one line of a script.

        Raises:
            LineRefused

        """
        desk = next(desk for desk in self.desks.values() if line.command in desk.handlers)
        subject = Subject(
            person=line.actor, tenant=self.tenant, office=line.office, unit=line.unit, capacities=frozenset({line.capacity})
        )
        try:
            done = await desk.handle(
                Asked(command=line.command, body=body, subject=subject, command_id=line.command_id, occurred_at=line.occurred_at)
            )
        except Refused as refused:
            raise LineRefused(line, problems.body_of(refused, language="en")) from refused
        return Outcome(stream=done.stream, version=done.version, replayed=done.replayed, answer=done.answer)

    async def drain(self) -> None:
        """All subscriptions of this process reach the heads of what they follow, reading directly; trees too."""
        for following in self.followings.values():
            await following.prepare()
        moved = True
        while moved:
            heads = await heads_of(self.followings.values())
            passed = [await following.advance(heads) for following in self.followings.values()]
            moved = any(passed)

    async def halted(self) -> list[str]:
        """Subscriptions of this process that have stopped, each with the reason."""
        return [
            f"{name}/{status.subscription} on {status.source} is halted ({status.reason})"
            for name, following in self.followings.items()
            for status in following.status()
            if status.state == "halted"
        ]

    async def standing(self) -> dict[str, Any]:
        """Heads of this process's logs by name, and where each subscription stands."""
        subscriptions = [
            {**asdict(status), "service": name, "name": status.subscription}
            for name, following in self.followings.items()
            for status in await following.standing()
        ]
        # The heads last: they hold what the subscriptions have asked for by where they stand.
        heads = {self.logs[name].name: (await self.logs[name].head()).position for name in self.services}
        return {"heads": heads, "subscriptions": subscriptions}

    async def reached(self, heads: Mapping[str, int], seconds: float) -> dict[str, Any]:
        """What stands where, once every subscription of this process has come to these positions, by log, or time is up."""
        positions = {log.partition("/")[0]: position for log, position in heads.items()}
        await asyncio.gather(*(following.reached(positions, seconds) for following in self.followings.values()))
        return await self.standing()

    async def close(self) -> None:
        for following in self.followings.values():
            await following.stop()
        await self.stores.close()

    def _jobs(self) -> list[tuple[str, Job]]:
        return [(name, job) for name, service in self.services.items() for job in service.jobs]

    def _reader(self, name: str, others: Readers | None) -> LogReader:
        if others is None or name in self.logs:
            return self.logs[name]
        return others(name)

    def _built(self, name: str, readers: Mapping[str, LogReader]) -> Service:
        stores, ground = self.stores, self.ground
        keyed = KeyedHash(ground.hash_key)
        limit = ground.settings.file_limit_bytes
        kernel = Kernel(
            service=name,
            tenant=self.tenant,
            clock=stores.clock,
            ids=self.ground.ids,
            keyed=keyed,
            database=stores.databases[name],
            log=stores.logs[name],
            logs=readers,
            vault=stores.vault,
            blobs=Blobs(
                ground.files,
                tenant=self.tenant,
                vault=stores.vault,
                keyed=keyed,
                ids=ground.ids,
                limit_bytes=limit,
                scanner=ground.scanner,
            ),
            outlet=self._outlet,
            holders=stores.access.holders.of,
            mail=ground.mail(stores.clock),
            origin=ground.settings.public_origin,
        )
        service: Service = import_module(f"services.{name}.app").build(kernel)
        return service


@asynccontextmanager
async def open_house(
    ground: Ground,
    *,
    services: Sequence[str] = SERVICES,
    read_only: bool = False,
    others: Readers | None = None,
    foreign: Foreign = log_feed,
    outlet: Outlet | None = None,
) -> AsyncIterator[House]:
    """A house on `ground`, closed with the block; nothing runs by itself yet.

    `services` are built here; where not all are, `others` reads the logs of the rest and `foreign` feeds from them.
    `outlet` is where messages leave for those outside.
    """
    async with AsyncExitStack() as stack:
        stores = await open_stores(ground, services=services, read_only=read_only)
        stack.push_async_callback(stores.close)
        house = House(ground, stores, services=services, others=others, foreign=foreign, outlet=outlet)
        stack.pop_all()
        try:
            yield house
        finally:
            await house.close()


@asynccontextmanager
async def writing(ground: Ground, verb: str) -> AsyncIterator[House]:
    """A house to write in, alone; seeded where it is new, drained before it closes, also where the verb is refused half way.

    Raises:
        Owned: somebody else holds the data directory.

    """
    async with AsyncExitStack() as stack:
        if ground.home is not None:
            stack.enter_context(ground.home.held(verb))
        house = await stack.enter_async_context(open_house(ground))
        await settle(house)
        try:
            yield house
        finally:
            await house.drain()
            await grow_trees(house)


@asynccontextmanager
async def reading(ground: Ground) -> AsyncIterator[House]:
    """A house to read in, beside whoever writes."""
    async with open_house(ground, read_only=True) as house:
        yield house


async def settle(house: House) -> None:
    """Make what a new installation lacks: read models, the directory and calendar of Sơn La. Done again, it changes nothing."""
    for following in house.followings.values():
        await following.prepare()
    if "assignment" in house.services and not await house.logs["assignment"].read_stream(SEEDED_LAST):
        await seed(house)
    await house.drain()


async def seed(house: House) -> int:
    """Ask the assignment service for every unit, field and calendar of Sơn La, in the name of the house; how many commands."""
    desk = house.desks["assignment"]
    subject = Subject.house(INIT, tenant=house.tenant, office="VPUB")
    # The calendar comes last: what was cut short is begun again, and every command is done once by its id.
    asked = sorted(sonla.commands(), key=lambda each: each["command"] == "publish_calendar")
    for n, each in enumerate(asked):
        body = commands.model_of(desk.handlers[each["command"]].command).model_validate(each["data"])
        await desk.handle(Asked(command=each["command"], body=body, subject=subject, command_id=f"{INIT}/{n}"))
    return len(asked)


@asynccontextmanager
async def access_on(ground: Ground, *, make: bool = False) -> AsyncIterator[Access]:
    """Who is let in, to read and to write while the installation runs; one that is not there yet is made first if asked."""
    if make and ground.home is not None and not ground.home.database("access").exists():
        async with writing(ground, INIT):
            pass
    async with open_access(ground) as access:
        yield access


async def refuse_unknown_units(house: House, **keys: str) -> None:
    """Raises Unknown for the first of `keys`, by the name of its field, that was never the key of a unit."""
    for field, key in keys.items():
        if not await house.logs["assignment"].read_stream(f"unit-{key}"):
            raise Unknown(field)


async def grow_trees(house: House) -> None:
    """Store a root over everything that stands in the logs."""
    for tree in house.trees.values():
        await tree.drain()
