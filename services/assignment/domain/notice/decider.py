"""Stream `notice-<id>`: conclusions; issuing one sends its paper, gives its work and concludes its cases in one append (R37)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import conflict
from services.assignment.domain.case import states as case
from services.assignment.domain.case.refusals import CoordinatesItself
from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.directory.rules import rules_among
from services.assignment.domain.document.carrying import Carried, Wanted, carry, is_said_again, refuse_other_paper
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.notice import commands as asked
from services.assignment.domain.notice import refusals
from services.assignment.domain.notice.states import Draft, Issued, NoNotice, Notice, beside
from services.assignment.domain.session.states import Session, Stage
from services.assignment.domain.task.states import is_open
from shared.calendar import CARRY_OUT, CARRY_OUT_COMPLEX, Calendar, Rules, rules_on
from shared.contracts.case import Authority, CaseAssigned, CaseConcluded, CaseDueSet, DueBase
from shared.contracts.document import DocumentKind
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.notice import (
    Beside,
    ConclusionKind,
    DraftItem,
    IssuedItem,
    NoticeAmended,
    NoticeCommented,
    NoticeDrafted,
    NoticeIssued,
    OwnDay,
)
from shared.contracts.opinion import Flag
from shared.contracts.refusals import Unknown
from shared.contracts.session import Outcome, SessionConcluded, Track
from shared.contracts.task import TaskAssigned, TaskDueSet, TaskType

Decided = dict[str, Sequence[Any]]
ENDED = (case.Resolved, case.Closed, case.Ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting(Listing):
    """The lists of the day and who is Chairman, with the stream of the notice."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing(Listing):
    """The lists of the day, with the stream of the task that each item may give, by number.

    `beside` names that of a unit which co-ordinates the item of a number.
    """

    tasks: Mapping[int, str]
    beside: Callable[[int, str], str]


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a notice, to its paper, and to the tasks, cases and session it concludes, by stream.

    Raises:
        Unknown: no such notice, case, session or document.
        Refused: one of the rules in `refusals`, of the paper's (`carrying.carry`) or of the directory's.
        AboutThatUnit: work on an opinion for a unit that it is about (R16).

    """
    if isinstance(command, asked.DraftNotice):
        assert isinstance(facts, Drafting)
        return _draft(command, states, facts)
    state: Notice = states[command.notice]
    if isinstance(state, NoNotice):
        raise Unknown("notice")
    match command:
        case asked.CommentNotice():
            if isinstance(state, Issued):
                raise refusals.NoticeInForce
            return {command.notice: [NoticeCommented(unit=facts.unit, comment=command.comment)]}
        case asked.IssueNotice():
            assert isinstance(facts, Issuing)
            return _issue(command, state, states, facts)
        case asked.AmendNotice():
            assert isinstance(facts, Listing)
            return _amend(command, state, states, facts)
    raise TypeError(f"a notice is not asked to {type(command).__name__}")


def _draft(command: asked.DraftNotice, states: Mapping[str, Any], facts: Drafting) -> Decided:
    if isinstance(states[facts.notice], Issued):
        raise refusals.NoticeInForce
    if command.notice is not None and isinstance(states[facts.notice], NoNotice):
        raise Unknown("notice")
    if not command.items:
        raise refusals.NothingConcluded("items")
    session = _session(command.session, command.office, states)
    _refuse_other_name(command.authority, session)
    for number, item in enumerate(command.items, start=1):
        _refuse_incomplete(number, item)
        if item.case is not None and not _is_of(states[item.case], command.office):
            raise Unknown(f"items.{number - 1}.case")
    twice = [name for name, n in Counter(item.case for item in command.items if item.case).items() if n > 1]
    if twice:
        raise refusals.ConcludedTwice("items", case=twice[0])
    wanted = _paper_about(facts.notice, command.office, command.session, command.authority)
    refuse_other_paper(command.document, "document", wanted, states, facts, signed=False)
    drafted = NoticeDrafted(
        office=command.office,
        authority=command.authority,
        session=command.session,
        meeting=session.was.meeting if session else None,
        document=command.document,
        items=tuple(
            DraftItem(
                number=number,
                kind=item.kind,
                case=item.case,
                text=item.text,
                unit=item.unit,
                coordinating=tuple(
                    OwnDay(unit=each.unit, until=each.due) if each.due else each.unit for each in item.coordinating
                ),
                days=item.days,
                until=item.until,
            )
            for number, item in enumerate(command.items, start=1)
        ),
    )
    return {facts.notice: [drafted]}


def _is_of(state: case.Case, office: str) -> bool:
    return not isinstance(state, case.NoCase) and state.matter.office == office


def _session(stream: str | None, office: str, states: Mapping[str, Any]) -> Session | None:
    if stream is None:
        return None
    session = states[stream]
    if not isinstance(session, Session) or session.was.office != office:
        raise Unknown("session")
    return session


def _refuse_other_name(authority: Authority, session: Session | None) -> None:
    chairmans = session is not None and session.was.track is Track.CHAIRMAN
    if (authority is Authority.CHAIRMAN) is not chairmans:
        raise refusals.NotInThatName("authority", authority=authority.value)


def _refuse_incomplete(number: int, item: asked.Conclusion) -> None:
    at = f"items.{number - 1}"
    if item.kind is ConclusionKind.DIRECTS:
        ways = (item.days is not None, item.until is not None, item.by_rule)
        if item.unit is None or sum(ways) != 1 or (item.days is not None and item.days < 1):
            raise refusals.UnitOrDayMissing(at, item=number)
        _refuse_twice(at, item.unit, [each.unit for each in item.coordinating])
    elif item.unit is not None or item.coordinating or item.days is not None or item.until is not None or item.by_rule:
        raise refusals.WorkWithoutDirecting(at, item=number)


def _refuse_twice(at: str, lead: str, units: Sequence[str]) -> None:
    twice = [key for key, n in Counter((lead, *units)).items() if n > 1]
    if twice:
        raise CoordinatesItself(f"{at}.coordinating", unit=twice[0])


def _issue(command: asked.IssueNotice, state: Notice, states: Mapping[str, Any], facts: Issuing) -> Decided:
    if isinstance(state, Issued):
        if is_said_again(command, state.document, states):
            return {}
        raise refusals.NoticeInForce
    assert isinstance(state, Draft)
    draft = state.draft
    paper = _paper(command, draft, states, facts)
    day = paper.on
    decided: dict[str, list[Any]] = {stream: list(events) for stream, events in paper.events.items()} | {command.notice: []}
    if draft.session is not None:
        _conclude_session(command.notice, draft, states, decided)
    days = calendar.among(states)
    items = tuple(_issued(item, draft, day, days, states, facts) for item in draft.items)
    decided[command.notice].append(NoticeIssued(document=paper.document, number=paper.symbol, on=day, items=items))
    for item in items:
        _take_effect(item, command.notice, draft, states, decided)
    return dict(decided)


def _paper(command: asked.IssueNotice, draft: NoticeDrafted, states: Mapping[str, Any], facts: Listing) -> Carried:
    """A dialogue has one notice, so that a paper about the dialogue is a paper about the notice."""
    wanted = _paper_about(command.notice, draft.office, draft.session, draft.authority)
    return carry(command, command.document or draft.document, wanted, states, facts)


def _paper_about(notice: str, office: str, session: str | None, authority: Authority) -> Wanted:
    about = (notice, session) if session is not None else (notice,)
    return Wanted(kind=DocumentKind.NOTICE, office=office, about=about, authority=authority)


def _conclude_session(notice: str, draft: NoticeDrafted, states: Mapping[str, Any], decided: dict[str, list[Any]]) -> None:
    assert draft.session is not None
    session = states[draft.session]
    if not isinstance(session, Session) or session.stage is not Stage.HELD:
        raise refusals.SessionNotToConclude("session")
    # What was directed and has ended since, withdrawn or split, needs no conclusion and could have none.
    lasting = [put for put in session.puts.values() if not isinstance(states.get(put.case), ENDED)]
    directed = {put.case for put in lasting if put.outcome and put.outcome.outcome is Outcome.DIRECTED}
    missing = sorted(directed - {item.case for item in draft.items if item.kind is ConclusionKind.DIRECTS})
    if missing:
        raise refusals.OutcomeWithoutConclusion("items", cases=", ".join(missing))
    decided[draft.session] = [SessionConcluded(notice=notice, meeting=None)]


def _issued(
    item: DraftItem, draft: NoticeDrafted, day: date, days: Calendar, states: Mapping[str, Any], facts: Issuing
) -> IssuedItem:
    state = states[item.case] if item.case is not None else None
    directs = item.kind is ConclusionKind.DIRECTS
    if directs and isinstance(state, ENDED):
        raise refusals.CaseHasEnded(f"items.{item.number - 1}", case=item.case)
    if directs:
        _refuse_units(item, state, draft, day, states, facts)
    rules = rules_on(day, rules_among(states, draft.office))
    due = _due(item, day, days, rules, state) if directs else None
    return IssuedItem(
        number=item.number,
        kind=item.kind,
        case=item.case,
        episode=state.matter.episode if state is not None else None,
        unit=item.unit,
        coordinating=_coordinating(item, due, day, days, rules, facts) if due is not None else (),
        due=due,
        task=facts.tasks[item.number] if directs else None,
    )


def _coordinating(item: DraftItem, due: Due, day: date, days: Calendar, rules: Rules, facts: Issuing) -> tuple[Beside, ...]:
    """Who co-ordinates, each with a task and a date of its own: its own day, else the item's."""
    return tuple(
        Beside(
            unit=unit,
            task=facts.beside(item.number, unit),
            due=due if until is None else _until(until, day, days, rules, f"items.{item.number - 1}.coordinating"),
        )
        for unit, until in beside(item).items()
    )


def _refuse_units(
    item: DraftItem, about: Any, draft: NoticeDrafted, day: date, states: Mapping[str, Any], facts: Issuing
) -> None:
    assert item.unit is not None
    _refuse_twice(f"items.{item.number - 1}", item.unit, tuple(beside(item)))
    for key in (item.unit, *beside(item)):
        at = f"items.{item.number - 1}.{'unit' if key == item.unit else 'coordinating'}"
        unit = states[unit_stream(key)]
        if draft.authority is Authority.CHAIRMAN:
            unit_on(unit, key, day, at)
        else:
            lead_on(unit, key, draft.office, day)
        # A unit that leads a case about itself is the head's, who took it on himself: no other is ever given one.
        if about is not None and key != getattr(about, "lead", None):
            conflict.refuse_unit(about.matter, key, at, facts)


def _due(item: DraftItem, day: date, days: Calendar, rules: Rules, about: Any) -> Due:
    if item.days is not None:
        return days.due_in_days(day, item.days, rule=CARRY_OUT, rules=rules.version)
    if item.until is None:
        hard = about is not None and Flag.COMPLEX in about.matter.flags
        return rules.due(days, CARRY_OUT_COMPLEX if hard else CARRY_OUT, day)
    return _until(item.until, day, days, rules, f"items.{item.number - 1}.until")


def _until(until: date, day: date, days: Calendar, rules: Rules, at: str) -> Due:
    if until <= day:
        raise refusals.DayNotAhead(at, until=until.isoformat())
    return replace(days.due_in_days(day, (until - day).days, rule=CARRY_OUT, rules=rules.version), day=until)


def _take_effect(
    item: IssuedItem, notice: str, draft: NoticeDrafted, states: Mapping[str, Any], decided: dict[str, list[Any]]
) -> None:
    given: tuple[IssuedItem | Beside, ...] = (item, *item.coordinating)
    for each in given:
        if each.task is not None:
            assert each.unit is not None
            assert each.due is not None
            decided[each.task] = [
                TaskAssigned(
                    type=TaskType.CARRY_OUT,
                    unit=each.unit,
                    office=draft.office,
                    about=notice,
                    case=item.case,
                    episode=item.episode,
                    authority=draft.authority,
                    due=each.due,
                )
            ]
    if item.case is None or item.episode is None:
        return
    events = decided.setdefault(item.case, [])
    if item.task is not None and item.due is not None and item.unit is not None and isinstance(states[item.case], case.Waiting):
        # Nobody has the case yet: whoever carries it out also answers it.
        events.append(CaseAssigned(episode=item.episode, lead=item.unit, authority=draft.authority, task=item.task, due=item.due))
    events.append(CaseConcluded(episode=item.episode, notice=notice, item=item.number, unit=item.unit, task=item.task))
    if item.due is not None:
        events.append(CaseDueSet(episode=item.episode, base=DueBase.CONCLUSION, due=item.due))


def _amend(command: asked.AmendNotice, state: Notice, states: Mapping[str, Any], facts: Listing) -> Decided:
    if not isinstance(state, Issued):
        raise refusals.NoticeNotInForce
    item = next((each for each in state.items if each.number == command.item), None)
    named = _named(item, command.unit)
    if item is None or named is None or named.task is None or named.due is None or not is_open(states[named.task]):
        raise refusals.NoSuchItem("item", item=command.item)
    if named.due.day == command.until:
        return {}
    if command.document == state.document:
        raise refusals.AmendedByItself("document")
    draft = state.draft
    wanted = Wanted(kind=DocumentKind.NOTICE, office=draft.office, about=(command.notice,), authority=draft.authority)
    paper = carry(command, command.document, wanted, states, facts)
    if command.until <= paper.on:
        raise refusals.DayNotAhead("until", until=command.until.isoformat())
    due = replace(named.due, day=command.until)
    also = item.coordinating if named is item else ()
    moved = {
        each.task for each in (named, *also) if each.task is not None and _goes_along(each.task, each.due, named.due, states)
    }
    amended = replace(
        item,
        due=due if named is item else item.due,
        coordinating=tuple(replace(each, due=due) if each.task in moved else each for each in item.coordinating),
    )
    decided: dict[str, list[Any]] = {stream: list(events) for stream, events in paper.events.items()}
    decided[command.notice] = [
        NoticeAmended(document=paper.document, number=paper.symbol, on=paper.on, item=amended, reason=command.reason)
    ]
    for task in sorted(moved):
        decided[task] = [TaskDueSet(unit=states[task].work.unit, due=due)]
    if named is item and item.case is not None and item.episode is not None:
        decided[item.case] = [CaseDueSet(episode=item.episode, base=DueBase.CONCLUSION, due=due)]
    return dict(decided)


def _named(item: IssuedItem | None, unit: str | None) -> IssuedItem | Beside | None:
    """What is amended: the item, or what one unit does beside its lead."""
    if item is None or unit is None:
        return item
    return next((each for each in item.coordinating if each.unit == unit), None)


def _goes_along(task: str, own: Due | None, due: Due, states: Mapping[str, Any]) -> bool:
    """Whether it is open until that day: who co-ordinates until the item's day goes with it."""
    return own is not None and own.day == due.day and is_open(states[task])
