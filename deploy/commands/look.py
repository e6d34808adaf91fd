"""Verbs that read: events, folded states, a unit's tasks, figures. They never wait for whoever holds the directory."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

import orjson
import typer

from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import facts, json_line, json_value, listing
from deploy.folding import Shown, folded, named
from deploy.ground import Ground
from deploy.house import House, reading, refuse_unknown_units
from services.assignment.entrypoints.api.tasks import CursorBeyondEnd
from shared.asof import position_at
from shared.calendar import local_day
from shared.clock import VIETNAM, instant
from shared.config import SERVICES
from shared.contracts.roles import Role
from shared.eventlog.records import Record
from shared.permit import Subject

T = TypeVar("T")
PAGE: Final = 500
AsOf = Annotated[str, typer.Option("--as-of", help="As known then: an instant (ISO 8601) or a position of the log it is in.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("events")(events)
    app.command("show")(show)
    app.command("tasks")(tasks)


def events(
    service: Annotated[str, typer.Option(help="intake, assignment or reporting.")],
    data: Data = None,
    tenant: Tenant = None,
    stream: Annotated[str, typer.Option(help="Only this stream; `--after` is then a version.")] = "",
    after: Annotated[int, typer.Option(min=0, help="Only beyond this position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 2**31,
    _json: Annotated[bool, typer.Option("--json", help="Always so: one JSON object a line.")] = True,
) -> None:
    """Print a service's events as JSON Lines."""
    if service not in SERVICES:
        raise typer.BadParameter(f"is one of {', '.join(SERVICES)}", param_hint="--service")

    async def run() -> None:
        async with reading(installation(data, tenant)) as house:
            if not stream:
                await _refuse_beyond(house, service, after)
            left = limit
            async for record in _records(house, service, stream, after):
                json_line(event_line(record))
                left -= 1
                if not left:
                    return

    asyncio.run(run())


def show(
    stream: Annotated[str, typer.Argument(help="A stream such as opinion-…, case-…, task-…, unit-VPUB.")],
    data: Data = None,
    tenant: Tenant = None,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Print the state a stream folds to, now or as it was known then, with what its units were called on that day."""
    moment = moment_asked(as_of)

    async def run() -> tuple[Shown, dict[str, str]]:
        async with reading(installation(data, tenant)) as house:
            now = house.stores.clock.now()
            found = await folded(house.logs, stream, as_of=moment, now=now)
            at = now if moment is None else moment
            # A position has no day of its own: what stood at it last was recorded on one.
            day = local_day(found.recorded_at if isinstance(at, int) else at)
            return found, await named(house.logs, plain(found.values), day)

    shown, units = asyncio.run(run())
    if as_json:
        json_value({**plain(shown), "units": units})
        return
    facts(
        {
            "stream": shown.stream,
            "state": shown.state,
            "version": shown.version,
            "position": shown.position,
            "recorded_at": _local(shown.recorded_at),
            **{name: plain(value) for name, value in shown.values.items()},
            **({"units": units} if units else {}),
        },
        as_json=False,
    )


def tasks(
    unit: Annotated[str, typer.Option(help="Key of the unit.")],
    data: Data = None,
    tenant: Tenant = None,
    after: Annotated[int, typer.Option(min=0, help="Only beyond this position.")] = 0,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Print a unit's stream of tasks, as its own systems would read it, or would have until then."""
    moment = moment_asked(as_of)

    async def run() -> list[dict[str, Any]]:
        async with reading(installation(data, tenant)) as house:
            await refuse_unknown_units(house, unit=unit)
            await _refuse_beyond(house, "assignment", after)
            asker = Subject(
                person="operator", tenant=house.tenant, office="", unit=unit, capacities=frozenset({Role.UNIT_LEADER})
            )
            found: list[dict[str, Any]] = []
            position, until = after, await position_at(house.logs["assignment"], moment, house.stores.clock.now())
            of_unit = house.services["assignment"].queries.tasks.unit_tasks
            while page := await of_unit(asker, unit, after=position, until=until):
                found += [plain(dataclasses.asdict(item)) for item in page]
                position = page[-1].position
            return found

    columns = {
        "position": "position",
        "previous": "previous",
        "type": "type",
        "unit": "unit",
        "task": "task",
        "case": "case",
        "due": "due",
        "at": "at",
    }
    none = f"{unit} has been given nothing beyond {after}." if after else f"{unit} has been given nothing yet."
    listing(asyncio.run(run()), columns, as_json=as_json, empty=none)


async def _refuse_beyond(house: House, service: str, after: int) -> None:
    """Whoever goes on from beyond the end is told so, as over HTTP: an empty answer would say that nothing is missing.

    Raises:
        CursorBeyondEnd

    """
    head = (await house.logs[service].head()).position
    if after > head:
        raise CursorBeyondEnd("after", head=head)


def operator(house: House, office: str, role: Role = Role.AUDITOR) -> Subject:
    """Whoever holds the installation, asking of an office in one of its roles; as its auditor, who changes nothing."""
    return Subject(person="operator", tenant=house.tenant, office=office, unit=office, capacities=frozenset({role}))


def answered(
    at: Ground,
    office: str,
    question: Callable[[Any, Subject], Awaitable[T]],
    *,
    service: str = "reporting",
    role: Role = Role.AUDITOR,
) -> T:
    """What a service answers: `question` gets its queries, and whoever asks: who holds the data directory reads all of it."""

    async def run() -> T:
        async with reading(at) as house:
            return await question(house.services[service].queries, operator(house, office, role))

    return asyncio.run(run())


def event_line(record: Record) -> dict[str, Any]:
    """One event as `events` prints it: what was said as JSON, times in ISO 8601, hashes in hex."""
    return {
        "log": record.log,
        "position": record.position,
        "stream": record.stream,
        "version": record.version,
        "event_id": str(record.event_id),
        "type": f"{record.type}.v{record.schema_version}",
        "data": orjson.loads(record.data),
        "metadata": orjson.loads(record.metadata),
        "occurred_at": instant(record.occurred).isoformat(),
        "recorded_at": instant(record.recorded).isoformat(),
        "hash": record.hash.hex(),
    }


def plain(value: Any) -> Any:
    """Plain JSON values, as printed."""
    return orjson.loads(orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS))


def _plain(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, frozenset | set) else str(value)


async def _records(house: House, service: str, stream: str, after: int) -> AsyncIterator[Record]:
    log = house.logs[service]
    if stream:
        for record in await log.read_stream(stream, after):
            yield record
        return
    while records := (await log.read(after, PAGE)).records:
        for record in records:
            yield record
        after = records[-1].position


def moment_asked(text: str) -> datetime | int | None:
    """As of when: an instant, of Vietnam's clock unless it says its zone, or a position; nothing is now."""
    if not text or text.isdecimal():
        return int(text) if text else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is an instant such as 2023-03-01T09:00:00+07:00, or a position", param_hint="--as-of") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(VIETNAM).isoformat() if moment else None
