"""Work of all six types: given, proved, put forward, confirmed by another person, taken back, moved to another unit."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case import refusals as of_case
from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.task import refusals
from services.assignment.domain.task.commands import (
    AddProof,
    CancelTask,
    CompleteTask,
    GiveTask,
    RecallTask,
    RequestRevision,
    ReturnTask,
    SettleTask,
    SubmitTask,
    TransferTask,
)
from services.assignment.domain.task.decider import Giving, work
from shared.contracts.case import Authority, CaseTransferred, Coordination, CoordinationSet
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.task import (
    ProofAdded,
    RevisionRequested,
    TaskAccepted,
    TaskCancelled,
    TaskCompleted,
    TaskDelegated,
    TaskRecalled,
    TaskReturned,
    TaskSubmitted,
    TaskTransferred,
    TaskType,
)
from tests.assignment.stage import (
    ASSIGNED,
    CASE,
    CHAIRMAN,
    DEPUTY,
    DUE,
    EPISODE,
    HANDED_IN,
    HUB,
    LEADER,
    OPENED,
    SPECIALIST,
    TASK,
    WORK,
    facts,
    given,
)
from tests.support.scenario import Given, sealed

PLAN = "plan-VPUB-2023"
TELL = work(TaskType.DISSEMINATE, "TCHCQT", "VPUB", PLAN, DUE)
CARRY_OUT = replace(TELL, type=TaskType.CARRY_OUT, about="notice-00000000000000000001")
PUT_FORWARD = TaskSubmitted(unit="TCHCQT", by="p-specialist")
OF_NO_CASE = (TaskType.DISSEMINATE, TaskType.CONSOLIDATE, TaskType.APPRAISE, TaskType.ATTEND)
SUBMIT, COMPLETE, REVISE = SubmitTask(task=TASK), CompleteTask(task=TASK), RequestRevision(task=TASK, reason=sealed(4))
CANCEL, RECALL = CancelTask(task=TASK), RecallTask(task=TASK, reason=sealed(1))
RETURN = ReturnTask(task=TASK, reason=sealed(1))


def telling(*events: Any, first: Any = TELL) -> Given:
    return given(task=[first, *events])


def giving(capacity: Role = Role.CHIEF) -> Giving:
    at = datetime(2023, 1, 11, 2, tzinfo=UTC)
    return Giving(at=at, now=at, person="p-chief", office="VPUB", unit="CVP", capacity=capacity, task=TASK)


def give(kind: TaskType = TaskType.DISSEMINATE, unit: str = "TCHCQT", authority: Authority = Authority.HEAD) -> GiveTask:
    return GiveTask(type=kind, unit=unit, office="VPUB", about=PLAN, due=date(2023, 1, 18), authority=authority)


@pytest.mark.parametrize("kind", OF_NO_CASE)
def test_work_of_every_type_that_belongs_to_no_case_is_given_once(kind: TaskType) -> None:
    decided = given().when(give(kind), giving()).decided()
    due = decided[TASK][0].due
    assert decided[TASK] == [work(kind, "TCHCQT", "VPUB", PLAN, due)]
    assert (due.day, due.days, due.start) == (date(2023, 1, 18), 5, date(2023, 1, 11))
    given(task=decided[TASK]).when(give(kind), giving()).nothing()


@pytest.mark.parametrize("kind", [TaskType.ANSWER, TaskType.CARRY_OUT])
def test_answers_and_conclusions_are_given_with_what_they_belong_to(kind: TaskType) -> None:
    given().when(give(kind), giving()).refuses(refusals.WorkNeedsItsCase, "type")


def test_the_head_gives_no_work_to_another_body_in_any_name() -> None:
    given().when(give(unit="SGTVT"), giving()).refuses(LeadOutsideOffice)
    theirs = give(unit="SGTVT", authority=Authority.CHAIRMAN)
    given().when(theirs, giving()).refuses(of_case.AuthorityNotHeld, "authority")
    assert given().when(theirs, giving(Role.CHAIRMAN)).decided()[TASK][0].unit == "SGTVT"


def test_work_whose_own_fact_shows_that_it_is_done_is_settled_once() -> None:
    settle = SettleTask(type=TaskType.CONSOLIDATE, about=PLAN)
    telling().when(settle, giving(Role.SYSTEM)).then({TASK: [TaskCompleted(unit="TCHCQT")]})
    telling(TaskCompleted(unit="TCHCQT")).when(settle, giving(Role.SYSTEM)).nothing()


def test_a_proof_shows_something_while_the_work_is_open() -> None:
    proof = AddProof(task=TASK, file="5e" * 32, reached=42, on=date(2023, 1, 16), result=sealed(2))
    added = ProofAdded(unit="TCHCQT", file="5e" * 32, reached=42, on=date(2023, 1, 16), result=sealed(2))
    telling().when(proof, LEADER).then({TASK: [added]})
    assert telling(added, added).state(TASK).work.proofs == 2
    telling().when(AddProof(task=TASK, on=date(2023, 1, 16)), LEADER).refuses(refusals.ProofMissing, "file")
    telling().when(AddProof(task=TASK, reached=-1), LEADER).refuses(refusals.ProofMissing, "reached")
    telling(TaskCompleted(unit="TCHCQT")).when(proof, LEADER).refuses(refusals.TaskEnded)


def test_a_result_is_put_forward_sent_back_and_put_forward_again() -> None:
    telling().when(SUBMIT, SPECIALIST).then({TASK: [PUT_FORWARD]})
    telling(PUT_FORWARD).when(SUBMIT, SPECIALIST).nothing()
    telling(PUT_FORWARD).when(REVISE, HUB).then({TASK: [RevisionRequested(unit="TCHCQT", reason=sealed(4))]})
    telling().when(REVISE, HUB).refuses(refusals.NothingSubmitted)
    again = telling(PUT_FORWARD, RevisionRequested(unit="TCHCQT", reason=sealed(4))).when(SUBMIT, LEADER).decided()
    assert again == {TASK: [replace(PUT_FORWARD, by="p-leader")]}


def test_the_hub_confirms_what_another_put_forward() -> None:
    telling(PUT_FORWARD).when(COMPLETE, HUB).then({TASK: [TaskCompleted(unit="TCHCQT")]})
    telling(PUT_FORWARD, TaskCompleted(unit="TCHCQT")).when(COMPLETE, HUB).nothing()
    telling().when(COMPLETE, HUB).refuses(refusals.NothingSubmitted)
    telling(TaskReturned(unit="TCHCQT", reason=sealed(1))).when(COMPLETE, HUB).refuses(refusals.TaskEnded)


def test_nobody_confirms_what_he_put_forward_himself() -> None:
    telling(replace(PUT_FORWARD, by="p-hub")).when(COMPLETE, HUB).refuses(refusals.OwnWork)
    # Facts of before the event said by whom: whoever the work was passed on to stands for him.
    passed_on = TaskDelegated(unit="TCHCQT", to="p-hub")
    telling(passed_on, replace(PUT_FORWARD, by=None)).when(COMPLETE, HUB).refuses(refusals.OwnWork)
    assert telling(passed_on, replace(PUT_FORWARD, by="p-specialist")).when(COMPLETE, HUB).decided()


@pytest.mark.parametrize("command", [SUBMIT, REVISE, COMPLETE])
def test_an_answer_is_put_forward_with_its_draft_and_done_when_it_is_delivered(command: Any) -> None:
    handed_in = [HANDED_IN] if command is not SUBMIT else []
    given(OPENED, ASSIGNED, task=[WORK, *handed_in]).when(command, HUB).refuses(refusals.AnswerGoesWithItsDraft)


def test_work_of_no_case_is_handed_back_cancelled_and_recalled() -> None:
    telling().when(RETURN, LEADER).then({TASK: [TaskReturned(unit="TCHCQT", reason=sealed(1))]})
    telling().when(CANCEL).then({TASK: [TaskCancelled(unit="TCHCQT", reason=None)]})
    telling().when(RECALL).then({TASK: [TaskRecalled(unit="TCHCQT", reason=sealed(1))]})
    for command in (CANCEL, RECALL):
        telling(TaskCancelled(unit="TCHCQT", reason=None)).when(command).nothing()
        telling(TaskCompleted(unit="TCHCQT")).when(command).refuses(refusals.TaskEnded)


@pytest.mark.parametrize("command", [CANCEL, RECALL])
def test_work_of_a_case_is_taken_back_at_the_case(command: Any) -> None:
    refused = given(OPENED, ASSIGNED, task=[WORK]).when(command).refuses(refusals.WorkOfACase)
    assert refused.facts == {"case": CASE}


@pytest.mark.parametrize("command", [CANCEL, RECALL, RETURN])
def test_work_that_carries_out_a_conclusion_stands(command: Any) -> None:
    telling(first=CARRY_OUT).when(command, LEADER).refuses(refusals.ConclusionStands)


def test_a_transfer_keeps_task_history_and_due_date_and_the_case_follows() -> None:
    moved = TaskTransferred(former="TCHCQT", unit="TH", basis="12/QĐ-VPUB", succession=None)
    history = given(OPENED, ASSIGNED, task=[WORK, TaskAccepted(unit="TCHCQT")])
    history.when(TransferTask(task=TASK, to="TH", basis="12/QĐ-VPUB")).then(
        {
            TASK: [moved],
            CASE: [CaseTransferred(episode=EPISODE, former="TCHCQT", lead="TH", basis="12/QĐ-VPUB", succession=None)],
        }
    )
    state = given(task=[WORK, TaskAccepted(unit="TCHCQT"), TaskDelegated(unit="TCHCQT", to="p-specialist"), moved]).state(TASK)
    assert (type(state).__name__, state.work.unit, state.work.person, state.work.due) == ("Assigned", "TH", None, DUE)
    waiting = given(task=[WORK, HANDED_IN, moved]).state(TASK)
    assert type(waiting).__name__ == "Submitted"


def test_a_transfer_never_moves_a_due_date() -> None:
    history = given(OPENED, ASSIGNED, task=[WORK])
    later = TransferTask(task=TASK, to="TH", due=date(2023, 2, 28))
    refused = history.when(later).refuses(refusals.TransferKeepsTheDay, "due")
    assert refused.facts == {"due": DUE.day.isoformat()}
    assert history.when(TransferTask(task=TASK, to="TH", due=DUE.day)).decided()


def test_a_transfer_goes_to_another_unit_that_the_giver_may_give_to() -> None:
    history = given(OPENED, ASSIGNED, task=[WORK])
    history.when(TransferTask(task=TASK, to="TCHCQT")).refuses(refusals.SameUnit, "to")
    history.when(TransferTask(task=TASK, to="SGTVT")).refuses(LeadOutsideOffice)
    history.when(TransferTask(task=TASK, to="TH"), CHAIRMAN).refuses(of_case.AuthorityNotHeld)
    given(task=[WORK, TaskCompleted(unit="TCHCQT")]).when(TransferTask(task=TASK, to="TH")).refuses(refusals.TaskEnded)
    given().when(TransferTask(task=TASK, to="TH")).refuses(Unknown)


def test_what_the_chairman_gave_he_moves_between_bodies() -> None:
    his = replace(TELL, unit="SGTVT", authority=Authority.CHAIRMAN)
    move = TransferTask(task=TASK, to="MS1")
    telling(first=his).when(move, DEPUTY).refuses(of_case.AuthorityNotHeld, "task")
    assert telling(first=his).when(move, CHAIRMAN).decided()[TASK][0].unit == "MS1"


def test_a_co_ordinating_unit_s_part_moves_and_the_case_knows() -> None:
    helping = "task-00000000000000000003"
    beside = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=helping, due=DUE),))
    history = given(OPENED, ASSIGNED, beside, task=[WORK], more={helping: [replace(WORK, unit="TH")]})
    decided = history.when(TransferTask(task=helping, to="NC")).decided()
    assert decided[CASE][0].coordinating == (Coordination(unit="NC", task=helping, due=DUE),)
    history.when(TransferTask(task=helping, to="TCHCQT")).refuses(of_case.CoordinatesItself, "to")
    history.when(TransferTask(task=TASK, to="TH")).refuses(of_case.CoordinatesItself, "to")


@pytest.mark.parametrize("command", [SUBMIT, REVISE, COMPLETE, CANCEL, RECALL, AddProof(task=TASK, reached=1)])
def test_work_that_nobody_gave_is_unknown(command: Any) -> None:
    given().when(command, facts()).refuses(Unknown)


@pytest.mark.parametrize("who", [DEPUTY, HUB, LEADER])
def test_only_who_may_name_the_lead_moves_its_task_to_another(who: Any) -> None:
    """The deputy moves other work, such as a co-ordinating unit's part (R35)."""
    helping = "task-00000000000000000003"
    beside = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=helping, due=DUE),))
    history = given(OPENED, ASSIGNED, beside, task=[WORK], more={helping: [replace(WORK, unit="TH")]})
    history.when(TransferTask(task=TASK, to="NC"), who).refuses(of_case.AuthorityNotHeld, "task")
    assert history.when(TransferTask(task=helping, to="NC"), who).decided()


def test_the_chairman_gives_no_work_in_the_head_s_name() -> None:
    tell = GiveTask(type=TaskType.DISSEMINATE, unit="TH", office="VPUB", about=PLAN, due=date(2023, 1, 18))
    chairman = Giving(
        at=CHAIRMAN.at, now=CHAIRMAN.now, person="p-chairman", office="VPUB", unit="VPUB", capacity=Role.CHAIRMAN, task=TASK
    )
    given().when(tell, chairman).refuses(of_case.AuthorityNotHeld, "authority")
    assert given().when(replace(tell, authority=Authority.CHAIRMAN), chairman).decided()
