"""Before a dialogue begins: programme, announcement, what is put to it, who attends, the gate, another day (R28, R33, R36)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.preparing import GivingAttendance
from services.assignment.domain.session.states import Stage
from shared.contracts.case import (
    Authority,
    CaseDueSet,
    CaseLinked,
    CaseUnlinked,
    CaseWithdrawn,
    DueBase,
    PartyOpinionRecorded,
)
from shared.contracts.meeting import MeetingCancelled, MeetingHeld, MeetingMoved
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.rules import Counting, DeadlineRule, RulesPublished
from shared.contracts.session import (
    AnswersReported,
    AttendanceAssigned,
    ProgrammeApproved,
    ReadinessWaived,
    SessionAnnounced,
    SessionCancelled,
    SessionCaseUnlinked,
    SessionOpened,
    SessionPostponed,
)
from shared.contracts.task import TaskCancelled, TaskCompleted, TaskDueSet
from tests.assignment.sittings import (
    AD_HOC,
    AT_BRIEFING,
    ATTENDING,
    BEGUN,
    BRIEFING,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    HELD,
    MEETING,
    ON_REQUEST,
    PERIODIC,
    PROGRAMME,
    SCHEDULED,
    announced,
    answered,
    attend,
    case,
    chairman,
    drafting,
    due,
    episode,
    history,
    linked,
    on_the_day,
    opened,
    raised,
    task,
    told,
    waiting,
)
from tests.assignment.stage import DUE, SESSION
from tests.support.scenario import sealed

FEB_1, FEB_3, FEB_4, FEB_7 = (date(2023, 2, day) for day in (1, 3, 4, 7))
APPROVE = asked.ApproveProgramme(session=SESSION)
ANNOUNCE = asked.AnnounceSession(session=SESSION)
LINK = asked.LinkCase(session=SESSION, case=case())
UNLINK = asked.UnlinkCase(session=SESSION, case=case())
ATTEND = asked.AssignAttendance(session=SESSION, unit="TH", people=("p-other",))
REPORT = asked.ReportAnswers(session=SESSION)
WAIVE = asked.WaiveReadiness(session=SESSION, reason=sealed(4))
POSTPONE = asked.PostponeSession(session=SESSION, to=date(2023, 7, 20), reason=sealed(5))
CANCEL = asked.CancelSession(session=SESSION, reason=sealed(6))
OPEN = asked.OpenSession(session=SESSION)
WAIVED = ReadinessWaived(by="p-chief", reason=sealed(4))
PUT_OFF = SessionPostponed(to=date(2023, 7, 20), reason=sealed(5))
PUT_OFF_WITHOUT_A_DAY = SessionPostponed(to=None, reason=sealed(5))
CALLED_OFF = SessionCancelled(reason=sealed(6))
TO_ATTEND = AttendanceAssigned(unit="TH", people=("p-other",), task=ATTENDING)
PUBLIC: dict[str, Any] = {"source_group": SourceGroup.PEOPLE}
READY = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(), AnswersReported(cases=(case(),)))
UNPUT = {case(): [opened()]}


def giving(day: date, *, by: Any = told) -> Any:
    return by(day, GivingAttendance, task=ATTENDING)


def by_rules(code: str, days: int) -> dict[str, list[Any]]:
    """Rules of every office in force from 03/02/2023 that give so many days for one code."""
    given = DeadlineRule(rule=code, days=days, counting=Counting.CALENDAR_DAYS)
    return {"rules-every": [RulesPublished(office=None, version="2023.2", rules=(given,), valid_from=FEB_3)]}


def stage(*events: Any) -> Any:
    return history(*events).state(SESSION).stage


# --- the programme


def test_the_programme_is_approved_and_approved_again_amended() -> None:
    history(PERIODIC).when(APPROVE, told(FEB_1)).then({SESSION: [PROGRAMME]})
    announced_already = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY))
    amended = replace(PROGRAMME, version=2, note=sealed(7))
    announced_already.when(replace(APPROVE, note=sealed(7)), told(FEB_3)).then({SESSION: [amended]})
    assert stage(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), amended) is Stage.ANNOUNCED
    assert stage(PERIODIC, PROGRAMME, amended) is Stage.PROGRAMMED


def test_the_chairman_approves_his_programme_and_the_head_his() -> None:
    history(CHAIRMANS).when(APPROVE, told(FEB_1)).refuses(refusals.NotChairmans)
    history(PERIODIC).when(APPROVE, chairman(FEB_1)).refuses(refusals.NotChairmans)
    own = ProgrammeApproved(version=1, by="p-chairman", document=None, note=None)
    history(CHAIRMANS).when(APPROVE, chairman(FEB_1)).then({SESSION: [own]})


# --- the announcement


def test_it_is_announced_seven_days_ahead_and_not_later() -> None:
    given = history(PERIODIC, PROGRAMME)
    given.when(ANNOUNCE, told(FEB_3)).then({SESSION: [announced(CONFERENCE_DAY)]})
    refused = given.when(ANNOUNCE, told(FEB_4)).refuses(refusals.TooLateToAnnounce)
    assert refused.facts == {"days": 7, "rules": "2023.1"}


def test_how_long_ahead_it_is_announced_is_what_the_rules_of_that_day_say() -> None:
    given = history(PERIODIC, PROGRAMME, beside=by_rules("announce", 6))
    given.when(ANNOUNCE, told(FEB_4)).then({SESSION: [announced(CONFERENCE_DAY)]})
    refused = given.when(ANNOUNCE, told(date(2023, 2, 5))).refuses(refusals.TooLateToAnnounce)
    assert refused.facts == {"days": 6, "rules": "2023.2"}


@pytest.mark.parametrize("was", [AD_HOC, replace(AT_BRIEFING, scheduled=CONFERENCE_DAY)])
def test_an_ad_hoc_dialogue_and_one_at_a_briefing_are_announced_when_they_arise(was: Any) -> None:
    given = history(was, PROGRAMME)
    given.when(ANNOUNCE, told(was.scheduled)).then({SESSION: [announced(was.scheduled)]})


def test_it_is_announced_with_its_programme_and_its_day() -> None:
    history(PERIODIC).when(ANNOUNCE, told(FEB_1)).refuses(refusals.ProgrammeMissing)
    no_day = history(PERIODIC, PROGRAMME, PUT_OFF_WITHOUT_A_DAY)
    no_day.when(ANNOUNCE, told(FEB_1)).refuses(refusals.DayUnknown)


def test_announced_once_it_is_announced_until_it_is_postponed() -> None:
    given = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY))
    given.when(ANNOUNCE, told(FEB_7)).nothing()
    later = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), PUT_OFF)
    later.when(ANNOUNCE, told(date(2023, 7, 12))).then({SESSION: [SessionAnnounced(on=date(2023, 7, 20), invitation=None)]})


def test_an_ad_hoc_dialogue_that_is_ready_stays_ready_when_it_is_announced() -> None:
    assert stage(AD_HOC, PROGRAMME, AnswersReported(cases=()), announced(AD_HOC.scheduled)) is Stage.READY


# --- what is put to it


def test_a_case_put_to_it_is_due_on_its_day_and_so_is_the_answer_being_worked_on() -> None:
    set_to_the_day = CaseDueSet(episode=episode(), base=DueBase.SESSION, due=on_the_day(CONFERENCE_DAY))
    on_case = [CaseLinked(episode=episode(), session=SESSION), set_to_the_day]
    history(PERIODIC, beside=UNPUT).when(LINK, told(FEB_1)).then({SESSION: [linked()], case(): on_case})
    first, _, given = drafting()[case()]
    worked_on = history(PERIODIC, beside={**drafting(), case(): [first, given]})
    moved = {task(): [TaskDueSet(unit="TCHCQT", due=on_the_day(CONFERENCE_DAY))]}
    worked_on.when(LINK, told(FEB_1)).then({SESSION: [linked()], case(): on_case, **moved})


def test_put_to_one_without_a_day_it_is_due_as_before() -> None:
    given = history(PERIODIC, PUT_OFF_WITHOUT_A_DAY, beside=UNPUT)
    on_case = [CaseLinked(episode=episode(), session=SESSION)]
    given.when(LINK, told(FEB_1)).then({SESSION: [linked()], case(): on_case})


def test_put_to_it_twice_it_is_put_once() -> None:
    history(PERIODIC, linked(), beside=waiting()).when(LINK, told(FEB_1)).nothing()


def test_a_case_is_put_to_one_dialogue_at_a_time() -> None:
    elsewhere = {case(): [opened(), CaseLinked(episode=episode(), session="session-00000000000000000009")]}
    history(PERIODIC, beside=elsewhere).when(LINK, told(FEB_1)).refuses(refusals.CaseElsewhere, "case")


def test_what_has_ended_is_not_put_to_a_dialogue() -> None:
    ended = {case(): [opened(), CaseWithdrawn(episode=episode(), note=None)]}
    history(PERIODIC, beside=ended).when(LINK, told(FEB_1)).refuses(refusals.CaseNotOpen, "case")


def test_an_ad_hoc_dialogue_on_a_field_takes_cases_of_that_field_and_one_on_a_topic_any() -> None:
    given = history(AD_HOC, beside={case(): [opened(**PUBLIC)]})
    given.when(LINK, told(FEB_1)).refuses(refusals.OtherField, "case")
    on_topic = history(replace(AD_HOC, field=None, topic=sealed(3)), beside={case(): [opened(**PUBLIC)]})
    assert linked() in on_topic.when(LINK, told(FEB_1)).decided()[SESSION]


@pytest.mark.parametrize(("was", "from_whom"), [(PERIODIC, SourceGroup.PEOPLE), (ON_REQUEST, SourceGroup.INTERNAL)])
def test_staff_are_heard_by_staff_dialogues_and_the_people_by_theirs(was: Any, from_whom: SourceGroup) -> None:
    given = history(was, beside={case(): [opened(source_group=from_whom)]})
    given.when(LINK, told(FEB_1)).refuses(refusals.OtherPeople, "case")


def test_a_case_of_another_office_is_not_known() -> None:
    others = history(PERIODIC, beside={case(): [opened(office="UBND-MSO")]})
    others.when(LINK, told(FEB_1)).refuses(Unknown, "case")
    history(PERIODIC).when(LINK, told(FEB_1)).refuses(Unknown, "case")


def test_taken_off_it_is_due_as_before() -> None:
    given = history(PERIODIC, linked(), beside=drafting())
    unlinked = [
        CaseUnlinked(episode=episode(), session=SESSION),
        CaseDueSet(episode=episode(), base=DueBase.RECEIPT, due=DUE),
    ]
    taken_off: dict[str, list[Any]] = {SESSION: [SessionCaseUnlinked(case=case(), episode=episode())], case(): unlinked}
    given.when(UNLINK, told(FEB_1)).then(taken_off)
    history(PERIODIC, beside=UNPUT).when(UNLINK, told(FEB_1)).nothing()


# --- who attends


def test_a_unit_is_to_attend_as_a_task_due_on_the_day() -> None:
    given = history(PERIODIC).when(ATTEND, giving(FEB_1))
    given.then({SESSION: [TO_ATTEND], ATTENDING: [attend(CONFERENCE_DAY)]})


def test_other_people_of_the_unit_take_the_place_of_those_named_before_under_the_same_task() -> None:
    given = history(PERIODIC, TO_ATTEND, beside={ATTENDING: [attend(CONFERENCE_DAY)]})
    given.when(ATTEND, giving(FEB_1)).nothing()
    others = replace(ATTEND, people=("p-specialist",))
    given.when(others, giving(FEB_1)).then({SESSION: [replace(TO_ATTEND, people=("p-specialist",))]})


def test_the_head_has_his_own_units_attend_and_the_chairman_any() -> None:
    command = replace(ATTEND, unit="SGTVT", people=())
    history(PERIODIC).when(command, giving(FEB_1)).refuses(LeadOutsideOffice)
    assigned = AttendanceAssigned(unit="SGTVT", people=(), task=ATTENDING)
    by_chairman = attend(CHAIRMANS_DAY, Authority.CHAIRMAN, by="SGTVT")
    history(CHAIRMANS).when(command, giving(FEB_1, by=chairman)).then({SESSION: [assigned], ATTENDING: [by_chairman]})


def test_nobody_is_to_attend_on_a_day_that_is_not_known() -> None:
    history(PERIODIC, PUT_OFF_WITHOUT_A_DAY).when(ATTEND, giving(FEB_1)).refuses(refusals.DayUnknown)


# --- the gate


def test_answers_are_reported_when_every_case_put_to_it_has_one() -> None:
    session = (PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), linked(1), linked(2))
    missing = history(*session, beside={**answered(1), **drafting(2)})
    refused = missing.when(REPORT, told(FEB_7)).refuses(refusals.AnswersMissing)
    assert refused.facts == {"count": 1, "cases": case(2)}
    complete = history(*session, beside={**answered(1), **answered(2)})
    complete.when(REPORT, told(FEB_7)).then({SESSION: [AnswersReported(cases=(case(1), case(2)))]})
    history(*READY, beside=answered()).when(REPORT, told(FEB_7)).nothing()


def test_what_the_chairmans_dialogue_is_to_answer_is_written_down_before_it_and_is_part_of_the_gate() -> None:
    session = (CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY), raised(1))
    given = history(*session, beside=drafting(1, **PUBLIC))
    given.when(REPORT, told(date(2023, 8, 10), capacity=Role.CONTENT_DIVISION)).refuses(refusals.AnswersMissing)
    given.when(OPEN, chairman(CHAIRMANS_DAY)).refuses(refusals.AnswersMissing)
    in_the_room = history(*session, BEGUN, raised(2)).state(SESSION)
    assert [put.case for put in in_the_room.linked] == [case(1)]


def test_answers_are_reported_after_the_announcement_unless_there_need_be_none() -> None:
    history(PERIODIC, PROGRAMME).when(REPORT, told(FEB_7)).refuses(refusals.NotAnnounced)
    history(AD_HOC, PROGRAMME).when(REPORT, told(FEB_7)).then({SESSION: [AnswersReported(cases=())]})


def test_only_whoever_holds_it_waives_the_answers_and_only_before_it_begins() -> None:
    history(PERIODIC).when(WAIVE, told(FEB_7)).then({SESSION: [WAIVED]})
    history(PERIODIC, WAIVED).when(WAIVE, told(FEB_7)).nothing()
    history(CHAIRMANS).when(WAIVE, told(FEB_7)).refuses(refusals.NotChairmans)
    history(PERIODIC, PROGRAMME, BEGUN).when(WAIVE, told(FEB_7)).refuses(refusals.NothingToWaive)


def test_it_opens_on_its_day_with_programme_announcement_and_answers() -> None:
    for session, day, rule in (
        ((PERIODIC,), CONFERENCE_DAY, refusals.ProgrammeMissing),
        ((PERIODIC, PROGRAMME), CONFERENCE_DAY, refusals.NotAnnounced),
        ((PERIODIC, PROGRAMME, announced(CONFERENCE_DAY)), FEB_7, refusals.NotYetDay),
        ((PERIODIC, PROGRAMME, PUT_OFF_WITHOUT_A_DAY), CONFERENCE_DAY, refusals.DayUnknown),
        ((PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), PUT_OFF), date(2023, 7, 20), refusals.NotAnnounced),
    ):
        history(*session).when(OPEN, told(day)).refuses(rule)
    history(*READY, beside=answered()).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})
    history(*READY, BEGUN).when(OPEN, told(CONFERENCE_DAY)).nothing()


def test_an_answer_sent_back_after_the_report_closes_the_gate_again_unless_it_is_waived() -> None:
    history(*READY, beside=drafting()).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.AnswersMissing)
    history(*READY, WAIVED, beside=drafting()).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_a_waiver_is_for_the_day_it_was_given_for() -> None:
    session = (PERIODIC, PROGRAMME, linked(), WAIVED, PUT_OFF, announced(date(2023, 7, 20)))
    given = history(*session, beside=drafting())
    given.when(OPEN, told(date(2023, 7, 20))).refuses(refusals.AnswersMissing)


def test_a_case_withdrawn_on_the_day_does_not_keep_the_gate_closed() -> None:
    withdrawn = {case(): [*waiting()[case()], CaseWithdrawn(episode=episode(), note=None)]}
    history(*READY, beside=withdrawn).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_where_the_party_committee_leads_its_opinion_comes_first_and_is_not_waived() -> None:
    cases = answered(field="danh-gia-can-bo")
    for session in (READY, (*READY, WAIVED)):
        refused = history(*session, beside=cases).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.PartyOpinionsMissing)
        assert refused.facts == {"count": 1, "cases": case()}
    spoken = {**cases, case(): [*cases[case()], PartyOpinionRecorded(episode=episode(), opinion=sealed(8))]}
    history(*READY, beside=spoken).when(OPEN, told(CONFERENCE_DAY)).then({SESSION: [SessionOpened()]})


def test_an_ad_hoc_dialogue_opens_without_announcement_and_one_at_a_briefing_without_anything() -> None:
    history(AD_HOC, PROGRAMME).when(OPEN, told(AD_HOC.scheduled)).then({SESSION: [SessionOpened()]})
    history(AD_HOC).when(OPEN, told(AD_HOC.scheduled)).refuses(refusals.ProgrammeMissing)
    at_briefing = history(AT_BRIEFING, linked(), beside=waiting())
    at_briefing.when(OPEN, told(AT_BRIEFING.scheduled)).then({SESSION: [SessionOpened()]})


# --- another day, or none


def test_postponed_the_due_dates_of_what_is_put_to_it_and_of_attending_follow() -> None:
    cases = {**drafting(1), **waiting(2), ATTENDING: [attend(CONFERENCE_DAY)]}
    given = history(PERIODIC, linked(1), linked(2), TO_ATTEND, beside=cases)
    new = on_the_day(date(2023, 7, 20))
    given.when(POSTPONE, told(FEB_7)).then(
        {
            SESSION: [PUT_OFF],
            case(1): [CaseDueSet(episode=episode(1), base=DueBase.SESSION, due=new)],
            task(1): [TaskDueSet(unit="TCHCQT", due=new)],
            case(2): [CaseDueSet(episode=episode(2), base=DueBase.SESSION, due=new)],
            ATTENDING: [TaskDueSet(unit="TH", due=new)],
        }
    )


def test_postponed_without_a_day_the_due_dates_wait_for_one() -> None:
    given = history(PERIODIC, linked(), beside=waiting())
    given.when(replace(POSTPONE, to=None), told(FEB_7)).then({SESSION: [PUT_OFF_WITHOUT_A_DAY]})
    history(PERIODIC, PUT_OFF).when(POSTPONE, told(FEB_7)).nothing()


def test_it_is_not_postponed_to_a_day_that_is_over() -> None:
    command = replace(POSTPONE, to=date(2023, 2, 6))
    history(PERIODIC).when(command, told(FEB_7)).refuses(refusals.DayPassed, "to")


def test_cancelled_what_was_put_to_it_is_due_the_later_of_ten_days_from_receipt_and_five_from_now() -> None:
    late = date(2023, 1, 31)
    fresh = answered(2, received_at=told(late).at)
    given = history(PERIODIC, linked(1), linked(2), beside={**waiting(1), **fresh})
    five = due(FEB_7, 5, "cancelled")
    ten = due(late, 10, "answer")
    assert (five.day, ten.day) == (date(2023, 2, 14), date(2023, 2, 14))
    at_first = told(date(2023, 2, 6))
    given.when(CANCEL, at_first).then(
        {
            SESSION: [CALLED_OFF],
            case(1): [
                CaseUnlinked(episode=episode(1), session=SESSION),
                CaseDueSet(episode=episode(1), base=DueBase.SESSION_CANCELLED, due=due(date(2023, 2, 6), 5, "cancelled")),
            ],
            case(2): [
                CaseUnlinked(episode=episode(2), session=SESSION),
                CaseDueSet(episode=episode(2), base=DueBase.SESSION_CANCELLED, due=ten),
            ],
            task(2): [TaskDueSet(unit="TCHCQT", due=ten)],
        }
    )


def test_how_long_it_has_after_a_cancelling_is_what_the_rules_of_that_day_say() -> None:
    given = history(PERIODIC, linked(1), beside={**waiting(1), **by_rules("cancelled", 20)})
    moved = given.when(CANCEL, told(FEB_7)).decided()[case(1)][-1].due
    assert (moved.day, moved.rule, moved.rules) == (date(2023, 2, 27), "cancelled", "2023.2")


def test_cancelled_nobody_need_attend_any_more() -> None:
    open_and_done = {ATTENDING: [attend(CONFERENCE_DAY)]}
    given = history(PERIODIC, TO_ATTEND, beside=open_and_done)
    given.when(CANCEL, told(FEB_7)).then({SESSION: [CALLED_OFF], ATTENDING: [TaskCancelled(unit="TH", reason=None)]})
    done = history(PERIODIC, TO_ATTEND, beside={ATTENDING: [attend(CONFERENCE_DAY), TaskCompleted(unit="TH")]})
    done.when(CANCEL, told(FEB_7)).then({SESSION: [CALLED_OFF]})
    history(PERIODIC, CALLED_OFF).when(CANCEL, told(FEB_7)).nothing()


def test_whoever_holds_it_cancels_it() -> None:
    history(CHAIRMANS).when(CANCEL, told(FEB_7)).refuses(refusals.NotChairmans)
    history(CHAIRMANS).when(CANCEL, chairman(FEB_7)).then({SESSION: [CALLED_OFF]})


# --- too late for all that


@pytest.mark.parametrize("over", [(BEGUN,), (BEGUN, HELD), (CALLED_OFF,)])
@pytest.mark.parametrize("command", [APPROVE, ANNOUNCE, LINK, UNLINK, ATTEND, REPORT, POSTPONE])
def test_what_prepares_it_is_done_before_it_begins(command: Any, over: tuple[Any, ...]) -> None:
    given = history(PERIODIC, PROGRAMME, *over, beside=UNPUT)
    facts = giving(FEB_7) if command is ATTEND else told(FEB_7)
    given.when(command, facts).refuses(refusals.SessionBegun)


def test_one_that_began_is_not_cancelled_and_one_that_is_over_not_opened() -> None:
    history(PERIODIC, BEGUN).when(CANCEL, told(FEB_7)).refuses(refusals.SessionBegun)
    history(PERIODIC, CALLED_OFF).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.SessionBegun)


@pytest.mark.parametrize("command", [APPROVE, OPEN, asked.HoldSession(session=SESSION), asked.CloseSession(session=SESSION)])
def test_a_dialogue_nobody_proposed_is_not_known(command: Any) -> None:
    history().when(command, told(FEB_7)).refuses(Unknown, "session")


# --- whose dialogue it is, and the meeting it hangs on


def test_the_chairman_s_dialogue_is_put_off_and_begun_by_his_people_and_the_head_s_not_by_him() -> None:
    postpone = asked.PostponeSession(session=SESSION, to=date(2023, 9, 15), reason=sealed(6))
    put_off = SessionPostponed(to=date(2023, 9, 15), reason=sealed(6))
    chairmans = history(CHAIRMANS, PROGRAMME, announced(CHAIRMANS_DAY))
    for capacity in (Role.HUB, Role.CHIEF, Role.DEPUTY):
        chairmans.when(postpone, told(FEB_7, capacity=capacity)).refuses(refusals.NotOfThisTrack)
        chairmans.when(OPEN, told(CHAIRMANS_DAY, capacity=capacity)).refuses(refusals.NotOfThisTrack)
    for capacity in (Role.CHAIRMAN, Role.CONTENT_DIVISION):
        chairmans.when(postpone, told(FEB_7, capacity=capacity)).then({SESSION: [put_off]})
        chairmans.when(OPEN, told(CHAIRMANS_DAY, capacity=capacity)).then({SESSION: [SessionOpened()]})
    heads = history(PERIODIC, PROGRAMME, announced(CONFERENCE_DAY))
    heads.when(postpone, chairman(FEB_7)).refuses(refusals.NotOfThisTrack)
    heads.when(OPEN, chairman(CONFERENCE_DAY)).refuses(refusals.NotOfThisTrack)
    heads.when(postpone, told(FEB_7, capacity=Role.HUB)).then({SESSION: [put_off]})


def test_a_periodic_dialogue_opens_at_its_meeting_and_not_where_that_fell_away() -> None:
    begun = {SESSION: [SessionOpened()]}
    moved, off = MeetingMoved(on=date(2023, 2, 17), reason=None), MeetingCancelled(reason=sealed(6))
    for on_meeting in ((SCHEDULED,), (SCHEDULED, MeetingHeld())):
        at = {MEETING: on_meeting, **answered()}
        history(*READY, beside=at).when(OPEN, told(CONFERENCE_DAY)).then(begun)
    for fell_away in (moved, off):
        at = {MEETING: (SCHEDULED, fell_away), **answered()}
        refused = history(*READY, beside=at).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.MeetingFellAway)
        assert refused.facts == {"meeting": MEETING}
    short = history(AT_BRIEFING, beside={MEETING: [BRIEFING, off]})
    short.when(OPEN, told(AT_BRIEFING.scheduled)).refuses(refusals.MeetingFellAway)
