"""Verbs that read: events, folded states, a unit's tasks, figures. They never wait for whoever holds the directory."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any, Final

import orjson
import typer

from deploy import behind, form02, forms
from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import facts, json_line, json_value, listing, out
from deploy.folding import Shown, folded
from deploy.ground import Ground
from deploy.house import House, reading, refuse_unknown_units
from services.reporting.readmodel.asof import as_of as parse_as_of
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from shared.clock import VIETNAM, instant
from shared.config import SERVICES
from shared.contracts.roles import Role
from shared.eventlog.records import Record
from shared.permit import Subject

PAGE: Final = 500


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("events")(events)
    app.command("show")(show)
    app.command("tasks")(tasks)
    app.command("figures")(figures)


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
    as_of: Annotated[str, typer.Option("--as-of", help="An instant (ISO 8601) or a position of the stream's log.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the state a stream folds to, now or as it was known then."""

    async def run() -> Shown:
        async with reading(installation(data, tenant)) as house:
            return await folded(house.logs, stream, as_of=_moment(as_of))

    shown = asyncio.run(run())
    if as_json:
        json_value(plain(shown))
        return
    facts(
        {
            "stream": shown.stream,
            "state": shown.state,
            "version": shown.version,
            "position": shown.position,
            "recorded_at": _local(shown.recorded_at),
            **{name: plain(value) for name, value in shown.values.items()},
        },
        as_json=False,
    )


def tasks(
    unit: Annotated[str, typer.Option(help="Key of the unit.")],
    data: Data = None,
    tenant: Tenant = None,
    after: Annotated[int, typer.Option(min=0, help="Only beyond this position.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print a unit's stream of tasks, as its own systems would read it."""

    async def run() -> list[dict[str, Any]]:
        async with reading(installation(data, tenant)) as house:
            await refuse_unknown_units(house, unit=unit)
            asker = Subject(
                person="operator", tenant=house.tenant, office="", unit=unit, capacities=frozenset({Role.UNIT_LEADER})
            )
            found: list[dict[str, Any]] = []
            position = after
            while page := await house.services["assignment"].queries.tasks.unit_tasks(asker, unit, after=position):
                found += [plain(dataclasses.asdict(item)) for item in page]
                position = page[-1].position
            return found

    columns = {
        "position": "position",
        "previous": "previous",
        "type": "type",
        "task": "task",
        "case": "case",
        "due": "due",
        "at": "at",
    }
    listing(asyncio.run(run()), columns, as_json=as_json, empty=f"{unit} has been given nothing yet.")


def figures(
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB.")],
    first: Annotated[str, typer.Option("--from", help="First day (ISO date).")],
    last: Annotated[str, typer.Option("--to", help="Last day, counted whole (ISO date).")],
    data: Data = None,
    tenant: Tenant = None,
    by: Annotated[By | None, typer.Option(help="What the rows are: of Biểu 02 to 04.")] = None,
    table: Annotated[Table | None, typer.Option(help="Which table of the report; without it Biểu 02 by one breakdown.")] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", help="As known then: an instant, or positions such as intake=12,assignment=7.")
    ] = "",
    units: Annotated[
        Units, typer.Option(help="Under the units that had the work (was), or that hold it today (now); with --table.")
    ] = Units.WAS,
    opened: Annotated[
        str, typer.Option("--open", metavar="CELL", help="What a cell counts: table/row/column, such as bieu-02/total/I1.")
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="EPISODE", help="Where one episode is counted and why, or why not.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a table of the report of an office for a window of days; exit 1 where an identity fails.

    With `--open` the episodes and events behind one figure, with `--why` where one episode is counted.
    """
    window = _day(first, "--from"), _day(last, "--to")
    if opened or why:
        lineage(installation(data, tenant), office, window, opened=opened, why=why, as_of=as_of, units=units, as_json=as_json)
        return
    if table is None and units is not Units.WAS:
        raise typer.BadParameter("is asked for with a table, such as --table bieu-03", param_hint="--units")

    async def run() -> dict[str, Any]:
        async with reading(installation(data, tenant)) as house:
            if table is None:
                return await figures_of(house, office, *window, by=by or By.TOTAL, as_of=as_of)
            return await table_of(house, table, office, *window, by=by, as_of=as_of, units=units)

    found = asyncio.run(run())
    width = None
    if table is None:
        broken = form02.broken_identities(found["rows"], found["total"])
        shown, below = form02.table(found), [form02.LEGEND]
    else:
        broken = forms.broken_identities(found)
        # On paper a table is as wide as its headings; on a terminal they give way to their codes.
        width = out().width if out().is_terminal else forms.wide(found)
        shown, below = forms.table(found, width=width), forms.notes(found)
    if as_json:
        json_value(found)
    else:
        out(width).print(shown)
        for line in below:
            out().print(line, style="dim")
        out().print("\n".join(broken) or "All identities hold.")
    if broken:
        raise typer.Exit(1)


def lineage(
    at: Ground,
    office: str,
    window: tuple[date, date],
    *,
    opened: str,
    why: str,
    as_of: str,
    units: Units,
    as_json: bool,
) -> None:
    """Print what stands behind a figure, or where one episode stands."""
    if opened and why:
        raise typer.BadParameter("is asked for by itself, without --open", param_hint="--why")

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            queries, known = house.services["reporting"].queries.figures, parse_as_of(as_of)
            days = {"office": office, "first": window[0], "last": window[1]}
            asker = operator(house, office)
            found: dict[str, Any]
            if why:
                found = await queries.why(asker, episode=why, **days, as_of=known, units=units)
                return found
            episodes: list[Any] = []
            after: str | None = ""
            while after is not None:
                found = await queries.cell(asker, cell=opened, **days, as_of=known, units=units, after=after)
                episodes += found["episodes"]
                after = found["next"]
            return {**found, "episodes": episodes}

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    elif why:
        behind.explain(found)
    else:
        behind.open_cell(found)


async def figures_of(house: House, office: str, first: date, last: date, *, by: By, as_of: str = "") -> dict[str, Any]:
    """The figures of an office, asked as the operator of the installation."""
    found: dict[str, Any] = await house.services["reporting"].queries.figures.figures(
        operator(house, office), office=office, first=first, last=last, by=by, as_of=parse_as_of(as_of)
    )
    return found


async def table_of(
    house: House,
    table: Table,
    office: str,
    first: date,
    last: date,
    *,
    by: By | None = None,
    as_of: str = "",
    units: Units = Units.WAS,
) -> dict[str, Any]:
    """A table of the report of an office, asked as the operator of the installation."""
    known = parse_as_of(as_of)
    found: dict[str, Any] = await house.services["reporting"].queries.figures.table(
        operator(house, office), table=table, office=office, first=first, last=last, by=by, as_of=known, units=units
    )
    return found


def operator(house: House, office: str, role: Role = Role.OPERATOR) -> Subject:
    """Whoever holds the installation, asking of an office in one of its roles."""
    return Subject(person="operator", tenant=house.tenant, office=office, unit=office, capacities=frozenset({role}))


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


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is an ISO date such as 2023-05-31", param_hint=option) from None


def _moment(text: str) -> datetime | int | None:
    if not text or text.isdecimal():
        return int(text) if text else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is an instant such as 2023-03-01T09:00:00+07:00, or a position", param_hint="--as-of") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(VIETNAM).isoformat() if moment else None
