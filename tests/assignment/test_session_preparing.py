"""Before a dialogue begins: its programme, its announcement, what is put to it, who attends (R28, R33)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.directory.refusals import LeadOutsideOffice, UnknownPerson
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.states import Stage
from shared.contracts.case import (
    Authority,
    CaseDueSet,
    CaseLinked,
    CaseUnlinked,
    CaseWithdrawn,
    DueBase,
)
from shared.contracts.directory import PersonJoined, PersonMoved, PersonRegistered
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.contracts.session import (
    AnswersReported,
    AttendanceAssigned,
    ProgrammeApproved,
    SessionAnnounced,
    SessionCaseUnlinked,
)
from shared.contracts.task import TaskDueSet
from tests.assignment.preparations import (
    ANNOUNCE,
    APPROVE,
    ATTEND,
    CALLED_OFF,
    FEB_1,
    FEB_3,
    FEB_4,
    FEB_7,
    LINK,
    OPEN,
    POSTPONE,
    PUBLIC,
    PUT_OFF,
    PUT_OFF_WITHOUT_A_DAY,
    REPORT,
    TO_ATTEND,
    UNLINK,
    UNPUT,
    by_rules,
    giving,
    stage,
)
from tests.assignment.sittings import (
    AD_HOC,
    AT_BRIEFING,
    ATTENDING,
    BEGUN,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    HELD,
    ON_REQUEST,
    PERIODIC,
    PROGRAMME,
    UNITS,
    announced,
    attend,
    case,
    chairman,
    drafting,
    episode,
    history,
    linked,
    on_the_day,
    opened,
    task,
    told,
    waiting,
)
from tests.assignment.stage import DUE, SESSION
from tests.support.scenario import sealed


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


SECOND = {"person-p-second": [PersonRegistered(person="p-second", name=sealed(9), unit="TH", valid_from=date(2021, 1, 1))]}
JOINS = PersonJoined(person="p-specialist", unit="TH", valid_from=FEB_3)


def test_a_unit_is_to_attend_as_a_task_due_on_the_day() -> None:
    given = history(PERIODIC).when(ATTEND, giving(FEB_1))
    given.then({SESSION: [TO_ATTEND], ATTENDING: [attend(CONFERENCE_DAY)]})


def test_other_people_of_the_unit_take_the_place_of_those_named_before_under_the_same_task() -> None:
    given = history(PERIODIC, TO_ATTEND, beside={ATTENDING: [attend(CONFERENCE_DAY)]})
    given.when(ATTEND, giving(FEB_1)).nothing()
    given = history(PERIODIC, TO_ATTEND, beside={ATTENDING: [attend(CONFERENCE_DAY)], **SECOND})
    others = replace(ATTEND, people=("p-second",))
    given.when(others, giving(FEB_1)).then({SESSION: [replace(TO_ATTEND, people=("p-second",))]})


@pytest.mark.parametrize("before", [(), (TO_ATTEND,)], ids=["first", "again"])
def test_a_unit_sends_its_own_people_of_the_day(before: tuple[Any, ...]) -> None:
    moved = {"person-p-second": [*SECOND["person-p-second"], PersonMoved(person="p-second", unit="NC", valid_from=FEB_3)]}
    joins = {"person-p-specialist": [*UNITS["person-p-specialist"], JOINS]}
    given = history(PERIODIC, *before, beside={ATTENDING: [attend(CONFERENCE_DAY)] if before else [], **moved, **joins})
    refused = given.when(replace(ATTEND, people=("p-other", "p-specialist")), giving(FEB_1))
    assert refused.refuses(refusals.AttendeeOutsideUnit, "people.1").facts == {
        "person": "p-specialist",
        "unit": "TH",
        "day": "2023-02-01",
    }
    both = replace(ATTEND, people=("p-second", "p-specialist"))
    given.when(both, giving(FEB_3)).refuses(refusals.AttendeeOutsideUnit, "people.0")
    joined = replace(ATTEND, people=("p-specialist",))
    assert given.when(joined, giving(FEB_3)).decided()[SESSION][0].people == ("p-specialist",)
    given.when(replace(ATTEND, people=("p-nobody",)), giving(FEB_1)).refuses(UnknownPerson, "people.0")


def test_the_head_has_his_own_units_attend_and_the_chairman_any() -> None:
    command = replace(ATTEND, unit="SGTVT", people=())
    history(PERIODIC).when(command, giving(FEB_1)).refuses(LeadOutsideOffice)
    assigned = AttendanceAssigned(unit="SGTVT", people=(), task=ATTENDING)
    by_chairman = attend(CHAIRMANS_DAY, Authority.CHAIRMAN, by="SGTVT")
    history(CHAIRMANS).when(command, giving(FEB_1, by=chairman)).then({SESSION: [assigned], ATTENDING: [by_chairman]})


def test_nobody_is_to_attend_on_a_day_that_is_not_known() -> None:
    history(PERIODIC, PUT_OFF_WITHOUT_A_DAY).when(ATTEND, giving(FEB_1)).refuses(refusals.DayUnknown)


@pytest.mark.parametrize("over", [(BEGUN,), (BEGUN, HELD), (CALLED_OFF,)])
@pytest.mark.parametrize("command", [APPROVE, ANNOUNCE, LINK, UNLINK, ATTEND, REPORT, POSTPONE])
def test_what_prepares_it_is_done_before_it_begins(command: Any, over: tuple[Any, ...]) -> None:
    given = history(PERIODIC, PROGRAMME, *over, beside=UNPUT)
    facts = giving(FEB_7) if command is ATTEND else told(FEB_7)
    given.when(command, facts).refuses(refusals.SessionBegun)


@pytest.mark.parametrize("command", [APPROVE, OPEN, asked.HoldSession(session=SESSION), asked.CloseSession(session=SESSION)])
def test_a_dialogue_nobody_proposed_is_not_known(command: Any) -> None:
    history().when(command, told(FEB_7)).refuses(Unknown, "session")
