"""By when each step of a report is due, counted back from the last working day before it must be sent (domain brief §5.4)."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from shared.calendar import DAY, Calendar


class Step(StrEnum):
    """What is done with a report, in this order."""

    LOCK = "lock"
    DRAFT = "draft"
    COMMENT = "comment"
    SUBMIT = "submit"
    SIGN = "sign"
    DISPATCH = "dispatch"


BACK: Final[Mapping[Step, int]] = {step: len(Step) - 1 - n for n, step in enumerate(Step)}  # in working days from D


def ladder(calendar: Calendar, last: date, before: date) -> dict[Step, date]:
    """The day of each step for a window until `last` and a report to be sent before `before`.

    The lock never precedes the end of the window: where D−5 does, it is the first working day after it, and the steps that
    would come earlier are taken that day too (year walkthrough §4). The day of sending moves for nothing.

    Raises:
        OutsideCalendar

    """
    dispatch = calendar.before(before)
    earliest = calendar.next_working(last + DAY)
    days = {step: max(calendar.back(dispatch, back), earliest) for step, back in BACK.items()}
    return {step: day if step is Step.LOCK else min(day, dispatch) for step, day in days.items()}


def next_step(done: Collection[Step]) -> Step | None:
    """The step after the last that was taken, None after all: what was passed over is waited for by nobody."""
    steps = list(Step)
    reached = max((steps.index(step) for step in done), default=-1)
    return steps[reached + 1] if reached + 1 < len(steps) else None
