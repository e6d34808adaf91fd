"""What every verb of a report shares: whose it is, for which period, who asks; and the performing of its command."""

import asyncio
import functools
import inspect
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from deploy.commands.options import Actor, Data, Tenant, actor_of, option, refuse_no_person, refuse_no_unit, taking
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The command that a verb asks: of an office, in a capacity, by `unit` where that is not whoever decides (--by).

    `then` says where to look next.
    """

    office: str
    command: str
    data: Mapping[str, Any]
    capacity: Role
    unit: str | None = None
    then: str = "`doithoai report status --office {office}` says how it stands."


def asks(*, by: str | None = None) -> Callable[[Callable[..., Asked]], Callable[..., None]]:
    """Makes a verb of a function that says what is asked, and performs it on the installation as a line of a script would.

    The verb takes the function's options and those of every such verb: --data, --tenant, --actor, --at; and --by, which is
    `by` unless stated, where the function names no unit itself.
    """
    unit = [option("by", By, by)] if by is not None else []
    shared = [
        *unit,
        option("data", Data, None),
        option("tenant", Tenant, None),
        option("actor", Actor, None),
        option("at", At, ""),
    ]

    def verb(said: Callable[..., Asked]) -> Callable[..., None]:
        own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in inspect.signature(said).parameters.values()]

        @functools.wraps(said)
        def perform(**given: Any) -> None:
            asked = said(**{each.name: given[each.name] for each in own})
            unit = asked.unit if asked.unit is not None else given["by"]
            _perform(asked, unit, data=given["data"], tenant=given["tenant"], actor=given["actor"], at=given["at"])

        return taking(perform, [*own, *shared])

    return verb


def _perform(asked: Asked, unit: str, *, data: Path | None, tenant: str | None, actor: str | None, at: str) -> None:
    who = actor_of(actor)
    refuse_no_person(who, "--actor")
    refuse_no_unit(asked.office, "--office")
    refuse_no_unit(unit, "--unit")
    line: dict[str, Any] = {
        "office": asked.office,
        "actor": who,
        "unit": unit,
        "capacity": asked.capacity.value,
        "command": asked.command,
        "data": {name: value for name, value in asked.data.items() if value is not None},
    }
    if at:
        line["at"] = at
    lines = parse(orjson.dumps(line), f"{asked.command}-{uuid.uuid4().hex}")
    asyncio.run(performed(ground_of(data, tenant), lines))
    out().print(f"Done: {asked.then.format(office=asked.office)}")


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
