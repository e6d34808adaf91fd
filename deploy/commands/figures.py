"""The figures of an office on the command line: tables, what stands behind a figure, where one episode is counted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from deploy import behind, form02, forms
from deploy.commands.look import operator
from deploy.commands.options import AsJson, Data, Tenant, day_of, installation
from deploy.commands.output import json_value, out
from deploy.commands.report_asking import period_of, stream_of
from deploy.ground import Ground
from deploy.house import House, reading
from services.reporting.readmodel.asof import AsOf, Basis
from services.reporting.readmodel.asof import as_of as parse_as_of
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from shared.contracts.report import ReportKind

Asked = Callable[[House], Awaitable[tuple[tuple[date, date], AsOf]]]  # the days, and what is known of them


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("figures")(figures)


def figures(
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB; all of them with --province.")] = "",
    province: Annotated[
        bool, typer.Option("--province", help="One table of a --period, added up over the offices that have locked theirs.")
    ] = False,
    first: Annotated[str, typer.Option("--from", help="First day (ISO date).")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, counted whole (ISO date).")] = "",
    period: Annotated[
        str, typer.Option(help="The days of a report that was opened, 2023-H1 or 2023; once it is locked, as it was locked.")
    ] = "",
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
        str,
        typer.Option("--open", metavar="CELL", help="What a cell counts: bieu-02/total/I1, bieu-01/total/3@2023-H1."),
    ] = "",
    why: Annotated[
        str,
        typer.Option(
            "--why", metavar="EPISODE", help="Where an episode, dialogue, notice, request or task is counted, or why not."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print a table of the report of an office for a window of days; exit 1 where an identity fails.

    With `--open` what stands behind one figure and the events it came by, with `--why` where one thing is counted.
    """
    at = installation(data, tenant)
    if province:
        if office or first or last or by or as_of or opened or why or units is not Units.WAS:
            raise typer.BadParameter("goes with --period and --table alone", param_hint="--province")
        provincial(at, table or Table.OPINIONS, *period_of(period), as_json=as_json)
        return
    if not office:
        raise typer.BadParameter("is given, or --province is", param_hint="--office")
    if opened and why:
        raise typer.BadParameter("is asked for by itself, without --open", param_hint="--why")
    if opened:
        open_figure(at, office, _cell(opened, first, last, period), parse_as_of(as_of), units=units, as_json=as_json)
        return
    asked = days_asked(office, first, last, period, as_of)
    if why:
        explain(at, office, asked, why, units=units, as_json=as_json)
        return
    table_of(at, office, asked, table, by, units, as_json=as_json)


def table_of(at: Ground, office: str, asked: Asked, table: Table | None, by: By | None, units: Units, *, as_json: bool) -> None:
    """Print a table of an office; exit 1 where an identity fails."""
    if table is None and units is not Units.WAS:
        raise typer.BadParameter("is asked for with a table, such as --table bieu-03", param_hint="--units")

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            (begun, ended), known = await asked(house)
            queries, asker = house.services["reporting"].queries.figures, operator(house, office)
            named: dict[str, Any] = {"office": office, "first": begun, "last": ended, "as_of": known}
            if table is None:
                found: dict[str, Any] = await queries.figures(asker, by=by or By.TOTAL, **named)
            else:
                found = await queries.table(asker, table=table, by=by, units=units, **named)
            return found

    found = asyncio.run(run())
    width = None
    if table is None:
        broken = form02.broken_identities(found["rows"], found["total"])
        shown, below = form02.table(found), [form02.LEGEND, *([forms.carried(found)] if "predecessor" in found else [])]
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


def provincial(at: Ground, table: Table, kind: ReportKind, year: int, *, as_json: bool) -> None:
    """Print a table of the province and how far each office's report is; exit 1 where an identity fails."""

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            queries = house.services["reporting"].queries.province
            found: dict[str, Any] = await queries.table(operator(house, ""), table=table, kind=kind, year=year)
            return found

    found = asyncio.run(run())
    broken = forms.broken_identities(found) if found["total"] else []
    if as_json:
        json_value(found)
    else:
        if found["total"]:
            width = out().width if out().is_terminal else forms.wide(found)
            out(width).print(forms.table(found, width=width))
        for each in found["offices"]:
            out().print(f"{each['office']} {each['label']}: {each['said']['vi']}", style="" if each["report"] else "bold")
        out().print(f"{found['counted']} / {found['of']} đơn vị đã chốt số liệu, được cộng trong bảng.")
        out().print("\n".join(broken) or "All identities hold.")
    if broken:
        raise typer.Exit(1)


def open_figure(
    at: Ground, office: str, named: tuple[str, Mapping[str, date]], known: AsOf, *, units: Units, as_json: bool
) -> None:
    """Print what stands behind a figure: a cell, and the days beside it where its name has none."""
    cell, days = named

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            queries, asker = house.services["reporting"].queries, operator(house, office)
            pages: list[dict[str, Any]] = []
            after: str | None = ""
            while after is not None:
                pages.append(await queries.cell(asker, cell=cell, office=office, **days, as_of=known, units=units, after=after))
                after = pages[-1]["next"]
            counted = "episodes" if "episodes" in pages[-1] else "counted"
            return {**pages[-1], counted: [each for page in pages for each in page[counted]]}

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    else:
        behind.open_cell(found)


def explain(at: Ground, office: str, asked: Asked, why: str, *, units: Units, as_json: bool) -> None:
    """Print where one episode, dialogue, notice, request, proposal or task stands."""

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            (first, last), known = await asked(house)
            found: dict[str, Any] = await house.services["reporting"].queries.figures.why(
                operator(house, office), episode=why, office=office, first=first, last=last, as_of=known, units=units
            )
            return found

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    else:
        behind.explain(found)


def _cell(cell: str, first: str, last: str, period: str) -> tuple[str, dict[str, date]]:
    """A cell with its period, or the days beside it."""
    if period:
        period_of(period)
        if first or last or "@" in cell:
            raise typer.BadParameter("is given once: beside the cell or in its name", param_hint="--period")
        return f"{cell}@{period}", {}
    if "@" in cell and not (first or last):
        return cell, {}
    return cell, {"first": day_of(first, "--from"), "last": day_of(last, "--to")}


def days_asked(office: str, first: str, last: str, period: str, as_of: str) -> Asked:
    """Which days are asked for and as known when: what the options say, or what the report of a period rests on."""
    if bool(period) == bool(first or last):
        raise typer.BadParameter("is given, or --from and --to are", param_hint="--period")
    known = parse_as_of(as_of)
    if not period:
        days = day_of(first, "--from"), day_of(last, "--to")

        async def given(_house: House) -> tuple[tuple[date, date], AsOf]:
            return days, known

        return given
    stream = stream_of(office, period)

    async def of_the_report(house: House) -> tuple[tuple[date, date], AsOf]:
        one = await house.services["reporting"].queries.reports.report(operator(house, office), stream)
        days = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        return days, Basis.locked(one["lock"]) if one["lock"] and known is None else known

    return of_the_report
