"""Verbs that need no installation: what can be asked, and what day a deadline falls on."""

import asyncio
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from deploy import sonla
from deploy.catalogue import schemas
from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import err, json_value, listing, out
from deploy.ground import Ground
from deploy.house import reading, refuse_unknown_units
from services.assignment.domain.calendar import decider as calendars
from services.assignment.domain.directory.rules import rules_among, rules_stream
from services.assignment.handlers import FOLDS
from shared.calendar import RULES, Calendar, Deadline, Rules, rules_on
from shared.contracts.rules import Counting
from shared.derivation import Derivation, derive, derive_before

From = Annotated[str, typer.Option("--from", help="ISO date; counting begins the day after.")]
WorkingDays = Annotated[int | None, typer.Option("--working-days", min=0, max=1_000, help="So many worked days.")]
Days = Annotated[int | None, typer.Option("--days", min=0, max=1_000, help="So many days, worked or not.")]
Rule = Annotated[str | None, typer.Option("--rule", help=f"A deadline by its code: {', '.join(sorted(RULES[0].deadlines))}.")]
Before = Annotated[bool, typer.Option("--before", help='The last working day before --from ("trước ngày"): never rolls on.')]
Office = Annotated[
    str | None,
    typer.Option("--office", help="By what this office publishes, of the installation (--data); else as shipped."),
]

Published = tuple[str | None, Path | None, str | None]  # by which office, data directory and tenant


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("commands")(commands)
    calendar = typer.Typer(no_args_is_help=True, help="The working-day calendar.")
    calendar.command("due")(due)
    calendar.command("explain")(explain)
    calendar.callback()(_calendar)
    app.add_typer(calendar, name="calendar")


def _calendar() -> None:
    """The working-day calendar and deadlines of an office (--office), else those shipped: Vietnam, 2021 to 2027."""


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
    start: From,
    working_days: WorkingDays = None,
    days: Days = None,
    rule: Rule = None,
    before: Before = False,
    office: Office = None,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Print the day on which a deadline falls; by which calendar and rules, on the error stream."""
    found = _derived(start, working_days, days, rule, before, (office, data, tenant)).due
    out().print(found.day.isoformat())
    err().print(f"{found.calendar} · {found.rules}", style="dim", markup=False)


def explain(
    start: From,
    working_days: WorkingDays = None,
    days: Days = None,
    rule: Rule = None,
    before: Before = False,
    office: Office = None,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Print the day on which a deadline falls, with every day that was counted or passed over, and why."""
    found = _derived(start, working_days, days, rule, before, (office, data, tenant))
    if as_json:
        json_value(asdict(found))
        return
    due = found.due
    lines = [
        ("due", due.day.isoformat()),
        ("rule", due.rule),
        ("from", due.start.isoformat()),
        *([] if before else [("counted", f"{len(found.counted)} {found.counting.value}")]),
        *[(f"  {n}", day.isoformat()) for n, day in enumerate(found.counted, start=1)],
        *[("passed over", f"{each.day.isoformat()}  {each.why}") for each in found.passed],
        *([("rolled forward", f"{found.rolled_from} → {due.day}")] if found.rolled_from else []),
        ("calendar", due.calendar),
        ("rules", due.rules),
    ]
    for name, value in lines:
        out().print(f"{name:<15} {value}")


def _published(first: date, office: str | None, data: Path | None, tenant: str | None) -> tuple[Calendar, Rules]:
    """What the office counts by on the day, as its installation's log has it; what ships where no installation is named."""
    if office is None and data is None and tenant is None:
        return sonla.builtin_calendar(), rules_on(first)
    if office is None:
        raise typer.BadParameter("is needed with --data: rules are an office's", param_hint="--office")
    return asyncio.run(_of_office(installation(data, tenant), office, first))


async def _of_office(ground: Ground, office: str, day: date) -> tuple[Calendar, Rules]:
    async with reading(ground) as house:
        await refuse_unknown_units(house, office=office)
        log, states = house.logs["assignment"], {}
        for stream in (calendars.STREAM, rules_stream(office), rules_stream(None)):
            states[stream] = FOLDS[stream.partition("-")[0]].over(await log.read_stream(stream))
        return calendars.among(states), rules_on(day, rules_among(states, office))


def _derived(start: str, working_days: int | None, days: int | None, rule: str | None, before: bool, by: Published) -> Derivation:
    try:
        first = date.fromisoformat(start)
    except ValueError:
        raise typer.BadParameter("is an ISO date such as 2023-01-13", param_hint="--from") from None
    calendar, rules = _published(first, *by)
    if sum((working_days is not None, days is not None, rule is not None, before)) != 1:
        raise typer.BadParameter("give one of --working-days, --days, --rule and --before", param_hint="--working-days")
    if before:
        return derive_before(calendar, first, rules=rules.version)
    if rule is not None:
        if rule not in rules.deadlines:
            raise typer.BadParameter(f"is one of {', '.join(sorted(rules.deadlines))}", param_hint="--rule")
        return derive(calendar, first, rules.deadline(rule), rule=rule, rules=rules.version)
    given = Deadline(working_days) if working_days is not None else Deadline(days or 0, Counting.CALENDAR_DAYS)
    return derive(calendar, first, given, rule="asked", rules=rules.version)
