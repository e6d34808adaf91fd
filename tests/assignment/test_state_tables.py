"""The state tables of the service's README say what the deciders do: every row asked in every state."""

import inspect
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from services.assignment.domain.case import commands as of_case
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.notice import commands as of_notice
from services.assignment.domain.plan import commands as of_plan
from services.assignment.domain.task import commands as of_task
from services.assignment.domain.task.decider import work
from services.assignment.entrypoints.api import cases as case_routes
from services.assignment.entrypoints.api import notices as notice_routes
from services.assignment.entrypoints.api import plans as plan_routes
from services.assignment.entrypoints.api import tasks as task_routes
from shared.contracts.case import AnswerReturned, CaseClosed, CaseConcluded, CaseMerged, CaseWithdrawn, Means
from shared.contracts.opinion import DivertedKind, Kind, RejectionReason
from shared.contracts.roles import Role
from shared.contracts.task import (
    ExtensionRequested,
    Rung,
    TaskAccepted,
    TaskCancelled,
    TaskCompleted,
    TaskReturned,
    TaskSubmitted,
    TaskType,
)
from shared.desk import name_of
from tests.assignment import notices
from tests.assignment import test_plan_decider as plans
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    DELIVERED,
    DUE,
    EPISODE,
    HANDED_IN,
    OPENED,
    RESOLVED,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    unit,
)
from tests.assignment.test_case_decider import declining
from tests.support.scenario import sealed
from tests.support.state_tables import outcome, show, written

README: Final = (Path(inspect.getfile(case_routes)).parents[2] / "README.md").read_text(encoding="utf-8")
SECOND: Final = "case-7Q2K9FXA3MBTW0000002"
CHILDREN: Final = ("case-0000000000000000000A", "case-0000000000000000000B")
AT: Final = datetime(2023, 1, 16, 2, tzinfo=UTC)
LATE: Final = datetime(2023, 2, 20, 2, tzinfo=UTC)
OVERDUE: Final = (of_task.UrgeTask, of_task.EscalateTask)

# A suggestion without a flag, so that every command can succeed somewhere.
FIRST: Final = replace(OPENED, kind=Kind.SUGGESTION, flags=())
ORDERED: Final = CaseConcluded(episode=EPISODE, notice="notice-1", item=1, unit="TH", task="task-00000000000000000009")
WITHDRAWN: Final = CaseWithdrawn(episode=EPISODE, note=None)
CASES: Final[dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]] = {
    "Waiting": ((FIRST,), ()),
    "Drafting": ((FIRST, ASSIGNED), (WORK,)),
    "UnderApproval": ((FIRST, ASSIGNED, SUBMITTED), (WORK, HANDED_IN)),
    "Approved": ((FIRST, ASSIGNED, SUBMITTED, APPROVED), (WORK, HANDED_IN)),
    "Delivered": ((FIRST, ASSIGNED, ORDERED, SUBMITTED, APPROVED, DELIVERED), (WORK, TaskCompleted(unit="TCHCQT"))),
    "Resolved": ((FIRST, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED), (WORK, TaskCompleted(unit="TCHCQT"))),
    "Closed": (
        (FIRST, ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED, CaseClosed(episode=EPISODE)),
        (WORK, TaskCompleted(unit="TCHCQT")),
    ),
    "Ended": ((FIRST, WITHDRAWN), ()),
}
ON_CASES: Final[dict[str, Any]] = {
    "propose_assignment": of_case.ProposeAssignment(case=CASE, lead="TH"),
    "assign_case": of_case.AssignCase(case=CASE, lead="TH"),
    "set_coordination": of_case.SetCoordination(case=CASE, coordinating=(of_case.CoordinatingUnit(unit="NC"),)),
    "recall_case": of_case.RecallCase(case=CASE, reason=sealed(1)),
    "direct_case": of_case.DirectCase(case=CASE, direction=sealed(1)),
    "set_case_due": of_case.SetCaseDue(case=CASE, until=date(2023, 3, 1)),
    "consult_unit": of_case.ConsultUnit(case=CASE, unit="TH", question=sealed(1)),
    "give_consultation": of_case.GiveConsultation(case=CASE, given=sealed(1)),
    "record_party_opinion": of_case.RecordPartyOpinion(case=CASE, opinion=sealed(1)),
    "submit_answer": of_case.SubmitAnswer(case=CASE, answer=sealed(1)),
    "return_answer": of_case.ReturnAnswer(case=CASE, reason=sealed(1)),
    "approve_answer": of_case.ApproveAnswer(case=CASE),
    "deliver_answer": of_case.DeliverAnswer(case=CASE, means=Means.LETTER),
    "take_on_board": of_case.TakeOnBoard(case=CASE),
    "reclassify_case": of_case.ReclassifyCase(case=CASE, kind=Kind.PROPOSAL),
    "reject_case": of_case.RejectCase(case=CASE, reason=RejectionReason.UNCLEAR),
    "quarantine_case": of_case.QuarantineCase(case=CASE, paper="125/CV-M"),
    "forward_case": of_case.ForwardCase(case=CASE, to="SGTVT"),
    "divert_case": of_case.DivertCase(case=CASE, kind=DivertedKind.COMPLAINT, to="TH"),
    "withdraw_case": of_case.WithdrawCase(case=CASE),
    "merge_case": of_case.MergeCase(case=CASE, into=SECOND),
    "unmerge_case": of_case.UnmergeCase(case=CASE, reason=sealed(1)),
    "split_case": of_case.SplitCase(
        case=CASE, parts=(of_case.SplitMatter(words=sealed(1)), of_case.SplitMatter(words=sealed(2)))
    ),
    "close_case": of_case.CloseCase(case=CASE),
    "reopen_case": of_case.ReopenCase(case=CASE, reason=sealed(1)),
    "decline_reopening": of_case.DeclineReopening(case=CASE, reason=sealed(1)),
    "return_task": of_task.ReturnTask(task=TASK, reason=sealed(1)),
}

TELL: Final = work(TaskType.DISSEMINATE, "TCHCQT", "VPUB", "plan-VPUB-2023", DUE)
PUT_FORWARD: Final = TaskSubmitted(unit="TCHCQT", by="p-specialist")
TASKS: Final[dict[str, tuple[Any, ...]]] = {
    "Assigned": (TELL,),
    "Accepted": (TELL, TaskAccepted(unit="TCHCQT")),
    "Submitted": (TELL, PUT_FORWARD),
    "Returned": (TELL, TaskReturned(unit="TCHCQT", reason=sealed(1))),
    "Completed": (TELL, PUT_FORWARD, TaskCompleted(unit="TCHCQT")),
    "Withdrawn": (TELL, TaskCancelled(unit="TCHCQT", reason=None)),
}
ON_TASKS: Final[dict[str, Any]] = {
    "accept_task": of_task.AcceptTask(task=TASK),
    "delegate_task": of_task.DelegateTask(task=TASK, to="p-specialist"),
    "return_task": of_task.ReturnTask(task=TASK, reason=sealed(1)),
    "add_proof": of_task.AddProof(task=TASK, reached=1),
    "submit_task": of_task.SubmitTask(task=TASK),
    "request_revision": of_task.RequestRevision(task=TASK, reason=sealed(1)),
    "complete_task": of_task.CompleteTask(task=TASK),
    "request_extension": of_task.RequestExtension(task=TASK, until=date(2023, 3, 1), reason=sealed(1)),
    "grant_extension": of_task.GrantExtension(task=TASK),
    "refuse_extension": of_task.RefuseExtension(task=TASK),
    "remind_task": of_task.RemindTask(task=TASK),
    "urge_task": of_task.UrgeTask(task=TASK),
    "escalate_task": of_task.EscalateTask(task=TASK, to=Rung.DEPUTY),
    "cancel_task": of_task.CancelTask(task=TASK),
    "recall_task": of_task.RecallTask(task=TASK, reason=sealed(1)),
    "transfer_task": of_task.TransferTask(task=TASK, to="TH"),
}
ON_NOTICES: Final[dict[str, Any]] = {
    "draft_notice": notices.draft(replace(notices.DIRECTS, days=30)),
    "comment_notice": of_notice.CommentNotice(notice=notices.NOTICE, comment=sealed(1)),
    "issue_notice": notices.ISSUE,
    "amend_notice": notices.AMEND,
}
ON_PLANS: Final[dict[str, Any]] = {
    "draft_plan": plans.draft(),
    "issue_plan": plans.ISSUE,
    "amend_plan": plans.AMEND,
    "close_plan": of_plan.ClosePlan(plan=plans.PLAN),
    "copy_plan": of_plan.CopyPlan(plan=plans.PLAN),
}
ANSWERED: Final = (of_task.GrantExtension, of_task.RefuseExtension)  # an extension was asked for before


def case_table() -> list[list[str]]:
    """The table of cases, computed."""
    second = replace(FIRST, opinion="opinion-7Q2K9FXA3MBTW0000002", episode="7Q2K9FXA3MBTW0000002/1")
    rows = [["command \\ in", *CASES]]
    for name, command in ON_CASES.items():
        told: Any = facts(AT, tasks={"NC": "task-00000000000000000007"})
        if isinstance(command, of_case.SplitCase):
            at = {"at": AT, "now": AT, "person": "p-hub", "office": "VPUB", "unit": "TCHCQT", "capacity": Role.HUB}
            told = Splitting(**at, children=CHILDREN)  # type: ignore[arg-type]
        if isinstance(command, of_case.DeclineReopening):
            told = declining(wanted=True)
        cells = []
        for events, task in CASES.values():
            history = given(*events, task=task, more={SECOND: [second], "task-00000000000000000009": [TELL]})
            cells.append(outcome(history, command, CASE, told))
        rows.append([f"`{name}`", *cells])
    return rows


def task_table() -> list[list[str]]:
    """The table of tasks, computed."""
    rows = [["command \\ in", *TASKS]]
    for name, command in ON_TASKS.items():
        before: tuple[Any, ...] = ()
        if isinstance(command, ANSWERED):
            before = (ExtensionRequested(unit="TCHCQT", until=date(2023, 3, 1), reason=sealed(1)),)
        told = facts(LATE if isinstance(command, OVERDUE) else AT)
        cells = []
        for first, *events in TASKS.values():
            cells.append(outcome(given(task=[first, *before, *events]), command, TASK, told))
        rows.append([f"`{name}`", *cells])
    return rows


def notice_table() -> list[list[str]]:
    """The table of notices, computed: of one with one order, whose paper is signed and named, at its next asking."""
    histories = {"NoNotice": notices.noticed(), "Draft": notices.DRAFT, "Issued": notices.IN_FORCE}
    rows = [["command \\ in", *histories]]
    for name, command in ON_NOTICES.items():
        told = notices.HUB if isinstance(command, of_notice.DraftNotice) else notices.told(at=notices.LATER)
        rows.append([f"`{name}`", *(outcome(history, command, notices.NOTICE, told) for history in histories.values())])
    return rows


def plan_table() -> list[list[str]]:
    """The table of plans, computed: of one whose paper is signed and named."""
    histories = {"NoPlan": plans.planned(), "Draft": plans.DRAFT, "InForce": plans.IN_FORCE, "Closed": plans.CLOSED}
    there = {"unit-BDVTU": [unit("BDVTU", None)]}  # who gets it stands in the directory
    rows = [["command \\ in", *histories]]
    for name, command in ON_PLANS.items():
        when = plans.OVER if isinstance(command, of_plan.ClosePlan) else plans.told()
        known = [replace(given, history={**given.history, **there}) for given in histories.values()]
        rows.append([f"`{name}`", *(outcome(given, command, plans.PLAN, when) for given in known)])
    return rows


TABLES: Final = {
    "States of a case": case_table,
    "States of a task": task_table,
    "States of a notice": notice_table,
    "States of a plan": plan_table,
}


@pytest.mark.parametrize(("heading", "computed"), TABLES.items())
def test_a_state_table_says_what_the_decider_does(heading: str, computed: Any) -> None:
    assert written(README, heading) == computed()


def test_the_tables_have_a_row_for_every_command_that_people_ask() -> None:
    asked = {name_of(command) for _, command, _ in case_routes.COMMANDS}
    assert asked == ON_CASES.keys() - {"return_task"}
    asked = {name_of(command) for _, command, _ in task_routes.COMMANDS}
    assert asked == ON_TASKS.keys() | {"give_task"}
    asked = {name_of(command) for _, command, _ in notice_routes.COMMANDS}
    assert asked == ON_NOTICES.keys()
    asked = {name_of(command) for _, command, _ in plan_routes.COMMANDS}
    assert asked == ON_PLANS.keys()


def test_what_the_readme_says_beside_the_tables_holds() -> None:
    merged = given(FIRST, CaseMerged(episode=EPISODE, into=SECOND), more={SECOND: [FIRST]})
    assert outcome(merged, ON_CASES["unmerge_case"], CASE, facts(AT)) == "→ Waiting"
    put_away = given(FIRST, WITHDRAWN, CaseClosed(episode=EPISODE))
    assert outcome(put_away, ON_CASES["reopen_case"], CASE, facts(AT)) == "CaseOver"
    flagged = given(replace(FIRST, flags=OPENED.flags), ASSIGNED, SUBMITTED, APPROVED, DELIVERED, RESOLVED)
    assert outcome(flagged, ON_CASES["close_case"], CASE, facts(AT)) == "ConclusionMissing"
    kept = given(FIRST, ASSIGNED, SUBMITTED, AnswerReturned(episode=EPISODE, draft=1, reviewer="p-chief", reason=sealed(1)))
    assert outcome(kept, ON_CASES["recall_case"], CASE, facts(AT)) == "→ Waiting"
    same = of_case.AssignCase(case=CASE, lead="TCHCQT")
    assert outcome(given(FIRST, ASSIGNED), same, CASE, facts(AT)) == "nothing"
    ordered = given(FIRST, ASSIGNED, ORDERED)
    assert outcome(ordered, ON_CASES["reject_case"], CASE, facts(AT)) == "WorkStillOpen"


if __name__ == "__main__":
    show(TABLES)
