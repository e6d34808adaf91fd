"""Verbs that need no installation: what can be asked, and what day a deadline falls on."""

from datetime import date
from typing import Annotated

import typer

from deploy import sonla
from deploy.catalogue import schemas
from deploy.commands.options import AsJson
from deploy.commands.output import json_value, listing, out


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("commands")(commands)
    calendar = typer.Typer(no_args_is_help=True, help="The working-day calendar.")
    calendar.command("due")(due)
    calendar.callback()(_calendar)
    app.add_typer(calendar, name="calendar")


def _calendar() -> None:
    """The working-day calendar of Vietnam as shipped, 2021 to 2027."""


def commands(as_json: AsJson = False) -> None:
    """List every command with its JSON Schema."""
    found = schemas()
    if as_json:
        json_value(found)
        return
    listing(
        [{**each, "fields": list(each["schema"].get("properties", {}))} for each in found],
        {"command": "command", "service": "service", "fields": "fields", "purpose": "purpose"},
        as_json=False,
        empty="",
    )


def due(
    start: Annotated[str, typer.Option("--from", help="ISO date; counting begins the day after.")],
    working_days: Annotated[int, typer.Option("--working-days", min=0, max=1_000)],
) -> None:
    """Print the day on which so many working days are over."""
    try:
        first = date.fromisoformat(start)
    except ValueError:
        raise typer.BadParameter("is an ISO date such as 2023-01-13", param_hint="--from") from None
    out().print(sonla.due_day(first, working_days).isoformat())
