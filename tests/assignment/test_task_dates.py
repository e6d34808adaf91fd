"""How work is held to its day: more time, reminders, urging in writing, the ladder, the day that passed (R39, invariant 8)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case.refusals import AuthorityNotHeld
from services.assignment.domain.task import refusals
from services.assignment.domain.task.commands import (
    EscalateTask,
    GrantExtension,
    NoticeOverdue,
    RefuseExtension,
    RemindTask,
    RequestExtension,
    UrgeTask,
)
from shared.contracts.case import Authority, CaseConcluded, CaseDueSet, DueBase
from shared.contracts.document import DocumentKind
from shared.contracts.task import (
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    OverdueNoticed,
    Rung,
    TaskCompleted,
    TaskDueSet,
    TaskEscalated,
    TaskReminded,
    TaskType,
    TaskUrged,
)
from tests.assignment.named_papers import issued_paper
from tests.assignment.stage import (
    ASSIGNED,
    CASE,
    CHAIRMAN,
    DUE,
    EPISODE,
    HUB,
    LEADER,
    OPENED,
    TASK,
    WORK,
    facts,
    given,
)
from tests.support.scenario import Given, sealed

UNTIL = date(2023, 2, 13)
ASK = RequestExtension(task=TASK, until=UNTIL, reason=sealed(1))
ASKED = ExtensionRequested(unit="TCHCQT", until=UNTIL, reason=sealed(1))
GRANT, REFUSE = GrantExtension(task=TASK), RefuseExtension(task=TASK, reason=sealed(2))
REMIND, URGE = RemindTask(task=TASK), UrgeTask(task=TASK, letter="document-00000000000000000001")
OVERDUE = f"overdue-{TASK.removeprefix('task-')}"
NOTICE = NoticeOverdue(task=TASK)
LATE = facts(datetime(2023, 1, 31, 2, tzinfo=UTC), person="p-hub", unit="TCHCQT")  # the day after 30/01
LETTER = TaskUrged(unit="TCHCQT", times=1, letter="document-00000000000000000001")


LETTER_SENT = issued_paper(DocumentKind.URGING_LETTER, TASK)


def work(*events: Any, case: tuple[Any, ...] = (OPENED, ASSIGNED), first: Any = WORK) -> Given:
    return given(*case, task=[first, *events], more={"document-00000000000000000001": LETTER_SENT})


def test_a_unit_asks_for_more_time_once_at_a_time_and_for_a_later_day() -> None:
    work().when(ASK, LEADER).then({TASK: [ASKED]})
    work(ASKED).when(ASK, LEADER).nothing()
    other = replace(ASK, until=date(2023, 2, 20))
    assert work(ASKED).when(other, LEADER).refuses(refusals.ExtensionAsked).facts == {"until": "2023-02-13"}
    work().when(replace(ASK, until=DUE.day), LEADER).refuses(refusals.NotLater, "until")


def test_a_granted_extension_moves_task_and_case() -> None:
    decided = work(ASKED).when(GRANT).decided()
    due = decided[TASK][0].due
    assert decided[TASK] == [ExtensionGranted(unit="TCHCQT", reviewer="p-chief", former=DUE.day, due=due)]
    assert decided[CASE] == [CaseDueSet(episode=EPISODE, base=DueBase.EXTENSION, due=due)]
    # From 09/01: 10 working days to 30/01, and 10 more to 13/02 (domain brief §2.2).
    assert (due.day, due.start, due.days, due.rule) == (UNTIL, date(2023, 1, 9), 20, "extension")
    state = work(ASKED, *decided[TASK]).state(TASK)
    assert (state.work.asked_until, state.work.due) == (None, due)


def test_the_head_may_grant_another_day_than_was_asked_for_but_a_later_one() -> None:
    decided = work(ASKED).when(GrantExtension(task=TASK, until=date(2023, 2, 6))).decided()
    assert decided[TASK][0].due.day == date(2023, 2, 6)
    work(ASKED).when(GrantExtension(task=TASK, until=DUE.day)).refuses(refusals.NotLater, "until")


def test_an_extension_granted_after_the_day_gives_time_and_makes_nothing_in_time() -> None:
    decided = work(ASKED).when(GRANT, LATE).decided()
    assert list(decided) == [TASK]
    granted = decided[TASK][0]
    assert granted.former < LATE.at.date() <= granted.due.day


def test_a_case_due_later_already_is_not_drawn_back_by_an_extension() -> None:
    later = CaseDueSet(episode=EPISODE, base=DueBase.SESSION, due=replace(DUE, day=date(2023, 3, 21)))
    assert list(work(ASKED, case=(OPENED, ASSIGNED, later)).when(GRANT).decided()) == [TASK]


def test_an_extension_of_a_co_ordinating_unit_s_part_leaves_the_case_alone() -> None:
    theirs = replace(ASSIGNED, task="task-00000000000000000009")
    assert list(work(ASKED, case=(OPENED, theirs)).when(GRANT).decided()) == [TASK]


def test_an_extension_of_work_on_a_conclusion_moves_the_case_with_it() -> None:
    concluded = CaseConcluded(episode=EPISODE, notice="notice-1", item=1, unit="TCHCQT", task=TASK)
    first = replace(WORK, type=TaskType.CARRY_OUT)
    theirs = replace(ASSIGNED, task="task-00000000000000000009")
    decided = work(ASKED, case=(OPENED, theirs, concluded), first=first).when(GRANT).decided()
    assert set(decided) == {TASK, CASE}


def test_an_extension_is_granted_or_refused_only_when_it_was_asked_for() -> None:
    work().when(GRANT).refuses(refusals.NothingAskedFor)
    work().when(REFUSE).refuses(refusals.NothingAskedFor)
    work(ASKED).when(REFUSE).then({TASK: [ExtensionRefused(unit="TCHCQT", reviewer="p-chief", reason=sealed(2))]})
    refused = ExtensionRefused(unit="TCHCQT", reviewer="p-chief", reason=None)
    assert work(ASKED, refused).state(TASK).work.due == DUE


def test_more_time_is_given_in_the_name_in_which_the_work_was_given() -> None:
    work(ASKED).when(GRANT, CHAIRMAN).refuses(AuthorityNotHeld)
    his = replace(WORK, authority=Authority.CHAIRMAN)
    work(ASKED, first=his).when(GRANT).refuses(AuthorityNotHeld)
    assert work(ASKED, first=his).when(GRANT, CHAIRMAN).decided()


def test_a_unit_is_reminded_before_the_day_once_for_each_day_in_force() -> None:
    reminded = TaskReminded(unit="TCHCQT", due=DUE.day)
    work().when(REMIND, HUB).then({TASK: [reminded]})
    work(reminded).when(REMIND, HUB).nothing()
    work().when(REMIND, LATE).nothing()
    moved = TaskDueSet(unit="TCHCQT", due=replace(DUE, day=UNTIL))
    work(reminded, moved).when(REMIND, HUB).then({TASK: [replace(reminded, due=UNTIL)]})


def test_a_unit_is_urged_in_writing_after_the_day_and_the_times_are_counted() -> None:
    assert work().when(URGE, HUB).refuses(refusals.NotOverdue).facts == {"due": "2023-01-30"}
    work().when(URGE, LATE).then({TASK: [LETTER]})
    work(LETTER).when(URGE, LATE).then({TASK: [replace(LETTER, times=2)]})


def test_the_ladder_is_climbed_upwards() -> None:
    deputy = EscalateTask(task=TASK, to=Rung.DEPUTY)
    escalated = TaskEscalated(unit="TCHCQT", to=Rung.DEPUTY)
    work().when(deputy, HUB).refuses(refusals.NotOverdue)
    work().when(deputy, LATE).then({TASK: [escalated]})
    work(escalated).when(deputy, LATE).nothing()
    below = EscalateTask(task=TASK, to=Rung.UNIT_LEADER)
    assert work(escalated).when(below, LATE).refuses(refusals.RungPassed, "to").facts == {"rung": Rung.DEPUTY.value}
    chief = EscalateTask(task=TASK, to=Rung.CHIEF)
    work(escalated).when(chief, LATE).then({TASK: [replace(escalated, to=Rung.CHIEF)]})


@pytest.mark.parametrize("command", [ASK, GRANT, REFUSE, REMIND, URGE, EscalateTask(task=TASK, to=Rung.CHIEF)])
def test_work_that_has_ended_is_held_to_no_day(command: Any) -> None:
    work(ASKED, TaskCompleted(unit="TCHCQT")).when(command, LATE).refuses(refusals.TaskEnded)


def test_that_the_day_passed_is_noted_once_for_each_day_in_force() -> None:
    noticed = OverdueNoticed(task=TASK, unit="TCHCQT", due=DUE.day)
    work().when(NOTICE, HUB).nothing()
    work().when(NOTICE, LATE).then({OVERDUE: [noticed]})
    given(OPENED, ASSIGNED, task=[WORK], more={OVERDUE: [noticed]}).when(NOTICE, LATE).nothing()
    work(TaskCompleted(unit="TCHCQT")).when(NOTICE, LATE).nothing()
    moved = TaskDueSet(unit="TCHCQT", due=replace(DUE, day=UNTIL))
    again = given(OPENED, ASSIGNED, task=[WORK, moved], more={OVERDUE: [noticed]})
    again.when(NOTICE, LATE).nothing()
    decided = again.when(NOTICE, facts(datetime(2023, 2, 14, 2, tzinfo=UTC))).decided()
    assert decided == {OVERDUE: [replace(noticed, due=UNTIL)]}
