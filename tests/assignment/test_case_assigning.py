"""A case is given to units: proposed, assigned with those that co-ordinate, asked of others, moved, taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case import refusals
from services.assignment.domain.case.commands import (
    AssignCase,
    ConsultUnit,
    CoordinatingUnit,
    DirectCase,
    GiveConsultation,
    ProposeAssignment,
    RecallCase,
    SetCaseDue,
    SetCoordination,
    SplitCase,
    SplitMatter,
)
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.task.commands import ReturnTask, TransferTask
from services.assignment.domain.task.refusals import ConclusionStands
from shared.contracts.case import (
    AssignmentProposed,
    Authority,
    CaseAssigned,
    CaseClosed,
    CaseConcluded,
    CaseConsulted,
    CaseDueSet,
    CaseHandedBack,
    CaseRecalled,
    CaseReopened,
    CaseTransferred,
    CaseWithdrawn,
    ConsultationGiven,
    ConsultationMoved,
    Coordination,
    CoordinationSet,
    DueBase,
)
from shared.contracts.session import Track
from shared.contracts.task import (
    TaskCancelled,
    TaskCompleted,
    TaskDueSet,
    TaskRecalled,
    TaskReturned,
    TaskTransferred,
    TaskType,
)
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    CHAIRMAN,
    DELIVERED,
    DUE,
    EPISODE,
    HANDED_IN,
    HUB,
    LEADER,
    LINKED,
    NEW_TASK,
    OPENED,
    OTHER,
    RESOLVED,
    SESSION,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    session,
)
from tests.support.scenario import Given, sealed

HELPING = "task-00000000000000000003"
HELP = replace(WORK, unit="TH")
BESIDE = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=HELPING, due=DUE),))
ALONE = CoordinationSet(episode=EPISODE, coordinating=())
DRAFTING = given(OPENED, ASSIGNED, task=[WORK])
HELPED = given(OPENED, ASSIGNED, BESIDE, task=[WORK], more={HELPING: [HELP]})
TELLING = facts(tasks={"TH": HELPING, "NC": "task-00000000000000000004"})
RECALL = RecallCase(case=CASE, reason=sealed(3))
ASK = ConsultUnit(case=CASE, unit="TH", question=sealed(1))
GIVE = GiveConsultation(case=CASE, given=sealed(2))


def test_the_hub_proposes_and_decides_nothing() -> None:
    propose = ProposeAssignment(case=CASE, lead="TCHCQT", coordinating=("TH",))
    proposed = AssignmentProposed(episode=EPISODE, lead="TCHCQT", coordinating=("TH",))
    given(OPENED).when(propose, HUB).then({CASE: [proposed]})
    given(OPENED, proposed).when(propose, HUB).nothing()
    DRAFTING.when(ProposeAssignment(case=CASE, lead="TCHCQT"), HUB).nothing()
    DRAFTING.when(ProposeAssignment(case=CASE, lead="TH"), HUB).refuses(refusals.AlreadyAssigned, "lead")


def test_a_proposal_is_held_to_the_rules_of_an_assignment() -> None:
    given(OPENED).when(ProposeAssignment(case=CASE, lead="SGTVT"), HUB).refuses(LeadOutsideOffice, "lead")
    twice = ProposeAssignment(case=CASE, lead="TH", coordinating=("TH",))
    given(OPENED).when(twice, HUB).refuses(refusals.CoordinatesItself, "coordinating.0")


def test_units_that_co_ordinate_get_their_task_and_a_date_of_their_own_with_the_lead_s() -> None:
    beside = (CoordinatingUnit(unit="TH", due=date(2023, 1, 18)), CoordinatingUnit(unit="NC"))
    decided = given(OPENED).when(AssignCase(case=CASE, lead="TCHCQT", coordinating=beside), TELLING).decided()
    assigned, coordination = decided[CASE]
    assert assigned == CaseAssigned(episode=EPISODE, lead="TCHCQT", authority=Authority.HEAD, task=NEW_TASK, due=DUE)
    assert [(each.unit, each.due.day) for each in coordination.coordinating] == [
        ("TH", date(2023, 1, 18)),
        ("NC", DUE.day),
    ]
    # 12, 13, 16, 17, 18/01: five working days after the 11th (domain brief §2.2).
    assert (coordination.coordinating[0].due.start, coordination.coordinating[0].due.days) == (date(2023, 1, 11), 5)
    assert decided[HELPING] == [replace(HELP, due=coordination.coordinating[0].due)]
    assert [events[0].unit for stream, events in decided.items() if stream.startswith("task-")] == ["TCHCQT", "TH", "NC"]


@pytest.mark.parametrize("beside", [("TCHCQT",), ("TH", "TH")])
def test_the_lead_does_not_co_ordinate_and_nobody_does_twice(beside: tuple[str, ...]) -> None:
    units = tuple(CoordinatingUnit(unit=unit) for unit in beside)
    refused = given(OPENED).when(AssignCase(case=CASE, lead="TCHCQT", coordinating=units), TELLING)
    refused.refuses(refusals.CoordinatesItself, f"coordinating.{len(beside) - 1}.unit")


def test_a_date_of_one_s_own_is_not_in_the_past_and_units_of_others_are_given_none() -> None:
    past = (CoordinatingUnit(unit="TH", due=date(2023, 1, 10)),)
    given(OPENED).when(AssignCase(case=CASE, lead="TCHCQT", coordinating=past), TELLING).refuses(
        refusals.DayNotAhead, "coordinating.0.due"
    )
    other = (CoordinatingUnit(unit="SGTVT"),)
    given(OPENED).when(AssignCase(case=CASE, lead="TCHCQT", coordinating=other), TELLING).refuses(LeadOutsideOffice)


def test_who_co_ordinates_can_be_said_anew_and_whoever_is_left_out_loses_the_task() -> None:
    only = SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="NC"),))
    decided = HELPED.when(only, TELLING).decided()
    assert [each.unit for each in decided[CASE][0].coordinating] == ["NC"]
    assert decided[HELPING] == [TaskCancelled(unit="TH", reason=None)]
    HELPED.when(SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="TH"),)), TELLING).nothing()
    HELPED.when(SetCoordination(case=CASE, coordinating=()), TELLING).then(
        {CASE: [ALONE], HELPING: [TaskCancelled(unit="TH", reason=None)]}
    )


def test_another_date_for_a_unit_that_co_ordinates_moves_its_task_too() -> None:
    again = SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="TH", due=date(2023, 2, 6)),))
    decided = HELPED.when(again, TELLING).decided()
    due = decided[CASE][0].coordinating[0].due
    assert (due.day, due.rule) == (date(2023, 2, 6), "coordination")
    assert decided[HELPING] == [TaskDueSet(unit="TH", due=due)]


def test_nobody_co_ordinates_where_nobody_leads() -> None:
    given(OPENED).when(SetCoordination(case=CASE, coordinating=()), TELLING).refuses(refusals.NotAssigned)
    decided = HELPED.when(ReturnTask(task=TASK, reason=sealed(4)), LEADER).decided()
    assert decided == {
        TASK: [TaskReturned(unit="TCHCQT", reason=sealed(4))],
        CASE: [CaseHandedBack(episode=EPISODE, lead="TCHCQT", task=TASK, reason=sealed(4)), ALONE],
        HELPING: [TaskCancelled(unit="TH", reason=None)],
    }


def test_a_unit_that_hands_its_part_back_co_ordinates_no_more() -> None:
    HELPED.when(ReturnTask(task=HELPING, reason=sealed(4)), OTHER).then(
        {HELPING: [TaskReturned(unit="TH", reason=sealed(4))], CASE: [ALONE]}
    )


def test_the_head_takes_a_case_back_with_the_tasks_of_all() -> None:
    HELPED.when(RECALL).then(
        {
            CASE: [CaseRecalled(episode=EPISODE, lead="TCHCQT", task=TASK, reason=sealed(3)), ALONE],
            TASK: [TaskRecalled(unit="TCHCQT", reason=sealed(3))],
            HELPING: [TaskCancelled(unit="TH", reason=None)],
        }
    )
    given(OPENED).when(RECALL).nothing()


def test_what_the_speaker_has_or_a_conclusion_ordered_is_not_recalled() -> None:
    delivered = given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, task=[WORK, TaskCompleted(unit="TCHCQT")])
    delivered.when(RECALL).refuses(refusals.AnswerStands)
    concluded = CaseConcluded(episode=EPISODE, notice="notice-1", item=1, unit="TCHCQT", task=TASK)
    work = replace(WORK, type=TaskType.CARRY_OUT, about="notice-1")
    given(OPENED, ASSIGNED, concluded, task=[work]).when(RECALL).refuses(ConclusionStands)
    given(OPENED, ASSIGNED, RESOLVED).when(RECALL).refuses(refusals.AlreadyResolved)
    given(OPENED, CaseWithdrawn(episode=EPISODE, note=None)).when(RECALL).refuses(refusals.CaseOver)


def test_the_chairman_gives_to_any_body_what_was_put_to_his_own_dialogue() -> None:
    assign = AssignCase(case=CASE, lead="SGTVT", authority=Authority.CHAIRMAN)
    decided = given(OPENED, LINKED, more={SESSION: session(Track.CHAIRMAN)}).when(assign, CHAIRMAN).decided()
    assert decided[CASE] == [CaseAssigned(episode=EPISODE, lead="SGTVT", authority=Authority.CHAIRMAN, task=NEW_TASK, due=DUE)]
    assert decided[NEW_TASK] == [replace(WORK, unit="SGTVT", authority=Authority.CHAIRMAN)]


def test_what_was_put_to_the_chairman_s_dialogue_is_his_when_it_is_taken_up_again() -> None:
    episode = f"{EPISODE[:-1]}2"
    reopened = CaseReopened(
        episode=episode, previous=EPISODE, reason=sealed(2), field=OPENED.field, lead=None, task=None, due=DUE
    )
    settled = (OPENED, LINKED, RESOLVED, reopened)
    again = given(*settled, more={SESSION: session(Track.CHAIRMAN)})
    assert again.state(CASE).matter.session is None
    assign = AssignCase(case=CASE, lead="SGTVT", authority=Authority.CHAIRMAN)
    assert again.when(assign, CHAIRMAN).decided()[CASE][0].authority is Authority.CHAIRMAN
    direct = DirectCase(case=CASE, direction=sealed(3))
    assert again.when(direct, CHAIRMAN).decided()[CASE][0].authority is Authority.CHAIRMAN
    again.when(direct).refuses(refusals.AuthorityNotHeld)
    of_the_head = given(*settled, more={SESSION: session()})
    of_the_head.when(assign, CHAIRMAN).refuses(refusals.NotOnTheChairmansTrack)
    assert of_the_head.when(direct).decided()[CASE][0].authority is Authority.HEAD


def test_a_part_of_what_was_put_to_the_chairman_s_dialogue_and_is_taken_up_again_is_his() -> None:
    episode, parts = f"{EPISODE[:-1]}2", ("case-0000000000000000000A", "case-0000000000000000000B")
    reopened = CaseReopened(
        episode=episode, previous=EPISODE, reason=sealed(2), field=OPENED.field, lead=None, task=None, due=DUE
    )
    split = SplitCase(case=CASE, parts=(SplitMatter(words=sealed(3)), SplitMatter(words=sealed(4))))
    asked_by = {name: getattr(facts(), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    whole = given(OPENED, LINKED, RESOLVED, reopened, more={SESSION: session(Track.CHAIRMAN)})
    decided = whole.when(split, Splitting(**asked_by, children=parts)).decided()
    for part in parts:
        (off,) = decided[part]
        assert (off.session, off.dialogue) == (None, SESSION)
        of_part = given(more={part: [off], SESSION: session(Track.CHAIRMAN)})
        assign = AssignCase(case=part, lead="SGTVT", authority=Authority.CHAIRMAN)
        assert of_part.when(assign, CHAIRMAN).decided()[part][0].authority is Authority.CHAIRMAN
        direct = DirectCase(case=part, direction=sealed(5))
        assert of_part.when(direct, CHAIRMAN).decided()[part][0].authority is Authority.CHAIRMAN
        of_part.when(direct).refuses(refusals.AuthorityNotHeld)


def test_the_chairman_gives_nothing_that_was_put_to_the_head_s_dialogue_or_to_none() -> None:
    assign = AssignCase(case=CASE, lead="SGTVT", authority=Authority.CHAIRMAN)
    given(OPENED, LINKED, more={SESSION: session()}).when(assign, CHAIRMAN).refuses(refusals.NotOnTheChairmansTrack)
    given(OPENED).when(assign, CHAIRMAN).refuses(refusals.NotOnTheChairmansTrack)


def test_neither_head_nor_chairman_decides_in_the_other_s_name() -> None:
    on_his_track = given(OPENED, LINKED, more={SESSION: session(Track.CHAIRMAN)})
    on_his_track.when(AssignCase(case=CASE, lead="SGTVT", authority=Authority.CHAIRMAN)).refuses(refusals.AuthorityNotHeld)
    given(OPENED).when(AssignCase(case=CASE, lead="TH"), CHAIRMAN).refuses(refusals.AuthorityNotHeld)
    theirs = replace(ASSIGNED, lead="SGTVT", authority=Authority.CHAIRMAN)
    given(OPENED, LINKED, theirs, task=[replace(WORK, unit="SGTVT")]).when(RECALL).refuses(refusals.AuthorityNotHeld)


def test_another_unit_is_asked_by_a_task_of_its_own_and_answers_once() -> None:
    decided = DRAFTING.when(ASK, LEADER).decided()
    asked = decided[CASE][0]
    assert asked == CaseConsulted(episode=EPISODE, unit="TH", task=NEW_TASK, question=sealed(1), due=asked.due)
    assert (asked.due.rule, asked.due.days) == ("consult", 5)
    assert decided[NEW_TASK] == [replace(WORK, unit="TH", due=asked.due)]
    awaiting = given(OPENED, ASSIGNED, asked, task=[WORK], more={NEW_TASK: decided[NEW_TASK]})
    awaiting.when(ASK, LEADER).nothing()
    awaiting.when(GIVE, OTHER).then(
        {
            CASE: [ConsultationGiven(episode=EPISODE, unit="TH", task=NEW_TASK, given=sealed(2))],
            NEW_TASK: [TaskCompleted(unit="TH")],
        }
    )
    said = ConsultationGiven(episode=EPISODE, unit="TH", task=NEW_TASK, given=sealed(2))
    done = {NEW_TASK: [*decided[NEW_TASK], TaskCompleted(unit="TH")]}
    given(OPENED, ASSIGNED, asked, said, task=[WORK], more=done).when(GIVE, OTHER).refuses(refusals.NotConsulted)


def test_a_question_that_moves_takes_its_place_in_the_case_with_it() -> None:
    asked = DRAFTING.when(ASK, LEADER).decided()
    history = given(OPENED, ASSIGNED, *asked[CASE], task=[WORK], more={NEW_TASK: asked[NEW_TASK]})
    moved = ConsultationMoved(episode=EPISODE, task=NEW_TASK, former="TH", unit="NC")
    decided = history.when(TransferTask(task=NEW_TASK, to="NC")).decided()
    assert decided[CASE] == [moved]
    assert given(OPENED, ASSIGNED, *asked[CASE], moved).state(CASE).matter.consulting == (("NC", NEW_TASK),)
    history.when(TransferTask(task=NEW_TASK, to="TCHCQT")).refuses(refusals.CoordinatesItself, "to")


def test_whoever_took_the_question_over_answers_it() -> None:
    asked = DRAFTING.when(ASK, LEADER).decided()
    moved = TaskTransferred(former="TH", unit="NC", basis=None, succession=None)
    history = given(OPENED, ASSIGNED, *asked[CASE], task=[WORK], more={NEW_TASK: [*asked[NEW_TASK], moved]})
    history.when(GIVE, OTHER).refuses(refusals.NotConsulted)
    answered = history.when(GIVE, facts(person="p-nc", unit="NC")).decided()
    assert answered[NEW_TASK] == [TaskCompleted(unit="NC")]


@pytest.mark.parametrize(
    ("history", "command", "rule"),
    [
        (given(OPENED), ASK, refusals.NotAssigned),
        (DRAFTING, ConsultUnit(case=CASE, unit="TCHCQT", question=sealed(1)), refusals.CoordinatesItself),
        (DRAFTING, ConsultUnit(case=CASE, unit="SGTVT", question=sealed(1)), LeadOutsideOffice),
        (DRAFTING, GIVE, refusals.NotConsulted),
        (given(OPENED, ASSIGNED, RESOLVED), ASK, refusals.AlreadyResolved),
        (given(OPENED, ASSIGNED, SUBMITTED, APPROVED, DELIVERED), ASK, refusals.AnswerStands),
        (given(OPENED, ASSIGNED, RESOLVED, CaseClosed(episode=EPISODE)), ASK, refusals.AlreadyResolved),
    ],
)
def test_a_question_goes_to_another_unit_of_the_office_while_the_case_is_answered(
    history: Given, command: Any, rule: type[Exception]
) -> None:
    history.when(command, OTHER).refuses(rule)  # type: ignore[arg-type]


def test_the_head_orders_another_day_for_the_case_and_the_answer_its_lead_works_on() -> None:
    order = SetCaseDue(case=CASE, until=date(2023, 2, 10))
    decided = DRAFTING.when(order).decided()
    due = decided[CASE][0].due
    assert decided[CASE] == [CaseDueSet(episode=EPISODE, base=DueBase.ORDER, due=due)]
    assert decided[TASK] == [TaskDueSet(unit="TCHCQT", due=due)]
    # From 11/01: 17 working days over Tết to 10/02 (domain brief §2.2).
    assert (due.day, due.rule, due.start, due.days) == (date(2023, 2, 10), "order", date(2023, 1, 11), 17)
    DRAFTING.when(SetCaseDue(case=CASE, until=DUE.day)).nothing()
    assert list(given(OPENED).when(order).decided()) == [CASE]


def test_no_order_moves_a_due_date_into_the_past() -> None:
    DRAFTING.when(SetCaseDue(case=CASE, until=date(2023, 1, 10))).refuses(refusals.DayNotAhead, "until")
    late = facts(datetime(2023, 2, 1, 2, tzinfo=UTC))
    given(OPENED, ASSIGNED, RESOLVED).when(SetCaseDue(case=CASE, until=date(2023, 2, 3)), late).refuses(refusals.AlreadyResolved)


def test_a_case_that_another_unit_leads_keeps_its_draft_under_approval() -> None:
    moved = CaseTransferred(episode=EPISODE, former="TCHCQT", lead="TH", basis=None, succession=None)
    state = given(OPENED, ASSIGNED, SUBMITTED, moved, task=[WORK, HANDED_IN]).state(CASE)
    assert (state.lead, state.drafter, state.task) == ("TH", "p-specialist", TASK)


def test_who_co_ordinates_and_until_when_is_said_in_the_name_in_which_the_case_was_given() -> None:
    whoever = SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="SGTVT"),))
    day = SetCaseDue(case=CASE, until=date(2023, 2, 10))
    chairman = replace(CHAIRMAN, tasks={"SGTVT": HELPING})
    DRAFTING.when(whoever, chairman).refuses(refusals.AuthorityNotHeld)
    his = given(OPENED, replace(ASSIGNED, authority=Authority.CHAIRMAN), task=[replace(WORK, authority=Authority.CHAIRMAN)])
    his.when(SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="TH"),)), TELLING).refuses(refusals.AuthorityNotHeld)
    his.when(day).refuses(refusals.AuthorityNotHeld)
    decided = his.when(whoever, chairman).decided()
    assert (decided[HELPING][0].unit, decided[HELPING][0].authority) == ("SGTVT", Authority.CHAIRMAN)
