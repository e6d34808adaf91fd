"""Stream `task-<id>`: what a unit does with its work, and how it is held to its day; cases of the work move with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case.conflict import refuse_concerned
from services.assignment.domain.case.refusals import AuthorityNotHeld
from services.assignment.domain.directory.decider import Person, lead_on, person_stream, unit_on, unit_stream
from services.assignment.domain.document.carrying import Wanted, refuse_other_paper
from services.assignment.domain.task import commands as asked
from services.assignment.domain.task import moving, refusals
from services.assignment.domain.task.dues import named
from services.assignment.domain.task.states import (
    Accepted,
    Assigned,
    NoTask,
    Noticed,
    Submitted,
    Task,
    Withdrawn,
    Work,
    is_open,
)
from shared.calendar import local_day
from shared.contracts.case import Authority
from shared.contracts.document import DocumentKind
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.task import (
    ExtensionRefused,
    ExtensionRequested,
    OverdueNoticed,
    ProofAdded,
    RevisionRequested,
    Rung,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDelegated,
    TaskEscalated,
    TaskRecalled,
    TaskReminded,
    TaskSubmitted,
    TaskType,
    TaskUrged,
)

Decided = dict[str, Sequence[Any]]
LADDER: Final = tuple(Rung)
# What nobody does to work on an opinion about himself or his unit (R16, invariant 7).
JUDGING: Final = (
    asked.SubmitTask,
    asked.RequestRevision,
    asked.CompleteTask,
    asked.GrantExtension,
    asked.RefuseExtension,
    asked.TransferTask,
)
OF_A_CASE: Final = frozenset({TaskType.ANSWER, TaskType.CARRY_OUT})  # given with the case or the conclusion they belong to


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving(Facts):
    """The facts, with the stream of the task to be made."""

    task: str


def open_work(state: Task) -> Work:
    """The work of a task that the unit still has in hand.

    Raises:
        Unknown, TaskEnded, WorkSubmitted

    """
    match state:
        case NoTask():
            raise Unknown("task")
        case Submitted():
            raise refusals.WorkSubmitted("task")
        case Assigned(work=work) | Accepted(work=work):
            return work
    raise refusals.TaskEnded("task")


def work(kind: TaskType, unit: str, office: str, about: str, due: Due, authority: Authority = Authority.HEAD) -> TaskAssigned:
    """Work that belongs to no case."""
    return TaskAssigned(type=kind, unit=unit, office=office, about=about, case=None, episode=None, authority=authority, due=due)


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a task, and to the case it belongs to, by stream.

    Raises:
        Unknown: no such task.
        Refused: one of the rules in `refusals`, of the directory's or the calendar's.

    """
    if isinstance(command, asked.GiveTask):
        assert isinstance(facts, Giving)
        return _give(command, states, facts)
    if isinstance(command, asked.SettleTask):
        assert isinstance(facts, Giving)
        given = states[facts.task]
        return {facts.task: [TaskCompleted(unit=given.work.unit)]} if is_open(given) else {}
    state: Task = states[command.task]
    if isinstance(state, NoTask):
        raise Unknown("task")
    if isinstance(command, JUDGING):
        refuse_of_work(state.work, states, facts)
    match command:
        case asked.GrantExtension():
            return moving.grant(command, state, states, facts)
        case asked.CompleteTask():
            return moving.complete(command, state, states, facts)
        case asked.TransferTask():
            return moving.transfer(command, state, states, facts)
        case asked.NoticeOverdue():
            return _notice(command, state, states, facts)
        case asked.UrgeTask(letter=letter):
            urged = _step(command, state, facts)
            refuse_other_paper(letter, "letter", _urging_letter(command.task, state.work), states, facts, issued=True)
            return {command.task: urged}
        case asked.DelegateTask():
            return {command.task: _delegate(command, state, states[person_stream(command.to)], facts)}
    return {command.task: _step(command, state, facts)}


def refuse_of_work(held: Work, states: Mapping[str, Any], facts: Facts) -> None:
    """Nobody judges, extends or moves work on an opinion about himself or his unit.

    Raises:
        AboutThatPost, AboutThatUnit

    """
    found = states.get(held.given.case) if held.given.case is not None else None
    matter = getattr(found, "matter", None)
    if matter is not None:
        refuse_concerned(matter, facts)


def _give(command: asked.GiveTask, states: Mapping[str, Any], facts: Giving) -> Decided:
    if not isinstance(states[facts.task], NoTask):
        return {}
    if command.type in OF_A_CASE:
        raise refusals.WorkNeedsItsCase("type", type=command.type.value)
    day = local_day(facts.at)
    if command.authority is Authority.CHAIRMAN:
        if facts.capacity not in (Role.CHAIRMAN, Role.SYSTEM):
            raise AuthorityNotHeld("authority")
        unit_on(states[unit_stream(command.unit)], command.unit, day, "unit")
    else:
        if facts.capacity is Role.CHAIRMAN:
            raise AuthorityNotHeld("authority")
        lead_on(states[unit_stream(command.unit)], command.unit, command.office, day)
    due = named(calendar.among(states), day, command.due, rule=str(command.type.value))
    return {facts.task: [work(command.type, command.unit, command.office, command.about, due, command.authority)]}


def _step(command: Any, state: Any, facts: Facts) -> Sequence[Any]:
    """What changes the task alone."""
    match command:
        case asked.AcceptTask():
            return [] if isinstance(state, Accepted | Submitted) else [TaskAccepted(unit=open_work(state).unit)]
        case asked.AddProof():
            return _prove(command, state)
        case asked.SubmitTask():
            return _submit(state, facts)
        case asked.RequestRevision():
            if not is_open(state):
                raise refusals.TaskEnded("task")
            if not isinstance(state, Submitted):
                raise refusals.NothingSubmitted("task")
            moving.refuse_answer(state.work)
            return [RevisionRequested(unit=state.work.unit, reason=command.reason)]
        case asked.CancelTask(reason=reason):
            _refuse_work_of_others(state)
            return [] if isinstance(state, Withdrawn) else [TaskCancelled(unit=state.work.unit, reason=reason)]
        case asked.RecallTask(reason=reason):
            _refuse_work_of_others(state)
            return [] if isinstance(state, Withdrawn) else [TaskRecalled(unit=state.work.unit, reason=reason)]
    return _urging(command, state, facts)


def _refuse_work_of_others(state: Any) -> None:
    """What a case or a conclusion gave is taken back there, if at all."""
    if isinstance(state, Withdrawn):
        return
    if not is_open(state):
        raise refusals.TaskEnded("task")
    given = state.work.given
    if given.type is TaskType.CARRY_OUT:
        raise refusals.ConclusionStands("task")
    if given.case is not None:
        raise refusals.WorkOfACase("task", case=given.case)


def _prove(command: asked.AddProof, state: Any) -> Sequence[Any]:
    if not is_open(state):
        raise refusals.TaskEnded("task")
    if command.file is None and command.reached is None and command.result is None:
        raise refusals.ProofMissing("file")
    if command.reached is not None and command.reached < 0:
        raise refusals.ProofMissing("reached")
    proof = ProofAdded(unit=state.work.unit, file=command.file, reached=command.reached, on=command.on, result=command.result)
    return [proof]


def _submit(state: Any, facts: Facts) -> Sequence[Any]:
    if isinstance(state, Submitted):
        return []
    held = open_work(state)
    moving.refuse_answer(held)
    return [TaskSubmitted(unit=held.unit, by=facts.person)]


def _urging(command: Any, state: Any, facts: Facts) -> Sequence[Any]:
    """What holds an open task to its day (R39)."""
    if not is_open(state):
        raise refusals.TaskEnded("task")
    held: Work = state.work
    overdue = local_day(facts.at) > held.due.day
    match command:
        case asked.RequestExtension(until=until, reason=reason):
            return _ask_for_time(held, until, reason)
        case asked.RefuseExtension(reason=reason):
            if held.asked_until is None:
                raise refusals.NothingAskedFor("task")
            return [ExtensionRefused(unit=held.unit, reviewer=facts.person, reason=reason)]
        case asked.RemindTask():
            return [] if held.reminded or overdue else [TaskReminded(unit=held.unit, due=held.due.day)]
        case asked.UrgeTask() | asked.EscalateTask() if not overdue:
            raise refusals.NotOverdue("task", due=held.due.day.isoformat())
        case asked.UrgeTask(letter=letter):
            return [TaskUrged(unit=held.unit, times=held.urged + 1, letter=letter)]
        case asked.EscalateTask(to=rung):
            if held.rung is rung:
                return []
            if held.rung is not None and LADDER.index(rung) < LADDER.index(held.rung):
                raise refusals.RungPassed("to", rung=held.rung.value)
            return [TaskEscalated(unit=held.unit, to=rung)]
    raise TypeError(f"a task is not asked to {type(command).__name__}")


def _urging_letter(task: str, held: Work) -> Wanted:
    """A letter of urging went out, about the work or about what gave it; any signer of the office's signs it (R39)."""
    given = held.given
    about = tuple(dict.fromkeys(each for each in (task, given.about, given.case) if each is not None))
    return Wanted(kind=DocumentKind.URGING_LETTER, office=given.office, about=about, authority=None)


def _ask_for_time(held: Work, until: date, reason: Any) -> Sequence[Any]:
    if held.asked_until == until:
        return []
    if held.asked_until is not None:
        raise refusals.ExtensionAsked("task", until=held.asked_until.isoformat())
    if until <= held.due.day:
        raise refusals.NotLater("until", until=until.isoformat(), due=held.due.day.isoformat())
    return [ExtensionRequested(unit=held.unit, until=until, reason=reason)]


def _notice(command: asked.NoticeOverdue, state: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    if not is_open(state) or local_day(facts.at) <= state.work.due.day:
        return {}
    noted = states[overdue_stream(command.task)]
    if isinstance(noted, Noticed) and noted.was.due == state.work.due.day:
        return {}
    noticed = OverdueNoticed(task=command.task, unit=state.work.unit, due=state.work.due.day)
    return {overdue_stream(command.task): [noticed]}


def overdue_stream(task: str) -> str:
    """Where it is noted, once, that a task's day has passed."""
    return f"overdue-{task.removeprefix('task-')}"


def _delegate(command: asked.DelegateTask, state: Any, person: object, facts: Facts) -> Sequence[Any]:
    held = open_work(state)
    if not isinstance(person, Person):
        raise refusals.UnknownPerson("to", person=command.to)
    if not person.acts_for(held.unit, local_day(facts.at)):
        raise refusals.DelegateOutsideUnit("to", person=command.to, unit=held.unit)
    return [] if held.person == command.to else [TaskDelegated(unit=held.unit, to=command.to)]
