"""The figures of an office beside those of other days, on the command line."""

import asyncio
from typing import Annotated, Any

import typer

from deploy import comparing
from deploy.commands.figures import days_asked
from deploy.commands.look import operator
from deploy.commands.options import AsJson, Data, Tenant, day_of, installation
from deploy.commands.output import json_value, out
from deploy.house import reading
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("compare")(compare)


def compare(
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB.")],
    first: Annotated[str, typer.Option("--from", help="First day (ISO date).")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, counted whole (ISO date).")] = "",
    period: Annotated[str, typer.Option(help="The days of a report that was opened, 2023-H1 or 2023.")] = "",
    table: Annotated[Table, typer.Option(help="Which table of the report.")] = Table.OPINIONS,
    by: Annotated[By | None, typer.Option(help="What the rows are: of Biểu 02 to 04.")] = None,
    row: Annotated[str, typer.Option(help="The key of another row than the total, such as KT.")] = "total",
    since: Annotated[str, typer.Option(help="Add up from this day (ISO date) instead of the office's first report.")] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="As known then: an instant, or positions such as intake=12,assignment=7.")
    ] = "",
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a row beside the same days of the year before, and what has added up; all rows with --json."""
    asked = days_asked(office, first, last, period, as_of)
    begun = day_of(since, "--since") if since else None
    at = installation(data, tenant)

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            (begins, ends), known = await asked(house)
            named: dict[str, Any] = {"table": table, "office": office, "first": begins, "last": ends, "by": by}
            queries = house.services["reporting"].queries.comparison
            found: dict[str, Any] = await queries.compared(operator(house, office), **named, as_of=known, since=begun)
            return found

    found = asyncio.run(run())
    if as_json:
        json_value(found)
        return
    shown = comparing.row_of(found, row)
    if shown is None:
        raise typer.BadParameter(f"names no row of {table.value} in these days: {row}", param_hint="--row")
    out().print(comparing.table(found, shown))
    for line in comparing.notes(found):
        out().print(line, style="dim")
