"""A dialogue is put off or cancelled before it begins, and what hangs on its day follows (R36)."""

from dataclasses import replace
from datetime import date

from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from shared.contracts.case import (
    CaseConcluded,
    CaseDueSet,
    CaseLinked,
    CaseUnlinked,
    DueBase,
)
from shared.contracts.roles import Role
from shared.contracts.session import (
    SessionOpened,
    SessionPostponed,
)
from shared.contracts.task import TaskCancelled, TaskCompleted, TaskDueSet
from tests.assignment.preparations import (
    CALLED_OFF,
    CANCEL,
    FEB_7,
    OPEN,
    POSTPONE,
    PUT_OFF,
    PUT_OFF_WITHOUT_A_DAY,
    TO_ATTEND,
    by_rules,
)
from tests.assignment.sittings import (
    ATTENDING,
    BEGUN,
    CHAIRMANS,
    CHAIRMANS_DAY,
    CONFERENCE_DAY,
    PERIODIC,
    PROGRAMME,
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
    task,
    told,
    waiting,
)
from tests.assignment.stage import SESSION
from tests.support.scenario import sealed


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


def test_what_a_conclusion_has_carried_out_keeps_the_day_of_that_whatever_becomes_of_the_dialogue() -> None:
    work = CaseConcluded(episode=episode(1), notice="notice-00000000000000000001", item=1, unit="TH", task=task(9))
    beside = {case(1): [*waiting(1)[case(1)], work]}
    elsewhere = {case(1): [each for each in beside[case(1)] if not isinstance(each, CaseLinked)]}
    put = history(PERIODIC, linked(1), beside=beside)
    link, unlink = asked.LinkCase(session=SESSION, case=case(1)), asked.UnlinkCase(session=SESSION, case=case(1))
    for given, command in ((history(PERIODIC, beside=elsewhere), link), (put, unlink), (put, POSTPONE), (put, CANCEL)):
        decided = given.when(command, told(FEB_7)).decided()
        assert decided, command
        assert not [each for each in decided.get(case(1), []) if isinstance(each, CaseDueSet)], command


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


def test_one_that_began_is_not_cancelled_and_one_that_is_over_not_opened() -> None:
    history(PERIODIC, BEGUN).when(CANCEL, told(FEB_7)).refuses(refusals.SessionBegun)
    history(PERIODIC, CALLED_OFF).when(OPEN, told(CONFERENCE_DAY)).refuses(refusals.SessionBegun)


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
