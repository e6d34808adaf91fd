"""Answers how a report stands: its window, who has confirmed, what blocks its lock, what was locked."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import select

from services.reporting.domain.document.stage import Stage, in_time, stage
from services.reporting.domain.report.decider import SOURCES, Other, Window
from services.reporting.domain.report.ladder import Step, ladder
from services.reporting.domain.report.states import paper_of
from services.reporting.readmodel.access import READ_FIGURES, refuse_unless_read
from services.reporting.readmodel.reports import course
from services.reporting.readmodel.reports.projections import LOCKED, LOCKING
from services.reporting.readmodel.reports.tables import reports_report, reports_section, reports_window, reports_word
from shared.calendar import OutsideCalendar, local_day
from shared.clock import Clock, instant
from shared.contracts.directory import UnitKind
from shared.contracts.refusals import Unknown
from shared.contracts.report import Blocker, ReportKind
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory, NoCalendar
from shared.papers.access import SEE_DOCUMENT, document_resource
from shared.papers.queries import Kept, PaperQueries
from shared.permit import Subject, permit

# Whose word a lock waits for: the units of the office, and its mass organisations, which collect opinions too (R50).
SPEAKING = frozenset({UnitKind.DIVISION, UnitKind.MASS_ORGANISATION})
# What may have changed since an attempt was refused for it, and is asked again whenever a report is looked at.
TOLD_AS_IT_STANDS: Final = frozenset({Blocker.WINDOW, Blocker.SILENT, Blocker.PREDECESSOR})


STEPS: Final[Mapping[Step, str]] = {
    Step.LOCK: "Chốt số liệu, nhắc đơn vị",
    Step.DRAFT: "Dự thảo",
    Step.COMMENT: "Các phòng góp ý",
    Step.SUBMIT: "Trình",
    Step.SIGN: "Ký",
    Step.DISPATCH: "Gửi",
}


STATES: Final[Mapping[Stage, Mapping[str, str]]] = {
    Stage.OPEN: {"vi": "đang mở, chưa chốt số liệu", "en": "open, not locked"},
    Stage.LOCKING: {"vi": "đang chốt số liệu", "en": "being locked"},
    Stage.LOCKED: {"vi": "đã chốt số liệu", "en": "locked"},
    Stage.DRAFTED: {"vi": "đã dự thảo", "en": "drafted"},
    Stage.COMMENTED: {"vi": "đang góp ý", "en": "being commented"},
    Stage.SUBMITTED: {"vi": "đang trình ký", "en": "before its signer"},
    Stage.RETURNED: {"vi": "bị trả lại", "en": "returned"},
    Stage.SIGNED: {"vi": "đã ký", "en": "signed"},
    Stage.NUMBERED: {"vi": "đã cấp số", "en": "numbered"},
    Stage.ISSUED: {"vi": "đã phát hành, chưa gửi đủ nơi nhận bắt buộc", "en": "issued, not yet sent to all who must have it"},
    Stage.SENT: {"vi": "đã gửi", "en": "sent"},
    Stage.ACKNOWLEDGED: {"vi": "đã xác nhận nhận", "en": "acknowledged"},
    Stage.RECALLED: {"vi": "đã thu hồi", "en": "recalled"},
    Stage.SUPERSEDED: {"vi": "đã được thay thế", "en": "superseded"},
}
IN_TIME: Final[Mapping[bool | None, Mapping[str, str]]] = {
    None: {"vi": "chưa đến hạn", "en": "not due yet"},
    True: {"vi": "đúng hạn", "en": "in time"},
    False: {"vi": "quá hạn", "en": "late"},
}


class Reports:
    """What can be asked about reports, by one tenant's people."""

    def __init__(self, database: Database, directories: Directories, tenant: str, clock: Clock, papers: PaperQueries) -> None:
        self._database, self._directories, self._tenant, self._clock = database, directories, tenant, clock
        self._papers = papers

    async def reports(self, subject: Subject, *, office: str) -> list[dict[str, Any]]:
        """Every report of an office, the latest first, corrections before what they correct.

        `{report, kind, year, from, to, before, state, locked_at, number, sent_on, in_time, corrects, superseded_by}`.

        Raises:
            Unknown: the office is not the asker's.

        """
        refuse_unless_read(subject, READ_FIGURES, self._tenant, office)
        table = reports_report.c
        wanted = select(reports_report).where(table.tenant == self._tenant, table.office == office)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(table.last.desc(), table.report))).mappings().all()
        papers = await self._papers.kept([paper_of(row["report"]) for row in rows])
        return [self._listed(row, papers.get(paper_of(row["report"]))) for row in rows]

    async def report(self, subject: Subject, report: str) -> dict[str, Any]:
        """How one stands: as listed, with `units` (who has confirmed, was waived, is silent), `blocks`, `ladder` and `lock`.

        `ladder` is by when each step is due: `[{step, label, day, done_on, late}]`, empty where the calendar ends before;
        `late` is None of a step that was passed over, and of a correction. `paper` is what is signed and sent, None until
        it is drafted: its stage and number, `recipients` with whom it was sent to and who has it, `steps`; `sections` is who
        wrote what last, by reference.

        `fences` is, while it is being locked, how far each source is: `[{source, position}]`, None of one that is awaited.

        `blocks` is what stands against locking it now, each with a sentence in both languages: the window is not over,
        the report before is not locked, units are silent, sources are behind with their fence, or what else the last attempt
        was refused for.

        Raises:
            Unknown: no such report, or it is of an office that is not the asker's.

        """
        async with self._database.read() as connection:
            table = reports_report.c
            found = await connection.execute(select(reports_report).where(table.tenant == self._tenant, table.report == report))
            row = found.mappings().first()
            if row is None:
                raise Unknown("report")
            refuse_unless_read(subject, READ_FIGURES, self._tenant, row["office"])
            word = reports_word.c
            spoken = await connection.execute(select(reports_word).where(word.tenant == self._tenant, word.report == report))
            words: dict[str, Mapping[Any, Any]] = {each["unit"]: each for each in spoken.mappings()}
            eve = (date.fromisoformat(row["first"]) - timedelta(days=1)).isoformat()
            before = select(table.report, table.last).where(
                *(table.tenant == self._tenant, table.office == row["office"], table.last == eve, table.state != LOCKED),
                table.corrects.is_(None),  # what is being corrected stands until then
            )
            unlocked = (await connection.execute(before.limit(1))).mappings().first()
            part = reports_section.c
            written = await connection.execute(
                select(reports_section).where(part.tenant == self._tenant, part.report == report).order_by(part.version)
            )
            sections = {each["section"]: _section(each) for each in written.mappings()}
        paper = (await self._papers.kept([paper_of(report)])).get(paper_of(report))
        directory = await self._directories.at(date.fromisoformat(row["last"]))
        units = [_unit(key, words, directory) for key in sorted({*speaking(directory, row["office"]), *words})]
        return {
            **self._listed(row, paper),
            "reason": row["reason_ref"],
            "office_label": directory.label(row["office"]),
            "plan": row["plan"],
            "attempts": row["attempts"],
            "fences": _fences(row),
            "units": units,
            "blocks": self._blocks(row, units, unlocked),
            "ladder": self._ladder(row, directory, paper),
            "sections": [sections[each] for each in sorted(sections)],
            "paper": course.told(paper, course.circulation(paper)),
            "lock": orjson.loads(row["lock"]) if row["lock"] else None,
        }

    async def received(self, subject: Subject) -> list[dict[str, Any]]:
        """The reports that were sent to the asker's unit, the latest first: as listed, with `office_label` and `delivered`.

        `delivered`: the unit has confirmed to have it, or the registry for it.
        """
        table = reports_report.c
        wanted = select(reports_report).where(table.tenant == self._tenant, table.office != subject.unit)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(table.last.desc(), table.report))).mappings().all()
        papers = await self._papers.kept([paper_of(row["report"]) for row in rows])
        sent = [(row, paper) for row in rows if (paper := papers.get(paper_of(row["report"]))) and _sent_to(paper, subject)]
        return [
            {
                **self._listed(row, paper),
                "office_label": (await self._directories.at(date.fromisoformat(row["last"]))).label(row["office"]),
                "delivered": subject.unit in course.circulation(paper).delivered,
            }
            for row, paper in sent
        ]

    async def standing(self, kind: ReportKind, year: int) -> dict[str, dict[str, Any]]:
        """By office, the report of a period that stands: the first until the issue of a correction takes its place.

        As listed, with its `lock` and, where one is open to take its place, that `correction`. Whoever asks for them asks
        permission of what he adds up.
        """
        table = reports_report.c
        wanted = select(reports_report).where(table.tenant == self._tenant, table.kind == kind.value, table.year == year)
        async with self._database.read() as connection:
            rows = {row["report"]: row for row in (await connection.execute(wanted)).mappings()}
        corrections = {row["corrects"]: name for name, row in rows.items() if row["corrects"]}
        stand = [row for row in rows.values() if not row["superseded_by"] and not _waits(row, rows)]
        papers = await self._papers.kept([paper_of(row["report"]) for row in stand])
        return {
            row["office"]: {
                **self._listed(row, papers.get(paper_of(row["report"]))),
                "lock": orjson.loads(row["lock"]) if row["lock"] else None,
                "correction": corrections.get(row["report"]),
            }
            for row in stand
        }

    async def locked_last(self, kind: ReportKind | None = None) -> tuple[int, ReportKind] | None:
        """The year and kind of the latest period that any office has locked, of one kind or of both; None where none has."""
        table = reports_report.c
        wanted = select(table.year, table.kind).where(table.tenant == self._tenant, table.lock.is_not(None))
        if kind is not None:
            wanted = wanted.where(table.kind == kind.value)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted.order_by(table.last.desc(), table.year.desc()).limit(1))).first()
        return (row.year, ReportKind(row.kind)) if row is not None else None

    async def planned(self, office: str, year: int, kind: ReportKind) -> Window | None:
        """The window that the plan in force gives the report; None where there is none."""
        table = reports_window.c
        wanted = select(table.plan, table.windows).where(
            table.tenant == self._tenant, table.office == office, table.year == year, table.in_force == 1
        )
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
        days = orjson.loads(row.windows).get(kind.value) if row is not None else None
        if row is None or days is None:
            return None
        first, last, before = map(date.fromisoformat, days)
        return Window(first=first, last=last, before=before, plan=row.plan)

    async def promised(self, office: str) -> list[tuple[int, ReportKind, date, date]]:
        """Year, kind, last day and day before which it is sent, of every report that plans in force give a window."""
        table = reports_window.c
        wanted = select(table.year, table.windows).where(
            table.tenant == self._tenant, table.office == office, table.in_force == 1
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            (row.year, ReportKind(kind), date.fromisoformat(days[1]), date.fromisoformat(days[2]))
            for row in rows
            for kind, days in orjson.loads(row.windows).items()
        ]

    def _listed(self, row: Mapping[Any, Any], paper: Kept | None) -> dict[str, Any]:
        known, today = course.circulation(paper), local_day(self._clock.now())
        return {
            **_listed(row),
            "state": stage(Stage(row["state"]), paper.row["state"] if paper else None, known).value,
            "number": paper.row["symbol"] if paper else None,
            "sent_on": known.sent_on.isoformat() if known.sent_on else None,
            # What was owed by the day was the report that it corrects.
            "in_time": None if row["corrects"] else in_time(known, date.fromisoformat(row["before"]), today),
        }

    async def others(self, office: str) -> tuple[Other, ...]:
        """Every report of an office, as another sees it."""
        table = reports_report.c
        wanted = select(table.report, table.year, table.first, table.last, table.state)
        async with self._database.read() as connection:
            rows = await connection.execute(wanted.where(table.tenant == self._tenant, table.office == office))
            return tuple(
                Other(
                    report=row.report,
                    year=row.year,
                    first=date.fromisoformat(row.first),
                    last=date.fromisoformat(row.last),
                    locked=row.state == LOCKED,
                )
                for row in rows
            )

    def _ladder(self, row: Mapping[Any, Any], directory: Directory, paper: Kept | None) -> list[dict[str, Any]]:
        today = local_day(self._clock.now())
        try:
            days = ladder(directory.calendar, date.fromisoformat(row["last"]), date.fromisoformat(row["before"]))
        except (OutsideCalendar, NoCalendar):
            return []  # nobody has published the holidays of that year
        done = course.taken(paper)
        if row["locked_at"] is not None:
            done[Step.LOCK] = local_day(instant(row["locked_at"]))
        passed = [step for n, step in enumerate(Step) if step not in done and any(later in done for later in list(Step)[n:])]
        return [
            {
                "step": step.value,
                "label": STEPS[step],
                "day": day.isoformat(),
                "done_on": done[step].isoformat() if step in done else None,
                "late": None if step in passed or row["corrects"] else (done.get(step) or today) > day,
            }
            for step, day in days.items()
        ]

    def _blocks(
        self, row: Mapping[Any, Any], units: Sequence[Mapping[str, Any]], unlocked: Mapping[Any, Any] | None
    ) -> list[dict[str, Any]]:
        if row["state"] == LOCKED:
            return []
        if row["state"] == LOCKING:
            fences = orjson.loads(row["fences"])
            # One after the other: who comes later has not been asked yet.
            behind = next((source for source in SOURCES if source not in fences), None)
            if behind is None:
                return [_block("counting", "Đang tính số liệu", "The figures are being counted")]
            return [_block("source-behind", f"Chờ mốc chốt của {behind}", f"The fence of {behind} is awaited", source=behind)]
        blocks = []
        if local_day(self._clock.now()) <= date.fromisoformat(row["last"]):
            day = f"{date.fromisoformat(row['last']):%d/%m/%Y}"
            blocks.append(_block("window-not-over", f"Kỳ số liệu đến hết ngày {day}", f"The window lasts until {day}"))
        if unlocked is not None:
            name = unlocked["report"]
            blocks.append(_block("predecessor-open", f"Chưa chốt {name}", f"{name} is to be locked first", report=name))
        silent = [unit for unit in units if unit["word"] is None]
        blocks += [
            _block("unit-silent", f"{unit['label']} chưa xác nhận", f"{unit['unit']} has not confirmed", unit=unit["unit"])
            for unit in silent
        ]
        return blocks + [_refused(each) for each in orjson.loads(row["blocked"]) if each["why"] not in TOLD_AS_IT_STANDS]


def _fences(row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """In the order in which the sources put them up."""
    if row["state"] != LOCKING:
        return []
    fences = orjson.loads(row["fences"])
    return [{"source": source, "position": fences.get(source)} for source in SOURCES]


def _sent_to(paper: Kept, subject: Subject) -> bool:
    """Whether it was sent to the asker's unit, so that he may see it there."""
    known = course.circulation(paper)
    seen = document_resource(subject.tenant, paper.row["office"], known.sent)
    return subject.unit in known.sent and permit(subject, SEE_DOCUMENT, seen).allowed


def _waits(row: Mapping[Any, Any], rows: Mapping[str, Mapping[Any, Any]]) -> bool:
    """Whether it is a correction that has not taken the place of what it corrects yet."""
    former = rows.get(row["corrects"] or "")
    return former is not None and former["superseded_by"] != row["report"]


def speaking(directory: Directory, office: str) -> frozenset[str]:
    """The units of an office whose word its report's lock waits for."""
    return frozenset(unit.key for unit in directory.units.values() if unit.office == office and unit.kind in SPEAKING)


def _unit(key: str, words: Mapping[str, Mapping[Any, Any]], directory: Directory) -> dict[str, Any]:
    said = words.get(key)
    at = instant(said["at"]).isoformat() if said else None
    return {"unit": key, "label": directory.label(key), "word": said["word"] if said else None, "at": at}


def _refused(blocked: Mapping[str, Any]) -> dict[str, Any]:
    where, count = blocked["where"], blocked["count"]
    if blocked["why"] == Blocker.LATER:
        return _block("later-locked", "Kỳ sau đã chốt số liệu", "A report of a later window is locked already", **blocked)
    if blocked["why"] == Blocker.OVERLAP:
        return _block("windows-overlap", "Kỳ số liệu trùng ngày với kỳ khác", "The window shares days with another", **blocked)
    if blocked["why"] == Blocker.OPENING:
        vi = f"{count} việc tồn đầu kỳ vừa ghi theo dòng vừa ghi nhận theo từng việc: rút dòng, hoặc ghi dòng kết thúc “recorded”"
        en = f"{count} matters are brought along by lines and recorded one by one: withdraw lines, or settle them as recorded"
        return _block("stock-recorded-both-ways", vi, en, **blocked)
    if blocked["why"] == Blocker.PARKED:
        vi = f"{count} sự kiện của {where} đang bị gác lại, chưa tính được"
        return _block("parked", vi, f"{count} events of {where} are parked and not counted", **blocked)
    vi = f"{where}: đẳng thức không khớp ở {count} dòng"
    return _block("broken", vi, f"{where}: identities do not hold in {count} rows", **blocked)


def _block(code: str, vi: str, en: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "said": {"vi": vi, "en": en}, **facts}


def _section(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "section": row["section"],
        "version": row["version"],
        "at": instant(row["at"]).isoformat(),
        "person": row["person"],
        "unit": row["unit"],
        "words": row["words_ref"],
    }


def _listed(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "report": row["report"],
        "office": row["office"],
        "kind": row["kind"],
        "year": row["year"],
        "from": row["first"],
        "to": row["last"],
        "before": row["before"],
        "state": row["state"],
        "locked_at": instant(row["locked_at"]).isoformat() if row["locked_at"] is not None else None,
        "corrects": row["corrects"],
        "superseded_by": row["superseded_by"],
    }
