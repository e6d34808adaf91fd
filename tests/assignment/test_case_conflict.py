"""Nobody has a part in an opinion about himself or his unit; the head hears criticism of himself (R16, R18, invariant 7)."""

from dataclasses import replace
from typing import Any

import pytest

from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    ConsultUnit,
    CoordinatingUnit,
    DeliverAnswer,
    DirectCase,
    ForwardCase,
    GiveConsultation,
    MergeCase,
    ProposeAssignment,
    ReclassifyCase,
    RejectCase,
    ReturnAnswer,
    SetCoordination,
    SubmitAnswer,
    TakeOnBoard,
)
from services.assignment.domain.case.refusals import AboutThatPost, AboutThatUnit
from services.assignment.domain.task.commands import TransferTask
from shared.contracts.case import CaseAssigned, Means, Resolution
from shared.contracts.opinion import Kind, RejectionReason
from shared.contracts.roles import Role
from tests.assignment.stage import (
    APPROVED,
    ASSIGNED,
    CASE,
    DEPUTY,
    HANDED_IN,
    HUB,
    OPENED,
    OTHER,
    SPECIALIST,
    SUBMITTED,
    TASK,
    WORK,
    facts,
    given,
    unit,
)
from tests.support.scenario import sealed

ABOUT_TH = replace(OPENED, concerns_units=("TH",))
ABOUT_TCHCQT = replace(OPENED, concerns_units=("TCHCQT",))
ABOUT_THE_CHIEF = replace(OPENED, concerns_posts=("CVP",))
ABOUT_A_DEPUTY = replace(OPENED, concerns_posts=("PCVP",))
OF_THE_HEAD = replace(ABOUT_THE_CHIEF, field="lanh-dao-chi-dao", kind=Kind.SUGGESTION)
CHIEF = facts(posts=("CVP",))
THAT_DEPUTY = facts(person="p-deputy", capacity=Role.DEPUTY, posts=("PCVP",))
DRAFTED = [WORK, HANDED_IN]


@pytest.mark.parametrize(
    ("history", "command", "field"),
    [
        (given(ABOUT_TH), AssignCase(case=CASE, lead="TH"), "lead"),
        (given(ABOUT_TH), ProposeAssignment(case=CASE, lead="TH"), "lead"),
        (given(ABOUT_TH), ProposeAssignment(case=CASE, lead="TCHCQT", coordinating=("TH",)), "coordinating.0"),
        (
            given(ABOUT_TH),
            AssignCase(case=CASE, lead="TCHCQT", coordinating=(CoordinatingUnit(unit="TH"),)),
            "coordinating.0.unit",
        ),
        (
            given(ABOUT_TH, ASSIGNED),
            SetCoordination(case=CASE, coordinating=(CoordinatingUnit(unit="TH"),)),
            "coordinating.0.unit",
        ),
        (given(ABOUT_TH, ASSIGNED), ConsultUnit(case=CASE, unit="TH", question=sealed(1)), "unit"),
        (given(ABOUT_TH, ASSIGNED, task=[WORK]), TransferTask(task=TASK, to="TH"), "to"),
    ],
)
def test_a_unit_neither_leads_nor_co_ordinates_nor_is_asked_about_itself(history: Any, command: Any, field: str) -> None:
    refused = history.when(command, facts(tasks={"TH": "task-00000000000000000003"})).refuses(AboutThatUnit, field)
    assert refused.facts == {"unit": "TH"}


@pytest.mark.parametrize(
    ("command", "who"),
    [
        (SubmitAnswer(case=CASE, answer=sealed(1)), SPECIALIST),
        (ReturnAnswer(case=CASE, reason=sealed(1)), HUB),
        (ApproveAnswer(case=CASE), HUB),
        (TakeOnBoard(case=CASE), HUB),
        (DirectCase(case=CASE, direction=sealed(1)), HUB),
        (GiveConsultation(case=CASE, given=sealed(1)), SPECIALIST),
        (ReclassifyCase(case=CASE, concerns_units=()), HUB),
        (RejectCase(case=CASE, reason=RejectionReason.UNCLEAR), HUB),
        (ForwardCase(case=CASE, to="SGTVT"), HUB),
        (MergeCase(case=CASE, into="case-7Q2K9FXA3MBTW0000002"), HUB),
    ],
)
def test_its_people_neither_answer_nor_judge_it_nor_make_it_disappear(command: Any, who: Any) -> None:
    theirs = replace(ASSIGNED, lead="TH")
    given(ABOUT_TCHCQT, theirs, task=[replace(WORK, unit="TH")]).when(command, who).refuses(AboutThatUnit)


def test_its_people_still_bring_the_answer_of_others_and_put_the_case_away() -> None:
    theirs = replace(ASSIGNED, lead="TH")
    history = given(replace(ABOUT_TCHCQT, flags=()), theirs, SUBMITTED, APPROVED, task=[replace(WORK, unit="TH")])
    delivered = history.when(DeliverAnswer(case=CASE, means=Means.LETTER), HUB).decided()
    settled = given(replace(ABOUT_TCHCQT, flags=()), theirs, SUBMITTED, APPROVED, *delivered[CASE])
    assert settled.when(CloseCase(case=CASE), HUB).decided()


def test_another_unit_s_people_answer_it() -> None:
    theirs = replace(ASSIGNED, lead="TH")
    history = given(ABOUT_TCHCQT, theirs, task=[replace(WORK, unit="TH")])
    assert history.when(SubmitAnswer(case=CASE, answer=sealed(1)), OTHER).decided()


@pytest.mark.parametrize(
    "command",
    [
        AssignCase(case=CASE, lead="TCHCQT"),
        ApproveAnswer(case=CASE),
        SubmitAnswer(case=CASE, answer=sealed(1)),
        RejectCase(case=CASE, reason=RejectionReason.UNCLEAR),
        DirectCase(case=CASE, direction=sealed(1)),
        CloseCase(case=CASE),
        ReclassifyCase(case=CASE, concerns_posts=()),
    ],
)
def test_whoever_holds_the_post_it_is_about_does_nothing_about_it(command: Any) -> None:
    refused = given(ABOUT_A_DEPUTY, ASSIGNED, SUBMITTED, task=DRAFTED).when(command, THAT_DEPUTY).refuses(AboutThatPost)
    assert refused.facts == {"post": "PCVP"}


def test_whoever_does_not_hold_that_post_goes_on_with_it() -> None:
    history = given(ABOUT_THE_CHIEF, ASSIGNED, SUBMITTED, task=DRAFTED)
    assert history.when(ApproveAnswer(case=CASE), DEPUTY).decided()


@pytest.mark.parametrize("field", ["lanh-dao-chi-dao", "quan-he-lanh-dao-nhan-vien", "dao-duc-loi-song", "thai-do-phuc-vu"])
def test_whatever_the_field_the_head_hears_criticism_of_himself_and_of_those_around_him(field: str) -> None:
    own = {"unit-CVP": [unit("CVP")]}
    about = replace(OF_THE_HEAD, field=field, concerns_units=("CVP",))
    assert given(about).when(TakeOnBoard(case=CASE), CHIEF).decided()
    assert given(about, more=own).when(AssignCase(case=CASE, lead="CVP"), CHIEF).decided()
    given(about, more=own).when(TakeOnBoard(case=CASE), DEPUTY).refuses(AboutThatUnit)


def test_the_head_takes_criticism_of_himself_on_board_or_accounts_for_it_in_person() -> None:
    taken = given(OF_THE_HEAD).when(TakeOnBoard(case=CASE), CHIEF).decided()[CASE]
    assert taken[0].how is Resolution.TAKEN_ON_BOARD
    own = {"unit-CVP": [unit("CVP")]}
    given_to_himself = given(OF_THE_HEAD, more=own).when(AssignCase(case=CASE, lead="CVP"), CHIEF).decided()
    assert isinstance(given_to_himself[CASE][0], CaseAssigned)
    his = given(OF_THE_HEAD, *given_to_himself[CASE], more=own)
    assert his.when(SubmitAnswer(case=CASE, answer=sealed(1)), CHIEF).decided()


def test_the_head_leads_on_criticism_of_his_own_unit_and_nobody_below_him_does() -> None:
    about = replace(OF_THE_HEAD, concerns_units=("CVP",), concerns_posts=())
    own = {"unit-CVP": [unit("CVP")]}
    assert given(about, more=own).when(AssignCase(case=CASE, lead="CVP"), CHIEF).decided()
    given(about, more=own).when(TakeOnBoard(case=CASE), DEPUTY).refuses(AboutThatUnit)


def test_below_the_head_the_bar_stays_in_those_fields_too() -> None:
    about = replace(OF_THE_HEAD, concerns_posts=("PCVP",))
    deputy = facts(person="p-deputy", capacity=Role.DEPUTY, posts=("PCVP",))
    given(about).when(RejectCase(case=CASE, reason=RejectionReason.UNCLEAR), deputy).refuses(AboutThatPost)
