"""The verbs of a report until its lock: opened, confirmed by units, locked; how it stands, and its tables as files."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy.commands import report_opening, report_papers
from deploy.commands.look import answered, operator
from deploy.commands.options import Actor, AsJson, Data, Marked, Reader, ReaderUnit, Tenant, installation, reader_of
from deploy.commands.output import facts, json_value, listing, local, out, replaced
from deploy.commands.papers import holds, told
from deploy.commands.report_asking import Asked, Office, OfUnit, Period, asks, period_of, stream_of
from deploy.ground import ground_of
from deploy.house import House, reading, writing
from services.reporting.domain.document.stage import Stage
from services.reporting.domain.report.states import paper_of
from services.reporting.entrypoints.workbook import workbook
from services.reporting.readmodel.reports.queries import IN_TIME, STATES
from services.reporting.readmodel.reports.reminders import NEAR
from shared.canonical import canonical
from shared.contracts.document import Form
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.documents.refusals import NotSigned
from shared.papers.keeping import Made
from shared.permit import Subject

report: Final = typer.Typer(no_args_is_help=True, help="The six-month and annual reports, from opening to acknowledgement.")
FIXED: Final = ("report", "office", "kind", "year", "from", "to", "before", "locked_at", "lock")  # what no later day changes
_WORDS: Final = {None: "chưa xác nhận", "confirmed": "đã xác nhận", "waived": "được bỏ qua"}


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    report_papers.register(report)
    report_opening.register(report)
    app.add_typer(report, name="report")


@report.command("open")
@asks(by="TCHCQT")
def open_(
    office: Office,
    period: Period,
    first: Annotated[str, typer.Option("--from", help="First day (ISO); by default the plan's, else the profile's.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, counted whole.")] = "",
    before: Annotated[str, typer.Option(help="Before which day it is to be sent.")] = "",
) -> Asked:
    """Open the period of a report."""
    kind, year = period_of(period)
    days = {"first": first or None, "last": last or None, "before": before or None}
    asked = {"office": office, "year": year, "kind": kind.value, **days}
    return Asked(office, "open_report", asked, Role.HUB)


@report.command()
@asks()
def confirm(
    office: Office,
    period: Period,
    unit: OfUnit,
    capacity: Annotated[Role, typer.Option(help="In which capacity.")] = Role.UNIT_LEADER,
) -> Asked:
    """Say that a unit has nothing more to enter for the period."""
    asked = {"report": stream_of(office, period), "unit": unit}
    return Asked(office, "confirm_figures", asked, capacity, unit=unit)


@report.command()
@asks(by="TCHCQT")
def waive(
    office: Office,
    period: Period,
    unit: OfUnit,
    reason: Annotated[str, typer.Option(help="Why the lock does not wait for it.")],
) -> Asked:
    """Lock without waiting for a unit's word."""
    asked = {"report": stream_of(office, period), "unit": unit, "reason": reason}
    return Asked(office, "waive_confirmation", asked, Role.HUB)


@report.command()
@asks(by="TCHCQT")
def lock(
    office: Office,
    period: Period,
) -> Asked:
    """Have the figures locked; `report status` says whether they are, or what stands against it."""
    asked = {"report": stream_of(office, period)}
    return Asked(office, "request_lock", asked, Role.HUB)


@report.command()
def reminders(
    office: Office,
    near: Annotated[int, typer.Option(min=0, max=366, help="How many working days ahead.")] = NEAR,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List what is to be done next for the reports of an office, by when and by whom: what is late, and what is near."""
    found = answered(
        installation(data, tenant),
        office,
        lambda queries, asker: queries.reminders.reminders(asker, office=office, near=near),
    )
    if as_json:
        json_value(found)
        return
    named = {(each["kind"], each["year"]): f"{each['year']}{'-H1' if each['kind'] == 'six_month' else ''}" for each in found}
    shown = [
        {
            "period": named[each["kind"], each["year"]],
            "said": each["said"]["vi"],
            "whose": ", ".join(unit["unit"] for unit in each["waits_for"]) or each["whose"],
        }
        for each in found
    ]
    listing(
        shown,
        {"period": "period", "said": "next", "whose": "who"},
        as_json=False,
        empty=f"Nothing is late, and nothing is due within {near} working days.",
    )


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
        found = answered(at, office, lambda queries, asker: queries.reports.reports(asker, office=office))
        columns = {
            "report": "report",
            "from": "from",
            "to": "to",
            "before": "before",
            "state": "state",
            "number": "number",
            "sent_on": "sent",
        }
        listing(found, columns, as_json=as_json, empty=f"{office} has opened no report: `doithoai report open` does.")
        return
    one = answered(at, office, lambda queries, asker: queries.reports.report(asker, stream_of(office, period)))
    if as_json:
        json_value(one)
    else:
        _tell(one)


@report.command()
def verify(office: Office, period: Period, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Count the figures of a locked report again, and check its signature by the office's key; exit 1 where one does not hold."""
    at, stream = installation(data, tenant), stream_of(office, period)

    async def run() -> dict[str, Any]:
        async with reading(at) as house:
            queries, asker = house.services["reporting"].queries, operator(house, office)
            found: dict[str, Any] = await queries.locking.recounted(asker, await queries.reports.report(asker, stream))
            try:
                return {**found, "signature": asdict(await queries.signatures.check(asker, paper_of(stream)))}
            except (Unknown, NotSigned):
                return {**found, "signature": None}

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    else:
        said = "the figures are those that were locked" if found["agrees"] else "the figures are NOT those that were locked"
        out().print(f"{stream}: {said} ({found['figures'][:16]}…){_rests_on(found['differs'])}", markup=False)
        out().print(f"{stream}: {told(found['signature'])}", markup=False)
    if not found["agrees"] or not holds(found["signature"]):
        raise typer.Exit(1)


@report.command()
def differences(office: Office, period: Period, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Say what a corrected report (period -DC1) counts otherwise than the one it corrects, and why."""
    stream = stream_of(office, period)
    found = answered(installation(data, tenant), office, lambda queries, asker: queries.corrected(asker, stream))
    if as_json:
        json_value(found)
        return
    cells = [{**cell, "by": " ".join((*cell["episodes"], *cell["counted"]))} for cell in found["cells"]]
    columns = {"cell": "ô", "was": "trước", "now": "nay", "by": "do"}
    listing(cells, columns, as_json=False, empty=f"Số liệu như {found['corrects']}.")
    out().print()
    causes = [{"episode": each["episode"], "why": each["why"]["said"]["vi"]} for each in found["episodes"]]
    listing(causes, {"episode": "lượt xử lý", "why": "vì"}, as_json=False, empty="Không lượt xử lý nào khác.")


class Format(StrEnum):
    """What a report is written as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


FIGURES_ONLY: Final = frozenset({Format.XLSX, Format.JSON})  # nobody's words are opened for them


@report.command()
def render(
    office: Office,
    period: Period,
    form: Annotated[
        Format, typer.Option("--format", help="The paper to sign (pdf) or edit (docx), tables as sheets or JSON.")
    ] = Format.PDF,
    target: Annotated[Path | None, typer.Option("--out", help="Where to (default: the report's name, here).")] = None,
    by: ReaderUnit = "TCHCQT",
    capacity: Reader = Role.HUB,
    actor: Actor = None,
    marked: Marked = False,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Write a locked report: its paper with all appendices to sign or to edit, or its tables as a workbook or JSON.

    The paper says what its reader may read, and the reading is logged under his name. Once issued it is what was issued;
    --marked writes a copy that says what became of it since.
    """
    ground, stream = ground_of(data, tenant), stream_of(office, period)
    path = target or Path(f"{stream}.{form.value}")

    differs: dict[str, Any] = {}

    async def run() -> bytes:
        if form in FIGURES_ONLY:
            async with reading(ground) as house:
                return await written_by(house, operator(house, office))
        async with writing(ground, "report render") as house:
            return await written_by(house, reader_of(house.tenant, office, by, capacity, actor))

    async def written_by(house: House, reader: Subject) -> bytes:
        made = await rendered(house, reader, stream, form)
        queries = house.services["reporting"].queries
        differs.update(await queries.locking.differs(await queries.reports.report(reader, stream)))
        return made

    replaced(path, lambda: asyncio.run(run()))
    out().print(f"{path}: written{_rests_on(differs)}", markup=False)


def _rests_on(differs: Mapping[str, Any]) -> str:
    """What the figures were locked on and is another today."""
    return "".join(f"; {name}: {each['locked']} then, {each['now']} now" for name, each in differs.items())


async def rendered(house: House, reader: Subject, stream: str, form: Format, *, marked: bool = False) -> bytes:
    """A locked report, written so; its paper as it was issued, or `marked` with what became of it since.

    Raises:
        NotLocked, FiguresDiffer, Unknown

    """
    queries = house.services["reporting"].queries
    if form not in FIGURES_ONLY:
        made: Made = await queries.files.file(reader, paper_of(stream), Form(form.value), marked=marked)
        return made.file
    one = await queries.reports.report(reader, stream)
    tables = await queries.locking.locked(reader, one)
    if form is Format.XLSX:
        beside = (await queries.comparison.of_report(reader, one), await queries.figures.brought(reader, one))
        return await asyncio.to_thread(workbook, one, tables, *beside)
    return canonical({**{name: one[name] for name in FIXED}, "tables": tables}) + b"\n"


def _tell(one: Mapping[str, Any]) -> None:
    lock = one["lock"]
    facts(
        {
            "report": one["report"],
            "window": f"{one['from']} – {one['to']}, sent before {one['before']}",
            "state": STATES[Stage(one["state"])]["vi"],
            "locked": local(one["locked_at"]) if one["locked_at"] else "–",
            "positions": ", ".join(f"{each['source']} {each['position']}" for each in lock["positions"]) if lock else "–",
            "carries on": (lock["predecessor"] or {}).get("report", "–") if lock else "–",
            "figures": lock["figures"] if lock else "–",
            "number": one["number"] or "–",
            "sent": f"{one['sent_on'] or '–'} ({'đính chính' if one['corrects'] else IN_TIME[one['in_time']]['vi']})",
            "corrects": one["corrects"] or "–",
            "superseded by": one["superseded_by"] or "–",
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
    if lock is not None:
        _tell_paper(one["paper"])
        return
    units = [{**unit, "word": _WORDS[unit["word"]]} for unit in one["units"]]
    listing(units, {"unit": "unit", "label": "name", "word": "figures"}, as_json=False, empty="No unit is asked.")
    out().print()
    blocks = [each["said"]["vi"] for each in one["blocks"]]
    out().print("\n".join(blocks) or "Không có gì cản việc chốt số liệu.", markup=False)


def _tell_paper(paper: Mapping[str, Any] | None) -> None:
    if paper is None:
        out().print("Chưa có dự thảo: `doithoai report draft`.", markup=False)
        return
    lines = [
        {
            **line,
            "mandatory": "bắt buộc" if line["mandatory"] else "",
            "sent_on": line["sent_on"] or "",
            "delivered": "đã nhận" if line["delivered"] else "",
        }
        for line in paper["recipients"]
    ]
    columns = {"recipient": "nơi nhận", "purpose": "để", "mandatory": "", "sent_on": "gửi ngày", "delivered": ""}
    listing(lines, columns, as_json=False, empty="Không có nơi nhận.")
