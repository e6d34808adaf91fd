"""What a dialogue, notice, request, proposal or task adds to a column, and why: the tables beside the opinions add this up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.reporting.domain.figures.steps import Step


class Why(StrEnum):
    """What puts something into a column."""

    SCHEDULED = "scheduled"  # the day first fixed falls into the window
    PROPOSED = "proposed"  # proposed in the window, after the day first fixed
    ENDED_EARLY = "ended-early"  # held or cancelled in the window, before the day first fixed
    PUT_OFF = "put-off"  # of an earlier window and not ended in one
    LEFT_OPEN = "left-open"  # the report before counted it as put off
    LATE = "late"  # known otherwise since that report
    MOVED = "moved"  # stands in another row than that report had it in
    HELD = "held"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"  # put off to another day, and not ended before the window is over
    NOT_ENDED = "not-ended"  # neither held nor cancelled before the window is over
    ATTENDED = "attended"
    RAISED = "raised"  # put to or raised in a dialogue that was held in the window
    CONCLUDED = "concluded"  # its outcome there
    ISSUED = "issued"
    GIVEN = "given"  # given by an item, and not over before the window
    IN_TIME = "in-time"
    OVERDUE = "overdue"
    DROPPED = "dropped"  # returned, recalled or cancelled
    DONE = "done"
    HAPPENED = "happened"  # it happened in the window
    DUE = "due"  # its day falls into the window, or it was opened in it after its day
    HANDED_IN = "handed-in"
    WAITING = "waiting"  # nothing ended or decided it before the window is over


@dataclass(frozen=True, slots=True)
class Tally:
    """What one thing adds to a column of a row.

    `name` is what is counted: a dialogue, an episode put there, an item of a notice, a task …; `streams` are those that tell
    of it, the thing itself first, and `step` is the one that puts it there.
    """

    row: str
    column: str
    name: str
    n: int
    why: Why
    step: Step
    streams: tuple[str, ...]


def of_stream(row: str, column: str, why: Why, step: Step, n: int = 1) -> Tally:
    """What a stream adds by one of its own steps."""
    return Tally(row, column, step.stream, n, why, step, (step.stream,))


def summed(columns: Sequence[str], tallies: Iterable[Tally]) -> dict[str, int]:
    """Every one of these columns, added up."""
    n: Counter[str] = Counter()
    for each in tallies:
        n[each.column] += each.n
    return {column: n[column] for column in columns}
