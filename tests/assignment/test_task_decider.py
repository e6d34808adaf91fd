"""What a unit does with the work it was given."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case.refusals import BeforeReceipt
from services.assignment.domain.task.commands import AcceptTask, DelegateTask, ReturnTask
from services.assignment.domain.task.refusals import DelegateOutsideUnit, TaskEnded, UnknownPerson, WorkSubmitted
from shared.contracts.case import CaseHandedBack
from shared.contracts.directory import PersonRegistered
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.task import (
    RevisionRequested,
    TaskAccepted,
    TaskCompleted,
    TaskDelegated,
    TaskReturned,
    TaskSubmitted,
)
from tests.assignment.stage import ASSIGNED, CASE, EPISODE, OPENED, SUBMITTED, TASK, WORK, facts, given
from tests.support.scenario import Given, sealed

LEADER = facts(person="p-leader", unit="TCHCQT", capacity=Role.UNIT_LEADER)
ACCEPT = AcceptTask(task=TASK)
DELEGATE = DelegateTask(task=TASK, to="p-specialist")
RETURN = ReturnTask(task=TASK, reason=sealed(4))
TAKEN = TaskAccepted(unit="TCHCQT")
PUT_FORWARD = TaskSubmitted(unit="TCHCQT", by="p-specialist")


def work(*events: Any) -> Given:
    return given(OPENED, ASSIGNED, task=[WORK, *events])


def test_a_unit_takes_its_work_once() -> None:
    work().when(ACCEPT, LEADER).then({TASK: [TAKEN]})
    work(TAKEN).when(ACCEPT, LEADER).nothing()
    work(PUT_FORWARD).when(ACCEPT, LEADER).nothing()


def test_a_leader_gives_the_work_to_a_person_of_the_unit() -> None:
    passed_on = TaskDelegated(unit="TCHCQT", to="p-specialist")
    work().when(DELEGATE, LEADER).then({TASK: [passed_on]})
    work(TAKEN).when(DELEGATE, LEADER).then({TASK: [passed_on]})
    work(passed_on).when(DELEGATE, LEADER).nothing()


def test_work_asked_back_for_revision_can_be_given_to_another_person() -> None:
    other = TaskDelegated(unit="TCHCQT", to="p-specialist")
    work(TAKEN, PUT_FORWARD, RevisionRequested(unit="TCHCQT", reason=None)).when(DELEGATE, LEADER).then({TASK: [other]})


def test_work_is_not_given_to_people_of_other_units_or_to_nobody() -> None:
    work().when(DelegateTask(task=TASK, to="p-other"), LEADER).refuses(DelegateOutsideUnit, "to")
    work().when(DelegateTask(task=TASK, to="p-nobody"), LEADER).refuses(UnknownPerson, "to")


def test_work_is_not_given_to_a_person_before_his_first_day() -> None:
    new = PersonRegistered(person="p-new", name=sealed(3), unit="TCHCQT", valid_from=date(2023, 2, 1))
    history = given(OPENED, ASSIGNED, task=[WORK], more={"person-p-new": [new]})
    history.when(DelegateTask(task=TASK, to="p-new"), LEADER).refuses(DelegateOutsideUnit, "to")


def test_returned_work_hands_the_case_back_in_the_same_append() -> None:
    work(TAKEN).when(RETURN, LEADER).then(
        {
            TASK: [TaskReturned(unit="TCHCQT", reason=sealed(4))],
            CASE: [CaseHandedBack(episode=EPISODE, lead="TCHCQT", task=TASK, reason=sealed(4))],
        }
    )


def test_work_before_whoever_approves_it_is_neither_returned_nor_passed_on() -> None:
    submitted = given(OPENED, ASSIGNED, SUBMITTED, task=[WORK, PUT_FORWARD])
    submitted.when(RETURN, LEADER).refuses(WorkSubmitted)
    submitted.when(DELEGATE, LEADER).refuses(WorkSubmitted)


@pytest.mark.parametrize("end", [TaskReturned(unit="TCHCQT", reason=sealed(4)), TaskCompleted(unit="TCHCQT")])
@pytest.mark.parametrize("command", [ACCEPT, DELEGATE, RETURN])
def test_work_that_has_ended_is_history(end: object, command: object) -> None:
    work(end).when(command, LEADER).refuses(TaskEnded)


@pytest.mark.parametrize("command", [ACCEPT, DELEGATE, RETURN])
def test_work_that_nobody_gave_is_unknown(command: object) -> None:
    given(OPENED).when(command, LEADER).refuses(Unknown)


def test_work_is_not_returned_before_the_opinion_was_received() -> None:
    early = facts(datetime(2023, 1, 8, tzinfo=UTC), person="p-leader", unit="TCHCQT")
    work().when(RETURN, early).refuses(BeforeReceipt)
