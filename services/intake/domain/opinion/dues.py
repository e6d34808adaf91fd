"""Until when an opinion is to be answered, as far as intake counts it: from its receipt, over a pause, by another calendar."""

from datetime import date, datetime

from services.intake.domain.opinion.facts import Sorting
from services.intake.domain.opinion.states import AwaitingCompletion, Classified, Open, Opinion, Received
from shared.calendar import RESUME, answer_due, local_day, recounted, rules_on
from shared.contracts.due import Due
from shared.contracts.opinion import OpinionDueSet


def due_of(state: Open, facts: Sorting) -> Due:
    """Until when it is to be answered: what it is called anew does not move the day that it has (invariant 8)."""
    match state:
        case Classified(due=due):
            return due
        case AwaitingCompletion(classified=known):
            due = known.due if known is not None else _answer_due(state.receipt.received_at, facts)
            stood_still = _stopped(due, state) < local_day(facts.at)
            return _resumed(due, state, facts) if stood_still else due  # classified without it, it waits for it no longer
        case Received(since=since):  # once it was completed its time began anew: nothing could be done before
            return _answer_due(since or state.receipt.received_at, facts)
    raise TypeError(f"{type(state).__name__} is not open")


def _answer_due(since: datetime, facts: Sorting) -> Due:
    assert facts.calendar is not None
    begun = local_day(since)
    return answer_due(facts.calendar, begun, rules_on(begun, facts.rules))


def due_again(state: AwaitingCompletion, facts: Sorting) -> list[OpinionDueSet]:
    """It is completed; what was not classified yet has its time from the completion on."""
    if state.classified is None:
        return []
    return [OpinionDueSet(episode=state.receipt.episode, due=_resumed(state.classified.due, state, facts))]


def _resumed(due: Due, state: AwaitingCompletion, facts: Sorting) -> Due:
    """The clock goes on: the working days that were left when it was stopped, counted from now (R10)."""
    assert facts.calendar is not None
    calendar, day, stopped = facts.calendar, local_day(facts.at), _stopped(due, state)
    # A calendar published meanwhile gives back the days that it takes: what is left is counted by one calendar alone.
    due = recounted(due, facts.calendars.get(due.calendar), calendar, stopped) or due
    left = max(1, calendar.working_days(stopped, due.day))
    return calendar.due(day, left, rule=RESUME, rules=rules_on(day, facts.rules).version)


def _stopped(due: Due, state: AwaitingCompletion) -> date:
    """The day on which the clock was stopped."""
    return local_day(state.at) if state.at else due.start


def revise(state: Opinion, facts: Sorting) -> list[OpinionDueSet]:
    """Counted anew by the calendar in force; nothing where intake has no due date of it (design decision 18)."""
    if not isinstance(state, Classified):
        return []
    assert facts.calendar is not None
    due = recounted(state.due, facts.calendars.get(state.due.calendar), facts.calendar, facts.day)
    return [OpinionDueSet(episode=state.receipt.episode, due=due)] if due is not None else []
