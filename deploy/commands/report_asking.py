"""What every verb of a report shares: whose it is, for which period, who asks; and the asking of its command."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer

from deploy.commands.options import actor_of, refuse_no_person, refuse_no_unit
from deploy.commands.output import out
from deploy.commands.play import performed
from deploy.ground import ground_of
from deploy.script import parse
from services.reporting.readmodel.cells import Named
from services.reporting.readmodel.cells import period_of as named_period
from shared.contracts.report import ReportKind
from shared.contracts.roles import Role

Office = Annotated[str, typer.Option(help="Key of the office, such as VPUB.")]
Period = Annotated[
    str, typer.Option(help="The period: 2023-H1 for the six months, 2023 for the year; with -DC1 for its correction.")
]
By = Annotated[str, typer.Option(help="Key of the unit of whoever decides, such as TCHCQT.")]
At = Annotated[str, typer.Option(help="When, on an installation with a script clock (ISO 8601 with its zone).")]
OfUnit = Annotated[str, typer.Option(help="Key of the unit.")]


def ask(
    data: Any,
    tenant: str | None,
    office: str,
    unit: str,
    actor: str | None,
    at: str,
    capacity: Role,
    command: str,
    asked: Mapping[str, Any],
    then: str = "`doithoai report status --office {office}` says how it stands.",
) -> None:
    """Perform one command on the installation, as a line of a script would; `then` says where to look next."""
    who = actor_of(actor)
    refuse_no_person(who, "--actor")
    refuse_no_unit(office, "--office")
    refuse_no_unit(unit, "--unit")
    line: dict[str, Any] = {
        "office": office,
        "actor": who,
        "unit": unit,
        "capacity": capacity.value,
        "command": command,
        "data": {name: value for name, value in asked.items() if value is not None},
    }
    if at:
        line["at"] = at
    lines = parse(orjson.dumps(line), f"{command}-{uuid.uuid4().hex}")
    asyncio.run(performed(ground_of(data, tenant), lines))
    out().print(f"Done: {then.format(office=office)}")


def stream_of(office: str, period: str) -> str:
    """The report of a period as people name it: 2023-H1 for the six months, 2023 for the year, -DC1 for its correction."""
    return _named(period).report(office)


def period_of(period: str) -> tuple[ReportKind, int]:
    """Which report of which year."""
    named = _named(period)
    return named.kind, named.year


def _named(period: str) -> Named:
    found = named_period(period)
    if found is None:
        raise typer.BadParameter("is a year such as 2023, or its first half, 2023-H1", param_hint="--period")
    return found
