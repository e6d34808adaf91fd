"""Before a dialogue begins: programme, announcement, what is put to it, who attends, the answers reported (R28, R33, R36)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import states as case
from services.assignment.domain.case.winding import due_moved, together
from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.directory.people import person_on, person_stream
from services.assignment.domain.directory.rules import due_by, rules_among
from services.assignment.domain.document.carrying import Wanted, refuse_other_paper
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.states import BEFORE, Session, Stage
from services.assignment.domain.task.states import is_open
from shared.calendar import ANNOUNCE, ANSWER, CANCELLED, SESSION, local_day, rules_on
from shared.contracts.case import Authority, CaseLinked, CaseUnlinked, DueBase
from shared.contracts.document import DocumentKind
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.session import (
    AnswersReported,
    AttendanceAssigned,
    ProgrammeApproved,
    ReadinessWaived,
    SessionAnnounced,
    SessionArranged,
    SessionCancelled,
    SessionCaseLinked,
    SessionCaseUnlinked,
    SessionPostponed,
    Track,
    Trigger,
)
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskDueSet, TaskType

Decided = dict[str, Sequence[Any]]
OPEN: Final = (case.Waiting, case.Drafting, case.UnderApproval, case.Approved)
UNANSWERED: Final = (case.Waiting, case.Drafting)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingAttendance(Facts):
    """The facts, with the stream of the task to be made."""

    task: str


def refuse_unless_before(session: Session) -> None:
    """What prepares a dialogue is done before it begins.

    Raises:
        SessionBegun

    """
    if session.stage not in BEFORE:
        raise refusals.SessionBegun(stage=session.stage.value)


def refuse_unless_holder(session: Session, facts: Facts) -> None:
    """The Chairman decides about his dialogue, the head of the office about his.

    Raises:
        NotChairmans

    """
    if (session.was.track is Track.CHAIRMAN) is not (facts.capacity is Role.CHAIRMAN):
        raise refusals.NotChairmans(track=session.was.track.value)


def refuse_unless_theirs(track: Track, facts: Facts) -> None:
    """The Chairman's dialogue is prepared and run by his people and the content division, the head's without the Chairman.

    Raises:
        NotOfThisTrack

    """
    if facts.capacity not in asked.PEOPLE_OF[track]:
        raise refusals.NotOfThisTrack(track=track.value)


def approve(command: asked.ApproveProgramme, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The programme stands, or is amended."""
    refuse_unless_before(session)
    refuse_unless_holder(session, facts)
    refuse_other_paper(command.document, "document", paper_about(command.session, session, DocumentKind.PROGRAMME), states, facts)
    version = session.programme + 1
    approved = ProgrammeApproved(version=version, by=facts.person, document=command.document, note=command.note)
    return {command.session: [approved]}


def arrange(command: asked.ArrangeSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Where it is held and who writes its minutes, until they are signed."""
    if session.minutes or session.stage in (Stage.CANCELLED, Stage.CLOSED):
        raise refusals.NothingToArrange(stage=session.stage.value)
    if command.secretary is not None:
        day = session.on or local_day(facts.at)
        person_on(states[person_stream(command.secretary)], command.secretary, day, "secretary")
    before = session.arranged or SessionArranged(place=None, secretary=None)
    arranged = SessionArranged(place=command.place or before.place, secretary=command.secretary or before.secretary)
    return {command.session: [arranged]} if arranged != before else {}


def announce(command: asked.AnnounceSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Those concerned know the day."""
    refuse_unless_before(session)
    if session.announced:
        return {}
    if session.on is None:
        raise refusals.DayUnknown
    if session.programme == 0:
        raise refusals.ProgrammeMissing
    if must_be_announced(session):
        _refuse_late(session.was.office, local_day(facts.at), session.on, states)
    invitation = replace(paper_about(command.session, session, DocumentKind.INVITATION), authority=None)
    refuse_other_paper(command.invitation, "invitation", invitation, states, facts, issued=True)
    return {command.session: [SessionAnnounced(on=session.on, invitation=command.invitation)]}


def paper_about(stream: str, session: Session, kind: DocumentKind) -> Wanted:
    """A paper about the dialogue, the act of whoever holds it."""
    return Wanted(kind=kind, office=session.was.office, about=(stream,), authority=authority_of(session))


def _refuse_late(office: str, today: date, on: date, states: Mapping[str, Any]) -> None:
    rules = rules_on(today, rules_among(states, office))
    if not rules.reaches(calendar.among(states), ANNOUNCE, today, on):
        raise refusals.TooLateToAnnounce(days=rules.deadline(ANNOUNCE).days, rules=rules.version)


def must_be_announced(session: Session) -> bool:
    """An ad-hoc dialogue and one in short form are called as they arise."""
    return session.was.trigger is not Trigger.AD_HOC and not session.was.short_form


def link(command: asked.LinkCase, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """A case is put to the session, and is due on its day."""
    refuse_unless_before(session)
    state = states[command.case]
    if isinstance(state, case.NoCase) or state.matter.office != session.was.office:
        raise Unknown("case")
    if command.case in session.puts:
        return {}
    matter = state.matter
    if not isinstance(state, OPEN):
        raise refusals.CaseNotOpen("case")
    if matter.session is not None:
        raise refusals.CaseElsewhere("case", session=matter.session)
    _refuse_wrong_case(session, matter)
    linked: Decided = {
        command.session: [SessionCaseLinked(case=command.case, episode=matter.episode)],
        command.case: [CaseLinked(episode=matter.episode, session=command.session)],
    }
    if session.on is None or not _follows(state):
        return linked
    due = due_on(session.on, session, states)
    return together(linked, due_moved(command.case, state, DueBase.SESSION, due, states))


def _refuse_wrong_case(session: Session, matter: case.Matter) -> None:
    was = session.was
    if was.trigger is Trigger.AD_HOC and was.field is not None and matter.field != was.field:
        raise refusals.OtherField("case", field_key=was.field)
    refuse_other_people("case", session, matter.source_group)


def refuse_other_people(field: str, session: Session, source_group: SourceGroup) -> None:
    """Staff at A1, the people at A2; the Chairman hears all.

    Raises:
        OtherPeople

    """
    track, staff = session.was.track, source_group is SourceGroup.INTERNAL
    if track is not Track.CHAIRMAN and staff is not (track is Track.STAFF):
        raise refusals.OtherPeople(field, track=track.value)


def unlink(command: asked.UnlinkCase, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """A case is taken off again; it is due as before."""
    refuse_unless_before(session)
    if command.case not in session.puts:
        return {}
    state = states[command.case]
    matter = state.matter
    unlinked: Decided = {
        command.session: [SessionCaseUnlinked(case=command.case, episode=matter.episode)],
        command.case: [CaseUnlinked(episode=matter.episode, session=command.session)],
    }
    if not _follows(state):
        return unlinked
    due = due_by(states, matter.office, ANSWER, matter.begun)
    return together(unlinked, due_moved(command.case, state, DueBase.RECEIPT, due, states))


def _refuse_people_of_others(command: asked.AssignAttendance, states: Mapping[str, Any], day: date) -> None:
    for n, person in enumerate(command.people):
        known = person_on(states[person_stream(person)], person, day, f"people.{n}")
        if not known.acts_for(command.unit, day):
            raise refusals.AttendeeOutsideUnit(f"people.{n}", person=person, unit=command.unit, day=day.isoformat())


def assign_attendance(command: asked.AssignAttendance, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """A unit and its people are to attend, as one task of the unit; other people take the place of those named before."""
    refuse_unless_before(session)
    assert isinstance(facts, GivingAttendance)
    day, before = local_day(facts.at), session.attending.get(command.unit)
    if before is not None:
        _refuse_people_of_others(command, states, day)
        others = replace(before, people=command.people)
        return {command.session: [others]} if others != before else {}
    if session.on is None:
        raise refusals.DayUnknown
    unit = states[unit_stream(command.unit)]
    if session.was.track is Track.CHAIRMAN:
        unit_on(unit, command.unit, day, "unit")
    else:
        lead_on(unit, command.unit, session.was.office, day)
    _refuse_people_of_others(command, states, day)
    assigned = AttendanceAssigned(unit=command.unit, people=command.people, task=facts.task)
    task = TaskAssigned(
        type=TaskType.ATTEND,
        unit=command.unit,
        office=session.was.office,
        about=command.session,
        case=None,
        episode=None,
        authority=authority_of(session),
        due=due_on(session.on, session, states),
    )
    return {command.session: [assigned], facts.task: [task]}


def report_answers(command: asked.ReportAnswers, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """All answers lie before whoever holds the dialogue."""
    refuse_unless_before(session)
    if must_be_announced(session) and not session.announced:
        raise refusals.NotAnnounced
    refuse_unanswered(session, states)
    cases = tuple(sorted(put.case for put in session.linked))
    if session.stage is Stage.READY and session.reported == frozenset(cases):
        return {}
    return {command.session: [AnswersReported(cases=cases)]}


def refuse_unanswered(session: Session, states: Mapping[str, Any]) -> None:
    """The gate of R36: every opinion put to it beforehand, and still open, has an answer before the head.

    Raises:
        AnswersMissing

    """
    missing = sorted(put.case for put in session.linked if isinstance(states[put.case], UNANSWERED))
    if missing:
        raise refusals.AnswersMissing(count=len(missing), cases=", ".join(missing))


def waive(command: asked.WaiveReadiness, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The head lets it open without the answers."""
    if session.stage not in BEFORE:
        raise refusals.NothingToWaive
    refuse_unless_holder(session, facts)
    if session.waived:
        return {}
    return {command.session: [ReadinessWaived(by=facts.person, reason=command.reason)]}


def postpone(command: asked.PostponeSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """It is held later; the due dates of what is put to it, and of attending it, follow once the day is known."""
    refuse_unless_before(session)
    if command.to is not None and command.to < local_day(facts.at):
        raise refusals.DayPassed("to", on=command.to.isoformat())
    if session.stage is Stage.POSTPONED and session.on == command.to:
        return {}
    postponed: Decided = {command.session: [SessionPostponed(to=command.to, reason=command.reason)]}
    if command.to is None:
        return postponed
    due = due_on(command.to, session, states)
    cases = [
        due_moved(put.case, states[put.case], DueBase.SESSION, due, states)
        for put in session.puts.values()
        if _follows(states[put.case])
    ]
    attending = {task: [TaskDueSet(unit=unit, due=due)] for unit, task in _still_attending(session, states)}
    return together(postponed, *cases, attending)


def cancel(command: asked.CancelSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """It is not held; what was put to it is due the later of what an answer has from receipt and a cancelling from now."""
    if session.stage is Stage.CANCELLED:
        return {}
    refuse_unless_before(session)
    refuse_unless_holder(session, facts)
    parts: list[Decided] = [{command.session: [SessionCancelled(reason=command.reason)]}]
    after = due_by(states, session.was.office, CANCELLED, local_day(facts.at))
    for put in session.puts.values():
        state = states[put.case]
        parts.append({put.case: [CaseUnlinked(episode=put.episode, session=command.session)]})
        if _follows(state):
            due = max(due_by(states, state.matter.office, ANSWER, state.matter.begun), after, key=lambda due: due.day)
            parts.append(due_moved(put.case, state, DueBase.SESSION_CANCELLED, due, states))
    attending = {task: [TaskCancelled(unit=unit, reason=None)] for unit, task in _still_attending(session, states)}
    return together(*parts, attending)


def _follows(state: Any) -> bool:
    """Whether the day of a dialogue is that of the case: while a conclusion is carried out, it has the day of that (year §4)."""
    return isinstance(state, case.OPEN) and not state.matter.carrying


def _still_attending(session: Session, states: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The units that are to attend, each with its task while that is open."""
    return [(unit, each.task) for unit, each in session.attending.items() if is_open(states[each.task])]


def due_on(day: date, session: Session, states: Mapping[str, Any]) -> Due:
    """Due on the day of the session itself, unless its office's rules give more."""
    return due_by(states, session.was.office, SESSION, day)


def authority_of(session: Session) -> Authority:
    """In whose name work is given by it."""
    return Authority.CHAIRMAN if session.was.track is Track.CHAIRMAN else Authority.HEAD
