"""The week's calendar of an office: its dialogues, its meetings and what is due, by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.domain.plan.decider import plan_stream
from services.assignment.entrypoints.pages.dialogue.choosing import short
from services.assignment.readmodel.dialogue.puts import Opinion
from services.assignment.readmodel.dialogue.queries import MEETING, PLAN, SEE_DIALOGUE, SESSION, Standing, Thing
from services.assignment.readmodel.queries import Queries
from shared.calendar import OutsideCalendar, local_day
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.directory.snapshot import Directory, NoCalendar
from shared.identity.pages import Working
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.reading import or_none
from shared.web.typed import DayUnclear, day_of

PATH: Final = "/calendar"
REQUEST: Final = "request"
DAYS: Final = 7
AROUND: Final = timedelta(days=45)  # how far a dialogue's dates lie from its day


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something due on a day: what, by rule, and of which dialogue; or a report of the plan, to be sent `before` a day."""

    rule: str
    session: Thing | None = None
    before: date | None = None
    year: int | None = None  # of the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the week with all that it holds; `off` says why it is not worked."""

    day: date
    off: str | None
    meetings: tuple[Thing, ...]
    sessions: tuple[Thing, ...]
    requests: tuple[Thing, ...]
    due: tuple[Due, ...]
    cases: tuple[Opinion, ...]

    @property
    def empty(self) -> bool:
        return not (self.meetings or self.sessions or self.requests or self.due or self.cases)


def routes(router: APIRouter, pages: Pages, queries: Queries, clock: Clock) -> None:
    """Show a week."""

    @router.get(PATH)
    async def week(request: Request, session: Working, day: Annotated[str, Query(max_length=30)] = "") -> Response:
        """The week that a day lies in, of today unless one is named."""
        subject, today = session.subject, local_day(clock.now())
        if not permit(subject, SEE_DIALOGUE, Resource(tenant=subject.tenant, office=subject.office)).allowed:
            raise Unknown
        monday = _monday(day, today)
        return pages.show(
            request,
            "assignment/plans/week.html",
            session=session,
            days=await days_of(queries, subject, monday, today),
            monday=monday,
            sunday=monday + timedelta(days=DAYS - 1),
            before=monday - timedelta(days=DAYS),
            after=monday + timedelta(days=DAYS),
            today=today,
            short=short,
        )


def _monday(typed: str, today: date) -> date:
    try:
        day = day_of(typed, today) or today
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        raise DayUnclear("day") from None


async def days_of(queries: Queries, subject: Subject, monday: date, today: date) -> tuple[Day, ...]:
    """The seven days from a Monday on."""
    office, sunday = subject.office, monday + timedelta(days=DAYS - 1)
    asked = queries.dialogues.of_office
    meetings = [each for each in await asked(subject, office, MEETING, first=monday, last=sunday) if each.stage != "huy"]
    sessions = [each for each in await asked(subject, office, SESSION, first=monday, last=sunday) if each.stage != "huy"]
    requests = [each for each in await asked(subject, office, REQUEST, first=monday, last=sunday) if each.stage == "da_tiep_nhan"]
    due = {**await _dates(queries, subject, monday, sunday)}
    directory = await queries.directories.at(today)
    for day, reports in (await _reports(queries, subject, monday, directory)).items():
        due[day] = (*due.get(day, ()), *reports)
    cases = await queries.puts.due_between(subject, office, monday, sunday)
    return tuple(
        Day(
            day=day,
            off=_off(directory, day),
            meetings=_on(meetings, day),
            sessions=_on(sessions, day),
            requests=_on(requests, day),
            due=tuple(due.get(day, ())),
            cases=tuple(each for each in cases if each.due == day),
        )
        for day in (monday + timedelta(days=n) for n in range(DAYS))
    )


def _on(things: Sequence[Thing], day: date) -> tuple[Thing, ...]:
    return tuple(each for each in things if each.day == day)


def _off(directory: Directory, day: date) -> str | None:
    """Why a day is not worked, empty where it only is no working day; None where it is, or no calendar says so."""
    try:
        calendar = directory.calendar
        return None if calendar.is_working(day) else calendar.days_off.get(day, "")
    except (NoCalendar, OutsideCalendar):
        return None


async def _dates(queries: Queries, subject: Subject, first: date, last: date) -> Mapping[date, tuple[Due, ...]]:
    """What the dialogues around these days set for them, and is still to be done."""
    around = await queries.dialogues.of_office(subject, subject.office, SESSION, first=first - AROUND, last=last + AROUND)
    found: dict[date, tuple[Due, ...]] = {}
    for each in around:
        if each.stage in ("huy", "ket_thuc"):
            continue
        _, _, dates = await queries.dialogues.one(subject, SESSION, each.id)
        for dated in dates:
            if dated.standing is Standing.RUNS and first <= dated.due.day <= last:
                found[dated.due.day] = (*found.get(dated.due.day, ()), Due(rule=dated.due.rule, session=each))
    return found


async def _reports(queries: Queries, subject: Subject, monday: date, directory: Directory) -> Mapping[date, tuple[Due, ...]]:
    """The reports of the plans of the year and the one before, on the last working day on which they can still be sent."""
    found: dict[date, tuple[Due, ...]] = {}
    for year in (monday.year - 1, monday.year):
        stream = plan_stream(subject.office, year)
        line = await or_none(queries.dialogues.one(subject, PLAN, stream))
        if line is None or line[0].stage != "da_ban_hanh":
            continue
        whole = await queries.dialogues.whole(subject, PLAN, stream, line[0].version)
        for window in whole["windows"]:
            report = Due(rule=window["report"], before=window["before"], year=year)
            last = _last_day_before(window["before"], directory)
            found[last] = (*found.get(last, ()), report)
    return found


def _last_day_before(day: date, directory: Directory) -> date:
    """The last working day before `day`; where no calendar says, the day before it."""
    try:
        return directory.calendar.before(day)
    except (NoCalendar, OutsideCalendar):
        return day - timedelta(days=1)
