"""The page of late entries: what happened long before it was recorded, and which locked report it came too late for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from deploy.pages.audit.access import Auditing
from deploy.pages.audit.logs import Line, Logs
from shared.calendar import local_day
from shared.clock import instant
from shared.config import SERVICES
from shared.contracts.registry import name_of_event
from shared.contracts.report import DataLocked, ReportOpened
from shared.eventlog.port import LogUnavailable
from shared.eventlog.records import Record
from shared.web.pages import Pages

PATH: Final = "/audit/late"
PAGE: Final = 50
REPORTING: Final = "reporting"
LONGEST_DAYS: Final = 3_660


@dataclass(frozen=True, slots=True)
class Locked:
    """A report whose figures were locked: its days, both counted, and when (microseconds)."""

    report: str
    first: date
    last: date
    at: int

    def missed(self, occurred: int, recorded: int) -> bool:
        """Whether what happened then belongs into its window and was recorded only after the lock."""
        return self.first <= local_day(instant(occurred)) <= self.last and recorded > self.at


@dataclass(frozen=True, slots=True)
class Late:
    """An event that was recorded late: by how many days, and for which locked reports."""

    line: Line
    days: int
    missed: tuple[Locked, ...]


def days_late(record: Record | Line) -> int:
    """How many days lie between the day on which it happened and the one on which it was recorded."""
    return (local_day(instant(record.recorded)) - local_day(instant(record.occurred))).days


def routes(router: APIRouter, pages: Pages, logs: Logs) -> None:
    @router.get(PATH)
    async def late(
        request: Request,
        session: Auditing,
        log: Annotated[str, Query(max_length=20)] = "assignment",
        days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = 1,
        before: Annotated[int | None, Query(ge=1, lt=10**18)] = None,
    ) -> Response:
        """What one log has that was recorded so many days late or later, as of now."""
        found = await logs.find(log, lambda record: days_late(record) >= days, last=before, limit=PAGE)
        locks = await _locks(logs)
        return pages.show(
            request,
            "audit/late.html",
            session=session,
            services=SERVICES,
            log=log,
            days=days,
            before=before,
            found=found,
            late=[_late(line, locks) for line in found.lines],
            locks_known=locks is not None,
        )


def _late(line: Line, locks: Sequence[Locked] | None) -> Late:
    missed = tuple(lock for lock in locks or () if lock.missed(line.occurred, line.recorded))
    return Late(line, days_late(line), missed)


async def _locks(logs: Logs) -> list[Locked] | None:
    """The reports locked so far; None where the reporting log does not answer."""
    opened: dict[str, Mapping[str, str]] = {}
    locked: dict[str, Locked] = {}
    opening, locking = name_of_event(ReportOpened), name_of_event(DataLocked)
    try:
        last = (await logs.of(REPORTING).head()).position
        async for record in logs.between(REPORTING, 0, last):
            if record.type == opening:
                opened[record.stream] = orjson.loads(record.data)
            elif record.type == locking and record.stream in opened:
                first, last_day = (date.fromisoformat(opened[record.stream][name]) for name in ("first", "last"))
                locked[record.stream] = Locked(record.stream, first, last_day, record.recorded)
    except LogUnavailable:
        return None
    return list(locked.values())
