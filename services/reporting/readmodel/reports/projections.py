"""Reports and the windows of plans, from their events."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import orjson

from services.reporting.domain.report.states import first_of
from services.reporting.readmodel.reports.tables import (
    REPORTS,
    reports_opening,
    reports_report,
    reports_section,
    reports_window,
    reports_word,
)
from shared.contracts import opening, plan, report
from shared.eventlog.records import Recorded
from shared.papers.projections import documents_of, registers_of
from shared.subscriptions.declared import Projection, Rows

OPEN: Final = "open"
LOCKING: Final = "locking"
LOCKED: Final = "locked"
CONFIRMED: Final = "confirmed"
WAIVED: Final = "waived"


async def project(recorded: Recorded, rows: Rows) -> None:
    """One fact of a report or plan."""
    event = recorded.event
    match event:
        case plan.PlanDrafted():
            planned = {"office": event.office, "year": event.year, "windows": _windows(event.windows), "in_force": 0}
            rows.put(reports_window, {**_plan(recorded), **planned})
        case plan.PlanIssued():
            rows.patch(reports_window, _plan(recorded), {"in_force": 1})
        case plan.PlanAmended():
            rows.patch(reports_window, _plan(recorded), {"windows": _windows(event.windows)})
        case report.FiguresConfirmed():
            rows.put(reports_word, {**_word(recorded), "word": CONFIRMED, "at": recorded.record.recorded})
        case report.ConfirmationWaived():
            rows.put(reports_word, {**_word(recorded), "word": WAIVED, "at": recorded.record.recorded})
        case report.ConfirmationWithdrawn():
            rows.delete(reports_word, _word(recorded))
        case opening.LineRecorded() | opening.LineWithdrawn() | opening.LineSettled() | opening.SettlementWithdrawn():
            _opening(recorded, rows)
        case _:
            await _course(recorded, rows)


async def _course(recorded: Recorded, rows: Rows) -> None:
    event, key = recorded.event, _key(recorded)
    match event:
        case report.ReportOpened():
            days = {name: getattr(event, name).isoformat() for name in ("first", "last", "before")}
            begun = {"state": OPEN, "attempts": 0, "fences": "{}", "blocked": "[]", "lock": None, "locked_at": None}
            begun |= dict.fromkeys(("corrects", "reason_ref", "superseded_by"))
            rows.put(reports_report, {**key, "kind": event.kind.value, "year": event.year, "plan": event.plan, **days, **begun})
        case report.LockRequested():
            asked = {"state": LOCKING, "attempts": event.attempt, "fences": "{}", "blocked": "[]"}
            rows.patch(reports_report, key, asked)
        case report.SourceFenced():
            found = await rows.get(reports_report, key)
            fences = {**orjson.loads(found["fences"] if found else "{}"), event.source: event.position}
            rows.patch(reports_report, key, {"fences": orjson.dumps(fences, option=orjson.OPT_SORT_KEYS).decode()})
        case report.LockRefused():
            blocked = [asdict(each) for each in event.blocked]
            rows.patch(reports_report, key, {"state": OPEN, "blocked": orjson.dumps(blocked).decode()})
        case report.DataLocked():
            lock = orjson.dumps(asdict(event), option=orjson.OPT_SORT_KEYS).decode()
            rows.patch(reports_report, key, {"state": LOCKED, "lock": lock, "locked_at": recorded.record.recorded})
        case report.CorrectionOpened():
            rows.patch(reports_report, key, {"corrects": event.report, "reason_ref": event.reason.ref})
        case report.ReportSuperseded():
            rows.patch(reports_report, key, {"superseded_by": event.by})
        case report.SectionWritten():
            _section(recorded, rows)


def _opening(recorded: Recorded, rows: Rows) -> None:
    record = recorded.record
    rows.put(
        reports_opening,
        {
            "tenant": record.tenant,
            "office": recorded.stream.partition("-")[2],
            "position": record.position,
            "recorded_at": record.recorded,
            "type": record.type,
            "schema_version": record.schema_version,
            "data": record.data.decode(),
        },
    )


def _section(recorded: Recorded, rows: Rows) -> None:
    event, metadata = recorded.event, recorded.metadata
    rows.put(
        reports_section,
        {
            "tenant": recorded.record.tenant,
            "report": recorded.stream,
            "version": recorded.record.version,
            "section": event.section.value,
            "words_ref": event.words.ref,
            "at": recorded.record.occurred,
            "person": metadata.get("actor"),
            "unit": metadata.get("unit"),
        },
    )


def _key(recorded: Recorded) -> dict[str, Any]:
    return {"tenant": recorded.record.tenant, "office": office_of(recorded.stream), "report": recorded.stream}


def office_of(stream: str) -> str:
    """The office of `report-VPUB-2023-H1`, of `report-UBND-MSO-2023-DC1`: its key may hold hyphens, years and halves do not."""
    name = first_of(stream).partition("-")[2].removesuffix("-H1")
    return name.rpartition("-")[0]


def _word(recorded: Recorded) -> dict[str, Any]:
    return {"tenant": recorded.record.tenant, "report": recorded.stream, "unit": recorded.event.unit}


def _plan(recorded: Recorded) -> dict[str, Any]:
    return {"tenant": recorded.record.tenant, "plan": recorded.stream}


def _windows(windows: Iterable[plan.ReportWindow]) -> str:
    found = {each.report: [each.first.isoformat(), each.last.isoformat(), each.before.isoformat()] for each in windows}
    return orjson.dumps(found, option=orjson.OPT_SORT_KEYS).decode()


REPORT_PAPERS: Final = documents_of("reporting", "report_papers")
REPORT_REGISTERS: Final = registers_of("reporting", "report_registers")
REPORTS_PROJECTION: Final = Projection(
    name="reports",
    version=4,
    sources=("reporting", "assignment"),
    tables=REPORTS,
    events=frozenset(
        {
            "plan.drafted",
            "plan.issued",
            "plan.amended",
            "report.opened",
            "report.figures_confirmed",
            "report.confirmation_withdrawn",
            "report.confirmation_waived",
            "report.lock_requested",
            "report.source_fenced",
            "report.lock_refused",
            "report.data_locked",
            "report.correction_opened",
            "report.superseded",
            "report.section_written",
            "opening.line_recorded",
            "opening.line_withdrawn",
            "opening.line_settled",
            "opening.settlement_withdrawn",
        }
    ),
    apply=project,
)
