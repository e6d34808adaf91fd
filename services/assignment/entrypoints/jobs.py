"""What falls due by the clock: days that pass, reminders, due dates under a new calendar, work of units that are no more."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

import structlog

from services.assignment.domain.deadlines.commands import ReviseDue
from services.assignment.domain.reorganisation.commands import HandOver
from services.assignment.domain.task.commands import NoticeOverdue, RemindTask
from services.assignment.readmodel.deadlines.queries import Deadlines
from services.assignment.readmodel.deadlines.views import OpenWork
from shared.calendar import DAY, REMIND, OutsideCalendar, day_starts, local_day
from shared.commands import model_of
from shared.contracts.refusals import Refused
from shared.desk import Asked, Desk, name_of
from shared.directory.queries import Directories, DirectoryNotYet
from shared.directory.snapshot import Directory, NoCalendar
from shared.permit import Subject
from shared.service import Job

HOUSE: Final = "jobs"

_log = structlog.get_logger()


def jobs(tenant: str, desk: Desk, deadlines: Deadlines, directories: Directories) -> Sequence[Job]:
    """The jobs of one tenant. Each does a bounded part at a time and is due again until nothing is left.

    What they ask carries an id that follows from the work and the day, so that a job that ran twice has run once.
    """
    clock = _ByTheClock(tenant, desk, deadlines, directories)
    return (
        Job(name="transfer-work", next_due=clock.transfer_due, run=clock.transfer),
        Job(name="revise-dues", next_due=clock.revision_due, run=clock.revise),
        Job(name="notice-overdue", next_due=clock.notice_due, run=clock.notice),
        Job(name="remind", next_due=clock.reminder_due, run=clock.remind),
    )


class _ByTheClock:
    def __init__(self, tenant: str, desk: Desk, deadlines: Deadlines, directories: Directories) -> None:
        self._tenant, self._desk, self._deadlines, self._directories = tenant, desk, deadlines, directories

    async def notice_due(self, now: datetime) -> datetime | None:
        """The end of the first day that passes with work undone."""
        first = await self._deadlines.first_unnoticed()
        return day_starts(first + DAY) if first is not None else None

    async def notice(self, now: datetime) -> int:
        """Note, at the instant at which each day ended, that it did."""
        late = await self._deadlines.unnoticed(local_day(now))
        return await self._each(
            late,
            NoticeOverdue,
            lambda work: {"task": work.about},
            lambda work: f"overdue/{work.about}/{work.due}",
            lambda work: day_starts(work.due + DAY),
        )

    async def reminder_due(self, now: datetime) -> datetime | None:
        """The first reminder, so many working days before its due day as the office's rules say."""
        found = [day for _, day in await self._reminders(now)]
        return day_starts(min(found)) if found else None

    async def remind(self, now: datetime) -> int:
        """Remind of what is due soon."""
        today = local_day(now)
        due = [work for work, day in await self._reminders(now) if day <= today]
        return await self._each(
            due, RemindTask, lambda work: {"task": work.about}, lambda work: f"remind/{work.about}/{work.due}"
        )

    async def _reminders(self, now: datetime) -> list[tuple[OpenWork, date]]:
        """The tasks to be reminded by now, and of each office the next ones after them, with the days on which they are."""
        directory = await self._directory(now)
        if directory is None or directory.published is None:
            return []
        today = local_day(now)
        found: list[tuple[OpenWork, date]] = []
        for office in await self._deadlines.offices():
            rules = directory.rules_of(office)
            for due in await self._deadlines.days_to_remind_of(office, today):
                try:
                    day = rules.before(directory.calendar, REMIND, due)
                except OutsideCalendar:
                    continue
                work = await self._deadlines.unreminded(office, due, day)
                found += [(each, day) for each in work]
                if work and day > today:
                    break
        return found

    async def revision_due(self, now: datetime) -> datetime | None:
        """At once, while anything open was counted by an older calendar."""
        version = await self._calendar(now)
        return now if version and await self._deadlines.outdated(version) else None

    async def revise(self, now: datetime) -> int:
        """Count anew what was counted by an older calendar."""
        version = await self._calendar(now)
        if version is None:
            return 0
        return await self._each(
            await self._deadlines.outdated(version),
            ReviseDue,
            lambda work: {"about": work.about},
            lambda work: f"revise-due/{work.about}/{version}",
        )

    async def transfer_due(self, now: datetime) -> datetime | None:
        """At once, while a unit that is no more holds work; else the day of the next succession."""
        directory = await self._directory(now)
        if directory is None:
            return None
        if await self._deadlines.orphaned(directory):
            return now
        following = await self._directories.next_reorganisation(directory.day)
        return day_starts(following) if following is not None else None

    async def transfer(self, now: datetime) -> int:
        """Give the work of units that are no more to their successors, or queue it."""
        directory = await self._directory(now)
        if directory is None:
            return 0
        return await self._each(
            await self._deadlines.orphaned(directory),
            HandOver,
            lambda work: {"about": work.about},
            lambda work: f"hand-over/{work.about}/{work.unit}/{directory.day}",
        )

    async def _each(
        self,
        work: Sequence[OpenWork],
        command: type,
        body: Callable[[OpenWork], dict[str, Any]],
        command_id: Callable[[OpenWork], str],
        at: Callable[[OpenWork], datetime] | None = None,
    ) -> int:
        """Ask `command` about each piece of work; how many were done now."""
        done = 0
        name = name_of(command)
        for each in work:
            asked = Asked(
                command=name,
                body=model_of(command).model_validate(body(each)),
                subject=Subject.house(HOUSE, tenant=self._tenant, office=each.office),
                command_id=command_id(each),
                occurred_at=at(each) if at is not None else None,
            )
            try:
                found = await self._desk.handle(asked)
            except Refused as refused:  # one piece of work must not hold up the others; it stays due and is tried again
                _log.warning("job.refused", command=name, about=each.about, rule=refused.code)
                continue
            done += found.position > 0 and not found.replayed
        return done

    async def _calendar(self, now: datetime) -> str | None:
        directory = await self._directory(now)
        try:
            return directory.calendar.version if directory is not None else None
        except NoCalendar:
            return None

    async def _directory(self, now: datetime) -> Directory | None:
        try:
            return await self._directories.at(local_day(now))
        except DirectoryNotYet:
            return None
