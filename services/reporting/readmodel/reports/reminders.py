"""Answers what is to be done next for the reports of an office, by when, and who is waited for (domain brief §5.4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.reporting.domain.document.stage import Stage
from services.reporting.domain.report.ladder import Step, ladder, next_step
from services.reporting.readmodel.reports.queries import STEPS, Reports
from shared.calendar import OutsideCalendar, local_day
from shared.clock import Clock
from shared.contracts.report import ReportKind
from shared.directory.queries import Directories
from shared.directory.snapshot import NoCalendar
from shared.permit import Subject

NEAR: Final = 5  # working days ahead; the whole ladder is as long
DONE: Final = frozenset({Stage.SENT, Stage.ACKNOWLEDGED, Stage.RECALLED, Stage.SUPERSEDED})
OPEN: Final = "open"  # a report that the plan promises and nobody has opened
# Who takes a step; a lock waits for the units that are silent first.
WHOSE: Final[Mapping[Step, str]] = {
    Step.LOCK: "Đơn vị đầu mối",
    Step.DRAFT: "Đơn vị đầu mối",
    Step.COMMENT: "Các phòng, ban, đơn vị",
    Step.SUBMIT: "Đơn vị đầu mối",
    Step.SIGN: "Lãnh đạo Văn phòng",
    Step.DISPATCH: "Văn thư",
}


class Reminders:
    """What one tenant's people are reminded of; nothing is stored, what is late is so by the day it is asked."""

    def __init__(self, reports: Reports, directories: Directories, clock: Clock) -> None:
        self._reports, self._directories, self._clock = reports, directories, clock

    async def reminders(self, subject: Subject, *, office: str, near: int = NEAR) -> list[dict[str, Any]]:
        """The next step of every report that is not yet sent, where it is late or at most `near` working days ahead.

        `[{report, kind, year, step, label, day, days, late, whose, waits_for: [{unit, label}], said: {vi, en}}]`, the most urgent
        first: `days` is working days until then, below 0 those since; `report` is None, and `step` is `open`, of one that the
        plan in force promises and nobody has opened. Corrections are owed by no day.

        Raises:
            Unknown: the office is not the asker's.
            Forbidden: one of the office who may not see its figures.

        """
        listed = await self._reports.reports(subject, office=office)
        corrected = {each["corrects"] for each in listed}  # their corrections are sent, owed by no day
        owed = [each for each in listed if not each["corrects"] and each["report"] not in corrected]
        found = [await self._next(subject, each) for each in owed if Stage(each["state"]) not in DONE]
        known = {(each["kind"], each["year"]) for each in listed}
        locked = max((each["from"] for each in listed if each["locked_at"]), default="")
        for year, kind, last, before in await self._reports.promised(office):
            if (kind.value, year) not in known and last.isoformat() >= locked:  # before a locked one none is opened any more
                found.append(await self._unopened(kind, year, last, before))
        wanted = [each for each in found if each is not None and (each["late"] or each["days"] <= near)]
        return sorted(wanted, key=lambda each: (each["days"], each["year"], each["kind"]))

    async def _next(self, subject: Subject, listed: Mapping[str, Any]) -> dict[str, Any] | None:
        one = await self._reports.report(subject, listed["report"])
        rungs = {Step(each["step"]): each for each in one["ladder"]}
        step = next_step({step for step, each in rungs.items() if each["done_on"]})
        if Stage(one["state"]) is Stage.RETURNED:
            step = Step.SUBMIT
        if step is None or step not in rungs:
            return None
        silent = [each for each in one["units"] if each["word"] is None] if step is Step.LOCK else []
        told = await self._told(step, STEPS[step], date.fromisoformat(rungs[step]["day"]), one, silent)
        return told and {"report": one["report"], **told}

    async def _unopened(self, kind: ReportKind, year: int, last: date, before: date) -> dict[str, Any] | None:
        directory = await self._directories.at(last)
        try:
            day = ladder(directory.calendar, last, before)[Step.LOCK]
        except (OutsideCalendar, NoCalendar):
            return None  # nobody has published the holidays of that year
        told = await self._told(None, "Mở kỳ báo cáo", day, {"kind": kind.value, "year": year}, [])
        return told and {"report": None, **told}

    async def _told(
        self, step: Step | None, label: str, day: date, one: Mapping[str, Any], silent: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any] | None:
        today = local_day(self._clock.now())
        try:
            calendar = (await self._directories.at(today)).calendar
            days = calendar.working_days(today, day) if day >= today else -calendar.working_days(day, today)
        except (OutsideCalendar, NoCalendar):
            return None
        named = {"kind": one["kind"], "year": one["year"], "step": step.value if step else OPEN, "label": label}
        return {
            **named,
            "day": day.isoformat(),
            "days": days,
            "late": today > day,
            "whose": WHOSE[step or Step.LOCK],
            "waits_for": [{"unit": each["unit"], "label": each["label"]} for each in silent],
            "said": _said(named, day, days, late=today > day, silent=len(silent)),
        }


def _said(named: Mapping[str, Any], day: date, days: int, *, late: bool, silent: int) -> dict[str, str]:
    left_vi, left_en = ("hôm nay", "today") if not days else (f"còn {days} ngày làm việc", f"{days} working days left")
    if late:  # since a day off there may be no working day between
        left_vi, left_en = (f"quá hạn {-days} ngày làm việc", f"{-days} working days late") if days else ("quá hạn", "late")
    waiting_vi, waiting_en = (f"; {silent} đơn vị chưa xác nhận", f"; {silent} units silent") if silent else ("", "")
    vi, en = f"{named['label']}: {day:%d/%m/%Y}, {left_vi}{waiting_vi}", f"{named['step']}: {day}, {left_en}{waiting_en}"
    return {"vi": vi, "en": en}
