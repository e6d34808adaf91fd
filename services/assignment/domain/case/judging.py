"""What a case turns out to be: classified anew, not taken up, passed on, joined with others, taken apart, directed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import commands as asked
from services.assignment.domain.case import refusals
from services.assignment.domain.case.assigning import GivingWork, day_named, is_chairmans, over, refuse_other_name
from services.assignment.domain.case.conflict import Acting, concerned, refuse_unit
from services.assignment.domain.case.states import HELD, OPEN, Case, Closed, Delivered, Ended, Matter, NoCase, Open, Quarantined
from services.assignment.domain.case.winding import due_moved, off_the_session, refuse_open_work, together, wind_up
from services.assignment.domain.directory.decider import Field, field_stream, lead_on, unit_on, unit_stream
from services.assignment.domain.directory.refusals import UnknownField
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.session.states import AFTER, Session
from services.assignment.domain.task.states import is_open
from shared.calendar import ANSWER, local_day
from shared.contracts.case import (
    Authority,
    CaseConsulted,
    CaseDirected,
    CaseDiverted,
    CaseForwarded,
    CaseMerged,
    CaseQuarantined,
    CaseReclassified,
    CaseRejected,
    CaseSplit,
    CaseSplitOff,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseUnmerged,
    CaseWithdrawn,
    ConsultationGiven,
    DueBase,
    PartyOpinionRecorded,
)
from shared.contracts.facts import Facts
from shared.contracts.opinion import RejectionReason
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.session import SessionItemSplit
from shared.contracts.task import TaskAssigned, TaskCompleted, TaskType

Decided = dict[str, Sequence[Any]]
CONSULT: Final = "consult"
ORDER: Final = "order"  # a day that the head ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitting(Acting):
    """The facts, with the cases that the parts will be, in their order."""

    children: tuple[str, ...]


def still_open(state: Case) -> Open:
    """The case, if it is open.

    Raises:
        CaseOver, AlreadyResolved

    """
    if not isinstance(state, OPEN):
        raise over(state)
    return state


def end(command: Any, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Rejected, forwarded, diverted or withdrawn: one fact ends the episode."""
    ended = {
        asked.RejectCase: "rejected",
        asked.ForwardCase: "forwarded",
        asked.DivertCase: "diverted",
        asked.WithdrawCase: "withdrawn",
    }[type(command)]
    if isinstance(state, Ended | Closed) and state.how == ended:
        return {}
    if facts.capacity is Role.SYSTEM and not isinstance(state, OPEN):
        return {}  # a wish that came too late: what has ended stays as it is
    refuse_unless_quarantined(getattr(command, "reason", None))
    case = still_open(state)
    if isinstance(command, asked.WithdrawCase):
        if case.matter.submitters and facts.capacity is Role.SYSTEM:
            return {}  # others wait for its answer: a person unmerges them first, or lets it be answered
        refuse_others_waiting(case.matter.submitters)
    else:
        refuse_open_work(case)
    ending = _ending(command, case, states, facts)
    return _over_with(command.case, case, ending, states, facts)


def refuse_others_waiting(submitters: Collection[str]) -> None:
    """No speaker takes back what others said too, and nobody splits it: which part answers them, a person says.

    Raises:
        OthersMergedInto

    """
    if submitters:
        raise refusals.OthersMergedInto(count=len(submitters), merged=", ".join(sorted(submitters)))


def refuse_unless_quarantined(reason: RejectionReason | None) -> None:
    """What may be a state secret is not only rejected: its words go too.

    Raises:
        QuarantineInstead

    """
    if reason is RejectionReason.STATE_SECRET:
        raise refusals.QuarantineInstead("reason")


def quarantine(command: asked.QuarantineCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Its words go whatever has become of it; an open episode ends rejected, and work that a notice ordered goes on."""
    assert not isinstance(state, NoCase)
    matter = state.matter
    if isinstance(matter, Quarantined):
        raise refusals.AlreadyQuarantined
    hidden: Decided = {command.case: [_hidden(matter, command.paper)], **_merged_hidden(matter, command.paper, states)}
    if not isinstance(state, OPEN):
        return hidden
    rejected = CaseRejected(episode=matter.episode, reason=RejectionReason.STATE_SECRET, note=None)
    return together(hidden, _over_with(command.case, state, rejected, states, facts))


def _hidden(matter: Matter, paper: str) -> CaseQuarantined:
    return CaseQuarantined(episode=matter.episode, office=matter.office, opinion=matter.opinion, paper=paper)


def _merged_hidden(matter: Matter, paper: str, states: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What was merged into it is the same matter, and says the same."""
    merged = {each: states[each].matter for each in sorted(matter.submitters) if not isinstance(states.get(each), NoCase | None)}
    return {each: [_hidden(known, paper)] for each, known in merged.items() if not isinstance(known, Quarantined)}


def _over_with(stream: str, state: Open, ending: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """An episode that ends otherwise than settled, with its work and its place at a session to come."""
    before = off_the_session(stream, state, states, local_day(facts.at))
    return together(before, {stream: [ending]}, wind_up(state, states, settled=False))


def _ending(command: Any, state: Open, states: Mapping[str, Any], facts: Facts) -> Any:
    episode = state.matter.episode
    match command:
        case asked.RejectCase(reason=reason, note=note):
            return CaseRejected(episode=episode, reason=reason, note=note)
        case asked.WithdrawCase(note=note):
            return CaseWithdrawn(episode=episode, note=note)
    unit = unit_on(states[unit_stream(command.to)], command.to, local_day(facts.at), "to")
    if isinstance(command, asked.DivertCase):
        return CaseDiverted(episode=episode, kind=command.kind, to=command.to)
    if unit.office == state.matter.office:
        raise refusals.ForwardedInside("to", unit=command.to)
    return CaseForwarded(episode=episode, to=command.to, note=command.note)


def reclassify(command: asked.ReclassifyCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Kind, field, flags, whom it is about: what is left out stays. The due date is not touched (invariant 8)."""
    names = ("kind", "field", "flags", "concerns_units", "concerns_posts")
    if all(getattr(command, name) is None for name in names):
        raise refusals.NothingReclassified
    matter = still_open(state).matter
    if command.field is not None and not isinstance(states[field_stream(command.field)], Field):
        raise UnknownField("field", field_key=command.field)
    flags = matter.flags if command.flags is None else tuple(sorted(set(command.flags)))
    again = CaseReclassified(
        episode=matter.episode,
        kind=command.kind or matter.kind,
        field=command.field or matter.field,
        flags=flags,
        concerns_units=matter.concerns_units if command.concerns_units is None else command.concerns_units,
        concerns_posts=matter.concerns_posts if command.concerns_posts is None else command.concerns_posts,
    )
    having = {state.lead} if isinstance(state, HELD) else set()
    having |= {each.unit for each in matter.coordinating} | {unit for unit, _ in matter.consulting}
    barred = sorted(having & (concerned(again.concerns_units, facts) - concerned(matter.concerns_units, facts)))
    if barred:
        raise refusals.AboutThatUnit("concerns_units", unit=barred[0])
    return {} if all(getattr(again, name) == getattr(matter, name) for name in names) else {command.case: [again]}


def merge(command: asked.MergeCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The same matter as another open case of the office: its answer goes to this submitter too, and to those merged here."""
    if isinstance(state, Ended | Closed) and state.into == command.into:
        return {}
    case, survivor = still_open(state), states[command.into]
    if isinstance(survivor, NoCase) or survivor.matter.office != case.matter.office:
        raise Unknown("into")
    if command.case in (command.into, *survivors(survivor, states)):
        raise refusals.MergedInACircle("into", into=command.into)
    if not isinstance(survivor, OPEN):
        raise refusals.SurvivorNotOpen("into", into=command.into)
    refuse_concerned_beyond(survivor.matter, case.matter, "into")
    refuse_open_work(case)
    merged = CaseMerged(episode=case.matter.episode, into=command.into)
    joining = [CaseSubmitterAdded(merged=each) for each in (command.case, *sorted(case.matter.submitters))]
    return together(_over_with(command.case, case, merged, states, facts), {command.into: joining})


def concerned_beyond(survivor: Matter, units: Collection[str], posts: Collection[str]) -> list[str]:
    """Units and posts among these that the survivor of a merge is not known to be about."""
    return sorted({*units} - {*survivor.concerns_units}) + sorted({*posts} - {*survivor.concerns_posts})


def refuse_concerned_beyond(survivor: Matter, merged: Matter, at: str | None) -> None:
    """Whoever a matter is about answers it as little under the survivor's name: that must be about him too.

    Raises:
        MergedAwayFromConflict

    """
    beyond = concerned_beyond(survivor, merged.concerns_units, merged.concerns_posts)
    if beyond:
        raise refusals.MergedAwayFromConflict(at, case=survivor.case, concerns=", ".join(beyond))


def survivors(state: Case, states: Mapping[str, Any]) -> list[str]:
    """What a merged case was merged into, what that was merged into, and so on."""
    chain: list[str] = []
    while isinstance(state, Ended | Closed) and state.into is not None and state.into not in chain:
        chain.append(state.into)
        state = states.get(state.into, NoCase())
    return chain


def unmerge(command: asked.UnmergeCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The merge is void; the episode goes on under its old due date, and waits for a lead."""
    if isinstance(state, OPEN):
        return {}
    if not isinstance(state, Ended | Closed) or state.into is None:
        raise refusals.NotMerged
    undone = CaseUnmerged(episode=state.matter.episode, out_of=state.into, reason=command.reason)
    leaving = (command.case, *sorted(state.matter.submitters))
    parts: list[Decided] = []
    for survivor in survivors(state, states):
        known = states.get(survivor)
        submitters = frozenset[str]() if known is None or isinstance(known, NoCase) else known.matter.submitters
        parts.append({survivor: [CaseSubmitterRemoved(merged=each) for each in leaving if each in submitters]})
    return together({command.case: [undone]}, *parts)


def split(command: asked.SplitCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Each matter lives on as a case with this one's receipt and due date; at its session they take its place."""
    assert isinstance(facts, Splitting)
    if len(command.parts) < 2:
        raise refusals.TooFewParts("parts")
    case = still_open(state)
    refuse_open_work(case)
    matter = case.matter
    refuse_others_waiting(matter.submitters)
    decided: dict[str, Sequence[Any]] = {command.case: [CaseSplit(episode=matter.episode, children=facts.children)]}
    for n, (child, part) in enumerate(zip(facts.children, command.parts, strict=True)):
        if part.field is not None and not isinstance(states[field_stream(part.field)], Field):
            raise UnknownField(f"parts.{n}.field", field_key=part.field)
        decided[child] = [
            CaseSplitOff(
                opinion=matter.opinion,
                parent=command.case,
                episode=f"{child.removeprefix('case-')}/1",
                office=matter.office,
                unit=matter.unit,
                source_group=matter.source_group,
                channel=matter.channel,
                locality=matter.locality,
                kind=matter.kind,
                field=part.field or matter.field,
                flags=matter.flags,
                concerns_units=matter.concerns_units,
                concerns_posts=matter.concerns_posts,
                due=matter.due,
                received_at=matter.received_at,
                words=part.words,
                hidden=matter.hidden,
                session=matter.session,
                dialogue=matter.dialogue,
            )
        ]
    session = states.get(matter.session) if matter.session else None
    # A session that was held has its outcomes already: they stand, and are of what was put there.
    going_on = isinstance(session, Session) and command.case in session.puts and session.stage not in AFTER
    if matter.session is not None and going_on:
        decided[matter.session] = [SessionItemSplit(case=command.case, children=facts.children)]
    return together(decided, wind_up(case, states, settled=False))


def direct(command: asked.DirectCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The head's direction: due ten working days from it, until a notice sets another day (R10, R14)."""
    case = still_open(state)
    if isinstance(case, Delivered):
        raise refusals.AnswerStands
    matter = case.matter
    chairmans = is_chairmans(matter, states)
    if chairmans is not (facts.capacity is Role.CHAIRMAN):
        raise refusals.AuthorityNotHeld
    directed = CaseDirected(
        episode=matter.episode,
        author=facts.person,
        authority=Authority.CHAIRMAN if chairmans else Authority.HEAD,
        direction=command.direction,
        session=matter.session,
    )
    due = due_by(states, matter.office, ANSWER, local_day(facts.at))
    return together({command.case: [directed]}, due_moved(command.case, case, DueBase.DIRECTION, due, states))


def set_due(command: asked.SetCaseDue, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The head orders another day (invariant 8)."""
    case = still_open(state)
    if case.matter.due.day == command.until:
        return {}
    refuse_other_name(case.matter, facts)
    due = day_named(calendar.among(states), local_day(facts.at), command.until, "until", rule=ORDER)
    return due_moved(command.case, case, DueBase.ORDER, due, states)


def record_party_opinion(command: asked.RecordPartyOpinion, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Cấp ủy has spoken."""
    matter = still_open(state).matter
    return {command.case: [PartyOpinionRecorded(episode=matter.episode, opinion=command.opinion)]}


def consult(command: asked.ConsultUnit, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    """Another unit is asked, as a task of its own."""
    case = still_open(state)
    if not isinstance(case, HELD):
        raise refusals.NotAssigned
    if isinstance(case, Delivered):
        raise refusals.AnswerStands
    matter, day = case.matter, local_day(facts.at)
    if _asked_of(command.unit, matter, states) is not None:
        return {}
    if command.unit == case.lead:
        raise refusals.CoordinatesItself("unit", unit=command.unit)
    lead_on(states[unit_stream(command.unit)], command.unit, matter.office, day)
    refuse_unit(matter, command.unit, "unit", facts)
    due = due_by(states, matter.office, CONSULT, day)
    asked_for = CaseConsulted(episode=matter.episode, unit=command.unit, task=facts.task, question=command.question, due=due)
    task = TaskAssigned(
        type=TaskType.ANSWER,
        unit=command.unit,
        office=matter.office,
        about=command.case,
        case=command.case,
        episode=matter.episode,
        authority=Authority.HEAD,
        due=due,
    )
    return {command.case: [asked_for], facts.task: [task]}


def give_consultation(command: asked.GiveConsultation, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The unit that was asked says what it has to say."""
    matter = still_open(state).matter
    task = _asked_of(facts.unit, matter, states)
    if task is None:
        raise refusals.NotConsulted(unit=facts.unit)
    given = ConsultationGiven(episode=matter.episode, unit=facts.unit, task=task, given=command.given)
    return {command.case: [given], task: [TaskCompleted(unit=facts.unit)]}


def _asked_of(unit: str, matter: Matter, states: Mapping[str, Any]) -> str | None:
    """The open task by which the unit's opinion is asked, though another held it at first."""
    tasks = [task for _, task in matter.consulting if is_open(states.get(task))]
    return next((task for task in tasks if states[task].work.unit == unit), None)
