"""Nobody has a part in an opinion about himself or his unit; the head hears criticism of himself (R16, R18, invariant 7)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    ConsultUnit,
    CoordinatingUnit,
    DeclineReopening,
    DeliverAnswer,
    DirectCase,
    DivertCase,
    ForwardCase,
    GiveConsultation,
    MergeCase,
    OpenCase,
    ProposeAssignment,
    QuarantineCase,
    ReclassifyCase,
    RejectCase,
    ReturnAnswer,
    SetCoordination,
    SplitCase,
    SplitMatter,
    SubmitAnswer,
    TakeOnBoard,
    WithdrawCase,
    WordsInVault,
)
from services.assignment.domain.case.conflict import Place
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.case.refusals import AboutThatPost, AboutThatUnit, MergedAwayFromConflict
from services.assignment.domain.reorganisation.commands import HandOver, SettleTransfer
from services.assignment.domain.task.commands import (
    CompleteTask,
    GrantExtension,
    RefuseExtension,
    RequestRevision,
    SubmitTask,
    TransferTask,
)
from services.assignment.handlers.acting import told
from shared.contracts.case import CaseAssigned, CaseOpened, Means, Resolution
from shared.contracts.directory import Succession, TransferQueued, UnitDissolved, UnitSucceeded
from shared.contracts.opinion import DivertedKind, Kind, RejectionReason
from shared.contracts.roles import Role
from shared.contracts.task import ExtensionRequested, TaskType
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
SURVIVOR = "case-7Q2K9FXA3MBTW0000002"
PUTTING_AWAY = (
    ReclassifyCase(case=CASE, concerns_units=(), concerns_posts=()),
    RejectCase(case=CASE, reason=RejectionReason.UNCLEAR),
    QuarantineCase(case=CASE, paper="12/M"),
    ForwardCase(case=CASE, to="SGTVT"),
    DivertCase(case=CASE, kind=DivertedKind.COMPLAINT, to="SGTVT"),
    WithdrawCase(case=CASE),
    MergeCase(case=CASE, into=SURVIVOR),
    SplitCase(case=CASE, parts=(SplitMatter(words=sealed(1)), SplitMatter(words=sealed(2)))),
    DeclineReopening(case=CASE, reason=sealed(1)),
)
# A deputy who acts for the head, by delegation of the head's post.
IN_HIS_PLACE = facts(person="p-deputy", posts=("PCVP",), head=False, acts_for=(Place(post="CVP", unit="CVP", role=Role.CHIEF),))
AFTER_TH = facts(person="p-heir", unit="TH2", capacity=Role.HUB, heirs={"TH": frozenset({"TH2"})})


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
        *((command, HUB) for command in PUTTING_AWAY),
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


@pytest.mark.parametrize(
    "command",
    [
        AssignCase(case=CASE, lead="TCHCQT"),
        DirectCase(case=CASE, direction=sealed(1)),
        ApproveAnswer(case=CASE),
        *PUTTING_AWAY,
    ],
)
@pytest.mark.parametrize(("about", "post"), [(ABOUT_A_DEPUTY, "PCVP"), (ABOUT_THE_CHIEF, "CVP")])
def test_what_the_head_delegates_does_not_reach_criticism_of_him_nor_of_whoever_acts_for_him(
    command: Any, about: CaseOpened, post: str
) -> None:
    history = given(about, ASSIGNED, SUBMITTED, task=DRAFTED)
    assert history.when(command, IN_HIS_PLACE).refuses(AboutThatPost).facts == {"post": post}


def test_nobody_accounts_in_person_for_another_though_he_acts_for_him() -> None:
    given(OF_THE_HEAD).when(TakeOnBoard(case=CASE), IN_HIS_PLACE).refuses(AboutThatPost)
    own = {"unit-CVP": [unit("CVP")]}
    about = replace(OF_THE_HEAD, concerns_units=("CVP",), concerns_posts=())
    given(about, more=own).when(AssignCase(case=CASE, lead="CVP"), IN_HIS_PLACE).refuses(AboutThatUnit, "lead")
    given(about).when(TakeOnBoard(case=CASE), IN_HIS_PLACE).refuses(AboutThatUnit)
    elsewhere = replace(IN_HIS_PLACE, unit="TH", posts=frozenset())
    given(about).when(TakeOnBoard(case=CASE), elsewhere).refuses(AboutThatUnit)


def test_who_acts_for_the_head_decides_for_him_what_is_about_neither() -> None:
    assert given(ABOUT_TH).when(AssignCase(case=CASE, lead="TCHCQT"), IN_HIS_PLACE).decided()


def test_the_head_of_another_office_is_not_the_one_who_hears_it() -> None:
    elsewhere = replace(facts(posts=("CVP",)), office="UBND-MSO")
    given(OF_THE_HEAD).when(TakeOnBoard(case=CASE), elsewhere).refuses(AboutThatPost)


@pytest.mark.parametrize("command", PUTTING_AWAY)
@pytest.mark.parametrize("about", [{"concerns_posts": ("CVP",)}, {"concerns_units": ("CVP",)}])
def test_not_even_the_head_makes_criticism_of_himself_disappear(command: Any, about: Any) -> None:
    rule = AboutThatPost if "concerns_posts" in about else AboutThatUnit
    splitting = Splitting(**{name: value for name, value in told(CHIEF).items() if name not in ("task", "tasks")}, children=())
    given(replace(OPENED, **about)).when(command, splitting).refuses(rule)


@pytest.mark.parametrize(
    ("command", "history"),
    [
        (CompleteTask(task=TASK), DRAFTED),
        (SubmitTask(task=TASK), [WORK]),
        (RequestRevision(task=TASK, reason=sealed(1)), DRAFTED),
        (GrantExtension(task=TASK), [WORK, ExtensionRequested(unit="TH", until=date(2023, 2, 28), reason=sealed(1))]),
        (RefuseExtension(task=TASK), [WORK, ExtensionRequested(unit="TH", until=date(2023, 2, 28), reason=sealed(1))]),
        (TransferTask(task=TASK, to="NC"), [WORK]),
        (SettleTransfer(about=TASK, to="NC"), [WORK]),
    ],
)
def test_whom_it_is_about_neither_confirms_extends_nor_moves_work_on_it(command: Any, history: list[Any]) -> None:
    theirs = replace(ASSIGNED, lead="TH")
    work = [replace(each, unit="TH") for each in history]
    waits = {f"reorganisation-{TASK}": [TransferQueued(about=TASK, office="VPUB", unit="TH", field=None)]}
    given(ABOUT_TCHCQT, theirs, task=work, more=waits).when(command, HUB).refuses(AboutThatUnit)
    given(ABOUT_A_DEPUTY, theirs, task=work, more=waits).when(command, THAT_DEPUTY).refuses(AboutThatPost)


def test_others_confirm_what_was_done_on_an_opinion_about_them() -> None:
    carried_out = [replace(WORK, unit="TH", type=TaskType.CARRY_OUT), replace(HANDED_IN, unit="TH")]
    history = given(ABOUT_TCHCQT, replace(ASSIGNED, lead="TH"), task=carried_out)
    history.when(CompleteTask(task=TASK), HUB).refuses(AboutThatUnit)
    assert history.when(CompleteTask(task=TASK), DEPUTY).decided()


def test_who_takes_over_from_whom_it_is_about_has_no_part_in_it_either() -> None:
    given(ABOUT_TH, ASSIGNED, SUBMITTED, task=DRAFTED).when(
        RejectCase(case=CASE, reason=RejectionReason.UNCLEAR), AFTER_TH
    ).refuses(AboutThatUnit)
    there = {"unit-TH2": [unit("TH2")]}
    head = facts(heirs={"TH": frozenset({"TH2"})})
    given(ABOUT_TH, more=there).when(AssignCase(case=CASE, lead="TH2"), head).refuses(AboutThatUnit, "lead")
    given(ABOUT_TH, ASSIGNED, task=[WORK], more=there).when(TransferTask(task=TASK, to="TH2"), head).refuses(AboutThatUnit, "to")
    given(OPENED, replace(ASSIGNED, lead="TH2"), more=there).when(
        ReclassifyCase(case=CASE, concerns_units=("TH",)), replace(HUB, heirs={"TH": frozenset({"TH2"})})
    ).refuses(AboutThatUnit, "concerns_units")


def test_work_on_it_does_not_follow_a_succession_to_whoever_takes_over_from_whom_it_is_about() -> None:
    moves = UnitSucceeded(
        unit="TCHCQT", successions=(Succession(field=None, to="TH2"),), basis="02/QĐ-UBND", valid_from=date(2023, 1, 10)
    )
    ends = UnitDissolved(unit="TCHCQT", valid_from=date(2023, 1, 10))
    both: dict[str, list[Any]] = {"unit-TCHCQT": [unit("TCHCQT"), moves, ends], "unit-TH2": [unit("TH2")]}
    house = facts(capacity=Role.SYSTEM, heirs={"TH": frozenset({"TH2"}), "TCHCQT": frozenset({"TH2"})})
    history = given(ABOUT_TH, ASSIGNED, task=[WORK], more=both)
    queued = TransferQueued(about=TASK, office="VPUB", unit="TCHCQT", field=OPENED.field)
    history.when(HandOver(about=TASK), house).then({f"reorganisation-{TASK}": [queued]})


@pytest.mark.parametrize(
    "about",
    [{"concerns_units": ("TH",)}, {"concerns_posts": ("TP-TH",)}, {"concerns_units": ("TH",), "concerns_posts": ("TP-TH",)}],
)
def test_an_opinion_is_not_answered_by_whom_it_is_about_under_the_name_of_another(about: Any) -> None:
    led_by_them = {SURVIVOR: [replace(OPENED, opinion="opinion-7Q2K9FXA3MBTW0000002"), replace(ASSIGNED, lead="TH")]}
    merge = MergeCase(case=CASE, into=SURVIVOR)
    refused = given(replace(OPENED, **about), more=led_by_them).when(merge, HUB).refuses(MergedAwayFromConflict, "into")
    assert refused.facts == {"case": SURVIVOR, "concerns": ", ".join(key for keys in about.values() for key in keys)}
    known = {SURVIVOR: [replace(OPENED, opinion="opinion-7Q2K9FXA3MBTW0000002", **about)]}
    assert given(replace(OPENED, **about), more=known).when(merge, HUB).decided()


def test_referred_into_a_case_that_is_not_about_the_same_it_waits_for_a_person() -> None:
    names = ("opinion", "episode", "office", "unit", "source_group", "channel", "locality", "kind", "field", "flags", "due")
    said = {name: getattr(ABOUT_TH, name) for name in (*names, "concerns_units", "concerns_posts", "received_at", "hidden")}
    words = WordsInVault(ref=OPENED.words.ref, digest=OPENED.words.digest)
    open_it = OpenCase(case=CASE, words=words, into=SURVIVOR, **said)
    survivor = {SURVIVOR: [replace(OPENED, opinion="opinion-7Q2K9FXA3MBTW0000002")]}
    given(more=survivor).when(open_it, facts(capacity=Role.SYSTEM)).then({CASE: [ABOUT_TH]})
