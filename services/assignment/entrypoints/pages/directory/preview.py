"""What a change of the directory would move, before it is made: open deadlines, and work in the hands of a unit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.case import states as cases
from services.assignment.domain.directory.commands import DissolveUnit, SucceedUnit
from services.assignment.domain.task import states as tasks
from services.assignment.handlers import FOLDS
from services.assignment.readmodel.deadlines.queries import Deadlines
from services.assignment.readmodel.deadlines.views import OpenWork
from shared.calendar import Calendar, recounted
from shared.contracts.due import Due
from shared.directory.snapshot import Directory
from shared.eventlog.port import EventLog

PREVIEWED: Final = (PublishCalendar, SucceedUnit, DissolveUnit)
MOST: Final = 2_000  # pieces of open work that are counted again for a preview
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Move:
    """Open deadlines of one unit (none: nobody was given the work yet) that move from one day to another; how many."""

    office: str
    unit: str | None
    before: date
    after: date
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would move: `counted` deadlines looked at of `open`, and the work a unit holds, by kind."""

    moves: tuple[Move, ...] = ()
    counted: int = 0
    open: int = 0
    held: Counter[str] | None = None


async def preview(command: Any, deadlines: Deadlines, log: EventLog, directory: Directory, today: date) -> Preview:
    """What a command of the directory would move if it were done now; no case is named."""
    if isinstance(command, PublishCalendar):
        work = await deadlines.outdated(command.version)
        moves = await _moves(_calendar(command), work[:MOST], log, directory, today)
        return Preview(moves=moves, counted=min(len(work), MOST), open=len(work))
    held = await deadlines.held_by(command.unit)
    return Preview(held=Counter(each.kind for each in held), open=len(held))


def _calendar(command: PublishCalendar) -> Calendar:
    return Calendar(
        version=command.version,
        first=command.first,
        last=command.last,
        days_off={each.day: each.name for each in command.days_off},
        workdays=frozenset(command.workdays),
    )


async def _moves(new: Calendar, work: Sequence[OpenWork], log: EventLog, directory: Directory, today: date) -> tuple[Move, ...]:
    """Counted exactly as `revise_due` will, from what each piece of work says of its own day."""
    found: Counter[tuple[str, str | None, date, date]] = Counter()
    for n in range(0, len(work), AT_ONCE):
        some = work[n : n + AT_ONCE]
        streams = await log.read_streams(tuple(each.about for each in some))
        for each in some:
            due = _due_of(FOLDS[each.about.partition("-")[0]].over(streams[each.about]))
            moved = recounted(due, directory.calendars.get(due.calendar), new, today) if due is not None else None
            if due is not None and moved is not None and moved.day != due.day:
                found[each.office, each.unit, due.day, moved.day] += 1
    return tuple(Move(*key, n) for key, n in sorted(found.items(), key=lambda item: (item[0][2], item[0][3], str(item[0][1]))))


def _due_of(state: Any) -> Due | None:
    match state:
        case tasks.Assigned(work=work) | tasks.Accepted(work=work) | tasks.Submitted(work=work):
            return work.due
        case _ if isinstance(state, cases.OPEN):
            return state.matter.due
    return None
