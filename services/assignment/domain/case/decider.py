"""Stream `case-<opinion>`: what is decided about a case; it and the tasks of its units move in one append."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services.assignment.domain.case import answering, assigning, judging
from services.assignment.domain.case import commands as asked
from services.assignment.domain.case.assigning import GivingWork
from services.assignment.domain.case.conflict import Acting, refuse_holder, refuse_people
from services.assignment.domain.case.refusals import BeforeReceipt
from services.assignment.domain.case.states import OPEN, Case, Drafting, Matter, NoCase
from services.assignment.domain.task.commands import ReturnTask
from services.assignment.domain.task.decider import open_work
from services.assignment.domain.task.refusals import ConclusionStands
from services.assignment.domain.task.states import is_open
from shared.calendar import local_day
from shared.contracts.case import (
    CaseHandedBack,
    CaseMerged,
    CaseOpened,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CoordinationSet,
)
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.task import TaskCancelled, TaskReturned, TaskType
from shared.contracts.types import Sealed

__all__ = ["Acting", "GivingWork", "decide"]

Decided = dict[str, Sequence[Any]]
Step = Callable[[Any, Case, Mapping[str, Any], Any], Decided]
_STEPS: Final[Mapping[type, Step]] = {
    asked.ProposeAssignment: assigning.propose,
    asked.AssignCase: assigning.assign,
    asked.SetCoordination: assigning.set_coordination,
    asked.RecallCase: assigning.recall,
    asked.SubmitAnswer: answering.submit,
    asked.ReturnAnswer: answering.send_back,
    asked.ApproveAnswer: answering.approve,
    asked.DeliverAnswer: answering.deliver,
    asked.TakeOnBoard: answering.take_on_board,
    asked.CloseCase: answering.close,
    asked.ReopenCase: answering.reopen,
    asked.DeclineReopening: answering.decline_reopening,
    asked.RejectCase: judging.end,
    asked.QuarantineCase: judging.quarantine,
    asked.ForwardCase: judging.end,
    asked.DivertCase: judging.end,
    asked.WithdrawCase: judging.end,
    asked.ReclassifyCase: judging.reclassify,
    asked.MergeCase: judging.merge,
    asked.UnmergeCase: judging.unmerge,
    asked.SplitCase: judging.split,
    asked.DirectCase: judging.direct,
    asked.SetCaseDue: judging.set_due,
    asked.RecordPartyOpinion: judging.record_party_opinion,
    asked.ConsultUnit: judging.consult,
    asked.GiveConsultation: judging.give_consultation,
}
# What people of a unit that the opinion is about do not do: answer it or judge it, but the head on criticism of himself;
# call it something else or make it disappear, which he does not either (R16, corrections).
_ANSWERING: Final = frozenset(
    {
        asked.SubmitAnswer,
        asked.ReturnAnswer,
        asked.ApproveAnswer,
        asked.TakeOnBoard,
        asked.DirectCase,
        asked.GiveConsultation,
    }
)
_PUTTING_AWAY: Final = frozenset(
    {
        asked.ReclassifyCase,
        asked.RejectCase,
        asked.QuarantineCase,
        asked.ForwardCase,
        asked.DivertCase,
        asked.WithdrawCase,
        asked.MergeCase,
        asked.SplitCase,
        asked.DeclineReopening,
    }
)


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the case, and to the tasks, sessions and cases that move with it, by stream.

    Raises:
        Unknown: no such case or task.
        Refused: one of the rules in `refusals`, of the directory's or the calendar's.

    """
    if isinstance(command, asked.OpenCase):
        return _open(command, states)
    if isinstance(command, asked.AddSubmitter | asked.RemoveSubmitter):
        return _submitter(command, states)
    if isinstance(command, ReturnTask):
        return _return_task(command, states, facts)
    state: Case = states[command.case]
    if isinstance(state, NoCase):
        raise Unknown("case")
    _refuse_before_receipt(state.matter, facts)
    accounting = type(command) not in _PUTTING_AWAY
    refuse_holder(state.matter, facts, accounting=accounting)
    if type(command) in _ANSWERING | _PUTTING_AWAY:
        refuse_people(state.matter, facts, accounting=accounting)
    return _STEPS[type(command)](command, state, states, facts)


def _open(command: asked.OpenCase, states: Mapping[str, Any]) -> Decided:
    """A case of its own; one that was referred into another is merged there at once, if that is still open and about the same."""
    if not isinstance(states[command.case], NoCase):
        return {}
    opened: list[Any] = [
        CaseOpened(
            opinion=command.opinion,
            episode=command.episode,
            office=command.office,
            unit=command.unit,
            source_group=command.source_group,
            channel=command.channel,
            locality=command.locality,
            kind=command.kind,
            field=command.field,
            flags=command.flags,
            concerns_units=command.concerns_units,
            concerns_posts=command.concerns_posts,
            due=command.due,
            received_at=command.received_at,
            words=Sealed(ref=command.words.ref, digest=command.words.digest),
            hidden=command.hidden,
            session=None,
        )
    ]
    opened += [CaseSubmitterAdded(merged=each) for each in command.merged]
    survivor = states.get(command.into) if command.into is not None else None
    if command.into is None or not isinstance(survivor, OPEN) or survivor.matter.office != command.office:
        return {command.case: opened}
    if judging.concerned_beyond(survivor.matter, command.concerns_units, command.concerns_posts):
        return {command.case: opened}  # whoever may answer that may be whom this is about: a person decides
    opened.append(CaseMerged(episode=command.episode, into=command.into))
    return {command.case: opened, command.into: [CaseSubmitterAdded(merged=each) for each in (command.case, *command.merged)]}


def _submitter(command: asked.AddSubmitter | asked.RemoveSubmitter, states: Mapping[str, Any]) -> Decided:
    """Whom intake joined to it, or took out again, is joined to, or taken out of, what it was merged into as well.

    What intake has not referred yet is no case: it names its submitters when it is.
    """
    adding = isinstance(command, asked.AddSubmitter)
    state: Case = states[command.case]
    decided: dict[str, list[Any]] = {}
    for stream in (command.case, *judging.survivors(state, states)):
        known = states.get(stream, NoCase())
        if isinstance(known, NoCase) or (command.merged in known.matter.submitters) is adding:
            continue
        decided[stream] = [(CaseSubmitterAdded if adding else CaseSubmitterRemoved)(merged=command.merged)]
    return dict(decided)


def _return_task(command: ReturnTask, states: Mapping[str, Any], facts: Facts) -> Decided:
    work = open_work(states[command.task])
    if work.given.type is TaskType.CARRY_OUT:
        raise ConclusionStands("task")
    case = work.given.case
    state: Case = states[case] if case is not None else NoCase()
    returned: dict[str, list[Any]] = {command.task: [TaskReturned(unit=work.unit, reason=command.reason)]}
    if case is None or not isinstance(state, OPEN):
        return dict(returned)
    _refuse_before_receipt(state.matter, facts)
    if getattr(state, "task", None) != command.task:
        return {**returned, **_no_longer_coordinating(command.task, case, state.matter)}
    if not isinstance(state, Drafting):
        raise answering.not_drafting(state)
    handed_back = CaseHandedBack(
        episode=state.matter.episode,
        lead=work.unit,
        task=command.task,
        reason=command.reason,
    )
    decided: dict[str, list[Any]] = {**returned, case: [handed_back]}
    if state.matter.coordinating:
        # Nobody helps where nobody leads.
        decided[case].append(CoordinationSet(episode=state.matter.episode, coordinating=()))
        open_ones = [each for each in state.matter.coordinating if is_open(states.get(each.task))]
        decided |= {each.task: [TaskCancelled(unit=each.unit, reason=None)] for each in open_ones}
    return dict(decided)


def _no_longer_coordinating(task: str, case: str, matter: Matter) -> Decided:
    """A unit that hands back its part co-ordinates no more; one whose opinion was asked can be asked again."""
    staying = tuple(each for each in matter.coordinating if each.task != task)
    if staying == matter.coordinating:
        return {}
    return {case: [CoordinationSet(episode=matter.episode, coordinating=staying)]}


def _refuse_before_receipt(matter: Matter, facts: Facts) -> None:
    earliest = answering.begun(matter)
    if facts.at < matter.received_at or local_day(facts.at) < matter.begun:
        raise BeforeReceipt("occurred_at", earliest=earliest.isoformat())
