"""Open due dates counted anew when a calendar is published (design decision 18): by event, and never into the past."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import states as cases
from services.assignment.domain.deadlines.commands import ReviseDue
from services.assignment.domain.task import states as tasks
from shared.calendar import local_day, recounted
from shared.contracts.case import CaseDueSet, DueBase
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.task import TaskDueSet


def decide(command: ReviseDue, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """The due date by the calendar in force; nothing where it was counted by that one, or the work is done.

    Raises:
        Unknown, NoCalendarYet

    """
    state = states[command.about]
    published = states[calendar.STREAM]
    days, today = calendar.in_force(published), local_day(facts.at)
    match state:
        case tasks.NoTask() | cases.NoCase():
            raise Unknown("about")
        case tasks.Assigned(work=work) | tasks.Accepted(work=work) | tasks.Submitted(work=work):
            due = recounted(work.due, calendar.named(published, work.due.calendar), days, today)
            return {command.about: [TaskDueSet(unit=work.unit, due=due)]} if due is not None else {}
        case _ if isinstance(state, cases.OPEN):
            matter = state.matter
            due = recounted(matter.due, calendar.named(published, matter.due.calendar), days, today)
            if due is not None:
                return {command.about: [CaseDueSet(episode=matter.episode, base=DueBase.CALENDAR, due=due)]}
    return {}
