"""The verbs of a report: opened, confirmed by units, locked; and how it stands."""

import asyncio
import uuid
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from deploy.commands.look import operator
from deploy.commands.options import Actor, AsJson, Data, Tenant, actor_of, installation, refuse_no_person, refuse_no_unit
from deploy.commands.output import facts, json_value, listing, local, out, replaced
from deploy.commands.play import performed
from deploy.ground import Ground, ground_of
from deploy.house import House, reading
from deploy.script import parse
from services.reporting.domain.report.states import report_stream
from services.reporting.entrypoints.paper import composition
from services.reporting.entrypoints.workbook import workbook
from services.reporting.readmodel.papers import Readable
from shared.canonical import canonical
from shared.contracts.report import ReportKind
from shared.contracts.roles import Role
from shared.documents.layout.written import Form, written

report: Final = typer.Typer(no_args_is_help=True, help="The six-month and annual reports: opened, confirmed, locked.")
Office = Annotated[str, typer.Option(help="Key of the office, such as VPUB.")]
Period = Annotated[str, typer.Option(help="The period: 2023-H1 for the six months, 2023 for the year.")]
By = Annotated[str, typer.Option(help="Key of the unit of whoever decides, such as TCHCQT.")]
At = Annotated[str, typer.Option(help="When, on an installation with a script clock (ISO 8601 with its zone).")]
OfUnit = Annotated[str, typer.Option(help="Key of the unit.")]
FIXED: Final = ("report", "office", "kind", "year", "from", "to", "before", "locked_at", "lock")  # what no later day changes
_STATES: Final = {"open": "đang mở", "locking": "đang chốt", "locked": "đã chốt số liệu"}
_WORDS: Final = {None: "chưa xác nhận", "confirmed": "đã xác nhận", "waived": "được bỏ qua"}


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(report, name="report")


@report.command("open")
def open_(
    office: Office,
    period: Period,
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    first: Annotated[str, typer.Option("--from", help="First day (ISO); by default the plan's, else the profile's.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, counted whole.")] = "",
    before: Annotated[str, typer.Option(help="Before which day it is to be sent.")] = "",
) -> None:
    """Open the period of a report."""
    kind, year = _period(period)
    days = {"first": first or None, "last": last or None, "before": before or None}
    asked = {"office": office, "year": year, "kind": kind.value, **days}
    _do(data, tenant, office, by, actor, at, Role.HUB, "open_report", asked)


@report.command()
def confirm(
    office: Office,
    period: Period,
    unit: OfUnit,
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    capacity: Annotated[Role, typer.Option(help="In which capacity.")] = Role.UNIT_LEADER,
) -> None:
    """Say that a unit has nothing more to enter for the period."""
    asked = {"report": stream_of(office, period), "unit": unit}
    _do(data, tenant, office, unit, actor, at, capacity, "confirm_figures", asked)


@report.command()
def waive(
    office: Office,
    period: Period,
    unit: OfUnit,
    reason: Annotated[str, typer.Option(help="Why the lock does not wait for it.")],
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Lock without waiting for a unit's word."""
    asked = {"report": stream_of(office, period), "unit": unit, "reason": reason}
    _do(data, tenant, office, by, actor, at, Role.HUB, "waive_confirmation", asked)


@report.command()
def lock(
    office: Office,
    period: Period,
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Have the figures locked; `report status` says whether they are, or what stands against it."""
    asked = {"report": stream_of(office, period)}
    _do(data, tenant, office, by, actor, at, Role.HUB, "request_lock", asked)


@report.command()
def status(
    office: Office,
    period: Annotated[str, typer.Option(help="One period, with all that blocks its lock; without it the list.")] = "",
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Say how the reports of an office stand; of one: who has confirmed, what blocks its lock, what was locked."""
    at = installation(data, tenant)
    if not period:
        found = asyncio.run(_listed(at, office))
        columns = {"report": "report", "from": "from", "to": "to", "before": "before", "state": "state", "locked_at": "locked"}
        listing(found, columns, as_json=as_json, empty=f"{office} has opened no report: `doithoai report open` does.")
        return
    one = asyncio.run(_one(at, office, stream_of(office, period)))
    if as_json:
        json_value(one)
    else:
        _tell(one)


@report.command()
def verify(office: Office, period: Period, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Count the figures of a locked report again from the logs and compare; exit 1 where they are others."""
    at, stream = installation(data, tenant), stream_of(office, period)

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            queries, asker = house.services["reporting"].queries, operator(house, office)
            found: dict[str, Any] = await queries.locking.recounted(asker, await queries.reports.report(asker, stream))
            return found

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    else:
        said = "the figures are those that were locked" if found["agrees"] else "the figures are NOT those that were locked"
        rests = "".join(f"; {name}: {each['locked']} then, {each['now']} now" for name, each in found["differs"].items())
        out().print(f"{stream}: {said} ({found['figures'][:16]}…){rests}", markup=False)
    if not found["agrees"]:
        raise typer.Exit(1)


class Format(StrEnum):
    """What a report is written as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


@report.command()
def render(
    office: Office,
    period: Period,
    form: Annotated[
        Format, typer.Option("--format", help="The paper to sign (pdf) or edit (docx), tables as sheets or JSON.")
    ] = Format.PDF,
    target: Annotated[Path | None, typer.Option("--out", help="Where to (default: the report's name, here).")] = None,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Write a locked report: its paper with all appendices as PDF or to edit, or its tables as a workbook or JSON."""
    at, stream = installation(data, tenant), stream_of(office, period)
    path = target or Path(f"{stream}.{form.value}")

    async def run() -> bytes:
        async with reading(at) as house:
            return await rendered(house, office, stream, form)

    replaced(path, lambda: asyncio.run(run()))
    out().print(f"{path}: written", markup=False)


async def rendered(house: House, office: str, stream: str, form: Format) -> bytes:
    """A locked report, written so.

    Raises:
        NotLocked, FiguresDiffer, Unknown

    """
    readable: Readable = await house.services["reporting"].queries.papers.readable(operator(house, office), stream)
    one, tables = readable.one, readable.told.tables
    match form:
        case Format.PDF | Format.DOCX:
            return await asyncio.to_thread(written, composition(readable), Form(form.value))
        case Format.XLSX:
            return await asyncio.to_thread(workbook, one, tables)
        case Format.JSON:
            return canonical({**{name: one[name] for name in FIXED}, "tables": tables}) + b"\n"


def _tell(one: Mapping[str, Any]) -> None:
    lock = one["lock"]
    facts(
        {
            "report": one["report"],
            "window": f"{one['from']} – {one['to']}, sent before {one['before']}",
            "state": _STATES[one["state"]],
            "locked": local(one["locked_at"]) if one["locked_at"] else "–",
            "positions": ", ".join(f"{each['source']} {each['position']}" for each in lock["positions"]) if lock else "–",
            "carries on": (lock["predecessor"] or {}).get("report", "–") if lock else "–",
            "figures": lock["figures"] if lock else "–",
        },
        as_json=False,
    )
    out().print()
    steps = [{**step, "late": "quá hạn" if step["late"] else "", "done_on": step["done_on"] or ""} for step in one["ladder"]]
    listing(
        steps,
        {"label": "bước", "day": "hạn", "done_on": "xong", "late": ""},
        as_json=False,
        empty="Lịch làm việc chưa có năm phải gửi báo cáo: công bố lịch để biết hạn từng bước.",
    )
    out().print()
    if one["state"] == "locked":
        return
    units = [{**unit, "word": _WORDS[unit["word"]]} for unit in one["units"]]
    listing(units, {"unit": "unit", "label": "name", "word": "figures"}, as_json=False, empty="No unit is asked.")
    out().print()
    blocks = [each["said"]["vi"] for each in one["blocks"]]
    out().print("\n".join(blocks) or "Không có gì cản việc chốt số liệu.", markup=False)


async def _listed(at: Ground, office: str) -> list[dict[str, Any]]:
    async with reading(at) as house:
        found: list[dict[str, Any]] = await house.services["reporting"].queries.reports.reports(
            operator(house, office), office=office
        )
        return found


async def _one(at: Ground, office: str, stream: str) -> dict[str, Any]:
    async with reading(at) as house:
        found: dict[str, Any] = await house.services["reporting"].queries.reports.report(operator(house, office), stream)
        return found


def _do(
    data: Any,
    tenant: str | None,
    office: str,
    unit: str,
    actor: str | None,
    at: str,
    capacity: Role,
    command: str,
    asked: Mapping[str, Any],
) -> None:
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
    lines = parse(orjson.dumps(line), f"report-{uuid.uuid4().hex}")
    asyncio.run(performed(ground_of(data, tenant), lines))
    out().print(f"Done: `doithoai report status --office {office}` says how it stands.")


def stream_of(office: str, period: str) -> str:
    """The report of a period as people name it: 2023-H1 for the six months, 2023 for the year."""
    kind, year = _period(period)
    return report_stream(office, kind, year)


def _period(period: str) -> tuple[ReportKind, int]:
    year, dash, half = period.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit()) or (dash and half != "H1"):
        raise typer.BadParameter("is a year such as 2023, or its first half, 2023-H1", param_hint="--period")
    return (ReportKind.SIX_MONTH if dash else ReportKind.ANNUAL), int(year)
